//! The floors, read off the source: who imports whom, and who may touch the outside world.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms of the house, floor by floor from the ground. A room imports rooms of lower floors only;
/// rooms of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["vocabulary", "math"],
    &["results", "generators"],
    &["kernels", "strategies", "spawn", "plan"],
    &["reading", "recovery", "pool"],
    &["joins", "harness", "capture", "horizon"],
    &["statistics", "values", "census", "advise", "origin", "demo"],
    &["analyze"],
    &["verdict"],
    &["record", "selftest"],
    &["run", "audit"],
    &["distributed", "gate"],
    &["report"],
    &["watch"],
    &["cli"],
];

struct Source {
    path: PathBuf,
    /// Its module, from the root of the crate.
    module: Vec<String>,
    /// The code without comments, and without test modules at its end.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_path_buf();
                found.push(Source {
                    module: module(&relative),
                    code: code(&fs::read_to_string(&path).unwrap()),
                    path: relative,
                });
            }
        }
    }
    assert!(found.len() > 50, "the source was not found");
    found
}

/// The module that a file holds: `lib.rs`, `main.rs` and `mod.rs` hold that of their folder.
fn module(path: &Path) -> Vec<String> {
    let parts = path.with_extension("");
    let mut parts: Vec<String> = parts
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if ["lib", "main", "mod"].contains(&parts.last().unwrap().as_str()) {
        parts.pop();
    }
    parts
}

/// Without line comments and without what follows the first test module.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// One path of a `use` tree, or one that is written out in code; whether it is passed on to others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    path: Vec<String>,
    passed_on: bool,
}

/// Every path that begins with `crate` or `super`, and those of `pub use`.
fn imports(code: &str) -> BTreeSet<Import> {
    let mut found = BTreeSet::new();
    let mut rest = code;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(at) = ["crate::", "super::", "use "]
        .iter()
        .filter_map(|head| rest.find(head))
        .min()
    {
        let inside = rest[..at].ends_with(|c| is_word(c) || c == ':' || c == '$');
        let line = rest[..at].rfind('\n').map_or(0, |start| start + 1);
        let before = rest[line..at].trim();
        let tree = rest[at..].strip_prefix("use ");
        let end = match tree {
            Some(tree) => 4 + tree.find(';').unwrap_or(tree.len()),
            None => rest[at..]
                .find(|c| !is_word(c) && c != ':')
                .unwrap_or(rest.len() - at),
        };
        let whole = tree.map_or(&rest[at..at + end], |tree| &tree[..end - 4]);
        if !inside {
            let passed_on = tree.is_some() && before.starts_with("pub");
            let mut paths = Vec::new();
            unfold(whole, &[], &mut paths);
            found.extend(paths.into_iter().map(|path| Import { path, passed_on }));
        }
        rest = &rest[at + end.max(1)..];
    }
    found
}

/// The paths of a `use` tree: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn unfold(tree: &str, before: &[String], paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    if let Some(list) = tree.strip_prefix('{') {
        let list = list.strip_suffix('}').unwrap_or(list);
        let (mut depth, mut start) = (0, 0);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    unfold(&list[start..at], before, paths);
                    start = at + 1;
                }
                _ => {}
            }
        }
        if !list[start..].trim().is_empty() {
            unfold(&list[start..], before, paths);
        }
        return;
    }
    let mut path = before.to_vec();
    match tree.split_once("::") {
        Some((head, rest)) if !rest.is_empty() => {
            path.push(head.trim().to_owned());
            unfold(rest, &path, paths);
        }
        _ => {
            let name = tree.split_whitespace().next().unwrap_or_default();
            if name != "self" {
                path.push(name.trim_end_matches(':').to_owned());
            }
            paths.push(path);
        }
    }
}

/// A path as seen from the root of the crate; `None` where it leads out of it.
fn from_root(module: &[String], path: &[String], known: &House) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => Some([&module[..module.len().checked_sub(ups)?], &path[ups..]].concat()),
        head => {
            let inner = [module, &[head.to_owned()]].concat();
            known
                .modules
                .contains(&inner)
                .then(|| [module, path].concat())
        }
    }
}

