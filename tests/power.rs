//! Every planted flaw is caught and named, sound evidence never is, and results depend on nothing
//! but the evidence.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng, SeedableRng},
};
use seedbench::{
    analyze::{AnalyzeOptions, analyze},
    joins::JoinArena,
    results::{Depth, FindingKind},
    selftest::{flaw, flaws, judged, sound, verdict},
    statistics::{ALL, avalanche},
    verdict::{Judgement, Severity, Verdict},
    vocabulary::{Evidence, Format, RunId, RunInfo, StreamId},
};

#[test]
fn every_planted_flaw_is_caught_by_name() {
    let mut missed = Vec::new();
    for planted in flaws() {
        for seed in 1..=2 {
            let (_, judgement) = verdict(&(planted.build)(seed), Depth::Full);
            if !planted.is_caught(&judgement) {
                let found: Vec<String> = judgement
                    .findings
                    .iter()
                    .map(|f| format!("{} {:?} {}", f.rule, f.severity, f.message))
                    .collect();
                missed.push(format!("{} ({seed}): {found:#?}", planted.name));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn findings_say_cause_and_cure() {
    for planted in flaws() {
        let (_, judgement) = verdict(&(planted.build)(3), Depth::Full);
        for finding in &judgement.findings {
            assert!(!finding.message.is_empty(), "{}", planted.name);
            assert!(!finding.cause.is_empty(), "{}", planted.name);
            assert!(!finding.cure.is_empty(), "{}", planted.name);
            assert!(
                seedbench::verdict::find(finding.rule.id()).is_some(),
                "{} is not in the catalogue",
                finding.rule
            );
        }
    }
}

#[test]
fn threads_do_not_change_a_result() {
    let evidences = [
        sound(7, 3, 16, 512),
        planted("lag 1 between neighbours"),
        planted("top bits that agree three times in four"),
    ];
    for evidence in &evidences {
        let analyse = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let mut source = evidence;
                analyze(
                    &mut source,
                    AnalyzeOptions::default(),
                    &mut JoinArena::new(),
                )
                .unwrap()
            })
        };
        let one = analyse(1);
        for threads in [2, 5] {
            assert_eq!(analyse(threads), one);
        }
    }
}

/// Evidence with the flaw of this name.
fn planted(name: &str) -> Evidence {
    (flaw(name).expect("a planted flaw").build)(1)
}

fn ragged(lengths: &[usize]) -> Evidence {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let source = sound(11, 1, lengths.len() as u32, longest);
    let words: Vec<u64> = lengths
        .iter()
        .enumerate()
        .flat_map(|(i, &length)| source.stream(i)[..length].to_vec())
        .collect();
    let ids = (0..lengths.len() as u32)
        .map(|task| StreamId::new(0, task))
        .collect();
    let run = RunInfo::fresh(RunId(0));
    Evidence::ragged(words, ids, lengths, vec![run], Format::WORDS).unwrap()
}

#[test]
fn tiny_and_ragged_evidence_is_never_accused() {
    let shapes: [&[usize]; 9] = [
        &[1],
        &[0],
        &[0, 0],
        &[1, 1],
        &[5, 0, 3],
        &[1, 2, 3, 4, 5, 6, 7, 8],
        &[1000, 2],
        &[1, 1, 1, 1, 5000],
        &[4096],
    ];
    for lengths in shapes {
        for depth in [Depth::Screen, Depth::Full, Depth::Exhaustive] {
            let (_, judgement) = verdict(&ragged(lengths), depth);
            assert_ne!(
                judgement.verdict,
                Verdict::Unsound,
                "{lengths:?}: {:#?}",
                judgement.findings
            );
            assert_eq!(
                judgement.verdict == Verdict::Inconclusive,
                judgement.needs.is_some(),
                "{lengths:?}"
            );
        }
    }
}

#[test]
fn one_stream_cannot_be_judged() {
    let (_, judgement) = verdict(&ragged(&[4096]), Depth::Full);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(judgement.needs.unwrap().contains("two streams"));
}

#[test]
fn weak_generators_with_independent_seeds_are_not_charged_to_seeding() {
    // Linear, congruential and short-state generators, every stream with a seed of its own.
    type Step = fn(&mut u64) -> u64;
    let generators: [(&str, Step); 3] = [
        ("xorshift64", |s| {
            *s ^= *s << 13;
            *s ^= *s >> 7;
            *s ^= *s << 17;
            *s
        }),
        ("lcg64", |s| {
            *s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *s
        }),
        ("lcg48 in the high half", |s| {
            let mut word = 0;
            for _ in 0..2 {
                *s = s.wrapping_mul(0x5_deec_e66d).wrapping_add(11) & ((1 << 48) - 1);
                word = word << 32 | *s >> 16;
            }
            word
        }),
    ];
    for (name, step) in generators {
        let seeds = sound(23, 2, 32, 1);
        let words: Vec<u64> = (0..64)
            .flat_map(|stream| {
                let mut state = seeds.stream(stream)[0];
                (0..2048)
                    .map(move |_| step(&mut state))
                    .collect::<Vec<u64>>()
            })
            .collect();
        let evidence = Evidence::uniform(
            words,
            seeds.ids().to_vec(),
            2048,
            seeds.runs().to_vec(),
            Format::WORDS,
        )
        .unwrap();
        let (_, judgement) = verdict(&evidence, Depth::Full);
        assert_ne!(
            judgement.verdict,
            Verdict::Unsound,
            "{name}: {:#?}",
            judgement.findings
        );
    }
}

/// Every row of the table of tests is there for a planted flaw that all others, and the joins, miss.
#[test]
fn every_row_of_the_table_is_needed() {
    let mut wrong = Vec::new();
    for entry in ALL {
        let id = entry.test.spec().id;
        let flaw = flaw(entry.needed_for).expect("a planted flaw");
        for seed in 1..=2 {
            let evidence = (flaw.build)(seed);
            let (mut analysis, judgement) = verdict(&evidence, Depth::Full);
            analysis
                .tests
                .retain(|result| result.test != id || !result.view.is_like(&entry.arrangement));
            let without = judged(&analysis, &evidence);
            if !flaw.is_caught(&judgement) || flaw.is_caught(&without) {
                wrong.push(format!(
                    "{id} on {:?}, {} ({seed}): caught {}, without it {}",
                    entry.arrangement,
                    flaw.name,
                    flaw.is_caught(&judgement),
                    flaw.is_caught(&without)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How a flawed program makes the first words of the stream that a seed of eight bytes starts.
type Start = fn(&[u8]) -> Vec<u64>;

/// Words of the streams that seeds are walked by.
const START: usize = 2;

fn keyed(key: u64) -> Vec<u64> {
    let mut generator = ChaCha12Rng::seed_from_u64(key);
    (0..START).map(|_| generator.next_u64()).collect()
}

fn number(seed: &[u8]) -> u64 {
    u64::from_le_bytes(seed.try_into().expect("eight bytes"))
}

/// The two tests that walk a seed see what no stream of an independent seed shows: what is drawn is sound by
/// every other test and by the joins, and each flaw is left where its own test is taken out.
#[test]
fn both_walks_of_a_seed_are_needed() {
    let starts: [(&str, FindingKind, Start); 2] = [
        ("seed-bits", FindingKind::DeadSeedBits, |seed| {
            keyed(number(seed) & u64::from(u32::MAX))
        }),
        // The state of a counter is the seed, and its first output the state.
        ("seed-avalanche", FindingKind::BiasedStart, |seed| {
            let mut words = keyed(number(seed));
            words[0] = number(seed);
            words
        }),
    ];
    let mut wrong = Vec::new();
    for (test, finding, start) in starts {
        for draw in 1..=3 {
            let seeds = sound(draw, 2, 64, 1);
            let words: Vec<u64> = (0..seeds.streams())
                .flat_map(|stream| start(&seeds.stream(stream)[0].to_le_bytes()))
                .collect();
            let (ids, runs) = (seeds.ids().to_vec(), seeds.runs().to_vec());
            let evidence = Evidence::uniform(words, ids, START, runs, Format::WORDS).unwrap();
            let (mut analysis, drawn) = verdict(&evidence, Depth::Full);

            let bases: Vec<Vec<u8>> = (0..3)
                .map(|base| seeds.stream(base)[0].to_le_bytes().to_vec())
                .collect();
            let walk = avalanche::<()>(64, START, 64, &bases, |seed| Ok(start(seed))).unwrap();
            // The control leads every flip to an independent seed.
            let control = || {
                let open = |seed: &[u8]| Ok(keyed(!number(seed)));
                avalanche::<()>(64, START, 64, &bases, open).ok()
            };
            let mut results = walk.dead_bits(64);
            results.extend(walk.weak_bits(64, control));
            analysis.family += results.len() as u64;
            analysis.tests.extend(results);
            analysis.seed_walk = Some(walk.summary(64));

            let is_caught = |judgement: &Judgement| {
                let mut found = judgement.findings.iter();
                found.any(|found| found.rule == finding && found.severity == Severity::Error)
            };
            let walked = judged(&analysis, &evidence);
            analysis.tests.retain(|result| result.test != test);
            let without = judged(&analysis, &evidence);
            let caught = [&drawn, &walked, &without].map(is_caught);
            if drawn.verdict == Verdict::Unsound
                || without.verdict == Verdict::Unsound
                || caught != [false, true, false]
            {
                wrong.push(format!("{test} ({draw}): {caught:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// No test gives a result on an arrangement that the table does not list.
#[test]
fn every_result_has_a_row_in_the_table() {
    for flaw in flaws() {
        let (analysis, _) = verdict(&(flaw.build)(1), Depth::Full);
        for result in &analysis.tests {
            let is_listed = ALL.iter().any(|entry| {
                entry.test.spec().id == result.test && entry.arrangement.is_like(&result.view)
            });
            let is_tested = result.p().is_some();
            assert!(is_listed || !is_tested, "{}: {result:?}", flaw.name);
        }
    }
}
