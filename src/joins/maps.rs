//! The disguises a copy may wear, as maps of words that can be fitted, checked and extended.

use crate::results::CopyKind;

/// A map that takes the words of one stream to those of its copy.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Map {
    Equal,
    Xor(u64),
    Add(u64),
    Minus(u64),
    ByteSwap,
    BitReversal,
    Rotation(u32),
    Permutation(Box<Permutation>),
    Top(u32),
}

/// Bit `i` of the source goes to bit `targets[i]`; then a constant is added by xor.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Permutation {
    targets: Vec<u8>,
    constant: u64,
}

/// How words are laid out: `width` bits at the top of each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) width: u32,
}

impl Layout {
    fn shift(self) -> u32 {
        64 - self.width
    }

    /// All bits of an element.
    pub(super) fn ones(self) -> u64 {
        !0 << self.shift()
    }

    fn byte_swap(self, word: u64) -> u64 {
        // Reversed bytes of the low `width` bits stand at the top already.
        (word >> self.shift()).swap_bytes()
    }

    fn reverse_bits(self, word: u64) -> u64 {
        (word >> self.shift()).reverse_bits()
    }

    fn rotate(self, word: u64, bits: u32) -> u64 {
        // What leaves at the top enters at the bottom of the element; below it are zeros.
        (word << bits | word >> (self.width - bits)) & self.ones()
    }

    /// The maps of bits that have a name, except rotations.
    fn named(self) -> impl Iterator<Item = Map> {
        let bytes = self.width.is_multiple_of(8) && self.width > 8;
        bytes
            .then_some(Map::ByteSwap)
            .into_iter()
            .chain([Map::BitReversal])
    }

    /// All maps that take `a` to `b` by a constant.
    pub(super) fn constant_maps(self, a: u64, b: u64) -> Vec<Map> {
        if a == b {
            return vec![Map::Equal, Map::Minus(a.wrapping_add(b))];
        }
        vec![
            Map::Xor(a ^ b),
            Map::Minus(a.wrapping_add(b)),
            Map::Add(b.wrapping_sub(a)),
        ]
    }

    /// The fixed permutations of bits (with or without a constant xor) that take `a` to `b`.
    pub(super) fn permutations(self, a: &[u64], b: &[u64]) -> Vec<Map> {
        let mut found: Vec<Map> = self
            .named()
            .chain((1..self.width).map(Map::Rotation))
            .filter(|map| a.iter().zip(b).all(|(&a, &b)| map.holds(self, a, b)))
            .collect();
        if found.is_empty() {
            found.extend(
                self.fit_permutation(a, b)
                    .map(|p| Map::Permutation(Box::new(p))),
            );
        }
        found
    }

    /// Fits a permutation to the differences of neighbouring words: the bits of a column must move
    /// together.
    fn fit_permutation(self, a: &[u64], b: &[u64]) -> Option<Permutation> {
        let columns = |words: &[u64]| {
            let mut columns: Vec<(u64, u8)> = (0..self.width)
                .map(|i| {
                    let bit = self.shift() + i;
                    let signature = words.windows(2).take(64).fold(0, |signature, pair| {
                        signature << 1 | (pair[0] ^ pair[1]) >> bit & 1
                    });
                    (signature, bit as u8)
                })
                .collect();
            columns.sort_unstable();
            columns
        };
        let (from, to) = (columns(a), columns(b));
        if from.iter().zip(&to).any(|(x, y)| x.0 != y.0) {
            return None;
        }
        let mut targets = vec![0; 64];
        for (source, target) in from.iter().zip(&to) {
            targets[source.1 as usize] = target.1;
        }
        let mut permutation = Permutation {
            targets,
            constant: 0,
        };
        permutation.constant = permutation.apply(a[0], self) ^ b[0];
        Some(permutation)
    }
}

impl Permutation {
    fn apply(&self, word: u64, layout: Layout) -> u64 {
        (layout.shift()..64).fold(self.constant, |image, bit| {
            image ^ (word >> bit & 1) << self.targets[bit as usize]
        })
    }
}

impl Map {
    /// Whether the map takes `a` to `b`.
    #[inline]
    pub(super) fn holds(&self, layout: Layout, a: u64, b: u64) -> bool {
        match self {
            Self::Equal => a == b,
            Self::Xor(constant) => a ^ b == *constant,
            Self::Add(constant) => a.wrapping_add(*constant) == b,
            Self::Minus(constant) => constant.wrapping_sub(a) == b,
            Self::ByteSwap => layout.byte_swap(a) == b,
            Self::BitReversal => layout.reverse_bits(a) == b,
            Self::Rotation(bits) => layout.rotate(a, *bits) == b,
            Self::Permutation(permutation) => permutation.apply(a, layout) == b,
            Self::Top(bits) => (a ^ b) >> (64 - bits) == 0,
        }
    }

    /// The map's name in reports, with constants as numbers of the elements' own width.
    pub(super) fn kind(&self, layout: Layout) -> CopyKind {
        let number = |constant: &u64| constant >> layout.shift();
        match self {
            Self::Equal => CopyKind::Equal,
            Self::Xor(constant) if *constant == layout.ones() => CopyKind::Complement,
            Self::Xor(constant) => CopyKind::ConstantXor {
                constant: number(constant),
            },
            Self::Add(constant) => CopyKind::ConstantAdd {
                constant: number(constant),
            },
            Self::Minus(0) => CopyKind::Negation,
            Self::Minus(constant) if *constant == layout.ones() => CopyKind::Complement,
            Self::Minus(constant) => CopyKind::ConstantMinus {
                constant: number(constant),
            },
            Self::ByteSwap => CopyKind::ByteSwap,
            Self::BitReversal => CopyKind::BitReversal,
            Self::Rotation(bits) => CopyKind::Rotation { bits: *bits },
            Self::Permutation(_) => CopyKind::BitPermutation,
            Self::Top(bits) => CopyKind::Truncation { bits: *bits },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_work_at_the_width_of_the_elements() {
        let layout = Layout { width: 32 };
        let word = 0x1234_5678_0000_0000;
        assert!(Map::ByteSwap.holds(layout, word, 0x7856_3412_0000_0000));
        assert!(Map::BitReversal.holds(layout, word, 0x1e6a_2c48_0000_0000));
        assert!(Map::Rotation(8).holds(layout, word, 0x3456_7812_0000_0000));
        assert!(Map::Xor(layout.ones()).holds(layout, word, 0xedcb_a987_0000_0000));
        assert_eq!(Map::Xor(layout.ones()).kind(layout), CopyKind::Complement);
        assert_eq!(Map::Minus(0).kind(layout), CopyKind::Negation);
    }

    #[test]
    fn a_permutation_is_fitted_with_its_constant() {
        let layout = Layout { width: 53 };
        let a: Vec<u64> = (0..33)
            .map(|i| super::super::super::kernels::mix(i + 1) & layout.ones())
            .collect();
        // Bits of the element in a scrambled order, then a constant.
        let image = |word: u64| {
            (0..53).fold(0x8000_0000_0000_0800u64, |out, i| {
                out ^ (word >> (11 + i) & 1) << (11 + i * 17 % 53)
            })
        };
        let b: Vec<u64> = a.iter().map(|&word| image(word)).collect();
        let maps = layout.permutations(&a, &b);
        assert_eq!(maps.len(), 1);
        assert_eq!(maps[0].kind(layout), CopyKind::BitPermutation);
        let stranger = 0xfeed_beef_dead_f000 & layout.ones();
        assert!(maps[0].holds(layout, stranger, image(stranger)));
        assert!(layout.permutations(&b, &a[1..]).is_empty());
    }
}
