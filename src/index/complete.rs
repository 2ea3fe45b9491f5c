//! Completion of names by prefix.

use crate::model::{Reply, catalog};

/// What a completion completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// Class names.
    Class,
    /// Plugin names.
    Plugin,
    /// Blueprint slugs.
    Blueprint,
    /// Documentation paths.
    Doc,
    /// Release lines.
    Line,
}

/// How many names begin so, and how many of them were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// Names that begin with the prefix.
    pub total: usize,
    /// Names written to the reply.
    pub written: usize,
}

/// Writes the names that begin with `prefix`, as JSON strings with commas between
/// them, `limit` at most. Case does not count.
pub fn complete(what: Completion, prefix: &str, limit: usize, reply: &mut Reply) -> Completed {
    let run = catalog::COMPLETIONS[what as usize];
    let name = |at: u32| catalog::text(catalog::list(run.start + at));
    // Names are sorted in lower case.
    let cut = |at: u32| {
        let name = name(at).bytes().map(|byte| byte.to_ascii_lowercase());
        name.take(prefix.len()).cmp(prefix.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    let first = partition(run.len, |at| cut(at).is_lt());
    let end = partition(run.len, |at| cut(at).is_le());
    let total = (end - first) as usize;
    let written = total.min(limit);
    for at in 0..written {
        reply.push_static(if at == 0 { "\"" } else { ",\"" });
        reply.push_static(name(first + at as u32));
        reply.push_static("\"");
    }
    Completed { total, written }
}

/// The first position for which `before` is false.
fn partition(len: u32, before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_and_writes_some() {
        let mut reply = Reply::new();
        let completed = complete(Completion::Class, "IO.KESTRA.plugin.aws.s3.", 2, &mut reply);
        let text = String::from_utf8(reply.into_vec()).expect("UTF-8");
        let all = catalog::ELEMENTS.iter().filter(|it| {
            !it.internal() && catalog::text(it.name).starts_with("io.kestra.plugin.aws.s3.")
        });
        assert_eq!(completed, Completed { total: all.count(), written: 2 });
        assert!(text.starts_with("\"io.kestra.plugin.aws.s3."), "{text}");
    }

    #[test]
    fn an_empty_prefix_finds_every_name() {
        let completed = complete(Completion::Line, "", 100, &mut Reply::new());
        assert_eq!(completed.total, catalog::LINES);
    }
}
