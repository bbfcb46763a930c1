//! What keeps a report small: every list has a cap, and a report that is still too large loses the
//! least telling parts first, and says so.

use super::{
    CellOutcome, CellResult, Measurement, Report,
    json::{self, MAX_BYTES},
};

/// Caps of the lists of one row, one step of the ladder that [`Report::bounded`] descends.
struct Caps {
    /// What is said when this step took something away.
    note: &'static str,
    sites: usize,
    names: usize,
    tests: usize,
    copies: usize,
    findings: usize,
    finding_streams: usize,
    samples: usize,
    heatmaps: bool,
}

/// The ladder: the first step is the cap of every report, the others are taken only while the report
/// is larger than [`MAX_BYTES`].
const LADDER: [Caps; 5] = [
    Caps {
        note: "lists are cut at their caps: 1,024 sites and names, 2,048 test results, 256 copies and findings a row, 1,024 raw samples a figure",
        sites: 1024,
        names: 1024,
        tests: 2048,
        copies: 256,
        findings: 256,
        finding_streams: 64,
        samples: 1024,
        heatmaps: true,
    },
    Caps {
        note: "to stay within 5 MB: the first 64 sites a row, the 256 most telling test results a row, 101 raw samples a figure",
        sites: 64,
        names: 1024,
        tests: 256,
        copies: 256,
        findings: 256,
        finding_streams: 64,
        samples: 101,
        heatmaps: true,
    },
    Caps {
        note: "to stay within 5 MB: the first 16 sites a row, the 48 most telling test results and 32 copies a row, 31 raw samples a figure",
        sites: 16,
        names: 256,
        tests: 48,
        copies: 32,
        findings: 64,
        finding_streams: 32,
        samples: 31,
        heatmaps: true,
    },
    Caps {
        note: "to stay within 5 MB: no heatmaps, the first 4 sites, 16 test results, 8 copies and 16 findings a row, 11 raw samples a figure",
        sites: 4,
        names: 64,
        tests: 16,
        copies: 8,
        findings: 16,
        finding_streams: 16,
        samples: 11,
        heatmaps: false,
    },
    Caps {
        note: "to stay within 5 MB: neither sites nor raw samples, 4 test results, 2 copies and 4 findings a row",
        sites: 0,
        names: 16,
        tests: 4,
        copies: 2,
        findings: 4,
        finding_streams: 4,
        samples: 0,
        heatmaps: false,
    },
];

impl Report {
    /// The report with every list within its cap, and small enough for [`MAX_BYTES`] where leaving
    /// out sites, raw samples and lesser test results can make it so. [`Report::trimmed`] names what
    /// was left out. A report that fits is returned as it is.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for caps in &LADDER {
            let before = self.clone();
            caps.apply(&mut self);
            if self != before {
                self.trimmed.push(caps.note.into());
            }
            if json::serialize(&self).is_ok_and(|bytes| bytes.len() <= MAX_BYTES) {
                break;
            }
        }
        self
    }
}

impl Caps {
    fn apply(&self, report: &mut Report) {
        self.trim_findings(&mut report.findings);
        for cell in &mut report.cells {
            if let CellOutcome::Judged(result) = &mut cell.outcome {
                self.trim_cell(result);
            }
        }
        if let Some(yardstick) = &mut report.yardstick {
            self.thin(&mut yardstick.draw);
        }
        for cost in &mut report.costs {
            self.thin(&mut cost.open);
            self.thin(&mut cost.draw);
            for rate in cost.scaling.values_mut() {
                self.thin(rate);
            }
        }
    }

    fn trim_cell(&self, cell: &mut CellResult) {
        self.trim_findings(&mut cell.judgement.findings);
        let joins = &mut cell.analysis.joins;
        joins.equal_streams.truncate(self.copies);
        for group in &mut joins.equal_streams {
            group.streams.truncate(self.finding_streams);
        }
        joins.shared.truncate(self.copies);
        joins.periods.truncate(self.copies);
        joins.reused.truncate(self.copies);
        let tests = &mut cell.analysis.tests;
        if tests.len() > self.tests {
            // The smallest p-values and the inapplicable tests tell most; their order is kept.
            let mut ranked: Vec<usize> = (0..tests.len()).collect();
            ranked.sort_by(|&a, &b| {
                let p = |i: usize| tests[i].p().unwrap_or(0.0);
                p(a).total_cmp(&p(b)).then(a.cmp(&b))
            });
            ranked.truncate(self.tests);
            ranked.sort_unstable();
            *tests = ranked.iter().map(|&i| tests[i].clone()).collect();
        }
        for test in tests.iter_mut() {
            test.streams.truncate(self.finding_streams);
        }
        cell.sites.truncate(self.sites);
        cell.names.truncate(self.names);
        if !self.heatmaps {
            cell.heatmap = None;
        }
    }

    fn trim_findings(&self, findings: &mut Vec<crate::verdict::Finding>) {
        // Gravest first, so the lesser go.
        findings.truncate(self.findings);
        for finding in findings {
            finding.streams.truncate(self.finding_streams);
        }
    }

    /// Keeps samples at even distances; median and interval stay those of all samples.
    fn thin(&self, measurement: &mut Measurement) {
        let samples = &mut measurement.samples;
        if samples.len() > self.samples {
            let found = samples.len();
            *samples = (0..self.samples)
                .map(|i| samples[i * found / self.samples])
                .collect();
        }
    }
}
