//! The words of the page.

use maud::{Markup, html};

use crate::report::glossary;

pub(super) fn section() -> Markup {
    html! {
        section {
            h2 id="glossary" { "Words" }
            dl {
                @for term in glossary::TERMS { dt { (term.name) } dd { (term.meaning) } }
            }
        }
    }
}

/// A heading whose meaning is told when it is pointed at.
pub(super) fn term(name: &str) -> Markup {
    html! {
        @if let Some(term) = glossary::find(name) { abbr title=(term.meaning) { (name) } } @else { (name) }
    }
}
