//! Hands the versions of the compiler and of the crates that figures rest on to the report.

use std::{env, fs, process::Command};

/// Crates whose version can change a figure of the report.
const NAMED: [&str; 12] = [
    "getrandom",
    "rand",
    "rand_chacha",
    "rand_core",
    "rand_mt",
    "rand_pcg",
    "rand_sfc",
    "rand_xoshiro",
    "rayon",
    "rustfft",
    "serde_json",
    "statrs",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rustc-env=SEEDBENCH_RUSTC={}", rustc_version());
    println!("cargo::rustc-env=SEEDBENCH_CRATES={}", locked_crates());
}

fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .arg("-V")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".into(), |text| text.trim().to_owned())
}

/// `name=version` pairs out of the lock file, comma-separated; empty where there is none.
fn locked_crates() -> String {
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    let field = |line: &str, name: &str| {
        line.strip_prefix(name)
            .and_then(|rest| rest.strip_prefix(" = \""))
            .and_then(|rest| rest.strip_suffix('"'))
            .map(str::to_owned)
    };
    let mut pairs = Vec::new();
    let mut package = None;
    for line in lock.lines() {
        if let Some(name) = field(line, "name") {
            package = Some(name);
        } else if let (Some(version), Some(name)) = (field(line, "version"), package.take())
            && NAMED.contains(&name.as_str())
        {
            pairs.push(format!("{name}={version}"));
        }
    }
    pairs.join(",")
}
