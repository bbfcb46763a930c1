//! Many streams, long streams, little memory, many threads; sound evidence.

use super::*;

#[test]
fn sound_evidence_raises_nothing() {
    let mut noise = Noise(12);
    for i in 0..1000 {
        let width = [64, 53, 32, 24, 31, 16, 8][i % 7];
        let (streams, words) = [(16, 256), (256, 16), (3, 2000), (40, 100)][i % 4];
        let streams = noise.streams(streams, words, width);
        let joins = joined(&evidence(streams, width), DEPTHS[i % 3]);
        assert_nothing(&joins);
    }
}

#[test]
fn one_equal_pair_among_many_short_streams_is_found() {
    let mut noise = Noise(15);
    let mut streams = noise.streams(20_000, 4, 64);
    streams[19_999] = streams[123].clone();
    streams[77] = streams[15_000].iter().map(|word| word ^ 0xabcd).collect();
    let evidence = evidence(streams, 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        assert_eq!(
            joins.equal_streams[0].streams,
            [StreamId::new(0, 123), StreamId::new(0, 19_999)]
        );
        assert_eq!(
            only_shared(&joins).copy,
            CopyKind::ConstantXor { constant: 0xabcd }
        );
    }
}

#[test]
fn an_overlap_in_the_last_words_alone_is_found_by_every_depth() {
    let mut noise = Noise(16);
    let mut streams = noise.streams(300, 1024, 64);
    let end = streams[250][1014..].to_vec();
    streams[40][..10].copy_from_slice(&end);
    let evidence = evidence(streams, 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        let witness = only(&joins);
        assert_eq!(
            (witness.a.word, witness.b.word, witness.words),
            (0, 1014, 10)
        );
        assert_eq!(joins.recall.is_empty(), depth != Depth::Screen);
    }
}

#[test]
fn above_the_memory_limit_windows_are_sampled_and_the_recall_is_stated() {
    let mut noise = Noise(17);
    let mut streams = noise.streams(4, 60_000, 64);
    let part = streams[0][20_000..50_000].to_vec();
    streams[3][5_000..35_000].copy_from_slice(&part);
    let evidence = evidence(streams, 64);
    let joins = join(&evidence, Depth::Full, &mut JoinArena::with_limit(1 << 20));
    let witness = only(&joins);
    assert_eq!(
        (witness.a.word, witness.words, witness.lag()),
        (20_000, 30_000, -15_000)
    );
    assert!(joins.duplicates.is_none());
    let (windows, missed) = joins.recall[3];
    assert_eq!(windows, 1024);
    assert!((missed - (1023f64 / 1024.0).powi(1024)).abs() < 1e-12);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut noise = Noise(18);
    let mut streams = noise.streams(50, 3000, 32);
    let part = streams[3][1000..2000].to_vec();
    streams[30][500..1500].copy_from_slice(&part);
    streams[31] = streams[4].iter().map(|word| word.wrapping_neg()).collect();
    streams[32] = streams[5].clone();
    let evidence = evidence(streams, 32);
    for depth in DEPTHS {
        let results: Vec<Joins> = [1, 2, 5]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                pool.install(|| joined(&evidence, depth))
            })
            .collect();
        assert!(results[0].shared.len() == 2);
        assert!(results.iter().all(|result| *result == results[0]));
    }
}
