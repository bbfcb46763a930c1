//! A zoo of programs to judge a rule by: sound ones with structured output, which must never be
//! convicted, and planted flaws in nested strengths on the same random numbers, where more of a flaw
//! must never get a better verdict.
//!
//! A program is what one worker prints, a pure function of its own draws, of what its run hands to all
//! workers and of what the job does. Everything derives from the program's name, the shape, the number
//! of runs and the replicate. The judge is a function from a printout to an [`Opinion`]; nothing here
//! knows how it decides.

mod draw;
mod job;
mod measure;
mod monotony;
mod planted;
mod printout;
mod program;
mod sequences;
mod sound;

pub use job::{Job, JobShape, RUNS, SHAPES};
pub use measure::{Grade, Opinion, Subject, ZooRow, markdown, measure};
pub use monotony::{Sequence, ascents, monotony};
pub use planted::{Base, Flaw, Planted, STEPS, Step, Strength, planted};
pub use printout::{Form, PrintedStream, Printout, Value};
pub use program::Program;
pub use sound::sound;
