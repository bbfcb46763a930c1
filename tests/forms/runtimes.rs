//! What runtimes, databases and libraries print that has labels, rows or types of its own.

use super::printed::{Draws, Form, rows};

pub const RUNTIMES: [Form; 21] = [
    ("a box of signs", |draws| {
        let lines = rows(draws, |worker, x| format!("│ {worker} ┆ {x:?} │\n"));
        format!(
            "shape: (9, 2)\n┌───┬───┐\n│ worker ┆ value │\n│ --- ┆ --- │\n│ i64 ┆ f64 │\n╞═══╪═══╡\n{lines}└───┴───┘\n"
        )
    }),
    ("what psql prints", |draws| {
        let lines = rows(draws, |worker, x| format!(" {worker} | {x:?}\n"));
        format!(" worker | value \n--------+-------\n{lines}(9 rows)\n\n")
    }),
    ("what DuckDB prints", |draws| {
        let lines = rows(draws, |worker, x| format!("│ {worker} │ {x:?} │\n"));
        format!(
            "┌───┬───┐\n│ worker │ value │\n│ int64 │ double │\n├───┼───┤\n{lines}├───┴───┤\n│  9 rows  │\n└───────┘\n"
        )
    }),
    ("a tibble", |draws| {
        let at = std::cell::Cell::new(0);
        let lines = rows(draws, |worker, x| {
            at.set(at.get() + 1);
            format!("{:3}      {worker} {x:?}\n", at.get())
        });
        format!("# A tibble: 9 × 2\n   worker value\n    <int> <dbl>\n{lines}")
    }),
    ("rows between bars without names", |draws| {
        by_columns(draws, |numbers| format!("| {} |\n", numbers.join(" | ")))
    }),
    ("pairs of a label and a list", |draws| {
        each(draws, |worker, list| format!("({worker}, {list:?})\n"))
    }),
    ("a list of pairs", |draws| {
        let pairs = each(draws, |worker, list| format!("('w{worker}', {list:?}), "));
        format!("[{}]\n", pairs.trim_end_matches(", "))
    }),
    ("an ordered dict", |draws| {
        let pairs = each(draws, |worker, list| format!("('w{worker}', {list:?}), "));
        format!("OrderedDict([{}])\n", pairs.trim_end_matches(", "))
    }),
    ("a dict with a default", |draws| {
        let pairs = each(draws, |worker, list| format!("{worker}: {list:?}, "));
        format!("defaultdict(<class 'list'>, {{{pairs}}})\n")
    }),
    ("deques", |draws| {
        each(draws, |_, list| format!("deque({list:?}, maxlen=99)\n"))
    }),
    ("what R's dput prints", |draws| {
        let lists = each(draws, |worker, list| {
            format!("w{worker} = c({}), ", joined(list, ", "))
        });
        format!("list({})\n", lists.trim_end_matches(", "))
    }),
    ("a matrix between semicolons", |draws| {
        let lists = each(draws, |_, list| format!("{};", joined(list, " ")));
        format!("[{}]\n", lists.trim_end_matches(';'))
    }),
    ("calls with names", |draws| {
        let calls = rows(draws, |worker, x| {
            format!("Draw(worker={worker}, value={x:?}), ")
        });
        format!("[{}]\n", calls.trim_end_matches(", "))
    }),
    ("columns of a frame in JSON", |draws| {
        let columns = each(draws, |worker, list| {
            let cells = list.iter().enumerate();
            let cells: Vec<String> = cells.map(|(at, x)| format!("\"{at}\":{x:?}")).collect();
            format!("\"w{worker}\":{{{}}},", cells.join(","))
        });
        format!("{{{}}}\n", columns.trim_end_matches(','))
    }),
    ("rows of a frame in JSON", |draws| {
        let mut at = 0;
        let rows = by_columns(draws, |numbers| {
            let cells = numbers.iter().enumerate();
            let cells: Vec<String> = cells.map(|(at, x)| format!("\"w{at}\":{x}")).collect();
            at += 1;
            format!("\"{}\":{{{}}},", at - 1, cells.join(","))
        });
        format!("{{{}}}\n", rows.trim_end_matches(','))
    }),
    ("typed arrays of Node", |draws| {
        each(draws, |worker, list| {
            format!(
                "worker {worker} Float64Array({}) [\n {}\n]\n",
                list.len(),
                joined(list, ",\n ")
            )
        })
    }),
    ("vectors of Julia", |draws| {
        each(draws, |_, list| {
            format!(
                "{}-element Vector{{Float64}}:\n {}\n",
                list.len(),
                joined(list, "\n ")
            )
        })
    }),
    ("processes of Elixir", |draws| {
        rows(draws, |worker, x| format!("#PID<0.{worker}.0>: {x:?}\n"))
    }),
    ("threads of pools", |draws| {
        rows(draws, |worker, x| {
            format!("ThreadPoolExecutor-0_{worker}: {x:?}\n")
        })
    }),
    ("files that grep names", |draws| {
        rows(draws, |worker, x| format!("worker_{worker}.log:7:{x:?}\n"))
    }),
    ("objects within records", |draws| {
        rows(draws, |worker, x| {
            format!("{{\"worker\":{{\"id\":{worker}}},\"data\":{{\"value\":{x:?}}}}}\n")
        })
    }),
];

/// A text for each worker.
fn each(draws: &Draws, print: impl Fn(usize, &[f64]) -> String) -> String {
    let all = draws.iter().enumerate();
    all.map(|(worker, list)| print(worker, list)).collect()
}

/// A text for each step of all workers.
fn by_columns(draws: &Draws, mut print: impl FnMut(&[String]) -> String) -> String {
    let steps = 0..draws[0].len();
    steps
        .map(|step| {
            let numbers: Vec<String> = draws
                .iter()
                .map(|list| format!("{:?}", list[step]))
                .collect();
            print(&numbers)
        })
        .collect()
}

fn joined(list: &[f64], by: &str) -> String {
    let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}")).collect();
    numbers.join(by)
}
