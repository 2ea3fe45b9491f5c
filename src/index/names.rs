//! Exact look-up of the names that users say: the name itself in any case, old names,
//! unique short names, addresses of the public site.

use super::fold::name_hash;
use crate::model::catalog;
use crate::model::records::{How, Name};

/// What a name names, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Position in the table of its sort.
    pub at: usize,
    /// Whether it was called by an old name.
    pub renamed: bool,
}

/// What a name of a plugin names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginTarget {
    /// A plugin.
    Plugin(usize),
    /// A package of a plugin.
    Group(usize),
    /// A repository, which may publish several plugins.
    Repository(usize),
}

/// The class of that name.
#[must_use]
pub fn class(name: &str) -> Option<Found> {
    let name = trimmed(name);
    let name = last_of_address(name, "/plugins/");
    let found = look_up(name, &catalog::CLASS_BY_HASH, &catalog::CLASS_NAMES)?;
    Some(Found { at: found.target as usize, renamed: found.how == How::Old })
}

/// The plugin, package or repository of that name, or the plugin of a class of that name.
#[must_use]
pub fn plugin(name: &str) -> Option<PluginTarget> {
    plugin_itself(name).or_else(|| {
        let class = class(name)?;
        Some(PluginTarget::Plugin(catalog::ELEMENTS[class.at].plugin as usize))
    })
}

/// The plugin, package or repository of that name.
#[must_use]
pub fn plugin_itself(name: &str) -> Option<PluginTarget> {
    let name = trimmed(name);
    let name = last_of_address(name, "/plugins/");
    let name = name.strip_prefix("https://github.com/").unwrap_or(name);
    let found = look_up(name, &catalog::PLUGIN_BY_HASH, &catalog::PLUGIN_NAMES)?;
    let at = (found.target & 0xffff) as usize;
    Some(match found.target >> 16 {
        0 => PluginTarget::Plugin(at),
        1 => PluginTarget::Group(at),
        _ => PluginTarget::Repository(at),
    })
}

/// The blueprint of that slug or number.
#[must_use]
pub fn blueprint(name: &str) -> Option<usize> {
    let name = trimmed(name);
    let name = last_of_address(name, "/blueprints/");
    let found = look_up(name, &catalog::BLUEPRINT_BY_HASH, &catalog::BLUEPRINT_NAMES)?;
    Some(found.target as usize)
}

/// The page of that path or address.
#[must_use]
pub fn doc(path: &str) -> Option<usize> {
    let mut path = trimmed(path);
    path = path.split(['#', '?']).next().unwrap_or_default();
    path = after_host(path).trim_matches('/');
    path = path.strip_suffix(".md").unwrap_or(path);
    path = path.strip_suffix("/index").unwrap_or(path);
    path = path.strip_prefix("docs/").unwrap_or(path);
    let found = look_up(path, &catalog::DOC_BY_HASH, &catalog::DOC_NAMES)?;
    Some(found.target as usize)
}

/// Without the marks that models put around a name.
fn trimmed(name: &str) -> &str {
    let quotes = |char: char| char.is_whitespace() || "\"'`".contains(char);
    name.trim_start_matches(quotes).trim_end_matches(|char| char == '.' || quotes(char))
}

/// Without scheme and host.
fn after_host(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => address,
    }
}

/// The last part of an address of the public site under `section`.
fn last_of_address<'a>(name: &'a str, section: &str) -> &'a str {
    // Most names are none, and a colon is found faster than three letters.
    if name.contains(':') && name.contains("://") && name.contains(section) {
        let path = name.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or(path);
        return last.trim_end_matches(".md");
    }
    name
}

fn look_up(
    name: &str,
    by_hash: &phf::Map<u64, u32>,
    names: &'static [Name],
) -> Option<&'static Name> {
    let found = &names[*by_hash.get(&name_hash(name))? as usize];
    catalog::text(found.text).eq_ignore_ascii_case(name).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_class(name: &str, expected: Option<&str>) {
        let found = class(name).map(|it| catalog::text(catalog::ELEMENTS[it.at].name));
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_a_class_by_what_users_call_it() {
        let upload = Some("io.kestra.plugin.aws.s3.Upload");
        check_class("io.kestra.plugin.aws.s3.Upload", upload);
        check_class(" `IO.kestra.plugin.AWS.s3.upload`. ", upload);
        check_class("aws.s3.Upload", upload);
        check_class(
            "https://kestra.io/plugins/plugin-aws/s3/io.kestra.plugin.aws.s3.upload#properties",
            upload,
        );
        check_class("Upload", None); // of many plugins
        check_class("io.kestra.core.tasks.log.Log", Some("io.kestra.plugin.core.log.Log"));
        check_class("no.such.Class", None);
    }

    #[test]
    fn an_old_name_says_so() {
        assert!(class("io.kestra.core.tasks.log.Log").expect("known").renamed);
        assert!(!class("io.kestra.plugin.core.log.Log").expect("known").renamed);
    }

    #[test]
    fn every_class_is_found_by_its_own_name() {
        for (at, element) in catalog::ELEMENTS.iter().enumerate() {
            let name = catalog::text(element.name);
            assert_eq!(class(name), Some(Found { at, renamed: false }), "{name}");
        }
    }

    #[test]
    fn finds_a_page_by_path_or_address() {
        let path = |name| doc(name).map(|at| catalog::text(catalog::DOCS[at].path));
        let expected = Some("docs/concepts/secret");
        for name in [
            "docs/concepts/secret",
            "/docs/concepts/secret/",
            "concepts/secret",
            "https://kestra.io/docs/concepts/secret#env",
            "docs/concepts/secret.md",
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
        assert_eq!(path("docs"), Some("docs"));
        assert_eq!(path(""), None);
    }

    #[test]
    fn a_repository_with_several_plugins_is_a_repository() {
        assert!(matches!(plugin("plugin-jdbc"), Some(PluginTarget::Repository(_))));
        assert!(matches!(plugin("plugin-aws"), Some(PluginTarget::Plugin(_))));
        assert!(matches!(plugin("io.kestra.plugin.aws.s3"), Some(PluginTarget::Group(_))));
        assert!(matches!(plugin("AWS"), Some(PluginTarget::Plugin(_))));
    }
}
