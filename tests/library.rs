//! What the library is to those who link it: the items it shows, and the crates it brings along.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use syn::{Attribute, Item, UseTree, Visibility};

/// Crates that the library alone may bring along.
const CRATES: usize = 50;

/// The committed listing. Where it differs on purpose, run this test with `SEEDBENCH_LIST=1` and commit.
const LISTING: &str = "tests/public_items.txt";

/// Every documented item, as a path, sorted.
fn public_items() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(Path::new("src/lib.rs"), "seedbench", &mut found);
    found
}

/// The items of a file that its users see, and those of its documented modules.
fn walk(file: &Path, path: &str, found: &mut BTreeSet<String>) {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let parsed = syn::parse_file(&text).expect("the crate compiles");
    for item in parsed.items {
        let (visibility, attributes, name, kind) = match &item {
            Item::Const(one) => (&one.vis, &one.attrs, &one.ident, "const"),
            Item::Enum(one) => (&one.vis, &one.attrs, &one.ident, "enum"),
            Item::Fn(one) => (&one.vis, &one.attrs, &one.sig.ident, "fn"),
            Item::Mod(one) => (&one.vis, &one.attrs, &one.ident, "mod"),
            Item::Static(one) => (&one.vis, &one.attrs, &one.ident, "static"),
            Item::Struct(one) => (&one.vis, &one.attrs, &one.ident, "struct"),
            Item::Trait(one) => (&one.vis, &one.attrs, &one.ident, "trait"),
            Item::Type(one) => (&one.vis, &one.attrs, &one.ident, "type"),
            Item::Use(one) if is_shown(&one.vis, &one.attrs) => {
                leaves(&one.tree, &mut |name| {
                    assert_ne!(name, "*", "{}: name what is shown", file.display());
                    found.insert(format!("{path}::{name}"));
                });
                continue;
            }
            _ => continue,
        };
        if !is_shown(visibility, attributes) {
            continue;
        }
        found.insert(format!("{path}::{name} ({kind})"));
        if kind == "mod" {
            let folder = match file.file_stem().and_then(|stem| stem.to_str()) {
                Some("lib" | "mod") => file.parent().expect("a folder").to_path_buf(),
                _ => file.with_extension(""),
            };
            let alone = folder.join(format!("{name}.rs"));
            let in_folder = folder.join(name.to_string()).join("mod.rs");
            let file = if alone.exists() { alone } else { in_folder };
            walk(&file, &format!("{path}::{name}"), found);
        }
    }
}

/// Whether it is public and not hidden from the documentation.
fn is_shown(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    let is_hidden = attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "hidden")
    });
    matches!(visibility, Visibility::Public(_)) && !is_hidden
}

/// The names that a `use` gives.
fn leaves(tree: &UseTree, each: &mut impl FnMut(String)) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, each),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, each)),
        UseTree::Name(name) => each(name.ident.to_string()),
        UseTree::Rename(rename) => each(rename.rename.to_string()),
        UseTree::Glob(_) => each("*".to_owned()),
    }
}

#[test]
fn what_is_public_is_listed() {
    let items = public_items();
    let text: String = items.iter().map(|item| format!("{item}\n")).collect();
    if std::env::var_os("SEEDBENCH_LIST").is_some() {
        fs::write(LISTING, &text).unwrap();
    }
    let listed = fs::read_to_string(LISTING).unwrap_or_default();
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let new: Vec<&String> = items.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&items).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}, gone: {gone:#?}; see LISTING"
    );
}

#[test]
fn the_library_alone_is_light() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args([
            "--package",
            "seedbench",
            "--no-default-features",
            "--format",
            "{p}",
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty() && !line.starts_with("seedbench "))
        .collect();
    assert!(crates.len() > 10, "{text}");
    assert!(crates.len() <= CRATES, "{}: {crates:#?}", crates.len());
}
