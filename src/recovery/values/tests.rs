//! Draws of real runtimes (`tests/vectors/seeds`), each after a seed of 7.

use super::*;
use crate::vocabulary::{Format, Marginal, RunId, RunInfo};

const ANSWERS: &str = include_str!("../../../tests/vectors/seeds/seeds.tsv");

/// What the names of draws begin with, and what the starts of their language hold.
const NAMES: &[(&str, &str)] = &[
    ("python", "Python's"),
    ("numpy legacy", "numpy's RandomState"),
    ("numpy PCG64DXSM(k)", "PCG64DXSM(k)"),
    ("numpy Philox(k)", "Philox(k)"),
    ("numpy Philox(key=k)", "Philox(key=k)"),
    ("numpy SFC64(k)", "SFC64(k)"),
    ("numpy MT19937(k)", "MT19937(k)"),
    ("numpy", "default_rng"),
    ("torch", "PyTorch's"),
    ("jax", "JAX's"),
    ("c++", "C++'s"),
    ("c ", "C's"),
    ("java", "Java's"),
    ("go v2 PCG(k, 0)", "NewPCG(k, 0)"),
    ("go v2 PCG(0, k)", "NewPCG(0, k)"),
    ("go v2 PCG(k, k)", "NewPCG(k, k)"),
    ("go v2 ChaCha8", "NewChaCha8"),
    ("go", "math/rand"),
    ("luajit", "LuaJIT's"),
    ("lua", "Lua 5.4's"),
    ("php", "PHP's"),
    ("ruby", "Ruby's"),
    ("r ", "R's"),
    ("perl", "Perl's"),
    ("bash", "bash's"),
    ("octave", "Octave's"),
    ("julia task", "in a task that was spawned"),
    ("seedrandom", "seedrandom"),
    ("net", ".NET's"),
];

/// What was drawn, by its name.
fn answers() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = ANSWERS.lines().filter(|line| !line.starts_with("words "));
    let lines = lines.filter_map(|line| line.split_once('\t'));
    lines
        .map(|(name, draws)| (name, draws.split(' ').collect()))
        .collect()
}

/// The streams whose numbers these are.
fn wanted(draws: &[f64], width: Option<u32>) -> Option<Wanted> {
    let words = draws.iter().map(|draw| match width {
        Some(width) => (*draw as u64) << (64 - width),
        None => draw.to_bits(),
    });
    let words = words.collect();
    let other = Format::Other {
        marginal: Marginal::Continuous,
        bits_per_element: 20.0,
    };
    let format = width.map_or(other, |width| Format::Bits { width });
    let runs = vec![RunInfo::fresh(RunId(0))];
    let ids = vec![StreamId::new(0, 0)];
    let evidence = Evidence::uniform(words, ids, draws.len(), runs, format).unwrap();
    match width {
        Some(_) => Wanted::of_bits(&evidence, &[0]),
        None => Wanted::of_numbers(&evidence, &[0], f64::from_bits),
    }
}

/// The starts that give these numbers after a seed of less than 16, and the seeds.
fn found(draws: &[f64], width: Option<u32>) -> Vec<(String, u64)> {
    let seeds: Vec<u64> = (0..16).collect();
    found_with(draws, width, &seeds)
}

/// The starts that give these numbers after one of these seeds, and the seeds.
fn found_with(draws: &[f64], width: Option<u32>, seeds: &[u64]) -> Vec<(String, u64)> {
    let Some(wanted) = wanted(draws, width) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for start in wanted.starts() {
        wanted.tried(start, seeds, &mut |hit| {
            found.push((wanted.name(start, hit.how), hit.seed));
        });
    }
    found
}

