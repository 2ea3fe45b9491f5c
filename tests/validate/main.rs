//! The validator against what real servers said, and as a command.

/// The command `validate`.
mod command;
/// Expressions are warned of.
mod expressions;
/// What real servers said, and the project's own flows.
mod servers;
/// Every skeleton is valid.
mod skeletons;
