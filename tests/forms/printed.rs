//! What programs and libraries print of their draws.

use std::fmt::Write as _;

/// The draws of every worker, of equal length.
pub type Draws = Vec<Vec<f64>>;

/// How numbers are printed, and a name for failures.
pub type Form = (&'static str, fn(&Draws) -> String);

pub const PRINTED: [Form; 28] = [
    ("lists with blanks", |draws| format!("{draws:?}\n")),
    ("compact lists", |draws| {
        format!("{draws:?}\n").replace(' ', "")
    }),
    ("lists over lines", |draws| {
        format!("{draws:?}\n").replace(", ", ",\n  ")
    }),
    ("an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("\"w{worker}\": {list:?}");
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{{}}}\n", all.join(", "))
    }),
    ("a dict of numpy's numbers", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("np.float64({x:?})")).collect();
            format!("{worker}: [{}]", numbers.join(", "))
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{{}}}\n", all.join(", "))
    }),
    ("numpy's arrays", |draws| {
        let of = |list: &Vec<f64>| format!("array({list:?}, dtype=float64)");
        let all: Vec<String> = draws.iter().map(of).collect();
        format!("[{}]\n", all.join(",\n "))
    }),
    ("a list a line", |draws| {
        draws.iter().map(|list| format!("{list:?}\n")).collect()
    }),
    ("records a line", |draws| {
        rows(draws, |worker, x| {
            format!("{{\"worker\": {worker}, \"value\": {x:?}}}\n")
        })
    }),
    ("a record a worker", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"rank\": {worker}, \"values\": {list:?}}}\n")
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("Go's maps", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{worker}:{}", format!("{list:?}").replace(',', ""))
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("map[{}]\n", all.join(" "))
    }),
    ("ranks before numbers", |draws| {
        rows(draws, |worker, x| format!("rank {worker}: {x:?}\n"))
    }),
    ("numbers in brackets before numbers", |draws| {
        rows(draws, |worker, x| format!("[{worker}] {x:?}\n"))
    }),
    ("mpirun's tags", |draws| {
        rows(draws, |worker, x| format!("[1,{worker}]<stdout>: {x:?}\n"))
    }),
    ("assignments", |draws| {
        rows(draws, |worker, x| format!("worker {worker}: x={x:?}\n"))
    }),
    ("messages between", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("INFO worker {worker} starts\n{worker}: {x:?}\nall is well so far\n")
        });
        format!("2026-11-29 12:00:01,250 INFO hello\n{lines}")
    }),
    ("R's lists", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let mut text = format!("[[{worker}]]\n");
            for (at, numbers) in list.chunks(3).enumerate() {
                let numbers: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
                let _ = writeln!(text, " [{}] {}", 3 * at + 1, numbers.join(" "));
            }
            text + "\n"
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("Worker {worker}:\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("a line a worker, longer than there are workers", |draws| {
        let of = |list: &Vec<f64>| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}")).collect();
            numbers.join(" ") + "\n"
        };
        draws.iter().map(of).collect()
    }),
    ("rows without a header", |draws| {
        rows(draws, |worker, x| format!("{worker},{x:?}\n"))
    }),
    ("a column a worker", |draws| {
        let names: Vec<String> = (0..draws.len())
            .map(|worker| format!("chain{worker}"))
            .collect();
        let mut text = format!("step,{}\n", names.join(","));
        for step in 0..draws[0].len() {
            let numbers: Vec<String> = draws
                .iter()
                .map(|list| format!("{:?}", list[step]))
                .collect();
            let _ = writeln!(text, "{step},{}", numbers.join(","));
        }
        text
    }),
    ("Octave's columns", |draws| {
        let height = draws[0].len();
        let mut text = String::from("x =\n\n");
        for (from, some) in draws
            .chunks(3)
            .enumerate()
            .map(|(at, some)| (3 * at + 1, some))
        {
            let _ = match some.len() {
                1 => writeln!(text, " Column {from}:\n"),
                _ => writeln!(text, " Columns {from} through {}:\n", from + some.len() - 1),
            };
            for step in 0..height {
                let row: Vec<String> = some
                    .iter()
                    .map(|list| format!("{:?}", list[step]))
                    .collect();
                let _ = writeln!(text, "   {}", row.join("   "));
            }
            text.push('\n');
        }
        text
    }),
    ("lists in YAML", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("  - {x:?}\n")).collect();
            format!("w{worker}:\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("lists of lists in YAML", |draws| {
        let of = |list: &Vec<f64>| {
            let numbers: Vec<String> = list.iter().map(|x| format!("- {x:?}\n")).collect();
            format!("- {}", numbers.join("  "))
        };
        let lists: Vec<String> = draws.iter().map(of).collect();
        format!("---\n{}", lists.concat())
    }),
    ("PHP's var_dump", |draws| {
        let list = |list: &Vec<f64>| {
            let numbers = list.iter().enumerate();
            let numbers: Vec<String> = numbers
                .map(|(at, x)| format!("    [{at}]=>\n    float({x:?})\n"))
                .collect();
            format!("  array({}) {{\n{}  }}\n", list.len(), numbers.concat())
        };
        let of = |(worker, own): (usize, &Vec<f64>)| format!("  [{worker}]=>\n{}", list(own));
        let lists: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("array({}) {{\n{}}}\n", draws.len(), lists.concat())
    }),
    ("Node's maps", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("  'w{worker}' => {list:?}");
        let lists: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("Map({}) {{\n{}\n}}\n", draws.len(), lists.join(",\n"))
    }),
    ("Rust's structs", |draws| {
        rows(draws, |worker, x| {
            format!("Draw {{ worker: {worker}, value: {x:?} }}\n")
        })
    }),
    ("Rust's threads", |draws| {
        rows(draws, |worker, x| format!("ThreadId({worker}): {x:?}\n"))
    }),
    ("a printed frame", |draws| {
        let lines = rows(draws, |worker, x| format!("7  {worker}  {x:?}\n"));
        format!("   worker   value\n{lines}")
    }),
];

/// A text a draw, in the order of a program in which workers take turns.
pub fn rows(draws: &Draws, text: impl Fn(usize, f64) -> String) -> String {
    let step = |step: usize| {
        let text = &text;
        draws
            .iter()
            .enumerate()
            .map(move |(worker, list)| text(worker, list[step]))
    };
    (0..draws[0].len()).flat_map(step).collect()
}
