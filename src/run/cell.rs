//! One cell: collect, analyze, ask for a control or a second stage where needed, judge.

use std::sync::Arc;

use super::{
    Event,
    control::{self, Controls},
    gather::{Arenas, GatheredRun, Roots, gather},
    heatmap,
    known::Known,
    second::second_stage,
    walk::{self, RootWalk},
    wide,
};
use crate::{
    analyze::{self, AnalyzeOptions},
    harness::{Backend, LaunchError},
    joins::{self, JoinArena, Room},
    plan::{Plan, Sizes},
    record::{CellOutcome, CellResult},
    results::{Analysis, Depth, Duplicates, Joins, TestResult},
    strategies::{self, Claim, SeedSpace, SeedingStrategy},
    verdict::{Aim, AsDeclared, Case, Context, Declared, Demands, Policy, first_stage, judge},
    vocabulary::{Evidence, RunGroup, RunId},
};

/// Sites that a row keeps.
const SITES_KEPT: usize = 1_024;

/// What cells have in common: the plan, memory that is used again, and what is known already of the
/// strategy at hand.
pub(super) struct Desk<'a> {
    plan: &'a Plan,
    sizes: Sizes,
    controls: &'a Controls,
    arenas: Arenas,
    joins: JoinArena,
    roots: Option<(&'static str, Roots)>,
    known: Option<Known>,
    walk: Option<(&'static str, Option<RootWalk>)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(plan: &'a Plan, sizes: Sizes, controls: &'a Controls) -> Self {
        Self {
            plan,
            sizes,
            controls,
            arenas: Arenas::default(),
            joins: JoinArena::new(),
            roots: None,
            known: None,
            walk: None,
        }
    }

    /// Runs one cell; whatever goes wrong is its row.
    pub(super) fn run(
        &mut self,
        strategy: &'static dyn SeedingStrategy,
        backend: &dyn Backend,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> CellOutcome {
        let id = strategy.spec().id;
        let mut roots = match self.roots.take() {
            Some((of, mut roots)) if of == id => {
                roots.rewind();
                roots
            }
            _ => Roots::of_strategy(self.plan, id),
        };
        let outcome = self.run_with(strategy, backend, &mut roots, observer);
        self.roots = Some((id, roots));
        outcome
    }

    fn run_with(
        &mut self,
        strategy: &'static dyn SeedingStrategy,
        backend: &dyn Backend,
        roots: &mut Roots,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> CellOutcome {
        let claim = strategies::claim(strategy.spec(), backend.kind());
        let sizes = wide::sizes(self.plan, self.sizes, claim, backend.kind());
        let gathered = gather(
            self.plan,
            self.sizes,
            sizes,
            strategy,
            backend,
            roots,
            &mut self.arenas,
        );
        let gathered = match gathered {
            Ok(gathered) => gathered,
            Err(LaunchError::Unsupported(unsupported)) => {
                return CellOutcome::Unsupported {
                    reason: unsupported.reason,
                    instead: unsupported.instead,
                };
            }
            Err(error) => {
                return CellOutcome::Failed {
                    error: with_sources(&error),
                };
            }
        };
        observer(Event::Collected {
            bytes: gathered.evidence.bytes() as u64,
        });
        let result = self.conclude(strategy, backend, sizes, &gathered, roots, observer);
        self.arenas.give_back(gathered.evidence);
        CellOutcome::Judged(Box::new(result))
    }

    /// From evidence to a row.
    fn conclude(
        &mut self,
        strategy: &'static dyn SeedingStrategy,
        backend: &dyn Backend,
        sizes: Sizes,
        gathered: &GatheredRun,
        roots: &mut Roots,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> CellResult {
        let spec = strategy.spec();
        let evidence = &gathered.evidence;
        let claim = strategies::claim(spec, backend.kind());
        let (mut known, same_words_as) = match self.known.take() {
            Some(known) if known.is_of(spec.id, gathered) => {
                let first = known.backend;
                (known, Some(first))
            }
            _ => {
                let analysis = self.analyse(strategy, evidence, Depth::Full);
                (
                    Known::new(spec.id, backend.kind(), gathered, analysis),
                    None,
                )
            }
        };
        let policy = Policy {
            cells: self.plan.cell_count().max(1) as u64 + self.plan.other_cells,
            // A rule without entropy draws the same streams again: nothing independent can be had.
            two_stages: spec.seed_space != SeedSpace::Deterministic && self.plan.fresh_runs > 0,
        };
        let say =
            |analysis: &Analysis, control: Option<&Analysis>, second: Option<&[TestResult]>| {
                judge(&Case {
                    analysis,
                    format: evidence.format(),
                    aim: Aim::Strategy(Declared {
                        promises: spec.promises_on(backend.kind()),
                        claim,
                        seed_space: spec.seed_space,
                        backend: backend.kind(),
                        words: u64::from(sizes.words.get()),
                        replay_equal: gathered.repeats.replay_equal,
                        schedule_equal: gathered.repeats.schedule_equal,
                    }),
                    policy,
                    second,
                    control,
                    context: Context {
                        launches: &[],
                        sites: &gathered.sites,
                        runs: evidence.runs(),
                        backend: Some(backend.kind()),
                        workers: Some(sizes.workers.get()),
                        names: &[],
                        labels: &[],
                    },
                    demands: Demands::default(),
                })
            };
        let mut control = self.control(spec.id, sizes, claim, &known.analysis, policy, observer);
        let stopped_early = known.analysis.levels.last() != Some(&known.analysis.words_per_stream);
        if stopped_early
            && say(&known.analysis, control.as_deref(), None).as_declared == Some(AsDeclared::No)
        {
            // The first witness is not the declared one: look at everything before saying so.
            known.analysis = self.analyse(strategy, evidence, Depth::Exhaustive);
            control = self.control(spec.id, sizes, claim, &known.analysis, policy, observer);
        }
        let suspicions = first_stage(&known.analysis, policy);
        let again = second_stage(
            self.plan,
            sizes,
            strategy,
            backend,
            (&known.analysis, &suspicions),
            policy,
            roots,
            observer,
        );
        let (second_stage, results) = again.map(|again| (again.record, again.results)).unzip();
        let judgement = say(&known.analysis, control.as_deref(), results.as_deref());
        if same_words_as.is_none() {
            known.duplicates = self.duplicates(evidence, &known.analysis);
            known.heatmap =
                first_fresh(evidence).map(|run| heatmap::heatmap(evidence, run, sizes.tasks.get()));
        }
        let row = CellResult {
            chi_square_inflation: inflation(known.duplicates.as_ref()),
            duplicates: known.duplicates.clone(),
            runs: evidence.runs().to_vec(),
            digests: gathered.digests.clone(),
            sites: gathered.sites.iter().copied().take(SITES_KEPT).collect(),
            costs: gathered.costs.clone(),
            heatmap: known.heatmap.clone(),
            second_stage,
            same_words_as,
            ..CellResult::new(judgement, known.analysis.clone(), evidence.format())
        };
        self.known = Some(known);
        row
    }

    fn analyse(
        &mut self,
        strategy: &'static dyn SeedingStrategy,
        evidence: &Evidence,
        depth: Depth,
    ) -> Analysis {
        let options = AnalyzeOptions {
            depth,
            repeats_decide: true,
            equality_only: false,
            room: Room {
                memory_bytes: self.plan.memory_bytes,
                ..Room::default()
            },
            ..AnalyzeOptions::default()
        };
        let mut source = evidence;
        let mut analysis = match analyze::analyze(&mut source, options, &mut self.joins) {
            Ok(analysis) => analysis,
            Err(never) => match never {},
        };
        if let Some(walk) = self.walk(strategy) {
            analysis.add_walk(walk.summary.clone(), walk.results.clone());
        }
        analysis
    }

    /// The strategy's walk of the root: one for all its rows.
    fn walk(&mut self, strategy: &'static dyn SeedingStrategy) -> Option<&RootWalk> {
        let id = strategy.spec().id;
        if self.walk.as_ref().is_none_or(|(of, _)| *of != id) {
            self.walk = Some((id, walk::walk(self.plan, strategy)));
        }
        self.walk.as_ref()?.1.as_ref()
    }

    /// Independently seeded streams are looked at where their answer matters: something was found
    /// that a weak generator might do by itself.
    fn control(
        &mut self,
        id: &str,
        sizes: Sizes,
        claim: &Claim,
        analysis: &Analysis,
        policy: Policy,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> Option<Arc<Analysis>> {
        let declared_broken = matches!(claim, Claim::Broken(_));
        let shared = found_by_joins(&analysis.joins) && !declared_broken;
        if !shared && first_stage(analysis, policy).is_empty() {
            return None;
        }
        let generator = control::generator(id)?;
        observer(Event::Control {
            generator: generator.id,
        });
        let control = self.controls.of(
            self.plan,
            sizes,
            generator,
            analysis.words_per_stream,
            &mut self.joins,
        )?;
        if !declared_broken {
            return Some(control);
        }
        // What a rule declares to share is its own, though its generator's streams meet by
        // themselves too; the control speaks on tests alone.
        let mut tests = Analysis::clone(&control);
        tests.equality.clear();
        tests.joins.shared.clear();
        Some(Arc::new(tests))
    }

    /// Duplicates over all words of the fresh runs: the joins' own count where they read so far.
    fn duplicates(&mut self, evidence: &Evidence, analysis: &Analysis) -> Option<Duplicates> {
        let whole = analysis.levels.last() == Some(&analysis.words_per_stream);
        if whole && let Some(known) = &analysis.joins.duplicates {
            return Some(known.clone());
        }
        let width = evidence.format().uniform_width()?;
        let fresh = evidence.select_runs(|info| info.group == RunGroup::Fresh);
        (fresh.streams() > 0).then(|| joins::duplicates(&fresh, width, &mut self.joins))
    }
}

fn found_by_joins(joins: &Joins) -> bool {
    joins.found_any()
}

fn first_fresh(evidence: &Evidence) -> Option<RunId> {
    evidence
        .runs()
        .iter()
        .find(|info| info.group == RunGroup::Fresh)
        .map(|info| info.run)
}

/// By how much duplicates inflate a pooled χ²: Σm² / Σm over elements.
fn inflation(duplicates: Option<&Duplicates>) -> f64 {
    let Some(duplicates) = duplicates else {
        return 1.0;
    };
    let (mut sum, mut squares) = (0.0, 0.0);
    for row in &duplicates.multiplicities {
        let (times, count) = (row.times as f64, row.count as f64);
        sum += times * count;
        squares += times * times * count;
    }
    if sum > 0.0 { squares / sum } else { 1.0 }
}

/// An error and what caused it, in one line.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
