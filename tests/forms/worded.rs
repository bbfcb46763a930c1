//! Draws that are words, in the forms that numbers have.

use std::fmt::Write as _;

/// The words of every worker, of equal length.
pub type Words = Vec<Vec<String>>;

/// How words are printed, and a name for failures.
pub type Form = (&'static str, fn(&Words) -> String);

/// Words by their number, and a name for failures.
pub type Alphabet = (&'static str, fn(u64) -> String);

/// What is drawn.
pub const ALPHABETS: [Alphabet; 9] = [
    ("coins", |draw| ["H", "T"][draw as usize % 2].into()),
    ("letters", |draw| {
        char::from(b'a' + (draw % 26) as u8).into()
    }),
    ("cards", |draw| {
        let rank = ["2", "10", "J", "Q", "K", "A"][(draw / 4 % 6) as usize];
        format!("{rank}{}", ["s", "h", "d", "c"][(draw % 4) as usize])
    }),
    ("names", |draw| {
        ["Carla", "Zoë", "Ben", "Otto", "Åsa"][(draw % 5) as usize].into()
    }),
    ("dates", |draw| {
        format!(
            "{}-{:02}-{:02}",
            1990 + draw % 30,
            1 + draw % 12,
            1 + draw % 28
        )
    }),
    ("times", |draw| {
        format!("{:02}:{:02}:{:02}", draw % 24, draw / 7 % 60, draw / 3 % 60)
    }),
    ("moments", |draw| {
        format!(
            "2024-03-{:02}T{:02}:00:{:02}",
            1 + draw % 28,
            draw / 5 % 24,
            draw % 60
        )
    }),
    ("hardware addresses", |draw| {
        format!("02:a3:{:02x}:{:02x}", draw >> 8 & 0xff, draw & 0xff)
    }),
    ("passwords", |draw| {
        format!("jo{}aoB{}Cs", draw % 97, draw % 13)
    }),
];

/// Sentences have blanks, which lists of bare words have not.
pub fn sentence(draw: u64) -> String {
    let word = |at: u64| ["was", "more", "for", "all", "or", "in"][(draw / (at + 1) % 6) as usize];
    format!("{} {} {} {}", word(0), word(1), word(2), word(3))
}

/// Forms of words and of sentences.
pub const ANY: [Form; 11] = [
    ("ranks before words", |draws| {
        rows(draws, |worker, word| format!("rank {worker}: {word}\n"))
    }),
    ("ranks in brackets", |draws| {
        rows(draws, |worker, word| format!("[rank {worker}] {word}\n"))
    }),
    ("numbers in brackets", |draws| {
        rows(draws, |worker, word| format!("[{worker}] {word}\n"))
    }),
    ("mpirun's tags", |draws| {
        rows(draws, |worker, word| {
            format!("[1,{worker}]<stdout>: {word}\n")
        })
    }),
    ("Ray's tags", |draws| {
        rows(draws, |worker, word| {
            format!("(Worker pid={worker}) {word}\n")
        })
    }),
    ("a quoted column", |draws| {
        let lines = rows(draws, |worker, word| format!("{worker},\"{word}\"\n"));
        format!("worker,text\n{lines}")
    }),
    ("a column a worker", |draws| {
        let names: Vec<String> = (0..draws.len())
            .map(|worker| format!("w{worker}"))
            .collect();
        let mut text = format!("step,{}\n", names.join(","));
        for step in 0..draws[0].len() {
            let words: Vec<&str> = draws.iter().map(|list| &*list[step]).collect();
            let _ = writeln!(text, "{step},{}", words.join(","));
        }
        text
    }),
    ("records a line", |draws| {
        rows(draws, |worker, word| {
            format!("{{\"worker\": {worker}, \"text\": \"{word}\"}}\n")
        })
    }),
    ("a record a worker", |draws| {
        let of = |(worker, list): (usize, &Vec<String>)| {
            format!("{{\"rank\": {worker}, \"values\": {}}}\n", quoted(list))
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("lists in JSON", |draws| {
        let lists: Vec<String> = draws.iter().map(|list| quoted(list)).collect();
        format!("[{}]\n", lists.join(",\n "))
    }),
    ("messages between", |draws| {
        let lines = rows(draws, |worker, word| format!("worker {worker}: {word}\n"));
        format!("INFO hello\n{lines}Done.\n")
    }),
];

/// Forms of words without blanks.
pub const SINGLE: [Form; 5] = [
    ("settings", |draws| {
        rows(draws, |worker, word| {
            format!("worker={worker} step=1 drew={word}\n")
        })
    }),
    ("a printed frame", |draws| {
        let lines = rows(draws, |worker, word| format!("7  {worker}  {word}\n"));
        format!("   worker   value\n{lines}")
    }),
    ("R's lists", |draws| {
        let of = |(worker, list): (usize, &Vec<String>)| {
            let mut text = format!("[[{worker}]]\n");
            for (at, words) in list.chunks(3).enumerate() {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                let _ = writeln!(text, " [{}] {}", 3 * at + 1, words.join(" "));
            }
            text + "\n"
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings", |draws| {
        let of = |(worker, list): (usize, &Vec<String>)| {
            let lines: Vec<String> = list.iter().map(|word| format!("{word}\n")).collect();
            format!("=== worker {worker} ===\n{}", lines.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("Python's lists behind labels", |draws| {
        let of = |(worker, list): (usize, &Vec<String>)| {
            format!("worker {worker}: {}\n", quoted(list).replace('"', "'"))
        };
        draws.iter().enumerate().map(of).collect()
    }),
];

fn quoted(list: &[String]) -> String {
    let words: Vec<String> = list.iter().map(|word| format!("\"{word}\"")).collect();
    format!("[{}]", words.join(", "))
}

/// A text a draw, in the order of a program in which workers take turns.
pub fn rows(draws: &Words, text: impl Fn(usize, &str) -> String) -> String {
    let step = |step: usize| {
        let text = &text;
        let of = move |(worker, list): (usize, &Vec<String>)| text(worker, &list[step]);
        draws.iter().enumerate().map(of)
    };
    (0..draws[0].len()).flat_map(step).collect()
}