/// The modules of the crate, and what they pass on under names of their own.
#[derive(Default)]
struct House {
    modules: BTreeSet<Vec<String>>,
    passed_on: BTreeMap<Vec<String>, Vec<String>>,
}

impl House {
    fn of(sources: &[Source]) -> Self {
        let modules = sources.iter().map(|source| source.module.clone()).collect();
        let mut house = Self {
            modules,
            ..Self::default()
        };
        for source in sources {
            for import in imports(&source.code).iter().filter(|one| one.passed_on) {
                if let Some(path) = from_root(&source.module, &import.path, &house) {
                    let name = [&source.module[..], &path[path.len() - 1..]].concat();
                    house.passed_on.insert(name, path);
                }
            }
        }
        house
    }

    /// The module in which the item of a path is written.
    fn home(&self, path: &[String]) -> Option<Vec<String>> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let passed = (1..=path.len())
                .rev()
                .find_map(|length| Some((length, self.passed_on.get(&path[..length])?)));
            match passed {
                Some((length, home)) if home[..] != path[..length] => {
                    path = [&home[..], &path[length..]].concat();
                }
                _ => break,
            }
        }
        let lengths = (0..=path.len()).rev();
        lengths
            .map(|length| path[..length].to_vec())
            .find(|module| self.modules.contains(module))
    }

    /// The modules whose items a source names, its own left out, and what it passes on.
    fn named_by(&self, source: &Source) -> BTreeSet<Vec<String>> {
        imports(&source.code)
            .iter()
            .filter(|import| !import.passed_on)
            .filter_map(|import| from_root(&source.module, &import.path, self))
            .filter_map(|path| self.home(&path))
            .filter(|home| *home != source.module && !home.is_empty())
            .collect()
    }
}

fn room(module: &[String]) -> Option<&str> {
    module.first().map(String::as_str)
}

