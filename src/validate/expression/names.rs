//! Names that expressions can use. Their pages stand in
//! `catalog-source/docs/expressions`; a test compares both.

/// Filters of Pebble and of Kestra.
pub(super) const FILTERS: [&str; 72] = [
    "abbreviate",
    "abs",
    "base64decode",
    "base64encode",
    "capitalize",
    "chunk",
    "className",
    "date",
    "dateAdd",
    "default",
    "distinct",
    "endsWith",
    "escape",
    "escapeChar",
    "first",
    "flatten",
    "indent",
    "join",
    "jq",
    "json",
    "keys",
    "last",
    "length",
    "lower",
    "md5",
    "merge",
    "nindent",
    "number",
    "numberFormat",
    "numberformat",
    "raw",
    "regexExtract",
    "regexMatch",
    "regexReplace",
    "replace",
    "reverse",
    "rsort",
    "sha1",
    "sha256",
    "sha512",
    "slice",
    "slugify",
    "sort",
    "split",
    "startsWith",
    "string",
    "substringAfter",
    "substringAfterLast",
    "substringBefore",
    "substringBeforeLast",
    "timestamp",
    "timestampMicro",
    "timestampMilli",
    "timestampNano",
    "title",
    "toIon",
    "toJson",
    "trim",
    "upper",
    "urldecode",
    "urlencode",
    "values",
    "yaml",
    "base32encode",
    "base32decode",
    "hash",
    "nl2br",
    "striptags",
    "ucfirst",
    "uppercase",
    "lowercase",
    "encode",
];

/// Functions of Pebble and of Kestra.
pub(super) const FUNCTIONS: [&str; 55] = [
    "appLink",
    "block",
    "credential",
    "currentEachOutput",
    "dayOfMonth",
    "dayOfWeek",
    "decrypt",
    "encrypt",
    "env",
    "errorLogs",
    "fetchContext",
    "fileEmpty",
    "fileExists",
    "fileSize",
    "fileURI",
    "fromIon",
    "fromJson",
    "hourOfDay",
    "http",
    "i18n",
    "id",
    "isDateBetween",
    "isDayWeekInMonth",
    "isFileEmpty",
    "isLastWorkingDay",
    "isPublicHoliday",
    "isWeekend",
    "iterationOutput",
    "json",
    "ksuid",
    "kv",
    "loopOutputs",
    "max",
    "min",
    "monthOfYear",
    "nanoId",
    "nanoid",
    "now",
    "parent",
    "parentOutput",
    "printContext",
    "randomInt",
    "randomPort",
    "range",
    "read",
    "render",
    "renderOnce",
    "secret",
    "subflow",
    "taskOutputs",
    "tasksWithState",
    "uuid",
    "yaml",
    "encode",
    "evaluate",
];

/// Filters and functions that the newest line no longer has, and what does their job.
pub(super) const REMOVED: [(&str, &str); 1] = [("json", "fromJson")];

#[cfg(test)]
mod tests {
    use super::*;

    const FILTER_PAGE: &str = include_str!("../../../catalog-source/docs/expressions/filters.md");
    const FUNCTION_PAGE: &str =
        include_str!("../../../catalog-source/docs/expressions/functions.md");

    /// Names between backticks in the table of a page.
    fn listed(page: &str) -> Vec<String> {
        let rows = page.lines().filter(|it| it.starts_with("| [") && it.contains("](docs/"));
        let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
        names.map(|it| it.split('(').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_name_of_the_pages_is_known() {
        for (page, known) in [(FILTER_PAGE, &FILTERS[..]), (FUNCTION_PAGE, &FUNCTIONS[..])] {
            let listed = listed(page);
            assert!(listed.len() > 30, "{} names are listed", listed.len());
            for name in listed {
                assert!(known.contains(&&*name), "{name} is listed");
            }
        }
    }
}
