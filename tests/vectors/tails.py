"""Extreme tails computed independently, at 60 significant digits, with mpmath (and scipy as a check).

    python -m venv venv && venv/bin/pip install mpmath scipy
    venv/bin/python tests/vectors/tails.py            # rewrites tests/vectors/tails.csv

Each row: law, three parameters, the observed value, ln of the lower and of the upper tail.
"""

import csv
import pathlib

import mpmath as mp
from scipy import stats

mp.mp.dps = 60


def binomial(n, p, k):
    q = mp.mpf(p)
    lower = mp.betainc(n - k, k + 1, 0, 1 - q, regularized=True) if k < n else mp.mpf(1)
    upper = mp.betainc(k, n - k + 1, 0, q, regularized=True) if k > 0 else mp.mpf(1)
    return lower, upper


def binomial_sum(n, p, k):
    """By the terms themselves, for sizes where that is quick."""
    q = mp.mpf(p)
    term = [mp.binomial(n, j) * q**j * (1 - q) ** (n - j) for j in range(n + 1)]
    return mp.fsum(term[: k + 1]), mp.fsum(term[k:])


def binomial_far(n, p, k):
    """The smaller tail as a sum of ratios, the other as its complement (exact at 60 digits)."""
    q = mp.mpf(p)
    ln_point = (
        mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        + k * mp.log(q) + (n - k) * mp.log(1 - q)
    )
    point = mp.exp(ln_point)
    total, term, j = mp.mpf(1), mp.mpf(1), k
    if k >= n * q:
        while term > mp.mpf(10) ** -40 * total and j < n:
            term *= mp.mpf(n - j) / (j + 1) * q / (1 - q)
            total += term
            j += 1
        upper = point * total
        return 1 - upper + point, upper
    while term > mp.mpf(10) ** -40 * total and j > 0:
        term *= mp.mpf(j) / (n - j + 1) * (1 - q) / q
        total += term
        j -= 1
    lower = point * total
    return lower, 1 - lower + point


def chi_squared(df, _, x):
    a, h = mp.mpf(df) / 2, mp.mpf(x) / 2
    return (
        mp.gammainc(a, 0, h, regularized=True),
        mp.gammainc(a, h, mp.inf, regularized=True),
    )


def poisson(mean, _, k):
    m = mp.mpf(mean)
    point = lambda j: mp.exp(-m + j * mp.log(m) - mp.loggamma(j + 1))
    lower = mp.fsum(point(j) for j in range(k + 1))
    upper, j = mp.mpf(0), k
    while True:
        term = point(j)
        upper += term
        if j > mean and term < mp.mpf(10) ** -45 * upper:
            break
        j += 1
    return lower, upper


def hypergeometric(population, marked, drawn, both):
    whole = mp.binomial(population, drawn)
    point = lambda j: mp.binomial(marked, j) * mp.binomial(population - marked, drawn - j) / whole
    low, high = max(0, marked + drawn - population), min(marked, drawn)
    return (
        mp.fsum(point(j) for j in range(low, both + 1)),
        mp.fsum(point(j) for j in range(both, high + 1)),
    )


def normal(_, __, z):
    z = mp.mpf(z)
    return mp.erfc(-z / mp.sqrt(2)) / 2, mp.erfc(z / mp.sqrt(2)) / 2


def occupancy(balls, cells, distinct):
    """Stirling numbers of the second kind in exact integers."""
    row = [0] * (balls + 2)
    row[0] = 1
    for _ in range(balls):
        for d in range(balls, 0, -1):
            row[d] = d * row[d] + row[d - 1]
        row[0] = 0
    whole, falling, law = cells**balls, 1, []
    for d in range(balls + 1):
        law.append(row[d] * falling)
        falling *= max(cells - d, 0)
    return mp.mpf(sum(law[: distinct + 1])) / whole, mp.mpf(sum(law[distinct:])) / whole


rows = []


def add(law, a, b, c, value, tails):
    lower, upper = tails
    rows.append([law, a, b, c, value, mp.nstr(mp.log(lower), 17), mp.nstr(mp.log(upper), 17)])


for n, p, k in [
    (10, 0.5, 8), (100, 0.5, 50), (100, 0.5, 99), (1000, 0.5, 700), (1000, 0.25, 100),
    (1000, 0.00390625, 40), (4096, 0.5, 1000),
]:
    tails = binomial_sum(n, p, k)
    assert abs(mp.log(tails[0]) - stats.binom.logcdf(k, n, p)) < 1e-6 * max(1, abs(mp.log(tails[0])))
    add("binomial", n, p, "", k, tails)
for n, p, k in [
    (1048576, 0.5, 524288), (1048576, 0.5, 530000), (1048576, 0.5, 500000), (1048576, 0.5, 700000),
    (268435456, 0.5, 134217728 + 60000), (268435456, 0.5, 134217728 - 400000),
    (2147483648, 0.5, 1073741824 + 200000), (16777216, 0.00390625, 67000),
]:
    add("binomial", n, p, "", k, binomial_far(n, p, k))
for df, x in [(1, 0.001), (1, 200), (255, 500), (255, 2000), (255, 100), (255, 255), (255, 20),
              (65535, 65535), (65535, 70000), (65535, 62000), (16383, 25000), (15, 1400)]:
    tails = chi_squared(df, "", x)
    expected = stats.chi2.logsf(x, df)
    assert expected == -mp.inf or abs(mp.log(tails[1]) - expected) < 1e-4 * max(1, abs(expected))
    add("chi-squared", df, "", "", x, tails)
for mean, k in [(0.5, 0), (0.5, 12), (94, 94), (94, 20), (94, 300), (1000, 1100), (1000, 500), (1e-7, 2)]:
    add("poisson", mean, "", "", k, poisson(mean, "", k))
for population, marked, drawn, both in [
    (8, 4, 4, 3), (100, 50, 50, 25), (100, 50, 50, 48), (1000, 500, 480, 150), (4096, 2048, 2000, 1400),
    (4096, 100, 4000, 98),
]:
    add("hypergeometric", population, marked, drawn, both,
        hypergeometric(population, marked, drawn, both))
for z in [0, 1.96, -3.5, 8, 20, 37]:
    add("normal", "", "", "", z, normal("", "", z))
for balls, cells, distinct in [
    (20, 256, 12), (64, 64, 64), (64, 64, 20), (256, 256, 162), (256, 256, 100), (256, 256, 230),
    (500, 65536, 450), (500, 65536, 500), (500, 300, 299),
]:
    add("occupancy", balls, cells, "", distinct, occupancy(balls, cells, distinct))

target = pathlib.Path(__file__).with_name("tails.csv")
with target.open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["law", "a", "b", "c", "value", "ln_lower", "ln_upper"])
    writer.writerows(rows)
print(len(rows), "rows")
