//! From records to streams: what each thread of each process drew from one state, with its history.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::record::{
    Arrival, Copied, Draw, Event, Hello, Place, RecordEntry, Records, StateOrigin, TELLING,
};

/// A stream with fewer words cannot be told from others.
pub const LEAST_WORDS: usize = 16;

/// The words that tell states apart.
pub type Telling = [u64; TELLING];

/// One state, drawn from by one thread of one process.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The process, as records call it.
    pub process: String,
    /// When it was first drawn from.
    pub at: u64,
    /// The draw, its words cut where another process goes on with them.
    pub draw: Draw,
    /// Where its state was copied, if it is another's copy.
    pub copied: Option<Place>,
    /// How many of its words were used, where that is known; others may go on from there.
    pub used: Option<u64>,
}

impl Stream {
    /// The words that tell its state.
    pub fn telling(&self) -> Telling {
        let mut telling = [0; TELLING];
        telling.copy_from_slice(&self.draw.words[..TELLING]);
        telling
    }
}

/// A process that was seen.
#[derive(Clone, Debug)]
pub struct WatchedProcess {
    /// As records call it.
    pub name: String,
    /// What it said of itself.
    pub hello: Hello,
    /// When.
    pub at: u64,
    /// The process that forked or started it, if that was seen.
    pub parent: Option<String>,
    /// What multiprocessing calls it, where it drew.
    pub label: String,
}

/// What records hold, sorted out.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Processes, in the order in which they began.
    pub processes: Vec<WatchedProcess>,
    /// Streams that can be judged, each once.
    pub streams: Vec<Stream>,
    /// Streams that a thread began again, with how often.
    pub repeats: Vec<(Stream, u64)>,
    /// Streams of fewer than [`LEAST_WORDS`] words before a fork.
    pub short: u64,
    /// Streams that libraries drew while they were imported.
    pub of_imports: u64,
    /// Draws whose words could not be had.
    pub wordless: u64,
    /// Calls of the operating system's generator, at least.
    pub entropy_calls: u64,
    /// What was not seen, one line each.
    pub unseen: Vec<String>,
    /// Whether that leaves processes out, so that nothing can be called sound.
    pub blind: bool,
}

