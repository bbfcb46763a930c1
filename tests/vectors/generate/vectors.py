"""Known answers of the generators that numpy and randomgen have, and of MRG32k3a in big integers.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 randomgen==2.5.1
    venv/bin/python vectors.py ..

Every file lists cases: how the generator is made, which jumps it takes, its first eight words and
word 99,999 (counted from 0) after that.
"""

import sys
from pathlib import Path

import numpy
import randomgen
from numpy.random import MT19937, PCG64, PCG64DXSM, SFC64, Philox

LATE = 99_999
OUT = Path(sys.argv[1])


def words64(bit_generator):
    """The first words of a generator with 64-bit outputs."""
    return [int(word) for word in bit_generator.random_raw(LATE + 1)]


def pairs(outputs, high_first):
    """Words of two 32-bit outputs each."""
    first, second = outputs[0::2], outputs[1::2]
    if high_first:
        return [int(a) << 32 | int(b) for a, b in zip(first, second)]
    return [int(a) | int(b) << 32 for a, b in zip(first, second)]


def case(made, words, jumps=()):
    lines = [f"case {made}"]
    lines += [f"jump {jump}" for jump in jumps]
    lines.append("first " + " ".join(f"{word:#x}" for word in words[:8]))
    lines.append(f"late {LATE} {words[LATE]:#x}")
    return "\n".join(lines) + "\n"


def write(generator, source, cases):
    head = f"# {generator}\n# source: {source}\n# program: tests/vectors/generate/vectors.py\n\n"
    (OUT / f"{generator}.txt").write_text(head + "\n".join(cases))


NUMPY = f"numpy {numpy.__version__}"
RANDOMGEN = f"randomgen {randomgen.__version__}"


def mt19937():
    cases = []
    for seed in (0, 1, 245, 5489, 2**32 - 1):
        state = MT19937()
        state._legacy_seeding(seed)
        cases.append(case(f"seed {seed:#x}", pairs(state.random_raw(2 * LATE + 2), True)))
    for key in ([0x123, 0x234, 0x345, 0x456], list(range(700))):
        state = MT19937()
        state._legacy_seeding(key)
        text = " ".join(f"{word:#x}" for word in key)
        cases.append(case(f"array {text}", pairs(state.random_raw(2 * LATE + 2), True)))
    write("mt19937", f"{NUMPY}, MT19937._legacy_seeding", cases)


def pcg(name, kind):
    cases = []
    state = 0xDA3E39CB94B95BDB_0123456789ABCDEF
    increment = 0x5851F42D4C957F2D_14057B7EF767814F
    for seed in ((0, 0), (42, 54), (state, increment)):
        words = [value >> shift & (2**64 - 1) for value in seed for shift in (64, 0)]

        class Given(numpy.random.bit_generator.ISeedSequence):
            """A seed sequence that gives the initial state and sequence, high words first."""

            def generate_state(self, n_words, dtype=numpy.uint32, words=words):
                assert (n_words, dtype) == (4, numpy.uint64)
                return numpy.array(words, dtype=numpy.uint64)

        def raw():
            return kind(Given())

        made = f"seed {seed[0]:#x} {seed[1]:#x}"
        cases.append(case(made, words64(raw())))
        for distance in (1, 12_345, 2**64 + 7, 0x9E3779B97F4A7C15F39CC0605CEDC835):
            moved = raw().advance(distance)
            cases.append(case(made, words64(moved), [f"advance {distance:#x}"]))
    write(name, f"{NUMPY}, {kind.__name__}", cases)


def philox64():
    cases = []
    for key, counter in ((0, 0), (42, 2**64 - 2), (0x0123456789ABCDEF_FEDCBA9876543210, 2**192 + 5)):
        made = f"key {key & (2**64 - 1):#x} {key >> 64:#x} " + " ".join(
            f"{counter >> (64 * i) & (2**64 - 1):#x}" for i in range(4)
        )
        cases.append(case(made, words64(Philox(key=key, counter=counter))))
        for distance in (1, 2**64 + 3, 2**100):
            moved = Philox(key=key, counter=counter)
            moved.advance(distance)
            cases.append(case(made, words64(moved), [f"advance {distance:#x}"]))
    write("philox4x64-10", f"{NUMPY}, Philox", cases)


