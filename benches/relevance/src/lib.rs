//! How well search answers graded questions, and what each mechanism adds to it.

pub mod engine;
pub mod index;
pub mod measure;
pub mod questions;
pub mod report;
