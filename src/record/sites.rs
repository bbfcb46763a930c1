//! Sites in `report.json`: column by column, because a row of named fields for every task of every
//! run would be three quarters of the file. A column in which all tasks agree is one number.
//!
//! ```text
//! { "count": 3, "run": 0, "task": [0, 1, 2], "pid": 4711, …,
//!   "task_start_unix_ns": { "from": 1769862896000000000, "plus": [0, 1200, 2500] } }
//! ```

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::vocabulary::{RunId, Site, TaskId, WorkerId};

/// More sites than this are in no report; a damaged count must not ask for memory.
const MOST: usize = 1 << 20;

/// One fact of every site.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SiteColumn {
    /// All sites agree.
    Same(u64),
    /// One value a site.
    Each(Vec<u64>),
}

/// Moments as distances from the earliest, in nanoseconds.
#[derive(Serialize, Deserialize)]
struct Moments {
    from: u64,
    plus: SiteColumn,
}

#[derive(Serialize, Deserialize)]
struct Columns {
    count: usize,
    run: SiteColumn,
    epoch: SiteColumn,
    task: SiteColumn,
    task_ordinal: SiteColumn,
    worker: SiteColumn,
    worker_ordinal: SiteColumn,
    pid: SiteColumn,
    tid: SiteColumn,
    host: SiteColumn,
    worker_start_unix_ns: Moments,
    task_start_unix_ns: Moments,
}

impl SiteColumn {
    fn of(sites: &[Site], fact: impl Fn(&Site) -> u64) -> Self {
        let values: Vec<u64> = sites.iter().map(fact).collect();
        match values.first() {
            Some(&first) if values.iter().all(|&value| value == first) => Self::Same(first),
            _ => Self::Each(values),
        }
    }

    fn fits(&self, count: usize) -> bool {
        match self {
            Self::Same(_) => true,
            Self::Each(values) => values.len() == count,
        }
    }

    /// The value of a site, whose number is below the checked count.
    fn at(&self, site: usize) -> u64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[site],
        }
    }

    fn small(&self, site: usize) -> Result<u32, String> {
        let value = self.at(site);
        u32::try_from(value).map_err(|_| format!("site {site}: {value} is more than 32 bits hold"))
    }
}

impl Moments {
    fn of(sites: &[Site], fact: impl Fn(&Site) -> u64) -> Self {
        let from = sites.iter().map(&fact).min().unwrap_or(0);
        Self {
            from,
            plus: SiteColumn::of(sites, |site| fact(site) - from),
        }
    }

    fn at(&self, site: usize) -> Result<u64, String> {
        self.from
            .checked_add(self.plus.at(site))
            .ok_or_else(|| format!("site {site}: the moment is out of range"))
    }
}

impl Columns {
    fn site(&self, i: usize) -> Result<Site, String> {
        Ok(Site {
            run: RunId(self.run.small(i)?),
            epoch: self.epoch.small(i)?,
            task: TaskId(self.task.small(i)?),
            task_ordinal: self.task_ordinal.small(i)?,
            worker: WorkerId(self.worker.small(i)?),
            worker_ordinal: self.worker_ordinal.small(i)?,
            pid: self.pid.small(i)?,
            tid: self.tid.at(i),
            host: self.host.at(i),
            worker_start_unix_ns: self.worker_start_unix_ns.at(i)?,
            task_start_unix_ns: self.task_start_unix_ns.at(i)?,
        })
    }

    fn fit(&self) -> bool {
        [
            &self.run,
            &self.epoch,
            &self.task,
            &self.task_ordinal,
            &self.worker,
            &self.worker_ordinal,
            &self.pid,
            &self.tid,
            &self.host,
            &self.worker_start_unix_ns.plus,
            &self.task_start_unix_ns.plus,
        ]
        .into_iter()
        .all(|column| column.fits(self.count))
    }
}

pub(super) fn serialize<S: Serializer>(sites: &[Site], serializer: S) -> Result<S::Ok, S::Error> {
    let wide = |fact: fn(&Site) -> u32| SiteColumn::of(sites, |site| u64::from(fact(site)));
    Columns {
        count: sites.len(),
        run: wide(|site| site.run.0),
        epoch: wide(|site| site.epoch),
        task: wide(|site| site.task.0),
        task_ordinal: wide(|site| site.task_ordinal),
        worker: wide(|site| site.worker.0),
        worker_ordinal: wide(|site| site.worker_ordinal),
        pid: wide(|site| site.pid),
        tid: SiteColumn::of(sites, |site| site.tid),
        host: SiteColumn::of(sites, |site| site.host),
        worker_start_unix_ns: Moments::of(sites, |site| site.worker_start_unix_ns),
        task_start_unix_ns: Moments::of(sites, |site| site.task_start_unix_ns),
    }
    .serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Site>, D::Error> {
    let columns = Columns::deserialize(deserializer)?;
    if columns.count > MOST || !columns.fit() {
        return Err(D::Error::custom(format!(
            "the columns of sites do not have {} values each",
            columns.count
        )));
    }
    (0..columns.count)
        .map(|site| columns.site(site).map_err(D::Error::custom))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Held(#[serde(with = "super")] Vec<Site>);

    fn read(text: &str) -> Result<Held, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn sites_round_trip_and_damage_is_refused() {
        let site = |task: u32| Site {
            task: TaskId(task),
            pid: 4711,
            host: u64::MAX,
            task_start_unix_ns: 1_769_862_896_000_000_000 + u64::from(task),
            ..Site::default()
        };
        for held in [
            Held(Vec::new()),
            Held(vec![site(7)]),
            Held((0..9).map(site).collect()),
        ] {
            let text = serde_json::to_string(&held).unwrap();
            assert_eq!(read(&text).unwrap(), held);
        }
        let whole = serde_json::to_string(&Held((0..2).map(site).collect())).unwrap();
        for (good, bad) in [
            ("\"count\":2", "\"count\":3"),
            ("\"count\":2", "\"count\":99999999999"),
            ("\"pid\":4711", "\"pid\":4294967296"),
            (
                "\"from\":1769862896000000000",
                "\"from\":18446744073709551615",
            ),
        ] {
            assert!(whole.contains(good), "{whole}");
            assert!(read(&whole.replace(good, bad)).is_err(), "{bad}");
        }
    }
}