#[test]
fn paths_are_read_out_of_trees_and_code() {
    let code = "pub use below::Item;\nuse crate::{\n    joins::{self, Joins},\n    vocabulary::StreamId as Id,\n};\nlet x = crate::math::bonferroni(super::two);";
    let seen: Vec<String> = imports(code)
        .into_iter()
        .map(|import| import.path.join("::"))
        .collect();
    let wanted = [
        "below::Item",
        "crate::joins",
        "crate::joins::Joins",
        "crate::math::bonferroni",
        "crate::vocabulary::StreamId",
        "super::two",
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn rooms_import_lower_floors_only() {
    let floor_of = |room: &str| FLOORS.iter().position(|floor| floor.contains(&room));
    let sources = sources();
    let house = House::of(&sources);
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !is_test_only(&source.path)) {
        let Some(own) = room(&source.module) else {
            continue;
        };
        let Some(floor) = floor_of(own) else {
            wrong.push(format!("{} is on no floor", source.path.display()));
            continue;
        };
        for home in house.named_by(source) {
            let other = room(&home).expect("the root is left out");
            if other != own && floor_of(other).is_none_or(|other| other >= floor) {
                wrong.push(format!("{} imports {other}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files and folders of a room, as one part each: what lies beside `mod.rs`, which speaks for all.
fn part(module: &[String]) -> Option<[&str; 2]> {
    Some([room(module)?, module.get(1)?.as_str()])
}

#[test]
fn no_room_has_a_circle_inside() {
    let sources = sources();
    let house = House::of(&sources);
    let mut named: BTreeMap<[&str; 2], BTreeSet<[&str; 2]>> = BTreeMap::new();
    let homes: Vec<(&Source, BTreeSet<Vec<String>>)> = sources
        .iter()
        .filter(|source| !is_test_only(&source.path))
        .map(|source| (source, house.named_by(source)))
        .collect();
    for (source, homes) in &homes {
        let Some(own) = part(&source.module) else {
            continue;
        };
        let parts = homes.iter().filter_map(|home| part(home));
        let inside = parts.filter(|part| part[0] == own[0] && *part != own);
        named.entry(own).or_default().extend(inside);
    }
    // Whoever names nobody any more is taken away, until nobody or a circle is left.
    while let Some(own) = named
        .iter()
        .find(|(_, parts)| !parts.iter().any(|part| named.contains_key(part)))
        .map(|(own, _)| *own)
    {
        named.remove(&own);
    }
    assert!(named.is_empty(), "{named:#?}");
}

/// Files that hold nothing but tests or what tests need.
fn is_test_only(path: &Path) -> bool {
    const TESTS: [&str; 4] = ["tests", "testing", "samples", "power"];
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.is_some_and(|stem| TESTS.contains(&stem))
        || path.iter().any(|part| {
            part == "snippets" || part == "fixes" || TESTS.iter().any(|tests| part == *tests)
        })
}

/// Fails with every file outside of `allowed` that contains one of the words.
fn only_in(words: &[&str], allowed: &[&str]) {
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|source| !is_test_only(&source.path))
        .filter(|source| !allowed.iter().any(|place| source.path.starts_with(place)))
        .flat_map(|source| {
            words
                .iter()
                .filter(|word| source.code.contains(**word))
                .map(|word| format!("{} says {word}", source.path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_prints_and_exits() {
    only_in(
        // ` println!`, so that `eprintln!` is not meant: warnings of the test API go to stderr.
        &[" println!", " print!(", "process::exit", "anyhow::"],
        // Images that serve a request end with it.
        &[
            "cli",
            "main.rs",
            "harness/fork/helper.rs",
            "harness/command/supervisor.rs",
        ],
    );
}

#[test]
fn unsafe_code_is_in_few_places() {
    only_in(
        &["unsafe {", "unsafe fn", "unsafe impl"],
        &[
            "cli/memory.rs",
            "harness/ambient.rs",
            "harness/command/bond.rs",
            "harness/command/cohort.rs",
            "harness/fork",
            "kernels",
            "vocabulary/room.rs",
        ],
    );
}

#[test]
fn clocks_and_entropy_are_read_in_few_places() {
    only_in(
        &["SystemTime::now", "Instant::now", "process::id()"],
        &[
            "harness",
            "record/provenance.rs",
            "cli",
            "capture",
            "pool.rs",
            "origin.rs",
            "audit",
            // The day on which waivers end, and the time budget.
            "gate/check",
        ],
    );
    only_in(
        &["getrandom::"],
        &[
            "harness",
            "generators/system.rs",
            "strategies",
            "spawn.rs",
            "pool.rs",
            "cli",
            "advise/snippets",
        ],
    );
}

/// Lines from which on a file wants splitting by idea.
const LONG: usize = 400;

#[test]
fn files_hold_one_idea() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let long: Vec<String> = sources()
        .iter()
        .map(|source| &source.path)
        .filter(|path| !is_test_only(path))
        .map(|path| (path, fs::read_to_string(root.join(path)).unwrap()))
        .filter(|(_, text)| text.lines().count() > LONG)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// Types of the library that share a name: each is a second thing that a reader has to tell from the first.
#[test]
fn few_names_stand_for_several_things() {
    const SEVERAL: usize = 3;
    let is_type = |line: &&str| {
        let line = line
            .trim_start_matches("pub ")
            .trim_start_matches("pub(super) ");
        ["struct ", "enum ", "trait "]
            .iter()
            .any(|head| line.starts_with(head))
    };
    let mut homes: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for source in sources()
        .iter()
        .filter(|source| !is_test_only(&source.path))
    {
        for line in source.code.lines().filter(is_type) {
            let rest = line
                .split_once("struct ")
                .or(line.split_once("enum "))
                .or(line.split_once("trait "));
            let name = rest.map_or("", |(_, rest)| rest);
            let end = name
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(name.len());
            homes
                .entry(name[..end].to_owned())
                .or_default()
                .insert(source.path.clone());
        }
    }
    assert!(homes.len() > 300, "{}", homes.len());
    homes.retain(|_, homes| homes.len() > SEVERAL);
    assert!(homes.is_empty(), "{homes:#?}");
}
