//! `versions` and `plugin_versions`.

use super::arguments::Arguments;
use super::cursor;
use super::miss::{Miss, repeated};
use super::nearest;
use super::parameters::{CURSOR, KESTRA, LIMIT, PLUGIN};
use super::{Context, Form, Parameter, Takes, Tool, definition, version_number};
use crate::index::{self, PluginTarget};
use crate::model::records::{NONE, Plugin, Release};
use crate::model::{Reply, catalog};

pub(super) const VERSIONS: Tool = Tool {
    name: "versions",
    definition: definition!(
        "versions",
        "Versions",
        "Newest version of Kestra and of every plugin in this catalog, or, for named plugins, version, package, repository, release day and the Kestra version they target.",
        r#"{"plugin":{"type":"string","description":"one plugin, or several with commas; all if left out"}}"#
    ),
    parameters: &[Parameter { takes: Takes::List, ..PLUGIN }],
    run: versions,
};

pub(super) const PLUGIN_VERSIONS: Tool = Tool {
    name: "plugin_versions",
    definition: definition!(
        "plugin_versions",
        "Release history of a plugin",
        "Every release of one plugin, newest first, with day and target Kestra version. With `kestra`, only releases that run on that version: the first is the one to install.",
        r#"{"plugin":{"type":"string"},"kestra":{"type":"string","description":"your Kestra version, e.g. 1.2"},"limit":{"type":"integer","minimum":1},"cursor":{"type":"string"}},"required":["plugin"]"#
    ),
    parameters: &[Parameter { required: true, ..PLUGIN }, KESTRA, LIMIT, CURSOR],
    run: plugin_versions,
};

fn versions(_: &Context, arguments: &Arguments<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let mut plugins = arrayvec::ArrayVec::<PluginTarget, { super::arguments::MAX_LIST }>::new();
    for name in arguments.list("plugin")? {
        plugins.push(index::plugin(&name).ok_or_else(|| {
            nearest::unknown("plugin", &name, nearest::plugins(&name), "list_plugins")
        })?);
    }
    reply.push_static(r#"{\"kestra\":["#);
    for (n, version) in catalog::LINE_VERSIONS.iter().enumerate() {
        reply.push_static(if n > 0 { r#",\""# } else { r#"\""# });
        reply.push_static(version);
        reply.push_static(r#"\""#);
    }
    reply.push_static(r#"],\"catalog\":\""#);
    reply.push_static(catalog::VERSION);
    reply.push_static(r#"\",\"plugins\":{"#);
    if plugins.is_empty() {
        reply.push_splice(catalog::VERSION_ROWS);
    }
    for target in plugins {
        match target {
            PluginTarget::Plugin(at) => reply.push_row(catalog::PLUGINS[at].version_detail),
            PluginTarget::Group(at) => {
                let plugin = catalog::GROUPS[at].plugin as usize;
                reply.push_row(catalog::PLUGINS[plugin].version_detail);
            }
            PluginTarget::Repository(at) => {
                let plugins = catalog::REPOSITORIES[at].plugins;
                for plugin in catalog::rows(&catalog::REPOSITORY_PLUGINS, plugins) {
                    reply.push_row(catalog::PLUGINS[*plugin as usize].version_detail);
                }
            }
        }
    }
    reply.push_static("}");
    Ok(Form::Object)
}

/// Releases of the longest page: all there are.
const MAX_LIMIT: usize = 1_000;

fn plugin_versions(
    _: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let name = arguments.required("plugin", "\"plugin-gcp\"")?;
    let kestra = kestra(arguments)?;
    let limit = arguments.number("limit", MAX_LIMIT)?.unwrap_or(MAX_LIMIT);
    let skip = cursor::position("plugin_versions", arguments)?;
    let target = index::plugin(&name).ok_or_else(|| {
        nearest::unknown("plugin", &name, nearest::plugins(&name), "list_plugins")
    })?;
    let (shown, repository) = history(target);
    let Some(repository) = repository else { return Err(no_history(shown)) };
    let releases = || {
        let all = catalog::rows(&catalog::RELEASES, repository.releases).iter();
        all.filter(|release| runs_on(release, kestra))
    };
    let total = releases().count();
    reply.push_static(r#"{\"plugin\":\""#);
    reply.push_text(shown.map_or(repository.name, |plugin| plugin.name));
    reply.push_static(r#"\",\"repository\":\""#);
    reply.push_text(repository.repository);
    reply.push_static(r#"\",\"total\":"#);
    reply.push_number(total);
    reply.push_static(r#",\"columns\":[\"version\",\"published\",\"kestra\"],\"releases\":["#);
    releases().skip(skip).take(limit).for_each(|release| reply.push_row(release.row));
    reply.push_static("]");
    if total == 0 {
        reply.push_static(r#",\"searched\":\""#);
        reply.push_number(repository.releases.1 as usize);
        reply.push_static(r#" releases\""#);
    }
    if skip + limit < total {
        cursor::push_next(skip + limit, "plugin_versions", arguments, reply);
    }
    Ok(Form::Object)
}

/// The version of Kestra that releases have to run on, packed. `1.2` stands for the
/// newest 1.2.x.
fn kestra(arguments: &Arguments<'_>) -> Result<Option<u32>, Miss> {
    let Some(version) = arguments.text("kestra")? else { return Ok(None) };
    let parts = version.split('.').count();
    version_number(&version)
        .map(|number| match parts {
            1 => number | 0xf_ffff,
            2 => number | 0x3ff,
            _ => number,
        })
        .map(Some)
        .ok_or_else(|| {
            Miss::new(format!("`{}` is not a version of Kestra", repeated(&version)))
                .next("give one such as 1.2 or 1.3.19, or leave `kestra` out")
        })
}

fn runs_on(release: &Release, kestra: Option<u32>) -> bool {
    kestra.is_none_or(|kestra| release.kestra <= kestra)
}

/// The plugin asked for, unless it was its repository, and that repository.
fn history(
    target: PluginTarget,
) -> (Option<&'static Plugin>, Option<&'static crate::model::records::Repository>) {
    let plugin = match target {
        PluginTarget::Repository(at) => return (None, Some(&catalog::REPOSITORIES[at])),
        PluginTarget::Plugin(at) => &catalog::PLUGINS[at],
        PluginTarget::Group(at) => &catalog::PLUGINS[catalog::GROUPS[at].plugin as usize],
    };
    let known = plugin.repository != NONE;
    (Some(plugin), known.then(|| &catalog::REPOSITORIES[plugin.repository as usize]))
}

fn no_history(plugin: Option<&'static Plugin>) -> Miss {
    let name = plugin.map_or("", |plugin| catalog::text(plugin.name));
    let why = if plugin.is_some_and(|plugin| plugin.ee) {
        "it is part of the Enterprise Edition, whose releases are not public"
    } else {
        "it is released with Kestra itself"
    };
    Miss::new(format!("no release history of `{name}`: {why}"))
        .next("call versions for the versions of Kestra and of every plugin")
}