def philox32():
    cases = []
    for key, counter in ((0, 0), (42, 2**32 - 2), (0x0123456789ABCDEF, 2**96 + 5)):
        made = f"key {key & (2**32 - 1):#x} {key >> 32:#x} " + " ".join(
            f"{counter >> (32 * i) & (2**32 - 1):#x}" for i in range(4)
        )

        def raw():
            return randomgen.Philox(key=key, counter=counter, number=4, width=32)

        cases.append(case(made, pairs(raw().random_raw(2 * LATE + 2), False)))
        for distance in (1, 2**32 + 3, 2**100):
            moved = raw()
            moved.advance(distance, counter=True)
            cases.append(
                case(made, pairs(moved.random_raw(2 * LATE + 2), False), [f"advance {distance:#x}"])
            )
    write("philox4x32-10", f"{RANDOMGEN}, Philox(number=4, width=32)", cases)


def threefry():
    cases = []
    for key, counter in ((0, 0), (42, 2**64 - 2), (2**255 + 0x0123456789ABCDEF << 3, 2**192 + 5)):
        key &= 2**256 - 1
        made = "key " + " ".join(
            f"{value >> (64 * i) & (2**64 - 1):#x}" for value in (key, counter) for i in range(4)
        )

        def raw():
            return randomgen.ThreeFry(key=key, counter=counter, number=4, width=64)

        cases.append(case(made, words64(raw())))
        for distance in (1, 2**63):
            moved = raw()
            moved.advance(distance, counter=True)
            cases.append(case(made, words64(moved), [f"advance {distance:#x}"]))
    write("threefry4x64-20", f"{RANDOMGEN}, ThreeFry(number=4, width=64)", cases)


