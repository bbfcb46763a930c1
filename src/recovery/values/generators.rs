//! The generators that values may come from, and how programs draw from each.

use super::{
    generator::{
        DrawKind::{Below, Real, Unit, Whole},
        DrawSource, Draws, Generator, draws,
    },
    integers::{self, cpp_integers, floor, floor_53, modulo, whole},
    reals::{self, canonicals, doubles, exponentials, units},
    tape::{Bounds, LENGTH},
    ziggurat,
};
use crate::{
    generators::{Drand48, GlibcRandom, JavaRandom, Minstd},
    recovery::{
        go::{self, go},
        julia, outputs,
        twisters::Initialised::{self, ByArray, ByWord, Of64},
    },
};

const PYTHON: &[Draws] = &[
    draws("random.random() or rand", Unit, doubles),
    draws("random.randrange(n)", Below, integers::high_bits),
    draws("int(n * random.random()) or randi(n)", Below, floor_53),
    draws("random.gauss()", Real, reals::python_gauss),
    draws("random.normalvariate()", Real, reals::python_normal),
    draws("random.expovariate()", Real, exponentials),
    draws("randn", Real, ziggurat::octave),
];

const NUMPY_LEGACY: &[Draws] = &[
    draws("random() or Ruby's rand", Unit, doubles),
    draws("randint(n) or Ruby's rand(n)", Below, integers::masked),
    draws("int(n * random())", Below, floor_53),
    draws("normal()", Real, reals::numpy_normals),
    draws("exponential()", Real, exponentials),
];

const CPP: &[Draws] = &[
    draws("its outputs", Whole, whole),
    draws("std::uniform_real_distribution", Unit, canonicals),
    draws("std::uniform_real_distribution<float>", Unit, units),
    draws("std::uniform_int_distribution below n", Below, cpp_integers),
    draws("its outputs % n", Below, modulo),
    draws("std::normal_distribution", Real, reals::cpp_normals),
];

const ALIKE: &[Draws] = &[
    draws("outputs", Whole, whole),
    draws(
        "outputs % n, mt_rand(0, n - 1) or torch.randint(n)",
        Below,
        modulo,
    ),
    draws(
        "uniform_real_distribution<float> or mt_rand() / mt_getrandmax()",
        Unit,
        units,
    ),
];

const TORCH: &[Draws] = &[
    draws("torch.rand", Unit, reals::torch_floats),
    draws("torch.randn", Real, reals::torch_normals),
    draws(
        "torch.randn of fewer than 16",
        Real,
        reals::torch_single_normals,
    ),
];

const PHP: &[Draws] = &[
    draws("mt_rand()", Whole, integers::halved),
    draws("mt_rand() / mt_getrandmax()", Unit, reals::php_fractions),
    draws("mt_rand(0, n - 1)", Below, integers::php_range),
];

const C: &[Draws] = &[
    draws("rand() % n", Below, modulo),
    draws("rand() / RAND_MAX", Unit, reals::of_most),
    draws("rand() / (RAND_MAX + 1.0)", Unit, units),
    draws("n * (rand() / (RAND_MAX + 1.0))", Below, floor),
];

const BASH: &[Draws] = &[
    draws("$RANDOM", Whole, whole),
    draws("$((RANDOM % n))", Below, modulo),
];

const DRAND48: &[Draws] = &[
    draws("drand48() or Perl's rand()", Unit, units),
    draws("int(n * drand48()) or Perl's int(rand(n))", Below, floor),
    draws("lrand48() % n", Below, integers::modulo_31),
];

const JAVA: &[Draws] = &[
    draws("nextDouble()", Unit, reals::java_doubles),
    draws("nextInt(n)", Below, integers::java_int),
    draws("(int) (n * nextDouble())", Below, integers::java_floor),
    draws("nextGaussian()", Real, reals::java_normals),
];

const DOTNET: &[Draws] = &[
    draws("Next()", Whole, whole),
    draws("Next(n)", Below, floor),
    draws("NextDouble()", Unit, units),
];

