//! What people, launchers and spreadsheets make of draws.

use std::fmt::Write as _;

use super::printed::{Draws, Form, rows};

/// A line of every worker for each of its draws in turn.
fn by_epoch(draws: &Draws, line: impl Fn(usize, usize, f64) -> String) -> String {
    let epochs = 0..draws[0].len();
    let lines = epochs.flat_map(|epoch| draws.iter().enumerate().map(move |of| (epoch, of)));
    lines
        .map(|(epoch, (rank, list))| line(epoch, rank, list[epoch]))
        .collect()
}

pub const WRITTEN: [Form; 31] = [
    ("decimal commas behind semicolons", |draws| {
        let row = |worker, x: f64| format!("{worker};{x:?}\n").replace('.', ",");
        format!("worker;value\n{}", rows(draws, row))
    }),
    ("money", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker},${x:?}\n"));
        format!("worker,amount\n{lines}")
    }),
    ("per cent", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker},{x:?}%\n"));
        format!("worker,share\n{lines}")
    }),
    ("a unit", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker}\t{x:?} ms\n"));
        format!("worker\tvalue\n{lines}")
    }),
    ("numbers of threads and a column called draw", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("{},{x:?}\n", 140_123_456_789 + 4096 * worker)
        });
        format!("thread_id,draw\n{lines}")
    }),
    ("a task's number that never repeats", |draws| {
        let mut task = 0;
        let mut text = String::from("task,worker,value\n");
        for step in 0..draws[0].len() {
            for (worker, list) in draws.iter().enumerate() {
                let _ = writeln!(text, "{task},{worker},{:?}", list[step]);
                task += 1;
            }
        }
        text
    }),
    ("an epoch a row of every rank", |draws| {
        by_epoch(draws, |epoch, rank, x| {
            format!("Epoch {epoch}: rank={rank} loss={x:?}\n")
        })
    }),
    ("epochs and ranks in brackets", |draws| {
        by_epoch(draws, |epoch, rank, x| {
            format!("[epoch {epoch}] [rank {rank}] loss: {x:?}\n")
        })
    }),
    ("a column of epochs", |draws| {
        let lines = by_epoch(draws, |epoch, rank, x| format!("{epoch},{rank},{x:?}\n"));
        format!("epoch,rank,loss\n{lines}")
    }),
    ("lists in cells", |draws| {
        let line = |(worker, list)| format!("{worker},\"{list:?}\"\n");
        let lines: String = draws.iter().enumerate().map(line).collect();
        format!("worker,draws\n{lines}")
    }),
    ("missing numbers among others", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("{worker},NA\n{worker},\n{worker},inf\n{worker},{x:?}\n")
        });
        format!("worker,value\n{lines}")
    }),
    ("ranks of how many", |draws| {
        let all = draws.len();
        rows(draws, |worker, x| format!("rank {worker}/{all}: {x:?}\n"))
    }),
    ("a sentence before numbers", |draws| {
        let all = draws.len();
        rows(draws, |worker, x| {
            format!("Hello from thread {worker} of {all}: x = {x:?}\n")
        })
    }),
    ("names of Python's pool workers", |draws| {
        rows(draws, |worker, x| {
            format!("ForkPoolWorker-{worker} {x:?}\n")
        })
    }),
    ("Ray's tags", |draws| {
        rows(draws, |worker, x| format!("(Worker pid={worker}) {x:?}\n"))
    }),
    ("torchrun's tags", |draws| {
        rows(draws, |worker, x| format!("[default{worker}]:{x:?}\n"))
    }),
    ("docker's tags", |draws| {
        rows(draws, |worker, x| format!("worker-{worker}_1  | {x:?}\n"))
    }),
    ("times in brackets", |draws| {
        rows(draws, |worker, x| {
            format!("[12:00:01.5] worker {worker}: {x:?}\n")
        })
    }),
    ("settings", |draws| {
        rows(draws, |worker, x| {
            format!("worker={worker} step=1 loss={x:?}\n")
        })
    }),
    ("arrows", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("{worker} => {list:?}\n");
        draws.iter().enumerate().map(of).collect()
    }),
    ("framed headings", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("=== worker {worker} ===\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings in comments", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("# rank {worker}\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings before printed vectors", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let lines: Vec<String> = list
                .chunks(4)
                .map(|some| {
                    let numbers: Vec<String> = some.iter().map(|x| format!("{x:?}")).collect();
                    numbers.join(" ")
                })
                .collect();
            format!("worker {worker}\n[{}]\n", lines.join("\n "))
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("blocks between blank lines", |draws| {
        let of = |list: &Vec<f64>| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            numbers.concat()
        };
        let all: Vec<String> = draws.iter().map(of).collect();
        all.join("\n")
    }),
    ("progress between numbers", |draws| {
        let mut text = String::new();
        for step in 0..draws[0].len() {
            let _ = writeln!(text, "Progress: {step}%");
            for (worker, list) in draws.iter().enumerate() {
                let _ = writeln!(text, "worker {worker}: {:?}", list[step]);
            }
        }
        text + "Done in 3.21 s\n"
    }),
    ("a table in Markdown", |draws| {
        let lines = rows(draws, |worker, x| format!("| 7 | {worker} | {x:?} |\n"));
        format!("| step | worker | value |\n|---|---:|---|\n{lines}")
    }),
    ("a table drawn with signs", |draws| {
        let lines = rows(draws, |worker, x| format!("| {worker} | {x:?} |\n"));
        let rule = "+--------+-------+\n";
        format!("{rule}| worker | value |\n{rule}{lines}{rule}")
    }),
    ("records whose names are short", |draws| {
        let mut text = String::new();
        for step in 0..draws[0].len() {
            for (worker, list) in draws.iter().enumerate() {
                let x = list[step];
                let _ = writeln!(
                    text,
                    "{{\"run\": 0, \"worker\": {worker}, \"t\": {step}, \"n\": {x:?}}}"
                );
            }
        }
        text
    }),
    ("results in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"worker\": {worker}, \"values\": {list:?}}}")
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!(
            "{{\"config\": {{\"lr\": 0.1}}, \"results\": [{}]}}\n",
            all.join(", ")
        )
    }),
    ("workers in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"id\": {worker}, \"draws\": {list:?}}}")
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{\"version\": 2, \"workers\": [{}]}}\n", all.join(", "))
    }),
    ("runs in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("\"w{worker}\": {list:?}");
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!(
            "{{\"runs\": [{{\"run\": 0, \"workers\": {{{}}}}}]}}\n",
            all.join(", ")
        )
    }),
];
