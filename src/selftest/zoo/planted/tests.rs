use std::collections::HashSet;

use super::*;
use crate::selftest::zoo::{
    job::SHAPES,
    printout::{Form, Value},
};

fn jobs(runs: usize) -> impl Iterator<Item = Job> {
    SHAPES.into_iter().map(move |shape| Job {
        shape,
        runs,
        replicate: 1,
    })
}

fn families(all: &[Planted]) -> impl Iterator<Item = &[Planted]> {
    all.chunk_by(|a, b| a.flaw.id == b.flaw.id && a.base.id == b.base.id)
}

#[test]
fn names_are_told_apart_and_printouts_are_deterministic() {
    let mut seen = HashSet::new();
    for one in planted() {
        assert!(seen.insert(one.id.clone()), "{} twice", one.id);
        let job = jobs(2).next().expect("there are shapes");
        let printout = one.printout(&job);
        assert_eq!(
            printout.csv(Form::Values),
            one.printout(&job).csv(Form::Values)
        );
        assert_eq!(printout.streams.len(), 2 * job.shape.workers);
        let values = job.shape.rows * one.base.columns.len();
        assert!(
            printout
                .streams
                .iter()
                .all(|stream| stream.values.len() == values),
            "{}",
            one.id
        );
    }
}

/// The places, of all workers and rows, at which a field is not the sound one.
fn touched(field: &Field, sound: &Field) -> HashSet<(usize, usize)> {
    let all =
        (0..field.draws.len()).flat_map(|stream| (0..field.rows).map(move |row| (stream, row)));
    all.filter(|&(stream, row)| field.row(stream, row) != sound.row(stream, row))
        .collect()
}

#[test]
fn every_strength_holds_what_the_weaker_ones_hold() {
    let all = planted();
    // Dice may be what the flaw makes of them already.
    for family in families(&all).filter(|family| family[0].base.id != "dice") {
        for job in jobs(2) {
            let one = &family[0];
            let key = format!("{}-{}", one.flaw.id, one.base.id);
            let sound = Field::sound(one.base, &key, &job);
            let places: Vec<_> = family
                .iter()
                .map(|one| touched(&one.field(&job), &sound))
                .collect();
            let last = places.len() - 1;
            assert!(
                !places[last].is_empty(),
                "{} in {job}: no flaw",
                family[last].id
            );
            for (next, one) in places.windows(2).zip(family) {
                assert!(next[0].is_subset(&next[1]), "{} in {job}", one.id);
            }
        }
    }
}

#[test]
fn flaws_are_what_they_say() {
    let find = |id: &str| planted().into_iter().find(|one| one.id == id).expect(id);
    let job = Job {
        shape: SHAPES[2],
        runs: 2,
        replicate: 3,
    };
    let field = find("copies-all-normals").field(&job);
    assert!(
        field.draws[..16]
            .iter()
            .all(|stream| *stream == field.draws[0])
    );
    assert_ne!(field.draws[16], field.draws[0]);

    let field = find("copies-pair-boxes").field(&job);
    assert_eq!(field.draws[0], field.draws[1]);
    assert!(
        field.draws[2..16]
            .iter()
            .all(|stream| *stream != field.draws[0])
    );

    let field = find("shifted-one-uniforms").field(&job);
    let (source, victim) = (&field.draws[field.source], &field.draws[field.victim]);
    assert_eq!(source[7..], victim[..93]);

    let field = find("prefix-8-sobol").field(&job);
    let (source, victim) = (&field.draws[field.source], &field.draws[field.victim]);
    assert_eq!(source[..16], victim[..16]);
    assert_ne!(source[16..18], victim[16..18]);

    let field = find("mirrored-one-dice").field(&job);
    let (source, victim) = (&field.draws[field.source], &field.draws[field.victim]);
    assert!(source.iter().zip(victim).all(|(a, b)| a + b == 7.0));

    let field = find("same-side-100-walks").field(&job);
    let (source, victim) = (&field.draws[field.source], &field.draws[field.victim]);
    assert!(
        source
            .iter()
            .zip(victim)
            .all(|(a, b)| (*a > 0.0) == (*b > 0.0))
    );
    assert_ne!(source, victim);

    let field = find("seed-plus-rank-all-uniforms").field(&job);
    assert_eq!(field.draws[16..31], field.draws[1..16]);
    assert_ne!(field.draws[31], field.draws[15]);

    let field = find("narrow-seeds-0-normals").field(&job);
    assert!(field.draws.iter().all(|stream| *stream == field.draws[0]));

    let raced = |id: &str| {
        let field = find(id).field(&job);
        let distinct: HashSet<u64> = field.draws.concat().iter().map(|x| x.to_bits()).collect();
        3_200 - distinct.len()
    };
    let (few, many) = (raced("twice-50-normals"), raced("twice-300-normals"));
    assert!((110..=210).contains(&few), "{few} of 160");
    assert!((860..=1_060).contains(&many), "{many} of 960");
}

#[test]
fn steps_change_what_they_say_and_no_more() {
    let one = &planted()[0];
    let job = jobs(1).next().expect("there are shapes");
    let before = one.printout(&job);
    let numbers = |printout: &Printout| -> Vec<f64> {
        let values = printout.streams.iter().flat_map(|stream| &stream.values);
        values.filter_map(Value::number).collect()
    };
    let drawn = numbers(&before);
    let streams = before.streams.len();
    for step in STEPS {
        let after = (step.take)(before.clone());
        let changed = numbers(&after);
        let expected = match step.id {
            "held" | "label-column" => 2 * drawn.len(),
            "header" => drawn.len() + 3 * streams,
            _ => drawn.len(),
        };
        assert_eq!(changed.len(), expected, "{}", step.id);
        assert_eq!(changed == drawn, step.id == "as-drawn", "{}", step.id);
        let rising = matches!(step.id, "bias" | "curve" | "2-decimals" | "4-decimals");
        if rising {
            let order = |values: &[f64]| {
                let mut places: Vec<usize> = (0..values.len()).collect();
                places.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
                places
            };
            let sorted: Vec<f64> = order(&drawn).into_iter().map(|at| changed[at]).collect();
            assert!(sorted.is_sorted(), "{}", step.id);
        }
    }
}
