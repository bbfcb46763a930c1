//! Captured numbers taken for what they are, or for the words that they look like.

use super::{Capture, ElementType, RawPlace, Stream, element::RawKind, image::Image, recognise};
use crate::vocabulary::Format;

impl Capture {
    /// Whether the numbers are known to be raw draws: unsigned binary integers that fill their width, as a
    /// generator's words do, or a list that a pool prints without saying who drew what.
    pub fn is_drawn(&self) -> bool {
        let fill = |element: ElementType| {
            self.format
                == Format::Bits {
                    width: 8 * element.bytes() as u32,
                }
        };
        let binary = |stream: &Stream| match (&stream.place, self.printed) {
            (RawPlace::Stretches(stretches), _) => Some(stretches.element),
            (RawPlace::Binary(_), _) => Some(self.files[stream.file as usize].element),
            (RawPlace::Memory(_), Some(Printed::Binary(element))) => Some(element),
            (RawPlace::Memory(_) | RawPlace::Elsewhere(_), _) => None,
        };
        let all_fill = || {
            self.streams
                .iter()
                .all(|stream| binary(stream).is_some_and(fill))
        };
        match self.printed {
            Some(Printed::Pool) => !self.is_labelled(),
            _ => self.kind == RawKind::Unsigned && all_fill(),
        }
    }

    /// The same numbers, printed by a program in this way.
    #[must_use]
    pub fn printed(mut self, printed: Option<Printed>) -> Self {
        self.printed = printed;
        self
    }

    /// From now on words are the values themselves, in their order; what they looked like is returned.
    pub(crate) fn take_as_values(&mut self) -> Recognised {
        let before = Recognised {
            format: self.format,
            image: self.image,
        };
        (self.format, self.image) = recognise::fallback(self.kind, &self.sample);
        self.loaded = None;
        before
    }

    /// From now on words are what values looked like again.
    pub(crate) fn take_as(&mut self, recognised: Recognised) {
        (self.format, self.image) = (recognised.format, recognised.image);
        self.loaded = None;
    }

    /// The number that a word stands for, of words that are the values themselves.
    pub(crate) fn number(&self) -> impl Fn(u64) -> f64 + use<> {
        let image = self.image;
        let words = self.kind == RawKind::Token;
        move |word| match image {
            // Words stand for no number, and for none of full precision.
            _ if words => (word >> 32) as f64,
            Image::Real => {
                let positive = word >> 63 == 1;
                f64::from_bits(if positive { word ^ 1 << 63 } else { !word })
            }
            Image::Signed => (word ^ 1 << 63) as i64 as f64,
            _ => word as f64,
        }
    }
}

impl Recognised {
    /// The format that they looked like.
    pub(crate) fn format(&self) -> Format {
        self.format
    }
}

/// How a program printed its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// As binary elements.
    Binary(ElementType),
    /// As text, by a program that starts its own workers.
    Pool,
}

/// What values looked like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recognised {
    format: Format,
    image: Image,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::StreamId;

    #[test]
    fn a_word_stands_for_its_number() {
        let numbers = [-2.5, -0.0, 1e-300, 0.75, 3.25];
        let words = numbers.map(f64::to_bits).to_vec();
        let streams = vec![(StreamId::new(0, 0), "a".to_owned(), words)];
        let mut capture = Capture::in_memory(RawKind::Real, streams).unwrap();
        let before = capture.take_as_values();
        let number = capture.number();
        let evidence = capture.load(8).unwrap();
        assert!(evidence.words().is_sorted());
        let read: Vec<f64> = evidence.words().iter().map(|&word| number(word)).collect();
        assert_eq!(read, numbers);
        capture.take_as(before);
        assert_eq!(capture.format(), before.format);
    }
}
