//! Prompts: the order of tool calls for the three jobs people bring.

use super::envelope::{self, Cache};
use super::error::{Quoted, RpcError};
use super::json::{Text, Value};
use super::methods::{Call, Done, Handled, one_page};
use super::tools::required_name;
use crate::model::Reply;

/// One prompt.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) name: &'static str,
    /// Its entry in the answer to `prompts/list`, JSON.
    definition: &'static str,
    description: &'static str,
    pub(super) arguments: &'static [Argument],
    /// The message, escaped; the arguments follow each part in turn.
    parts: &'static [Part],
}

/// One argument of a prompt.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    required: bool,
}

/// Text, and the argument after it.
#[derive(Debug)]
enum Part {
    Text(&'static str),
    /// The value of that argument, between two texts; nothing if it was not given.
    Given(&'static str, usize, &'static str),
}

const fn required(name: &'static str) -> Argument {
    Argument { name, required: true }
}

const fn optional(name: &'static str) -> Argument {
    Argument { name, required: false }
}

/// Every prompt.
pub(super) const PROMPTS: &[Prompt] = &[
    Prompt {
        name: "write_flow",
        definition: r#"{"name":"write_flow","title":"Write a flow","description":"Write a Kestra flow for a goal, with classes and properties checked against the catalog","arguments":[{"name":"goal","description":"What the flow should do, in your own words","required":true}]}"#,
        description: "Write a Kestra flow for a goal",
        arguments: &[required("goal")],
        parts: &[
            Part::Given("Write a Kestra flow that does this: ", 0, r"\n\n"),
            Part::Text(
                r"Work in this order:\n1. `blueprints` with the goal's key words; read a close one with `get_blueprint_flow` and start from it.\n2. `search` for the class of each step and of the trigger.\n3. `task_schema` for all of these classes in one call; use only properties that it lists.\n4. Write the YAML. Put credentials in `{{ secret('NAME') }}`.\n5. `validate_flow`; repair and repeat until it reports no error.\nAnswer with the YAML and name the secrets to create.",
            ),
        ],
    },
    Prompt {
        name: "fix_flow",
        definition: r#"{"name":"fix_flow","title":"Fix a flow","description":"Find and repair what is wrong with a Kestra flow","arguments":[{"name":"flow","description":"The YAML of the flow","required":true},{"name":"error","description":"What Kestra reported, if anything"}]}"#,
        description: "Find and repair what is wrong with a Kestra flow",
        arguments: &[required("flow"), optional("error")],
        parts: &[
            Part::Given(r"Repair this Kestra flow:\n\n```yaml\n", 0, r"\n```\n\n"),
            Part::Given(r"Kestra reported: ", 1, r"\n\n"),
            Part::Text(
                r"Work in this order:\n1. `validate_flow` on the flow as it is.\n2. `task_schema` for every class that an error names, and for the class it should be; for a class that does not exist, `search` for what the step does.\n3. Where the error is about an expression or a concept, `search_docs` and `get_doc`.\n4. Change only what is wrong, then `validate_flow` again until it reports no error.\nAnswer with the repaired YAML and one line for each change.",
            ),
        ],
    },
    Prompt {
        name: "upgrade_flow",
        definition: r#"{"name":"upgrade_flow","title":"Upgrade a flow","description":"Move a Kestra flow from one release line to another","arguments":[{"name":"flow","description":"The YAML of the flow","required":true},{"name":"from","description":"The Kestra version it was written for, such as 1.3"},{"name":"to","description":"The Kestra version it should run on, such as 2.0"}]}"#,
        description: "Move a Kestra flow from one release line to another",
        arguments: &[required("flow"), optional("from"), optional("to")],
        parts: &[
            Part::Text("Upgrade this Kestra flow"),
            Part::Given(" from Kestra ", 1, ""),
            Part::Given(" to Kestra ", 2, ""),
            Part::Given(r":\n\n```yaml\n", 0, r"\n```\n\n"),
            Part::Text(
                r"Work in this order:\n1. `validate_flow` with `kestra` set to the version to move to (left out: the newest).\n2. `task_schema` with that same `kestra` for every class of the flow; where a class is gone, use the successor that the answer names, and where a property is gone or deprecated, the one that replaces it.\n3. `plugin_versions` for each plugin, to name the release to install.\n4. Change what has to change, then `validate_flow` again until it reports no error.\nAnswer with the upgraded YAML and one line for each change.",
            ),
        ],
    },
];

/// Every prompt, in one page.
pub(super) fn list<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    one_page(call)?;
    envelope::open(call.id, call.era, r#""prompts":["#, reply);
    for (n, prompt) in PROMPTS.iter().enumerate() {
        if n > 0 {
            reply.push_static(",");
        }
        reply.push_static(prompt.definition);
    }
    reply.push_static("]");
    envelope::close(call.era, Cache::Kept, reply);
    Ok(Done::default())
}

/// One prompt with its arguments filled in.
pub(super) fn get<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let name = required_name(call)?;
    let prompt = find(name).ok_or_else(|| {
        RpcError::params("unknown prompt; prompts/list names them all")
            .about(Quoted::Escaped(name.raw()))
    })?;
    let values = prompt.values(call.params.arguments)?;
    envelope::open(call.id, call.era, r#""description":""#, reply);
    reply.push_static(prompt.description);
    reply.push_static(r#"","messages":[{"role":"user","content":{"type":"text","text":""#);
    for part in prompt.parts {
        part.write(&values, reply);
    }
    reply.push_static(r#""}}]"#);
    envelope::close(call.era, Cache::Unsaid, reply);
    Ok(Done::default())
}

/// The prompt of that name.
pub(super) fn find(name: Text<'_>) -> Option<&'static Prompt> {
    PROMPTS.iter().find(|prompt| name.is(prompt.name))
}

/// Values by the position of their argument.
type Values<'a> = [Option<Text<'a>>; 3];

impl Prompt {
    fn values<'a>(&self, arguments: Option<Value<'a>>) -> Result<Values<'a>, RpcError<'a>> {
        let mut values = Values::default();
        let arguments = arguments.filter(|arguments| !arguments.is_null());
        if arguments.is_some_and(|arguments| !arguments.is_object()) {
            return Err(RpcError::params("`arguments` must be an object"));
        }
        for (name, value) in arguments.map(Value::members).into_iter().flatten() {
            let position = self.arguments.iter().position(|argument| name.is(argument.name));
            let Some(position) = position.filter(|_| !value.is_null()) else {
                continue;
            };
            let text = value.text().ok_or_else(|| {
                RpcError::params("prompt arguments are strings; this one is not")
                    .about(Quoted::Escaped(name.raw()))
            })?;
            values[position] = Some(text);
        }
        for (argument, value) in self.arguments.iter().zip(&values) {
            if argument.required && value.is_none() {
                return Err(RpcError::params("a required argument of the prompt is missing")
                    .about(Quoted::Escaped(argument.name)));
            }
        }
        Ok(values)
    }
}

impl Part {
    fn write(&self, values: &Values<'_>, reply: &mut Reply) {
        match *self {
            Self::Text(text) => reply.push_static(text),
            Self::Given(before, position, after) => {
                if let Some(value) = values[position] {
                    reply.push_static(before);
                    reply.push_str(value.raw());
                    reply.push_static(after);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_say_what_is_taken() {
        for prompt in PROMPTS {
            let listed: serde_json::Value =
                serde_json::from_str(prompt.definition).expect("it is JSON");
            assert_eq!(listed["name"], prompt.name);
            let names = listed["arguments"].as_array().expect("every prompt has arguments");
            assert_eq!(names.len(), prompt.arguments.len());
            for (listed, argument) in names.iter().zip(prompt.arguments) {
                assert_eq!(listed["name"], argument.name);
                assert_eq!(listed["required"].as_bool().unwrap_or(false), argument.required);
            }
        }
    }

    #[test]
    fn texts_can_stand_inside_a_json_string() {
        for part in PROMPTS.iter().flat_map(|prompt| prompt.parts) {
            let texts = match part {
                Part::Text(text) => [text, ""],
                Part::Given(before, _, after) => [*before, after],
            };
            for text in texts {
                serde_json::from_str::<String>(&format!("\"{text}\"")).expect("it is escaped");
            }
        }
    }
}
