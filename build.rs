//! Compiles `catalog-source/` into tables in `OUT_DIR`.
fn main() {}