#[test]
fn real_runtimes_are_recognised() {
    let mut wrong = Vec::new();
    for (name, draws) in answers() {
        let draws: Vec<f64> = draws.iter().map(|draw| draw.parse().unwrap()).collect();
        // Outputs of some other width than the generator's are bits, of which the high ones count.
        let found = match name.rsplit_once(' ') {
            Some((_, "Int32")) => found(&draws, Some(31)),
            Some((_, "Uint32")) => found(&draws, Some(32)),
            _ => found(&draws, None),
        };
        let of = NAMES
            .iter()
            .find(|(prefix, _)| name.starts_with(prefix))
            .unwrap()
            .1;
        match found.first() {
            Some(_)
                if found.iter().any(|(start, _)| start.contains(of))
                    && found.iter().all(|(_, seed)| *seed == 7) => {}
            _ => wrong.push(format!("{name}: {found:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn julias_seeds_are_those_that_its_users_publish() {
    // Julia 1.7 and later: Random.seed!(1234); rand(), as its documentation and its users' tests hold.
    let draws = [
        0.32597672886359486,
        0.5490511363155669,
        0.21858665481883066,
        0.8942454282009883,
        0.35311164439921205,
        0.39425536741585077,
        0.9531246272848422,
        0.7955469475347194,
        0.4942498668904206,
        0.7484150218874741,
        0.5782319465613976,
        0.7279350012266056,
    ];
    assert_eq!(
        found_with(&draws, None, &[1233, 1234, 1235]),
        [(
            "Julia's Random.seed!(k) or Xoshiro(k), drawn by rand()".to_owned(),
            1234
        )]
    );
}

#[test]
fn julias_arrays_are_those_that_its_users_publish() {
    // Of Random.seed!(1234); rand(n), in some order, as the tests of StateSpaceLearning.jl hold them.
    let published = [
        0.5798621201341324,
        0.967142768915383,
        0.8396219340580711,
        0.6395615996802734,
        0.520354993723718,
        0.014908849285099945,
    ];
    let mut words = [0; 16];
    crate::recovery::julia::array(1234, &mut words);
    let draws = words.map(|word| (word >> 11) as f64 / 2f64.powi(53));
    assert!(
        published.iter().all(|draw| draws.contains(draw)),
        "{draws:?}"
    );
    let found = found_with(&draws, None, &[1233, 1234, 1235]);
    assert!(
        matches!(&found[..], [(name, 1234)] if name.ends_with("drawn by rand(n)")),
        "{found:?}"
    );
}

#[test]
fn few_digits_are_enough() {
    // R's print of runif(12), seven digits, after set.seed(7), and of uniform(-5, 5) in Python with six.
    for (name, digits) in [
        ("r runif", 7),
        ("python uniform -5 5", 6),
        ("python gauss 3 2", 5),
    ] {
        let (_, draws) = answers()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        let rounded = |draw: &&str| {
            format!("{:.*e}", digits - 1, draw.parse::<f64>().unwrap())
                .parse()
                .unwrap()
        };
        let draws: Vec<f64> = draws.iter().map(rounded).collect();
        let found = found(&draws, None);
        assert!(
            !found.is_empty() && found.iter().all(|(_, seed)| *seed == 7),
            "{name}: {found:?}"
        );
    }
}

/// Curves that level off, printed with two decimals: what crowds within the last digit tells no seed.
#[test]
fn numbers_that_crowd_within_their_rounding_tell_no_seed() {
    let curve = |worker: u32| -> Vec<f64> {
        let noise = |at: u32| f64::from((at * 7 + worker * 13) % 3) / 100.0;
        (0..64)
            .map(|at| {
                ((0.95 - 0.45 * (-f64::from(at) / 10.0).exp()) * 100.0).round() / 100.0 + noise(at)
            })
            .map(|value| (value * 100.0).round() / 100.0)
            .collect()
    };
    for worker in 0..8 {
        let seeds: Vec<u64> = (0..1 << 12).collect();
        let Some(wanted) = wanted(&curve(worker), None) else {
            continue;
        };
        for start in wanted.starts() {
            wanted.tried(start, &seeds, &mut |hit| {
                panic!("{} with {}", wanted.name(start, hit.how), hit.seed)
            });
        }
    }
}
