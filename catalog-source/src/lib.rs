//! Reads, checks, compiles and renders the catalog.
