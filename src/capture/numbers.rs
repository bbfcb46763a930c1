//! Numbers of a list, and lists of them, held where there is room: a text that is one list is known only when the
//! list has ended.

use super::{element::RawKind, held::Held, number::Number};

/// Numbers in their order.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Their kinds, and how many follow one another.
    kinds: Vec<(RawKind, usize)>,
    /// Their bits; a wide one has two words.
    raw: Held,
    count: usize,
}

impl Numbers {
    pub fn push(&mut self, number: Number) {
        match number {
            Number::Unsigned(value) => self.raw.push(value),
            Number::Negative(value) => self.raw.push(value.cast_unsigned()),
            Number::Real(value) => self.raw.push(value.to_bits()),
            Number::Wide(high, low) => self.raw.extend([high, low]),
            Number::Token(value) => self.raw.push(value),
        }
        self.count += 1;
        match self.kinds.last_mut() {
            Some((kind, many)) if *kind == number.kind() => *many += 1,
            _ => self.kinds.push((number.kind(), 1)),
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = Number> + '_ {
        let mut raw = self.raw.iter().copied();
        let kinds = self.kinds.iter();
        let each = kinds.flat_map(|&(kind, many)| std::iter::repeat_n(kind, many));
        each.map_while(move |kind| {
            let word = raw.next()?;
            Some(match kind {
                RawKind::Unsigned => Number::Unsigned(word),
                RawKind::Signed => Number::Negative(word.cast_signed()),
                RawKind::Real => Number::Real(f64::from_bits(word)),
                RawKind::Wide => Number::Wide(word, raw.next()?),
                RawKind::Token => Number::Token(word),
            })
        })
    }
}

impl Extend<Number> for Numbers {
    fn extend<I: IntoIterator<Item = Number>>(&mut self, numbers: I) {
        numbers.into_iter().for_each(|number| self.push(number));
    }
}

impl FromIterator<Number> for Numbers {
    fn from_iter<I: IntoIterator<Item = Number>>(numbers: I) -> Self {
        let mut all = Self::default();
        all.extend(numbers);
        all
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Lists of numbers in their order.
#[derive(Debug, Default)]
pub(super) struct NumberLists {
    numbers: Numbers,
    /// How many numbers each has.
    lengths: Held,
}

impl NumberLists {
    pub fn push(&mut self, list: &Numbers) {
        self.numbers.extend(list.iter());
        self.lengths.push(list.len() as u64);
    }

    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// All numbers, one list after another.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// How many numbers the longest list has.
    pub fn longest(&self) -> usize {
        self.lengths().max().unwrap_or(0)
    }

    fn lengths(&self) -> impl Iterator<Item = usize> + '_ {
        self.lengths.iter().map(|&length| length as usize)
    }

    /// The length of all lists, where it is one.
    pub fn common_length(&self) -> Option<usize> {
        let first = self.lengths().next()?;
        self.lengths()
            .all(|length| length == first)
            .then_some(first)
    }

    /// Hands out the numbers of each list, with its place.
    pub fn each<E>(
        &self,
        mut take: impl FnMut(u64, &mut dyn Iterator<Item = Number>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut numbers = self.numbers.iter();
        for (at, length) in (0..).zip(self.lengths()) {
            take(at, &mut numbers.by_ref().take(length))?;
        }
        Ok(())
    }

    /// Each list by itself.
    pub fn into_lists(self) -> Vec<Numbers> {
        let mut numbers = self.numbers.iter();
        self.lengths()
            .map(|length| numbers.by_ref().take(length).collect())
            .collect()
    }
}

impl PartialEq for NumberLists {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers && self.lengths[..] == other.lengths[..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_held_as_they_came() {
        let all = [
            Number::Unsigned(3),
            Number::Unsigned(u64::MAX),
            Number::Real(-0.5),
            Number::Negative(-7),
            Number::Wide(1, 2),
            Number::Wide(3, 4),
            Number::Token(5),
            Number::Real(0.25),
        ];
        let mut numbers: Numbers = all.into_iter().collect();
        assert_eq!(
            (numbers.len(), numbers.iter().collect::<Vec<_>>()),
            (8, all.to_vec())
        );
        let many = (0..20_000).map(|at| Number::Real(f64::from(at)));
        numbers.extend(many.clone());
        assert!(numbers.iter().eq(all.into_iter().chain(many)));
    }

    #[test]
    fn lists_are_held_in_one_piece() {
        let list = |values: &[u64]| {
            values
                .iter()
                .map(|&value| Number::Unsigned(value))
                .collect()
        };
        let mut lists = NumberLists::default();
        assert!(lists.is_empty());
        let some: [Numbers; 3] = [list(&[1, 2]), list(&[]), list(&[3])];
        some.iter().for_each(|list| lists.push(list));
        assert_eq!(lists.common_length(), None);
        assert_eq!(lists.numbers(), &list(&[1, 2, 3]));
        let mut seen = Vec::new();
        let Ok(()) = lists.each(|at, numbers| {
            seen.push((at, numbers.count()));
            Ok::<_, std::convert::Infallible>(())
        });
        assert_eq!(seen, [(0, 2), (1, 0), (2, 1)]);
        assert_eq!(lists.into_lists(), some);
    }
}
