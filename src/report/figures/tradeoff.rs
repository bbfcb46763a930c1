//! Quality against cost.

use super::{Figure, STANDINGS, WIDTH, judged, standing_mark};
use crate::{
    record::Report,
    report::{
        axis::Axis,
        fonts::{text_width, wrap},
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
        standing::{self, RowStanding},
    },
};

pub(super) const FIGURE: Figure = Figure {
    id: "tradeoff",
    title: "Quality against cost",
    caption: "Each mark is a strategy at what one word costs to draw; further left is cheaper, further up is better. Where backends differ, each is a mark of its own. The line joins what nothing else beats in both; the ring is what is recommended. The blue band is the interval of the yardstick. What is known to break at a larger size or on another backend, or to have a weak generator, stands lower though nothing was found here. Unsound strategies are grouped by the share of its streams that a run is worth.",
    draw,
};

/// Quality, best first.
const BANDS: [&str; 7] = [
    "recommended",
    "sound here, with a known limit",
    "inconclusive",
    "weak generator, soundly seeded",
    "unsound, worth half its streams or more",
    "unsound, worth a tenth to a half",
    "unsound, worth less than a tenth",
];

/// The first band of what was refuted.
const UNSOUND: usize = 4;

const LEFT: f64 = 150.0;
const ROW: f64 = 18.0;

/// A band, its points in place, and how many lines they take.
struct Band {
    quality: usize,
    points: Vec<Placed>,
    lines: usize,
}

/// A point on its line, and where and how its label is anchored.
struct Placed {
    line: usize,
    point: Point,
    label_x: f64,
    anchor: Anchor,
}

struct Point {
    x: f64,
    label: String,
    tip: String,
    mark: Mark,
    ink: Ink,
    best: bool,
}

fn draw(report: &Report) -> Option<Scene> {
    let drawn = |id: &str| {
        report
            .costs
            .iter()
            .find(|cost| cost.id == id)
            .map(|cost| cost.draw.median)
    };
    let axis = Axis::log(
        judged(report)
            .filter_map(|(cell, _)| drawn(&cell.id))
            .chain(report.yardstick.iter().map(|y| y.draw.median)),
        LEFT,
        WIDTH - 10.0,
    )?;
    let best = standing::best(report).map(|best| best.spec.id);
    let mut bands: [Vec<Point>; BANDS.len()] = Default::default();
    let mut placed: Vec<(&str, usize)> = Vec::new();
    for (cell, result) in judged(report) {
        let Some(cost) = drawn(&cell.id) else {
            continue;
        };
        let band = band(cell, result);
        let same_id = || judged(report).filter(|(other, _)| other.id == cell.id);
        let everywhere_alike = same_id().all(|(cell, other)| self::band(cell, other) == band);
        if everywhere_alike {
            if placed.contains(&(cell.id.as_str(), band)) {
                continue;
            }
            placed.push((&cell.id, band));
        }
        let judgement = &result.judgement;
        let stands = standing::standing(cell, judgement);
        let (mark, ink) = standing_mark(stands);
        let limit = match stands {
            RowStanding::Limited => standing::spec(cell).and_then(standing::limit),
            _ => None,
        };
        let name = match (everywhere_alike, cell.backend) {
            (false, Some(backend)) => format!("{} ({backend})", cell.id),
            _ => cell.id.clone(),
        };
        bands[band].push(Point {
            x: axis.at(cost),
            label: match limit {
                Some(limit) => format!("{name}: {limit}"),
                None => name,
            },
            tip: format!(
                "{}: {}, {} ns a word, {} streams worth {}",
                super::row_name(cell),
                stands.word(),
                numbers::figure(cost),
                numbers::count(judgement.streams),
                numbers::worth(judgement.effective_streams)
            ),
            mark,
            ink,
            best: best == Some(cell.id.as_str()),
        });
    }
    if bands.iter().all(Vec::is_empty) {
        return None;
    }
    let mut scene = Scene::new(
        WIDTH,
        "Strategies by verdict and by the cost of drawing a word",
    );
    let top = scene.legend((LEFT, 16.0), &STANDINGS) + 46.0;
    let filled: Vec<Band> = bands
        .into_iter()
        .enumerate()
        .filter(|(_, points)| !points.is_empty())
        .map(|(quality, points)| pack(quality, points))
        .collect();
    let bottom = top + filled.iter().map(Band::height).sum::<f64>();
    // Stripes first, the scale on top of them, then marks.
    let mut y = top;
    for (nth, band) in filled.iter().enumerate() {
        let height = band.height();
        if nth.is_multiple_of(2) {
            scene.rect((0.0, y), (WIDTH, height), Ink::Stripe);
        }
        y += height;
    }
    axis.draw(
        &mut scene,
        top,
        bottom,
        "cost of drawing one word, ns (log scale)",
    );
    if let Some(yardstick) = &report.yardstick {
        let x = axis.at(yardstick.draw.median);
        let (from, to) = yardstick.draw.interval;
        let width = (axis.at(to) - axis.at(from)).max(1.0);
        scene.tinted(
            (axis.at(from), top - 2.0),
            (width, bottom - top + 2.0),
            Ink::Blue,
            0.12,
            None,
        );
        scene.stroke((x, top - 2.0), (x, bottom), Ink::Blue, 1.5, true);
        let label = format!("yardstick: {}", yardstick.generator);
        let fits = x + text_width(&label, EM - 1.0, false) < WIDTH;
        let anchor = if fits { Anchor::Start } else { Anchor::End };
        scene.label(
            (x, bottom + 15.0),
            EM - 1.0,
            anchor,
            false,
            Ink::Blue,
            label,
        );
    }
    frontier(&mut scene, &filled, top);
    let mut y = top;
    for (nth, band) in filled.into_iter().enumerate() {
        let ground = if nth.is_multiple_of(2) {
            Ink::Stripe
        } else {
            Ink::Page
        };
        let height = band.height();
        for (line, name) in band_name(band.quality).into_iter().enumerate() {
            scene.label(
                (8.0, y + 18.0 + 15.0 * line as f64),
                EM,
                Anchor::Start,
                true,
                Ink::Text,
                name,
            );
        }
        for placed in band.points {
            let (point, middle) = (placed.point, y + 6.0 + ROW * (placed.line as f64 + 0.5));
            // The ring needs a little room.
            let aside = match placed.anchor {
                Anchor::End => -4.0,
                _ => 4.0,
            };
            let shift = if point.best { aside } else { 0.0 };
            let at = (placed.label_x + shift, middle + 4.0);
            scene.text_over(at, placed.anchor, ground, point.label);
            if point.best {
                let tip = "recommended: the cheapest that is sound everywhere, by the order of `seedbench plan`";
                scene.mark((point.x, middle), 9.0, Mark::Ring, Ink::Blue, tip);
            }
            scene.mark((point.x, middle), 5.0, point.mark, point.ink, point.tip);
        }
        y += height;
    }
    scene.height = bottom + 22.0;
    Some(scene)
}

