//! A command that was given without `--` before it.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Where the command goes, for arguments after `audit` among which one is a program and `--` is missing.
pub(in crate::cli) fn of_arguments(arguments: &[String]) -> Option<String> {
    if arguments.first()? != "audit" || arguments.iter().any(|argument| argument == "--") {
        return None;
    }
    let at = 1 + arguments[1..]
        .iter()
        .position(|argument| is_program(Path::new(argument)))?;
    Some(corrected(&arguments[..at], &arguments[at..]))
}

/// The same for what was taken for a capture, and is a program.
pub(super) fn of_capture(path: &Path) -> Option<String> {
    is_program(path).then(|| {
        format!(
            "{} is a program, not a capture: {}",
            path.display(),
            corrected(&["audit".to_owned()], &[path.display().to_string()])
        )
    })
}

fn corrected(before: &[String], command: &[String]) -> String {
    format!(
        "a command goes after `--`, as in: seedbench {} -- {}",
        before.join(" "),
        command.join(" ")
    )
}

/// Whether this names a file that can be executed, here or by the search path.
fn is_program(path: &Path) -> bool {
    let named = path.components().count() == 1 && !path.starts_with(".");
    let candidates: Vec<PathBuf> = if named && !path.exists() {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders)
            .map(|folder| folder.join(path))
            .collect()
    } else {
        vec![path.to_owned()]
    };
    candidates.iter().any(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "exe") && file.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn hint(line: &str) -> Option<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        of_arguments(&words)
    }

    #[test]
    fn a_program_among_the_arguments_is_told_where_it_goes() {
        let told = hint("audit --workers 4 sh worker.sh").unwrap();
        assert!(
            told.ends_with("seedbench audit --workers 4 -- sh worker.sh"),
            "{told}"
        );
        assert_eq!(hint("audit --workers 4 -- sh worker.sh"), None);
        assert_eq!(hint("audit --workrs 4 captures"), None);
        assert_eq!(hint("plan sh"), None);
        assert!(
            of_capture(Path::new("/bin/sh"))
                .unwrap()
                .contains("-- /bin/sh")
        );
        assert_eq!(of_capture(Path::new("/tmp")), None);
    }
}
