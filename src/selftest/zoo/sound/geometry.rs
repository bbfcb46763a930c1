//! Points, directions, matrices: rows whose values bind each other.

use std::f64::consts::{PI, TAU};

use crate::selftest::zoo::{draw::Draw, program::Program};

/// A direction in `N` dimensions.
fn direction<const N: usize>(own: &mut Draw) -> [f64; N] {
    let x: [f64; N] = std::array::from_fn(|_| own.normal());
    let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
    x.map(|x| x / length)
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new("angles", "angles in radians", &["angle"], |w| {
        w.values(|own| TAU * own.unit())
    }),
    Program::new(
        "cosines-and-sines",
        "the cosine and sine of a random angle",
        &["cos", "sin"],
        |w| {
            w.rows(|own| {
                let (sine, cosine) = (TAU * own.unit()).sin_cos();
                [cosine, sine]
            })
        },
    ),
    Program::new(
        "angle-with-cosine-and-sine",
        "an angle, its cosine and its sine",
        &["angle", "cos", "sin"],
        |w| {
            w.rows(|own| {
                let angle = TAU * own.unit();
                [angle, angle.cos(), angle.sin()]
            })
        },
    ),
    Program::new(
        "unit-vectors",
        "random directions in space",
        &["x", "y", "z"],
        |w| w.rows(direction::<3>),
    ),
    Program::new(
        "quaternions",
        "random rotations as unit quaternions",
        &["w", "x", "y", "z"],
        |w| w.rows(direction::<4>),
    ),
    Program::new(
        "points-in-a-disk",
        "points in a disk, by rejection",
        &["x", "y"],
        |w| {
            w.rows(|own| {
                loop {
                    let (x, y) = (own.between(-1.0, 1.0), own.between(-1.0, 1.0));
                    if x * x + y * y <= 1.0 {
                        return [x, y];
                    }
                }
            })
        },
    ),
    Program::new(
        "box-muller",
        "both outputs of Box and Muller's method",
        &["a", "b"],
        |w| w.rows(Draw::normals),
    ),
    Program::new(
        "polar-and-cartesian",
        "radius, angle, and the same point as x and y",
        &["r", "phi", "x", "y"],
        |w| {
            w.rows(|own| {
                let (r, phi) = (own.unit().sqrt(), TAU * own.unit());
                [r, phi, r * phi.cos(), r * phi.sin()]
            })
        },
    ),
    Program::new(
        "rotation-matrices",
        "2 × 2 rotation matrices",
        &["a", "b", "c", "d"],
        |w| {
            w.rows(|own| {
                let (s, c) = (TAU * own.unit()).sin_cos();
                [c, -s, s, c]
            })
        },
    ),
    Program::new(
        "affine-augmentations",
        "flip, rotation, scale and shift of a picture as a 2 × 3 matrix",
        &["flip", "m00", "m01", "m02", "m10", "m11", "m12"],
        |w| {
            w.rows(|own| {
                let flip = own.chance(0.5);
                let side = if flip { -1.0 } else { 1.0 };
                let (s, c) = own.between(-0.5, 0.5).sin_cos();
                let scale = own.between(0.9, 1.1);
                let shift = [own.between(-0.1, 0.1), own.between(-0.1, 0.1)];
                [
                    f64::from(u8::from(flip)),
                    side * scale * c,
                    -scale * s,
                    shift[0],
                    side * scale * s,
                    scale * c,
                    shift[1],
                ]
            })
        },
    ),
    Program::new(
        "symmetrical-matrices",
        "symmetrical 3 × 3 matrices of normals",
        &["a", "b", "c", "d", "e", "f", "g", "h", "i"],
        |w| {
            w.rows(|own| {
                let [a, b, c, d, e, f] = std::array::from_fn(|_| own.normal());
                [a, b, c, b, d, e, c, e, f]
            })
        },
    ),
    Program::new(
        "antisymmetrical-matrices",
        "antisymmetrical 3 × 3 matrices",
        &["a", "b", "c", "d", "e", "f", "g", "h", "i"],
        |w| {
            w.rows(|own| {
                let [a, b, c] = std::array::from_fn(|_| own.normal());
                [0.0, a, b, -a, 0.0, c, -b, -c, 0.0]
            })
        },
    ),
    Program::new(
        "covariance-matrices",
        "covariances of ten pairs: two variances and one covariance, twice",
        &["xx", "xy", "yx", "yy"],
        |w| {
            w.rows(|own| {
                let pairs = own.list(10, Draw::normals);
                let moment =
                    |i: usize, j: usize| pairs.iter().map(|p| p[i] * p[j]).sum::<f64>() / 10.0;
                [moment(0, 0), moment(0, 1), moment(1, 0), moment(1, 1)]
            })
        },
    ),
    Program::new(
        "triangles",
        "three corners of a random triangle and its area",
        &["x0", "y0", "x1", "y1", "x2", "y2", "area"],
        |w| {
            w.rows(|own| {
                let [a, b, c, d, e, f] = std::array::from_fn(|_| own.unit());
                [
                    a,
                    b,
                    c,
                    d,
                    e,
                    f,
                    0.5 * ((c - a) * (f - b) - (e - a) * (d - b)).abs(),
                ]
            })
        },
    ),
    Program::new(
        "barycentric",
        "barycentric coordinates in a triangle",
        &["u", "v", "w"],
        |w| {
            w.rows(|own| {
                let (mut u, mut v) = (own.unit(), own.unit());
                if u + v > 1.0 {
                    (u, v) = (1.0 - u, 1.0 - v);
                }
                [u, v, 1.0 - u - v]
            })
        },
    ),
    Program::new(
        "places-on-earth",
        "latitude and longitude of uniform places",
        &["lat", "lon"],
        |w| {
            w.rows(|own| {
                [
                    (2.0 * own.unit() - 1.0).asin() * 180.0 / PI,
                    360.0 * own.unit() - 180.0,
                ]
            })
        },
    ),
    Program::new(
        "colour-jitter",
        "brightness, contrast, saturation and hue factors",
        &["b", "c", "s", "h"],
        |w| {
            w.rows(|own| {
                [
                    own.between(0.6, 1.4),
                    own.between(0.6, 1.4),
                    own.between(0.6, 1.4),
                    own.between(-0.1, 0.1),
                ]
            })
        },
    ),
    Program::new(
        "grey-colours",
        "red, green and blue, all equal in one of three pictures",
        &["r", "g", "b"],
        |w| {
            w.rows(|own| {
                let [r, g, b] = std::array::from_fn(|_| own.unit());
                if own.chance(1.0 / 3.0) {
                    [r; 3]
                } else {
                    [r, g, b]
                }
            })
        },
    ),
    Program::new(
        "dependent-channels",
        "three channels of one sensor, nearly alike",
        &["x", "y", "z"],
        |w| {
            w.rows(|own| {
                let signal = own.normal();
                std::array::from_fn::<_, 3, _>(|_| signal + 0.1 * own.normal())
            })
        },
    ),
    Program::new(
        "stereo",
        "left and right channel, equal but for one in eight samples",
        &["left", "right"],
        |w| {
            w.rows(|own| {
                let left = own.normal();
                [
                    left,
                    if own.chance(0.125) {
                        own.normal()
                    } else {
                        left
                    },
                ]
            })
        },
    ),
];
