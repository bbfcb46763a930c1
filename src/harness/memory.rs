//! How much memory this process may still use: what its control groups and the machine leave.

use std::{fs, path::Path};

use super::LaunchError;

/// Bytes that this process can still allocate without being ended or made to swap; `None` where the
/// system does not say.
///
/// On Linux it is the least of `MemAvailable` and of what every control group above the process
/// leaves (version 1 and 2), counting reclaimable file pages as free.
pub fn available_bytes() -> Option<u64> {
    available_under(Path::new("/"))
}

/// Refuses a plan that needs more than is available.
///
/// # Errors
/// [`LaunchError::Memory`], with both numbers. Where the system does not say what is available,
/// nothing is refused.
pub fn require_bytes(needed_bytes: u64) -> Result<(), LaunchError> {
    match available_bytes() {
        Some(available_bytes) if needed_bytes > available_bytes => Err(LaunchError::Memory {
            needed_bytes,
            available_bytes,
        }),
        _ => Ok(()),
    }
}

/// The same, with the system's files below `root`.
fn available_under(root: &Path) -> Option<u64> {
    let machine = fs::read_to_string(root.join("proc/meminfo"))
        .ok()
        .and_then(|text| field(&text, "MemAvailable:"))
        .map(|kib| kib.saturating_mul(1024));
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let groups = groups.lines().filter_map(|line| group_left(root, line));
    machine.into_iter().chain(groups).min()
}

/// The number after `name` in lines of `name value`.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|value| value.parse().ok())
}

/// The files in which a version of control groups keeps its figures.
struct Version {
    mount: &'static str,
    limit: &'static str,
    usage: &'static str,
    /// The line of `memory.stat` with file pages that can be dropped.
    reclaimable: &'static str,
}

const V1: Version = Version {
    mount: "sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    reclaimable: "total_inactive_file ",
};

const V2: Version = Version {
    mount: "sys/fs/cgroup",
    limit: "memory.max",
    usage: "memory.current",
    reclaimable: "inactive_file ",
};

/// What the group of one line of `/proc/self/cgroup` and all groups above it leave.
fn group_left(root: &Path, line: &str) -> Option<u64> {
    // `0::/path` is version 2; `4:memory:/path` is version 1.
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let version = if controllers.is_empty() {
        V2
    } else if controllers.split(',').any(|name| name == "memory") {
        V1
    } else {
        return None;
    };
    let mount = root.join(version.mount);
    // Inside a container the path may name a directory of the host: the mount's own root counts too.
    let group = mount.join(path.trim_start_matches('/'));
    group
        .ancestors()
        .take_while(|directory| directory.starts_with(&mount))
        .filter_map(|directory| directory_left(directory, &version))
        .min()
}

fn directory_left(directory: &Path, version: &Version) -> Option<u64> {
    let number = |file: &str| -> Option<u64> {
        fs::read_to_string(directory.join(file))
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    // `max` is no number, and so no limit.
    let limit = number(version.limit)?;
    let usage = number(version.usage)?;
    let reclaimable = fs::read_to_string(directory.join("memory.stat"))
        .ok()
        .and_then(|text| field(&text, version.reclaimable))
        .unwrap_or(0);
    Some(limit.saturating_sub(usage.saturating_sub(reclaimable)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_tightest_limit_counts() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(available_under(root), None);

        write(
            root,
            "proc/meminfo",
            "MemTotal: 9000 kB\nMemAvailable:    4000 kB\n",
        );
        assert_eq!(available_under(root), Some(4_096_000));

        write(root, "proc/self/cgroup", "0::/a/b\n");
        write(root, "sys/fs/cgroup/a/memory.max", "3000000\n");
        write(root, "sys/fs/cgroup/a/memory.current", "1000000\n");
        write(
            root,
            "sys/fs/cgroup/a/memory.stat",
            "anon 5\ninactive_file 400000\n",
        );
        write(root, "sys/fs/cgroup/a/b/memory.max", "max\n");
        write(root, "sys/fs/cgroup/a/b/memory.current", "1000000\n");
        assert_eq!(available_under(root), Some(2_400_000));

        write(root, "proc/self/cgroup", "9:cpu:/x\n4:memory:/gone\n");
        write(
            root,
            "sys/fs/cgroup/memory/memory.limit_in_bytes",
            "2000000",
        );
        write(
            root,
            "sys/fs/cgroup/memory/memory.usage_in_bytes",
            "2500000",
        );
        assert_eq!(available_under(root), Some(0));
    }

    #[test]
    fn a_plan_beyond_every_machine_is_refused_with_the_numbers() {
        if available_bytes().is_some() {
            let refused = require_bytes(u64::MAX).unwrap_err().to_string();
            assert!(refused.contains(&u64::MAX.to_string()), "{refused}");
        }
        assert!(require_bytes(0).is_ok());
    }
}