/// Sorts out the records of one run. Draws before `since` (nanoseconds) are of an earlier watch, and processes
/// that `of` has not started are of another one.
pub fn sort(mut records: Records, since: u64, of: Option<u32>) -> Sorted {
    let mut sorted = Sorted::default();
    for entry in &records.entries {
        if let Event::Hello(hello) = &entry.event {
            sorted.processes.push(WatchedProcess {
                name: entry.process.clone(),
                parent: hello.parent.clone(),
                hello: hello.clone(),
                at: entry.at,
                label: String::new(),
            });
        }
    }
    relate(&mut sorted.processes);
    if let Some(of) = of {
        let others = others(&sorted.processes, of);
        sorted
            .processes
            .retain(|process| !others.contains(&process.name));
        records
            .entries
            .retain(|entry| !others.contains(&entry.process));
    }
    let mut cuts: HashMap<(String, String, u32), u64> = HashMap::new();
    let mut uses: HashMap<(String, String, u32), u64> = HashMap::new();
    let mut copies: HashMap<Vec<u64>, Copied> = HashMap::new();
    let mut draws: Vec<(RecordEntry, Draw)> = Vec::new();
    let mut entropy: BTreeMap<String, u64> = BTreeMap::new();
    let mut started: Vec<(u64, u32, Vec<String>)> = Vec::new();
    let mut ended: HashMap<String, u64> = HashMap::new();
    for entry in records.entries {
        match entry.event.clone() {
            Event::Hello(_) => {}
            Event::Draw(draw) if entry.at >= since => draws.push((entry, draw)),
            Event::Draw(_) => {}
            // The first of a chain of copies counts: it leads back to the user's line.
            Event::Copy(copy) => {
                copies.entry(copy.words.clone()).or_insert(copy);
            }
            Event::Cut(cut) => {
                cuts.insert((entry.process, cut.state, cut.segment), cut.words);
            }
            Event::Used(used) => {
                uses.insert((entry.process, used.state, used.segment), used.words);
            }
            Event::Full { after } => {
                let line = format!(
                    "only the first {after} states of process {} were kept",
                    pid(&entry.process)
                );
                sorted.unseen.push(line);
            }
            Event::Entropy { calls } if entry.at >= since => {
                let most = entropy.entry(entry.process).or_default();
                *most = calls.max(*most);
            }
            Event::Entropy { .. } => {}
            Event::Started { child, command } => started.push((entry.at, child, command)),
            Event::Problem { what } => {
                sorted.blind |= what.contains("not recorded");
                let line = format!("process {}: {what}", pid(&entry.process));
                if !sorted.unseen.contains(&line) {
                    sorted.unseen.push(line);
                }
            }
            Event::End => {
                ended.insert(entry.process, entry.at);
            }
        }
    }
    sorted.entropy_calls = entropy.values().sum();
    for (file, lines) in records.cut_off {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        sorted.unseen.push(format!(
            "{lines} records of process {} were cut off",
            pid(&name)
        ));
    }
    name_unseen(&mut sorted, started, since);
    let mut seen: HashMap<(String, u64, &'static str, Vec<u64>), usize> = HashMap::new();
    let mut repeats: HashMap<usize, u64> = HashMap::new();
    for (entry, mut draw) in draws {
        if let Some(process) = sorted
            .processes
            .iter_mut()
            .find(|p| p.name == entry.process)
        {
            process.label.clone_from(&draw.name);
        }
        if draw.place.importing {
            sorted.of_imports += 1;
            continue;
        }
        let key = (entry.process.clone(), draw.state.clone(), draw.segment);
        let uncut = draw.words.len();
        if let Some(words) = cuts.get(&key) {
            draw.words.truncate(*words as usize);
        }
        if draw.words.len() < LEAST_WORDS {
            *(if uncut == 0 {
                &mut sorted.wordless
            } else {
                &mut sorted.short
            }) += 1;
            continue;
        }
        let used = uses.get(&key).copied();
        let copied = trace(&mut draw, &copies);
        let telling = draw.words[..TELLING].to_vec();
        let key = (
            entry.process.clone(),
            draw.thread,
            draw.library.name(),
            telling,
        );
        if let Some(first) = seen.get(&key) {
            *repeats.entry(*first).or_default() += 1;
            continue;
        }
        seen.insert(key, sorted.streams.len());
        sorted.streams.push(Stream {
            process: entry.process,
            at: entry.at,
            draw,
            copied,
            used,
        });
    }
    if sorted.wordless > 0 {
        let line = format!("the words of {} states could not be had", sorted.wordless);
        sorted.unseen.push(line);
    }
    name_old(&mut sorted, &ended, since);
    let mut repeats: Vec<(usize, u64)> = repeats.into_iter().collect();
    repeats.sort_unstable();
    sorted.repeats = repeats
        .into_iter()
        .map(|(index, times)| (sorted.streams[index].clone(), times))
        .collect();
    sorted
}

/// The process id in a process' name.
pub fn pid(process: &str) -> &str {
    process.split('-').next().unwrap_or(process)
}

/// A state that was put into a generator leads back to where it was read.
fn trace(draw: &mut Draw, copies: &HashMap<Vec<u64>, Copied>) -> Option<Place> {
    if draw.origin != StateOrigin::StateSet {
        return None;
    }
    let copy = copies.get(&draw.words[..TELLING])?;
    if copy.state == draw.state {
        return None;
    }
    draw.born = copy.born.clone();
    draw.origin = copy.origin;
    draw.seed = copy.seed.clone();
    Some(copy.place.clone())
}

/// Processes that were not forked were started by the one with their parent's id, if it was seen.
fn relate(processes: &mut [WatchedProcess]) {
    for child in 0..processes.len() {
        if processes[child].parent.is_some() {
            continue;
        }
        let (ppid, at) = (processes[child].hello.ppid, processes[child].at);
        let parent = processes
            .iter()
            .filter(|process| process.hello.pid == ppid && process.at <= at)
            .max_by_key(|process| process.at)
            .map(|process| process.name.clone());
        // An image that a process put in its own place has its id.
        processes[child].parent = parent;
    }
}

/// Processes that belong to another part of the program than the one with this id: those from which one comes to
/// its ancestors without coming by it.
fn others(processes: &[WatchedProcess], of: u32) -> HashSet<String> {
    let parents: HashMap<&str, &str> = processes
        .iter()
        .filter_map(|process| Some((process.name.as_str(), process.parent.as_deref()?)))
        .collect();
    let line = |from: &WatchedProcess| -> Vec<String> {
        let mut line = vec![from.name.clone()];
        while let Some(parent) = line.last().and_then(|name| parents.get(name.as_str()))
            && line.len() <= processes.len()
        {
            line.push((*parent).to_owned());
        }
        line
    };
    let last = processes.iter().filter(|process| process.hello.pid == of);
    let Some(own) = last.max_by_key(|process| process.at) else {
        return HashSet::new();
    };
    let ancestors: HashSet<String> = line(own).into_iter().skip(1).collect();
    processes
        .iter()
        .filter(|process| {
            let line = line(process);
            !line.contains(&own.name) && line.iter().any(|name| ancestors.contains(name))
        })
        .map(|process| process.name.clone())
        .collect()
}

/// Python processes that were started and never said that the recorder is in them.
fn name_unseen(sorted: &mut Sorted, started: Vec<(u64, u32, Vec<String>)>, since: u64) {
    let mut heard: HashMap<u32, u64> = HashMap::new();
    for process in &sorted.processes {
        let last = heard.entry(process.hello.pid).or_default();
        *last = process.at.max(*last);
    }
    // The recorder greets before the call that starts a process returns, or after.
    const SLACK: u64 = 1_000_000_000;
    for (at, child, command) in started {
        let image = command
            .first()
            .map_or("", |path| path.rsplit('/').next().unwrap_or(path));
        let answered = heard.get(&child).is_some_and(|last| last + SLACK >= at);
        if at >= since && image.contains("python") && !answered {
            sorted.blind = true;
            sorted.unseen.push(format!(
                "the Python process {child} ({}) was not seen: started with -I, -E or -S, or with a cleaned environment",
                command.join(" ")
            ));
        }
    }
}

/// Processes that are older than this watch, and were still there.
fn name_old(sorted: &mut Sorted, ended: &HashMap<String, u64>, since: u64) {
    let parents: HashSet<&str> = sorted
        .processes
        .iter()
        .filter_map(|process| process.parent.as_deref())
        .collect();
    let old: Vec<String> = sorted
        .processes
        .iter()
        .filter(|process| process.at < since && process.hello.how != Arrival::Attach)
        .filter(|process| ended.get(&process.name).is_none_or(|end| *end >= since))
        .filter(|process| {
            !parents.contains(process.name.as_str())
                && sorted
                    .streams
                    .iter()
                    .any(|stream| stream.process == process.name)
        })
        .map(|process| {
            format!(
                "process {} is older than this watch: what it drew from before is not seen again",
                process.hello.pid
            )
        })
        .collect();
    sorted.unseen.extend(old);
}
