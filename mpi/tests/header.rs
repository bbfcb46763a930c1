//! The header is what cbindgen makes of the functions.

use std::{fs, path::Path};

#[test]
fn the_header_declares_what_the_library_has() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut made = Vec::new();
    cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join("src/abi.rs"))
        .generate()
        .unwrap()
        .write(&mut made);
    let path = root.join("include/seedbench_mpi.h");
    if std::env::var_os("SEEDBENCH_HEADER").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let made = String::from_utf8(made).unwrap();
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(made == committed, "SEEDBENCH_HEADER=1 writes it:\n{made}");
}
