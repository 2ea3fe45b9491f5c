//! Rules for single values, as Kestra's readers apply them.

/// A text of Jackson's that stands for a boolean.
pub(super) fn is_boolean(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "")
}

/// A text that Jackson turns into a whole number. It cuts fractions of numbers off.
pub(super) fn is_integer(text: &str, plain: bool) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return true;
    }
    let digits = text.trim_start_matches(['-', '+']).replace('_', "");
    let radix = ["0x", "0X", "0o", "0b"].iter().find_map(|it| digits.strip_prefix(it));
    if let Some(rest) = radix {
        return plain && !rest.is_empty() && rest.chars().all(|it| it.is_ascii_hexdigit());
    }
    !digits.is_empty()
        && (digits.bytes().all(|it| it.is_ascii_digit()) || (plain && is_number(text)))
}

/// A text that is a number.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.trim().replace('_', "");
    text.is_empty()
        || text.parse::<f64>().is_ok()
        || matches!(&*text, ".inf" | "-.inf" | ".nan" | ".NaN" | ".Inf")
        || text.strip_prefix("0x").is_some_and(|it| u64::from_str_radix(it, 16).is_ok())
}

/// A text that Java reads as a duration, or a number of seconds.
pub(super) fn is_duration(text: &str) -> bool {
    if is_number(text) {
        return true;
    }
    let text = text.trim().trim_start_matches(['-', '+']).to_ascii_uppercase();
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (rest, None),
    };
    // Years, months and weeks are periods, which some of Kestra's fields take.
    let has_days = parts(days, "YMWD");
    match time {
        None => has_days == Some(true),
        Some(time) => has_days.is_some() && parts(time, "HMS") == Some(true),
    }
}

/// Numbers with units in order; `Some(true)` if there is one, `None` if it is none.
fn parts(text: &str, units: &str) -> Option<bool> {
    let mut units = units.chars();
    let mut number = String::new();
    let mut any = false;
    for char in text.chars() {
        if char.is_ascii_digit() || ".,+-".contains(char) {
            number.push(char);
            continue;
        }
        if number.is_empty() || !units.any(|unit| unit == char) {
            return None;
        }
        number.clear();
        any = true;
    }
    number.is_empty().then_some(any)
}

/// Whether a default is certainly no value of an input of that type.
pub(super) fn input_mistake(kind: &str, text: &str) -> bool {
    let shape = |text: &str| -> String {
        text.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect()
    };
    match kind {
        "INT" => !is_integer(text, true),
        "FLOAT" => !is_number(text),
        "BOOL" | "BOOLEAN" => {
            let known = ["true", "false", "1", "0", "yes", "no", "on", "off", "undefined"];
            !known.iter().any(|it| it.eq_ignore_ascii_case(text))
        }
        "DATE" => !shape(text).starts_with("0000-00-00"),
        "DATETIME" => !shape(text).starts_with("0000-00-00T00:00"),
        "TIME" => !shape(text).starts_with("00:00"),
        "DURATION" => !is_duration(text),
        _ => false,
    }
}

/// What is wrong with a regular expression, as far as its brackets tell.
pub(super) fn pattern_mistake(pattern: &str) -> Option<&'static str> {
    let mut chars = pattern.chars();
    let (mut groups, mut in_set) = (0_u32, false);
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next() {
                // A quoted stretch may hold anything.
                Some('Q') => return None,
                Some(_) => {}
                None => return Some("it ends in a backslash"),
            },
            '[' => in_set = true,
            ']' => in_set = false,
            '(' if !in_set => groups += 1,
            ')' if !in_set => {
                let Some(rest) = groups.checked_sub(1) else {
                    return Some("it closes a group that it did not open");
                };
                groups = rest;
            }
            _ => {}
        }
    }
    if in_set {
        return Some("a `[` is not closed");
    }
    (groups > 0).then_some("a `(` is not closed")
}

/// Whether the whole text fits a pattern of the form `^[first][rest]*$`, the only form
/// that the checks need. Any other pattern fits everything.
pub(super) fn fits(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = two_sets(pattern) else { return true };
    let mut chars = text.chars();
    chars.next().is_some_and(|char| is_in(char, first)) && chars.all(|char| is_in(char, rest))
}

fn two_sets(pattern: &str) -> Option<(&str, &str)> {
    let inner = pattern.strip_prefix("^[")?;
    let (first, inner) = inner.split_once("][")?;
    let (rest, end) = inner.split_once(']')?;
    let simple = !first.contains(['\\', '^']) && !rest.contains(['\\', '^']);
    (simple && matches!(end, "*" | "*$")).then_some((first, rest))
}

