//! The generator's suite.

/// A tiny catalog: three classes, one plugin, one line.
mod support;

/// What shows a change of data in review.
mod data;
/// The tables of the tiny catalog, byte for byte: the example to open first.
mod golden;
/// A wrong source is told with file, line, reason and remedy.
mod problems;