const R: &[Draws] = &[
    draws("runif", Unit, units),
    draws("sample(n)", Below, integers::r_index),
    draws("floor(n * runif)", Below, floor),
    draws("rnorm", Real, reals::r_normals),
];

const GO: &[Draws] = &[
    draws("Float64()", Unit, reals::low_63),
    draws("Intn(n)", Below, integers::go_intn),
    draws("Int63n(n)", Below, integers::go_int63n),
    draws("NormFloat64()", Real, ziggurat::go),
];

const GO_V2: &[Draws] = &[
    draws("Uint64()", Whole, whole),
    draws("Float64()", Unit, reals::low_bits),
    draws("IntN(n)", Below, integers::go_v2_intn),
    draws("NormFloat64()", Real, ziggurat::go_v2),
];

const LUA: &[Draws] = &[
    draws("math.random()", Unit, units),
    draws("math.random(n)", Below, integers::masked),
];

const LUAJIT: &[Draws] = &[
    draws("math.random()", Unit, units),
    draws("math.random(n)", Below, floor),
];

const SEEDRANDOM: &[Draws] = &[
    draws("random()", Unit, units),
    draws("Math.floor(n * random())", Below, floor),
];

const JAX: &[Draws] = &[
    draws("jax.random.bits", Whole, whole),
    draws("jax.random.uniform", Unit, reals::jax_floats),
    draws("jax.random.normal", Real, reals::jax_normals),
];

const JULIA: &[Draws] = &[draws("rand()", Unit, units)];

pub(super) const fn of(
    name: &'static str,
    bounds: Bounds,
    outputs: fn(u64, &mut [u64]),
    draws: &'static [Draws],
) -> Generator {
    Generator {
        name,
        bounds,
        source: DrawSource::Of(outputs),
        outputs: LENGTH,
        draws,
    }
}

const fn twister(name: &'static str, how: Initialised, draws: &'static [Draws]) -> Generator {
    let bits = match how {
        ByWord | ByArray => 32,
        Of64 => 64,
    };
    Generator {
        name,
        bounds: Bounds::bits(bits),
        source: DrawSource::Twister(how),
        outputs: LENGTH,
        draws,
    }
}

/// What `minstd` gives.
const LEHMER: Bounds = Bounds {
    least: 1,
    most: Minstd::MODULUS as u64 - 1,
};