/// Whether a set such as `a-zA-Z0-9_-` has the character.
fn is_in(char: char, set: &str) -> bool {
    let mut rest = set.chars();
    while let Some(first) = rest.next() {
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                if (first..=last).contains(&char) {
                    return true;
                }
                rest = ahead;
            }
            _ if first == char => return true,
            _ => {}
        }
    }
    false
}

/// What is wrong with a cron expression of five fields (six where seconds count).
pub(super) fn cron_mistake(text: &str, seconds: bool) -> Option<String> {
    const MACROS: [&str; 7] =
        ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    const FIELDS: [(&str, u32, u32, &[&str]); 6] = [
        ("second", 0, 59, &[]),
        ("minute", 0, 59, &[]),
        ("hour", 0, 23, &[]),
        ("day of month", 1, 31, &[]),
        (
            "month",
            1,
            12,
            &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        ),
        ("day of week", 0, 7, &["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]),
    ];
    let text = text.trim();
    if MACROS.iter().any(|it| it.eq_ignore_ascii_case(text)) {
        return None;
    }
    let fields = if seconds { &FIELDS[..] } else { &FIELDS[1..] };
    let given: Vec<&str> = text.split_whitespace().collect();
    if given.len() != fields.len() {
        let macros = if text.starts_with('@') {
            format!(", or one of {}", MACROS.join(", "))
        } else {
            String::new()
        };
        return Some(format!("it has {} fields, {} are needed{macros}", given.len(), fields.len()));
    }
    for (given, (name, least, most, names)) in given.iter().zip(fields) {
        for part in given.split(',') {
            let (range, step) = part.split_once('/').unwrap_or((part, "1"));
            if step.parse::<u32>().is_err() {
                return Some(format!("`{step}` is no step of the {name}"));
            }
            for value in range.splitn(2, '-') {
                let named = names.iter().any(|it| it.eq_ignore_ascii_case(value));
                if named || matches!(value, "*" | "?") || value.contains(['L', 'W', '#']) {
                    continue;
                }
                if !value.parse::<u32>().is_ok_and(|it| (*least..=*most).contains(&it)) {
                    return Some(format!("`{value}` is no {name} from {least} to {most}"));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_durations() {
        for good in ["PT5M", "P1D", "pt1.5S", "-PT1H", "P1DT2H", "5", "P2W", "P1Y"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["1h30", "5 minutes", "PT", "P", "P1X", "10s", "PT1D", "PTS"] {
            assert!(!is_duration(bad), "{bad}");
        }
    }

    #[test]
    fn knows_ids() {
        let pattern = "^[a-zA-Z0-9][a-zA-Z0-9_-]*";
        for (text, good) in
            [("a-b_c", true), ("_u", false), ("my task", false), ("a/b", false), ("", false)]
        {
            assert_eq!(fits(text, pattern), good, "{text}");
        }
        assert!(fits("a.b", "^[a-zA-Z0-9][.a-zA-Z0-9_-]*"));
        assert!(!fits("Company", "^[a-z0-9][a-z0-9._-]*"));
        assert!(fits("anything", "[0-9a-f]{8}"));
    }

    #[test]
    fn knows_values_of_inputs() {
        let cases = [("INT", "many"), ("DATE", "yesterday"), ("BOOL", "maybe"), ("TIME", "noon")];
        for (kind, text) in cases {
            assert!(input_mistake(kind, text), "{kind} {text}");
        }
        let cases = [("INT", "5"), ("DATE", "2026-01-02"), ("TIME", "10:30"), ("STRING", "x")];
        for (kind, text) in cases {
            assert!(!input_mistake(kind, text), "{kind} {text}");
        }
    }

    #[test]
    fn knows_regular_expressions() {
        for bad in ["[", "(a", "a)", "a\\"] {
            assert!(pattern_mistake(bad).is_some(), "{bad}");
        }
        for good in ["^[a-z(]+$", "\\(", "(a|b)*", "[[:alpha:]]"] {
            assert_eq!(pattern_mistake(good), None, "{good}");
        }
    }

    #[test]
    fn knows_cron() {
        for good in ["* * * * *", "@hourly", "0 9 * * MON-FRI", "*/5 0-6/2 1,15 jan *", "0 0 L * *"]
        {
            assert_eq!(cron_mistake(good, false), None, "{good}");
        }
        for bad in ["@never", "0 9 * *", "99 99 * * *", "0 0 1 * * *", "x * * * *", "* * * * MOO"] {
            assert!(cron_mistake(bad, false).is_some(), "{bad}");
        }
        assert_eq!(cron_mistake("0 0 1 * * *", true), None);
    }

    #[test]
    fn knows_numbers_and_booleans() {
        assert!(is_integer("5", false) && is_integer("1.5", true) && is_integer("", false));
        assert!(!is_integer("lots", true) && !is_integer("1.5x", true));
        assert!(is_boolean("TRUE") && !is_boolean("sometimes"));
    }
}
