//! Tools as commands, built from the table of tools.

use clap::{Arg, ArgAction, ArgMatches, Command};
use kestra_mcp::tools::{Parameter, Takes, Tool};
use serde_json::{Map, Value};

use super::parse_number;

/// The name of a tool's command: `task-schema` for `task_schema`.
pub(super) fn command_name(tool: &Tool) -> String {
    tool.name.replace('_', "-")
}

/// The command of a tool.
pub(super) fn command(tool: &Tool) -> Command {
    let description = description(tool);
    let first = description.split_inclusive(". ").next().unwrap_or("").trim_end();
    let command = Command::new(command_name(tool))
        .aliases(tool.name.contains('_').then_some(tool.name))
        .about(first.trim_end_matches('.').to_owned())
        .long_about(description.clone())
        .args(own_parameters(tool).map(|parameter| argument(tool, parameter)));
    if tool.name == "search" { explaining(command) } else { command }
}

/// The option that shows why hits are hits.
fn explaining(command: Command) -> Command {
    let explain = Arg::new("explain").long("explain").action(ArgAction::SetTrue);
    command
        .arg(explain.help(
            "Print a table instead: what each word was taken for, and what each hit got for it",
        ))
        .after_help(EXPLAINED)
}

/// Whether a search is to be explained.
pub(super) fn is_explained(tool: &Tool, matches: &ArgMatches) -> bool {
    tool.name == "search" && matches.get_flag("explain")
}

const EXPLAINED: &str = "\
Examples:
  kestra-mcp search upload s3                  words need no quotes
  kestra-mcp search --type docs retry a task   pages instead of classes
  kestra-mcp search --explain 'uplaod to s3'   why these hits

How --explain counts: what a word was taken for has a weight (rare words weigh more), and
each hit gets points for every word that it has. The score is 16 times the sum of the points
over the weight of the query, less where words are missing, a quarter more where the query
names the kind of the hit (trigger, task runner, ...). A hit matches 45 % of the weight or more.";

/// Parameters but for the version of Kestra, which is an option of every command.
fn own_parameters(tool: &Tool) -> impl Iterator<Item = &'static Parameter> {
    tool.parameters.iter().filter(|parameter| parameter.name != "kestra")
}

/// What the tool's definition says about it.
fn description(tool: &Tool) -> String {
    let definition: Value = serde_json::from_str(tool.definition).unwrap_or_default();
    definition["description"].as_str().unwrap_or(tool.name).to_owned()
}

fn argument(tool: &Tool, parameter: &'static Parameter) -> Arg {
    let argument = Arg::new(parameter.name).help(parameter.help);
    let argument = match parameter.takes {
        Takes::Flag => argument.action(ArgAction::SetTrue),
        Takes::Number => argument.value_name("N").value_parser(parse_number),
        Takes::Text => argument.value_name("TEXT"),
        Takes::List => argument.value_name("LIST").action(ArgAction::Append),
    };
    if is_positional(tool, parameter) {
        let argument = argument.required(true).value_name(parameter.name.to_uppercase());
        // Several words are one query.
        return if parameter.name == "query" { argument.num_args(1..) } else { argument };
    }
    let name = kebab(parameter.name);
    let argument = argument.long(name.clone()).required(parameter.required);
    if name == parameter.name { argument } else { argument.alias(parameter.name) }
}

/// The first parameter that the tool cannot do without is typed without its name.
fn is_positional(tool: &Tool, parameter: &Parameter) -> bool {
    let first = tool.parameters.iter().find(|parameter| parameter.required);
    first.is_some_and(|first| first.name == parameter.name)
}

/// `parsed-url` for `parsedUrl`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(if character == '_' { '-' } else { character.to_ascii_lowercase() });
    }
    kebab
}

/// What was typed as the JSON of a call's arguments.
pub(super) fn arguments(tool: &Tool, matches: &ArgMatches) -> String {
    let typed = tool.parameters.iter().filter_map(|parameter| {
        value(parameter, matches).map(|value| (parameter.name.to_owned(), value))
    });
    Value::Object(typed.collect::<Map<_, _>>()).to_string()
}

fn value(parameter: &Parameter, matches: &ArgMatches) -> Option<Value> {
    let name = parameter.name;
    match parameter.takes {
        Takes::Flag => matches.get_flag(name).then_some(Value::Bool(true)),
        Takes::Number => matches.get_one::<u64>(name).map(|number| Value::from(*number)),
        Takes::Text => {
            let words: Vec<&str> = matches.get_many::<String>(name)?.map(String::as_str).collect();
            Some(Value::from(words.join(" ")))
        }
        Takes::List => {
            let mut values =
                matches.get_many::<String>(name)?.map(|text| Value::from(text.as_str()));
            // One text may be a list with commas, or a name with a comma: the tool knows.
            if values.len() == 1 { values.next() } else { Some(values.collect()) }
        }
    }
}
