//! Medians, and how figures are printed.

/// The value in the middle; sorts.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which `part` of all lie; sorts.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position")]
    let at = (last * part).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}

/// One line: what, then a figure of each server and its ratio to the first.
pub(crate) fn print(what: &str, unit: &str, figures: &[(&str, f64)]) {
    let first = figures.first().map_or(f64::NAN, |(_, figure)| *figure);
    print!("{what:<28}");
    for (name, figure) in figures {
        print!("  {name} {figure:.1} {unit} ({:.2})", figure / first);
    }
    println!();
}