/// The line through the marks that no other beats both in band and in cost; it ends above what is
/// unsound, which is no bargain at any price.
fn frontier(scene: &mut Scene, bands: &[Band], top: f64) {
    let mut y = top;
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for band in bands.iter().filter(|band| band.quality < UNSOUND) {
        let cheapest = band
            .points
            .iter()
            .min_by(|a, b| a.point.x.total_cmp(&b.point.x));
        if let Some(placed) = cheapest
            && joined.last().is_none_or(|(x, _)| placed.point.x < *x)
        {
            joined.push((placed.point.x, y + 6.0 + ROW * (placed.line as f64 + 0.5)));
        }
        y += band.height();
    }
    for pair in joined.windows(2) {
        let (better, cheaper) = (pair[0], pair[1]);
        let corner = (better.0, cheaper.1);
        scene.stroke(better, corner, Ink::Muted, 1.5, false);
        scene.stroke(corner, cheaper, Ink::Muted, 1.5, false);
    }
}

fn band(cell: &super::CellReport, result: &super::CellResult) -> usize {
    let judgement = &result.judgement;
    let share = judgement.effective_streams / (judgement.streams.max(1)) as f64;
    match standing::standing(cell, judgement) {
        RowStanding::Recommended => 0,
        RowStanding::Sound | RowStanding::Limited => 1,
        RowStanding::Undecided => 2,
        RowStanding::WeakGenerator => 3,
        RowStanding::Unsound if share >= 0.5 => 4,
        RowStanding::Unsound if share >= 0.1 => 5,
        RowStanding::Unsound => 6,
    }
}

fn band_name(band: usize) -> Vec<String> {
    // Measured a tenth larger, because the names are set in bold.
    wrap(BANDS[band], EM * 1.1, LEFT - 16.0)
}

impl Band {
    fn height(&self) -> f64 {
        let name = 15.0 * band_name(self.quality).len() as f64 + 12.0;
        name.max(ROW * self.lines as f64 + 12.0)
    }
}

/// Puts every point and its label on the first line where they touch no other.
fn pack(quality: usize, mut points: Vec<Point>) -> Band {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then_with(|| a.label.cmp(&b.label)));
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    let points = points
        .into_iter()
        .map(|point| {
            let width = text_width(&point.label, EM, false);
            let fits_right = point.x + 10.0 + width <= WIDTH - 2.0;
            let (label_x, anchor, span) = if fits_right {
                let span = (point.x - 8.0, point.x + 10.0 + width + 14.0);
                (point.x + 10.0, Anchor::Start, span)
            } else {
                let span = (point.x - 10.0 - width - 14.0, point.x + 8.0);
                (point.x - 10.0, Anchor::End, span)
            };
            let free = |line: &Vec<(f64, f64)>| {
                line.iter()
                    .all(|taken| span.1 <= taken.0 || taken.1 <= span.0)
            };
            let line = lines.iter().position(free).unwrap_or_else(|| {
                lines.push(Vec::new());
                lines.len() - 1
            });
            lines[line].push(span);
            Placed {
                line,
                point,
                label_x,
                anchor,
            }
        })
        .collect();
    Band {
        quality,
        points,
        lines: lines.len(),
    }
}
