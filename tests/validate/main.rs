//! The validator against what real servers said, and against the project's own flows.

mod servers;
