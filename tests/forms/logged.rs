//! What launchers, languages and libraries write around draws that is not theirs: tags, colours, frames, sums.

use super::printed::{Draws, Form, rows};

/// A text of every worker's list, one after another.
fn each(draws: &Draws, text: impl Fn(usize, &[f64]) -> String) -> String {
    let of = |(worker, list): (usize, &Vec<f64>)| text(worker, list);
    draws.iter().enumerate().map(of).collect()
}

fn joined(list: &[f64], between: &str) -> String {
    let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}")).collect();
    numbers.join(between)
}

/// Lists of all workers between commas.
fn lists(draws: &Draws, text: impl Fn(&[f64]) -> String) -> String {
    let lists: Vec<String> = draws.iter().map(|list| text(list)).collect();
    lists.join(", ")
}

pub const LOGGED: [Form; 31] = [
    ("what Julia's workers print", |draws| {
        rows(draws, |worker, x| {
            format!("      From worker {worker}:\t{x:?}\n")
        })
    }),
    ("colours", |draws| {
        rows(draws, |worker, x| {
            format!("\u{1b}[36m(draw pid={worker})\u{1b}[0m \u{1b}[1m{x:?}\u{1b}[0m\n")
        })
    }),
    ("carriage returns", |draws| {
        rows(draws, |worker, x| format!("rank {worker}: {x:?}\r"))
    }),
    ("a bar of progress before labels", |draws| {
        let lines = rows(draws, |worker, x| format!("rank {worker}: {x:?}\n"));
        format!(
            "\r 10%|# | 1/10 [00:00<00:01, 9.9it/s]\r 20%|## | 2/10 [00:00<00:01, 9.9it/s]\n{lines}"
        )
    }),
    ("the heads of files", |draws| {
        each(draws, |worker, list| {
            format!("==> out_{worker}.txt <==\n{}\n\n", joined(list, "\n"))
        })
    }),
    ("lines that R has pasted", |draws| {
        rows(draws, |worker, x| {
            format!("[1] \"worker {worker}: {x:?}\"\n")
        })
    }),
    ("Java's threads", |draws| {
        rows(draws, |worker, x| {
            format!("Thread[#2{worker},Thread-{worker},5,main] {x:?}\n")
        })
    }),
    ("Java's threads before a colon", |draws| {
        rows(draws, |worker, x| {
            format!("Thread[Thread-{worker},5,main]: {x:?}\n")
        })
    }),
    ("names without signs", |draws| {
        let at = std::cell::Cell::new(0);
        rows(draws, |worker, x| {
            at.set(at.get() + 1);
            format!("rank {worker} step {} value {x:?}\n", at.get() % 7)
        })
    }),
    ("a name and a sign between blanks", |draws| {
        rows(draws, |worker, x| {
            format!(" rank           {worker}  x =   {x:?}     \n")
        })
    }),
    ("settings with a text in quotes", |draws| {
        rows(draws, |worker, x| {
            format!(
                "ts=2026-11-30T12:00:00Z level=info msg=\"a draw\" worker={worker} value={x:?}\n"
            )
        })
    }),
    ("Scala's lists", |draws| {
        format!(
            "List({})\n",
            lists(draws, |list| format!("List({})", joined(list, ", ")))
        )
    }),
    ("a typed vector of Julia's", |draws| {
        format!(
            "Any[{}]\n",
            lists(draws, |list| format!("[{}]", joined(list, ", ")))
        )
    }),
    ("JAX's arrays", |draws| {
        format!(
            "[{}]\n",
            lists(draws, |list| format!(
                "Array([{}], dtype=float64)",
                joined(list, ", ")
            ))
        )
    }),
    ("a tensor below its name", |draws| {
        let rows = each(draws, |_, list| format!("[{}]\n ", joined(list, " ")));
        format!(
            "tf.Tensor(\n[{}], shape=(9, 9), dtype=float64)\n",
            rows.trim_end()
        )
    }),
    ("a map of Elixir's", |draws| {
        let entries: Vec<String> = (0..)
            .zip(draws)
            .map(|(worker, list)| format!("{worker} => [{}]", joined(list, ", ")))
            .collect();
        format!("%{{{}}}\n", entries.join(", "))
    }),
    ("a sequence of records", |draws| {
        rows(draws, |worker, x| {
            format!("\u{1e}{{\"worker\": {worker}, \"value\": {x:?}}}\n")
        })
    }),
    ("an object of columns", |draws| {
        let workers = rows(draws, |worker, _| format!("{worker}, "));
        let values = rows(draws, |_, x| format!("{x:?}, "));
        format!(
            "{{\"worker\": [{}], \"value\": [{}]}}\n",
            workers.trim_end_matches(", "),
            values.trim_end_matches(", ")
        )
    }),
    ("lists in the cells of a table without labels", |draws| {
        let rows = each(draws, |_, list| format!("\"[{}]\"\n", joined(list, ", ")));
        format!("draws\n{rows}")
    }),
    ("lists in cells beside names", |draws| {
        let rows = each(draws, |worker, list| {
            let name = ["alice", "bob", "carol", "dave", "erin"][worker];
            format!("{name},\"[{}]\"\n", joined(list, ", "))
        });
        format!("who,draws\n{rows}")
    }),
    ("tables one after another", |draws| {
        each(draws, |worker, list| {
            let lines: String = list.iter().map(|x| format!("{worker},{x:?}\n")).collect();
            format!("worker,value\n{lines}")
        })
    }),
    ("Excel's line of what separates", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker};{x:?}\n"));
        format!("sep=;\nworker;value\n{lines}")
    }),
    ("series below headings", |draws| {
        each(draws, |worker, list| {
            let lines: String = (0..)
                .zip(list)
                .map(|(at, x)| format!("{at}    {x:?}\n"))
                .collect();
            format!("worker {worker}\n{lines}dtype: float64\n")
        })
    }),
    ("blocks of gnuplot", |draws| {
        each(draws, |worker, list| {
            let lines: String = (0..)
                .zip(list)
                .map(|(at, x)| format!("{at} {x:?}\n"))
                .collect();
            format!("# worker {worker}\n{lines}\n\n")
        })
    }),
    ("a row a worker behind its name", |draws| {
        each(draws, |worker, list| {
            format!("worker{worker},{}\n", joined(list, ","))
        })
    }),
    ("what sums up behind a name", |draws| {
        let lines = rows(draws, |worker, x| format!("worker {worker}: {x:?}\n"));
        format!("{lines}Total: 96\nMean: 0.5012\n")
    }),
    ("what sums up a table", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker},{x:?}\n"));
        format!("worker,value\n{lines}mean,0.5012\ntotal,48.25\n")
    }),
    ("doubles of Fortran's", |draws| {
        rows(draws, |worker, x| {
            format!(
                "rank {worker}: {}\n",
                format!("{x:.17e}").replace("e-", "D-").replace("e0", "D+0")
            )
        })
    }),
    ("MATLAB's labs", |draws| {
        rows(draws, |worker, x| format!("Lab {worker}: \n  {x:?}\n"))
    }),
    ("sections of TOML", |draws| {
        each(draws, |worker, list| {
            format!("[worker{worker}]\nvalues = [{}]\n", joined(list, ", "))
        })
    }),
    ("a warning and frames around labels", |draws| {
        let lines = rows(draws, |worker, x| format!("rank {worker}: {x:?}\n"));
        format!(
            "===== session starts =====\n/usr/lib/x.py:12: UserWarning: seed not set\n  \
             warnings.warn(\"seed not set\")\n{lines}===== 4 passed in 0.12s =====\n"
        )
    }),
];
