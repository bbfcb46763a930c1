//! The pictures of one page, which share their parts.

use std::collections::HashMap;

use super::{Scene, picture};

/// The pictures of one page. A whole catalogue has hundreds, and many have a scale or a legend in common: it is
/// painted once and then referred to.
#[derive(Default)]
pub(crate) struct Gallery {
    painted: HashMap<String, usize>,
}

/// Shorter parts are painted again: a reference and its anchor would be no shorter.
const WORTH_SHARING: usize = 120;

impl Gallery {
    /// The picture as an `<svg>` element to be put into the page.
    pub(crate) fn render(&mut self, scene: &Scene) -> String {
        picture(scene, |part| self.part(part))
    }

    /// The part, which a later picture can refer to, or a reference to an earlier one.
    fn part(&mut self, part: String) -> String {
        if part.len() < WORTH_SHARING {
            return part;
        }
        if let Some(number) = self.painted.get(&part) {
            return format!("<use href=\"#part{number}\"/>");
        }
        let number = self.painted.len();
        let name = part.find(' ').unwrap_or(0);
        let named = format!("{} id=\"part{number}\"{}", &part[..name], &part[name..]);
        self.painted.insert(part, number);
        named
    }
}
