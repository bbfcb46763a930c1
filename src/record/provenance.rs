//! The machine and the versions behind a report.

use std::{
    fs,
    path::Path,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{Machine, Report, SCHEMA, exit};

impl Report {
    /// A report of this moment and machine in which nothing is said yet: of `run`, `audit`, `check` … with
    /// the arguments that repeat it.
    pub fn new(command: &str, arguments: Vec<String>) -> Self {
        Self {
            schema: SCHEMA,
            command: command.into(),
            arguments,
            created_unix_ns: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| elapsed.as_nanos() as u64),
            machine: machine(),
            plan: None,
            verdict: String::new(),
            findings: Vec::new(),
            cells: Vec::new(),
            yardstick: None,
            costs: Vec::new(),
            horizons: Vec::new(),
            censuses: Vec::new(),
            false_alarm: 0.0,
            exit_code: exit::OK,
            problems: Vec::new(),
            trimmed: Vec::new(),
        }
    }
}

/// What can be learnt of this machine; what cannot is left out.
pub fn machine() -> Machine {
    Machine {
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cpu: cpu_name(),
        cores: thread::available_parallelism().map_or(1, |cores| cores.get() as u32),
        memory_bytes: memory_bytes(),
        seedbench: env!("CARGO_PKG_VERSION").into(),
        rustc: env!("SEEDBENCH_RUSTC").into(),
        crates: env!("SEEDBENCH_CRATES")
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, version)| (name.into(), version.into()))
            .collect(),
    }
}

/// Bytes of memory this process may use: the machine's, or less where its control group says so.
/// `None` where the system does not tell.
pub fn memory_bytes() -> Option<u64> {
    let limits = control_group_limits();
    machine_memory().into_iter().chain(limits).min()
}

fn cpu_name() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    field(&text, "model name").map(str::to_owned)
}

fn machine_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    parse_kib(field(&text, "MemTotal")?)
}

/// The limits of the control groups around this process. A group's own path counts on a host; in a
/// container, the root of the mounted hierarchy is the container's group.
fn control_group_limits() -> Vec<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let mut files = vec![
        "/sys/fs/cgroup/memory.max".to_owned(),
        "/sys/fs/cgroup/memory/memory.limit_in_bytes".to_owned(),
    ];
    for line in own.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        match (parts.next(), parts.next()) {
            (Some(""), Some(path)) => files.extend(
                Path::new(path)
                    .ancestors()
                    .map(|group| format!("/sys/fs/cgroup{}/memory.max", group.display())),
            ),
            (Some("memory"), Some(path)) => {
                files.push(format!("/sys/fs/cgroup/memory{path}/memory.limit_in_bytes"))
            }
            _ => {}
        }
    }
    files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .filter_map(|text| text.trim().parse().ok())
        .collect()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

fn parse_kib(text: &str) -> Option<u64> {
    let kib: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_proc_files_are_read() {
        let text = "MemTotal:       16374088 kB\nMemFree: 1 kB\n";
        let total = field(text, "MemTotal").and_then(parse_kib);
        assert_eq!(total, Some(16_374_088 * 1024));
        assert_eq!(field(text, "Mem"), None);
    }

    #[test]
    fn the_machine_names_compiler_and_crates() {
        let machine = machine();
        assert!(machine.rustc.starts_with("rustc 1."), "{}", machine.rustc);
        assert!(machine.crates.contains_key("rand"));
        assert!(machine.cores >= 1);
    }
}
