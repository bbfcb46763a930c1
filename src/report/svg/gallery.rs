//! The pictures of one page, which share their parts.

use std::collections::{HashMap, HashSet};

use super::{Scene, picture};

/// The pictures of one page. A whole catalogue has hundreds, and many have a scale or a legend in common: it is
/// painted once and then referred to.
#[derive(Default)]
pub(crate) struct Gallery {
    painted: HashMap<String, usize>,
    /// Those that something refers to.
    referred: HashSet<usize>,
}

/// Shorter parts are painted again: a reference and its anchor would be no shorter.
const WORTH_SHARING: usize = 120;

impl Gallery {
    /// The picture as an `<svg>` element to be put into the page.
    pub(crate) fn render(&mut self, scene: &Scene) -> String {
        // Within a page the namespace is known.
        picture(scene, "", |part| self.part(part))
    }

    /// The part, which a later picture can refer to, or a reference to an earlier one.
    fn part(&mut self, part: String) -> String {
        if part.len() < WORTH_SHARING {
            return part;
        }
        if let Some(number) = self.painted.get(&part) {
            self.referred.insert(*number);
            return format!("<use href=\"#part{number}\"/>");
        }
        let number = self.painted.len();
        let name = part.find(' ').unwrap_or(0);
        let named = format!("{} id=\"part{number}\"{}", &part[..name], &part[name..]);
        self.painted.insert(part, number);
        named
    }

    /// The page with these pictures, without the names of parts that nothing refers to.
    pub(crate) fn without_unused_names(&self, page: &str) -> String {
        const NAME: &str = " id=\"part";
        let mut pieces = page.split(NAME);
        let mut left = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let number = piece.split_once('"');
            match number.and_then(|(number, rest)| Some((number.parse().ok()?, rest))) {
                Some((number, rest)) if !self.referred.contains(&number) => left.push_str(rest),
                _ => {
                    left.push_str(NAME);
                    left.push_str(piece);
                }
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{scene::Ink, svg::render};

    #[test]
    fn what_is_alike_is_painted_once_and_what_comes_again_is_referred_to() {
        let mut scene = Scene::new(10.0, "grid");
        for x in 0..30_u8 {
            let x = f64::from(x);
            scene.line((x, 0.0), (x, 9.0), Ink::Grid);
        }
        scene.line((1.0, 1.0), (2.0, 1.0), Ink::Blue);
        scene.line((2.0, 1.0), (3.0, 2.5), Ink::Blue);
        let mut gallery = Gallery::default();
        let (first, second) = (gallery.render(&scene), gallery.render(&scene));
        assert_eq!(first.matches("<path").count(), 2);
        assert!(first.contains("M7 0V9M8 0V9") && first.contains(r#"d="M1 1H2L3 2.5""#));
        assert!(first.contains(r#" id="part0""#) && second.contains("<use href=\"#part0\"/>"));
        assert!(!second.contains("M7 0V9") && second.contains("M1 1H2L3 2.5"));
        assert!(!render(&scene).contains("id="));
        let page = gallery.without_unused_names(&format!("{first}<p id=\"part7\">{second}"));
        assert!(page.contains(r#" id="part0""#) && !page.contains(r#" id="part7""#));
    }
}
