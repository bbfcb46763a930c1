//! What is known of a generator: the data behind `list`, `explain` and the control of a test.

use serde::Serialize;

use super::BitStream;

/// A generator, as the tables and the attribution of flaws need to know it.
#[derive(Debug, Serialize)]
pub struct GeneratorSpec {
    /// The half of a strategy's id after the slash.
    pub id: &'static str,
    /// Bits of one native output.
    pub output_bits: u32,
    /// Bits of state that a seed can set; `None` where the state is the operating system's.
    pub state_bits: Option<u32>,
    /// log2 of the period of one stream; `None` where there is none.
    pub period_log2: Option<f64>,
    /// How far it can be moved at once, and what that costs; `None` where only drawing moves it.
    pub jump: Option<&'static str>,
    /// Why it is listed among the weak ones; `None` for generators that no practical test fails.
    pub weakness: Option<&'static str>,
    /// Author, year, title.
    pub reference: &'static str,
    /// The generator with all its state taken from 256 random bits: what a sound seeding gives, and
    /// so the control that tells a flaw of the seeding from one of the generator.
    #[serde(skip)]
    pub from_key: fn(&[u8; 32]) -> Box<dyn BitStream>,
}