def chacha(rounds):
    """The block function as D. J. Bernstein (2008) defines it: 64-bit counter, 64-bit stream."""
    mask = 2**32 - 1

    def block(key, stream, counter):
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
        start += [key >> (32 * i) & mask for i in range(8)]
        start += [counter & mask, counter >> 32 & mask, stream & mask, stream >> 32]
        x = list(start)

        def rotate(value, by):
            return (value << by | value >> (32 - by)) & mask

        def quarter(a, b, c, d):
            for p, q, r, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[p] = (x[p] + x[q]) & mask
                x[r] = rotate(x[r] ^ x[p], by)

        for _ in range(rounds // 2):
            for i in range(4):
                quarter(i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        return [(u + v) & mask for u, v in zip(x, start)]

    if rounds == 20:
        # RFC 8439, A.1, test vector 1.
        assert block(0, 0, 0)[:4] == [0xADE0B876, 0x903DF1A0, 0xE56A5D40, 0x28BD8653]
    cases = []
    for key, stream, counter in (
        (0, 0, 0),
        (42, 0, 0),
        (2**255 + 7, 5, 0),
        (7, 2**64 - 1, 12_345),
        (7, 2**32 + 1, 2**32 - 2),
    ):
        def word(index):
            words = block(key, stream, counter + index // 8)
            return words[2 * (index % 8)] | words[2 * (index % 8) + 1] << 32

        words = {index: word(index) for index in (*range(8), LATE)}
        made = "key " + " ".join(f"{key >> (64 * i) & (2**64 - 1):#x}" for i in range(4))
        lines = [f"case {made}", f"jump stream {stream:#x}", f"jump block {counter:#x}"]
        lines.append("first " + " ".join(f"{words[i]:#x}" for i in range(8)))
        lines.append(f"late {LATE} {words[LATE]:#x}")
        cases.append("\n".join(lines) + "\n")
    write(f"chacha{rounds}", "the published definition in Python integers", cases)


def mrg32k3a():
    """P. L'Ecuyer 1999, equations as published, and powers of its matrices in big integers."""
    m = (4294967087, 4294944443)
    steps = (
        [[0, 1, 0], [0, 0, 1], [-810728, 1403580, 0]],
        [[0, 1, 0], [0, 0, 1], [-1370589, 0, 527612]],
    )

    def times(a, b, modulus):
        return [
            [sum(a[i][k] * b[k][j] for k in range(3)) % modulus for j in range(3)] for i in range(3)
        ]

    def power(matrix, exponent, modulus):
        result = [[int(i == j) for j in range(3)] for i in range(3)]
        while exponent:
            if exponent & 1:
                result = times(matrix, result, modulus)
            matrix = times(matrix, matrix, modulus)
            exponent >>= 1
        return result

    # The published matrices of RngStreams: a check of this program, not of ours.
    assert power(steps[0], 2**127, m[0])[0] == [2427906178, 3580155704, 949770784]
    assert power(steps[1], 2**127, m[1])[0] == [1464411153, 277697599, 1610723613]

    def outputs(seed, exponents):
        state = [list(seed[:3]), list(seed[3:])]
        for exponent in exponents:
            for part in (0, 1):
                matrix = power(steps[part], 2**exponent, m[part])
                state[part] = [
                    sum(matrix[i][k] * state[part][k] for k in range(3)) % m[part] for i in range(3)
                ]
        (a, b, c), (d, e, f) = state
        for _ in range(2 * LATE + 2):
            a, b, c = b, c, (1403580 * b - 810728 * a) % m[0]
            d, e, f = e, f, (527612 * f - 1370589 * d) % m[1]
            # RngStreams returns ((p1 - p2) mod m1, with 0 taken for m1) / (m1 + 1).
            yield ((c - f) % m[0] or m[0]) - 1

    first = next(outputs([12345] * 6, ()))
    assert abs((first + 1) / (m[0] + 1) - 0.1270111) < 1e-7
    cases = []
    for seed in ([12345] * 6, [1, 2, 3, 4, 5, 6], [4294967086, 5, 9, 4294944442, 2, 1]):
        made = "state " + " ".join(f"{value:#x}" for value in seed)
        for jumps in ((), (76,), (127,), (127, 127, 76)):
            words = pairs(list(outputs(seed, jumps)), True)
            cases.append(case(made, words, [f"power {jump:#x}" for jump in jumps]))
    write("mrg32k3a", "the published recurrence in Python integers", cases)


def xoshiro256():
    """The published recurrence; jumps as powers of its matrix over GF(2), not by the polynomials."""
    mask = 2**64 - 1

    def rotate(value, by):
        return (value << by | value >> (64 - by)) & mask

    def step(s):
        shifted = s[1] << 17 & mask
        c, d = s[2] ^ s[0], s[3] ^ s[1]
        return [s[0] ^ d, s[1] ^ c, c ^ shifted, rotate(d, 45)]

    def split(number):
        return [number >> (64 * i) & mask for i in range(4)]

    def join(state):
        return sum(word << (64 * i) for i, word in enumerate(state))

    def apply(columns, number):
        image = 0
        while number:
            low = number & -number
            image ^= columns[low.bit_length() - 1]
            number ^= low
        return image

    powers = {}
    columns = [join(step(split(1 << bit))) for bit in range(256)]
    for exponent in range(1, 193):
        columns = [apply(columns, column) for column in columns]
        if exponent in (128, 192):
            powers[exponent] = columns

    def scrambled(state, plus_plus):
        for _ in range(LATE + 1):
            if plus_plus:
                yield (rotate((state[0] + state[3]) & mask, 23) + state[0]) & mask
            else:
                yield rotate(state[1] * 5 & mask, 7) * 9 & mask
            state = step(state)

    for generator, plus_plus in (("xoshiro256pp", True), ("xoshiro256ss", False)):
        cases = []
        for seed in ([1, 2, 3, 4], [0x9E3779B97F4A7C15, 0xDEADBEEF, 2**63, 12345]):
            for jumps in ((), (128,), (192,), (192, 128, 128)):
                state = join(seed)
                for jump in jumps:
                    state = apply(powers[jump], state)
                words = list(scrambled(split(state), plus_plus))
                made = "state " + " ".join(f"{word:#x}" for word in seed)
                cases.append(case(made, words, [f"power {jump:#x}" for jump in jumps]))
        write(generator, "the published recurrence in Python integers", cases)


def small_recurrences():
    """Generators of a line each, as their authors publish them."""
    mask = 2**64 - 1
    low = 2**32 - 1
    definition = "the published recurrence in Python integers"

    def sfc64(a, b, c):
        counter = 1
        for index in range(LATE + 1 + 18):
            word = (a + b + counter) & mask
            counter = (counter + 1) & mask
            a, b = b ^ b >> 11, (c + (c << 3)) & mask
            c = ((c << 24 | c >> 40) + word) & mask
            if index >= 18:
                yield word

    def xorshift128(x, y, z, w):
        for _ in range(2 * LATE + 2):
            t = x ^ x << 11 & low
            x, y, z = y, z, w
            w = w ^ w >> 19 ^ t ^ t >> 8
            yield w

    def mwc(last, carry):
        for _ in range(2 * LATE + 2):
            product = 698769069 * last + carry
            last, carry = product & low, product >> 32
            yield last

    def mcg64(state):
        for _ in range(LATE + 1):
            state = state * 1181783497276652981 & mask
            yield state

    def listed(values):
        return " ".join(f"{value:#x}" for value in values)

    write(
        "sfc64",
        definition + "; 18 rounds after seeding, as PractRand does with three words",
        [case(f"seed {listed(s)}", list(sfc64(*s))) for s in ([1, 1, 1], [2**63, 42, 7**20])],
    )
    write(
        "xorshift128",
        definition,
        [
            case(f"state {listed(s)}", pairs(list(xorshift128(*s)), True))
            for s in ([123456789, 362436069, 521288629, 88675123], [1, 0, 0, 0], [5, 4, 3, 2**31])
        ],
    )
    write(
        "mwc",
        definition,
        [
            case(f"state {listed(s)}", pairs(list(mwc(*s)), True))
            for s in ([521288629, 7654321], [1, 0], [2**32 - 1, 5])
        ],
    )
    write(
        "mcg64",
        definition,
        [case(f"state {s:#x}", list(mcg64(s))) for s in (1, 2**63 + 5, 12 << 56)],
    )


def double():
    """numpy's doubles of eight seeds, as hexadecimal bit patterns."""
    lines = ["# genrand_res53", f"# source: {NUMPY}, RandomState(seed).rand()"]
    lines += ["# program: tests/vectors/generate/vectors.py", ""]
    for seed in (0, 1, *range(245, 253), 2**32 - 1):
        values = numpy.random.RandomState(seed).rand(4)
        lines.append(f"seed {seed:#x} " + " ".join(f"{v:#x}" for v in values.view(numpy.uint64)))
    (OUT / "genrand_res53.txt").write_text("\n".join(lines) + "\n")


def seed_sequence():
    """numpy's SeedSequence: state words, and first words of the generators it seeds."""
    lines = ["# numpy SeedSequence", f"# source: {NUMPY}"]
    lines += ["# program: tests/vectors/generate/vectors.py", ""]
    entropies = (0, 1, 42, 2**32, 2**96 + 12345, 2**128 - 1, 7 * 2**128 + 5, 2**255 + 19)
    for entropy in entropies:
        for key in ((), (0,), (1,), (2**32 - 1,), (2**32,), (3, 4), (0, 1)):
            sequence = numpy.random.SeedSequence(entropy, spawn_key=key)
            lines.append(f"case {entropy:#x} / " + " ".join(f"{k:#x}" for k in key))
            for name, words in (
                ("state32", sequence.generate_state(10)),
                ("state64", sequence.generate_state(5, numpy.uint64)),
                ("pcg64", PCG64(sequence).random_raw(4)),
                ("pcg64dxsm", PCG64DXSM(sequence).random_raw(4)),
                ("philox4x64-10", Philox(sequence).random_raw(6)),
                ("sfc64", SFC64(sequence).random_raw(4)),
                ("mt19937", pairs(MT19937(sequence).random_raw(1400), True)[-4:]),
            ):
                lines.append(f"{name} " + " ".join(f"{int(w):#x}" for w in words))
    (OUT / "seed_sequence.txt").write_text("\n".join(lines) + "\n")


mt19937()
pcg("pcg64", PCG64)
pcg("pcg64dxsm", PCG64DXSM)
philox64()
philox32()
threefry()
for rounds in (8, 12, 20):
    chacha(rounds)
mrg32k3a()
double()
seed_sequence()
xoshiro256()
small_recurrences()
