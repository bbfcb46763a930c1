//! Run-time choice between builds of one loop.

/// What the processor offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SimdLevel {
    /// The target's baseline.
    Baseline,
    /// AVX2 and scalar popcount.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with vector popcount.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// The highest level this processor offers; detection is cached by the standard library.
pub(crate) fn level() -> SimdLevel {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vpopcntdq")
        {
            return SimdLevel::Avx512;
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
            return SimdLevel::Avx2;
        }
    }
    SimdLevel::Baseline
}

/// Defines a function whose body is compiled once per [`SimdLevel`] and chosen at run time; `$at` takes
/// the level explicitly, for differential tests.
macro_rules! dispatch {
    ($(#[$meta:meta])* $vis:vis fn $name:ident / $at:ident ($($arg:ident: $kind:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name($($arg: $kind),*) $(-> $ret)? {
            $at($crate::kernels::dispatch::level(), $($arg),*)
        }

        /// The same loop at a given level.
        #[inline]
        #[expect(unsafe_code, reason = "calls builds for processor features that were detected")]
        $vis fn $at(level: $crate::kernels::dispatch::SimdLevel, $($arg: $kind),*) $(-> $ret)? {
            use $crate::kernels::dispatch::SimdLevel;

            #[inline(always)]
            fn body($($arg: $kind),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vpopcntdq,avx2,popcnt,bmi1,bmi2")]
            fn avx512($($arg: $kind),*) $(-> $ret)? {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,popcnt,bmi1,bmi2")]
            fn avx2($($arg: $kind),*) $(-> $ret)? {
                body($($arg),*)
            }

            match level {
                SimdLevel::Baseline => body($($arg),*),
                // SAFETY: `level()` returns this only where the processor has the features; tests
                // that name a level check it against `level()` first.
                #[cfg(target_arch = "x86_64")]
                SimdLevel::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                SimdLevel::Avx512 => unsafe { avx512($($arg),*) },
            }
        }
    };
}
pub(crate) use dispatch;

/// The levels that can run here, for differential tests.
#[cfg(test)]
pub(crate) fn available() -> Vec<SimdLevel> {
    match level() {
        SimdLevel::Baseline => vec![SimdLevel::Baseline],
        #[cfg(target_arch = "x86_64")]
        SimdLevel::Avx2 => vec![SimdLevel::Baseline, SimdLevel::Avx2],
        #[cfg(target_arch = "x86_64")]
        SimdLevel::Avx512 => vec![SimdLevel::Baseline, SimdLevel::Avx2, SimdLevel::Avx512],
    }
}

/// Words for kernel tests.
#[cfg(test)]
pub(crate) fn test_words(seed: u64, words: usize) -> Vec<u64> {
    use crate::generators::{BitStream, SplitMix64};

    let mut words = vec![0; words];
    SplitMix64::new(seed).fill(&mut words);
    words
}