/// Every generator whose values are tried.
pub(in crate::recovery) const GENERATORS: &[Generator] = &[
    twister(
        "Python's random.seed(k) or Octave's rand(\"twister\", k)",
        ByArray,
        PYTHON,
    ),
    twister(
        "C++'s std::mt19937(k), PHP's mt_srand(k) or PyTorch's torch.manual_seed(k)",
        ByWord,
        ALIKE,
    ),
    twister("C++'s std::mt19937(k)", ByWord, CPP),
    twister(
        "np.random.seed(k), numpy's RandomState(k) or Ruby's Random.new(k)",
        ByWord,
        NUMPY_LEGACY,
    ),
    twister("PHP's mt_srand(k)", ByWord, PHP),
    twister("PyTorch's torch.manual_seed(k)", ByWord, TORCH),
    twister("C++'s std::mt19937_64(k)", Of64, CPP),
    of(
        "C++'s std::minstd_rand(k)",
        LEHMER,
        |k, out| outputs::minstd(48_271, k, out),
        CPP,
    ),
    of(
        "C++'s std::default_random_engine(k) or std::minstd_rand0(k)",
        LEHMER,
        |k, out| outputs::minstd(16_807, k, out),
        CPP,
    ),
    of("C++'s std::knuth_b(k)", LEHMER, outputs::knuth_b, CPP),
    of(
        "C++'s std::ranlux24_base(k)",
        Bounds::bits(24),
        outputs::ranlux24_base,
        CPP,
    ),
    of(
        "C++'s std::ranlux48_base(k)",
        Bounds::bits(48),
        outputs::ranlux48_base,
        CPP,
    ),
    of(
        "C++'s std::ranlux24(k)",
        Bounds::bits(24),
        outputs::ranlux24,
        CPP,
    ),
    of(
        "C++'s std::ranlux48(k)",
        Bounds::bits(48),
        outputs::ranlux48,
        CPP,
    ),
    of("C's srand(k) with glibc", Bounds::bits(31), glibc, C),
    of(
        "C's rand_r with state k",
        Bounds::bits(31),
        outputs::rand_r,
        C,
    ),
    of("bash's RANDOM=k", Bounds::bits(15), outputs::bash, BASH),
    of(
        "C's srand48(k) or Perl's srand(k)",
        Bounds::bits(48),
        drand48,
        DRAND48,
    ),
    of("Java's new Random(k)", Bounds::bits(32), java, JAVA),
    of(
        ".NET's new Random(k)",
        DOTNET_BOUNDS,
        outputs::dotnet,
        DOTNET,
    ),
    of("R's set.seed(k)", Bounds::bits(32), outputs::r, R),
    Generator {
        name: "Go's rand.Seed(k) or rand.NewSource(k) of math/rand",
        bounds: Bounds::bits(64),
        source: DrawSource::Of(|k, out| go(k as i64, out)),
        outputs: go::OUTPUTS,
        draws: GO,
    },
    of(
        "Go's rand.NewPCG(k, 0)",
        Bounds::bits(64),
        |k, out| outputs::go_pcg(k, 0, out),
        GO_V2,
    ),
    of(
        "Go's rand.NewPCG(0, k)",
        Bounds::bits(64),
        |k, out| outputs::go_pcg(0, k, out),
        GO_V2,
    ),
    of(
        "Go's rand.NewPCG(k, k)",
        Bounds::bits(64),
        |k, out| outputs::go_pcg(k, k, out),
        GO_V2,
    ),
    of(
        "Go's rand.NewChaCha8 with k in the first bytes",
        Bounds::bits(64),
        outputs::go_chacha8,
        GO_V2,
    ),
    of(
        "Lua 5.4's math.randomseed(k)",
        Bounds::bits(64),
        outputs::lua,
        LUA,
    ),
    of(
        "LuaJIT's math.randomseed(k)",
        Bounds::bits(52),
        outputs::luajit,
        LUAJIT,
    ),
    of(
        "JavaScript's seedrandom(k)",
        Bounds::bits(53),
        outputs::seedrandom_number,
        SEEDRANDOM,
    ),
    of(
        "JavaScript's seedrandom(\"k\")",
        Bounds::bits(53),
        outputs::seedrandom_text,
        SEEDRANDOM,
    ),
    of(
        "JavaScript's seedrandom(k)",
        Bounds::bits(32),
        outputs::seedrandom_int32,
        &[draws("int32()", Whole, integers::signed)],
    ),
    of(
        "JAX's jax.random.PRNGKey(k)",
        Bounds::bits(32),
        outputs::jax,
        JAX,
    ),
    of(
        "Julia's Random.seed!(k) or Xoshiro(k)",
        Bounds::bits(64),
        julia::root,
        JULIA,
    ),
    of(
        "Julia's Random.seed!(k) or Xoshiro(k)",
        Bounds::bits(64),
        julia::array,
        &[draws("rand(n)", Unit, units)],
    ),
    Generator {
        name: "Julia's Random.seed!(k), in a task that was spawned after it",
        bounds: Bounds::bits(64),
        source: DrawSource::Tasks(julia::TASKS, julia::task),
        outputs: LENGTH,
        draws: JULIA,
    },
];

const DOTNET_BOUNDS: Bounds = Bounds {
    least: 0,
    most: i32::MAX as u64 - 1,
};

fn fill(out: &mut [u64], mut next: impl FnMut() -> u64) {
    out.iter_mut().for_each(|word| *word = next());
}

fn glibc(k: u64, out: &mut [u64]) {
    let mut generator = GlibcRandom::from_seed(k as u32);
    fill(out, || generator.next_u31().into());
}

fn drand48(k: u64, out: &mut [u64]) {
    let mut generator = Drand48::from_seed(k as u32);
    fill(out, || generator.next_u48());
}

fn java(k: u64, out: &mut [u64]) {
    let mut generator = JavaRandom::from_seed(k);
    fill(out, || generator.next_u32().into());
}
