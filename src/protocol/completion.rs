//! `completion/complete`: names by prefix, straight from the index.

use arrayvec::ArrayString;

use super::envelope::{self, Cache};
use super::error::{Quoted, RpcError};
use super::json::{Text, Value};
use super::methods::{Call, Done, Handled};
use super::prompts;
use crate::index::{self, Completed, Completion};
use crate::model::Reply;

/// Values that one answer may hold.
const MAX_VALUES: usize = 100;
/// The longest prefix that can be one of a name.
const MAX_PREFIX: usize = 256;

/// Templates and the argument that each has.
const TEMPLATES: &[(&str, &str, Completion)] = &[
    ("kestra://class/{cls}", "cls", Completion::Class),
    ("kestra://plugin/{name}", "name", Completion::Plugin),
    ("kestra://blueprint/{id}", "id", Completion::Blueprint),
    ("kestra://doc/{+path}", "path", Completion::Doc),
];

/// Arguments of prompts whose values are known.
const PROMPT_ARGUMENTS: &[(&str, Completion)] =
    &[("from", Completion::Line), ("to", Completion::Line)];

/// What a client is filling in.
struct Blank<'a> {
    what: Option<Completion>,
    prefix: Text<'a>,
}

/// R5: an unknown reference is an error, an unknown argument has no values.
pub(super) fn complete<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let blank = Blank::read(call)?;
    envelope::open(call.id, call.era, r#""completion":{"values":["#, reply);
    let completed = blank.fill(reply);
    reply.push_static(r#"],"total":"#);
    reply.push_number(completed.total);
    reply.push_static(if completed.written < completed.total {
        r#","hasMore":true}"#
    } else {
        r#","hasMore":false}"#
    });
    envelope::close(call.era, Cache::Unsaid, reply);
    Ok(Done::default())
}

impl<'a> Blank<'a> {
    fn read(call: &Call<'a>) -> Result<Self, RpcError<'a>> {
        let [kind, name, uri] = fields(call.params.reference, ["type", "name", "uri"]);
        let [argument, prefix, _] = fields(call.params.argument, ["name", "value", ""]);
        let (Some(argument), Some(prefix)) = (argument, prefix) else {
            return Err(RpcError::params("`argument` must have `name` and `value`, both strings"));
        };
        let kind = kind.ok_or(RpcError::params("`ref` must have a `type`"))?;
        let what = if kind.is("ref/prompt") {
            of_prompt(name, argument)?
        } else if kind.is("ref/resource") {
            of_template(uri, argument)?
        } else {
            return Err(RpcError::params("`ref.type` must be ref/prompt or ref/resource")
                .about(Quoted::Escaped(kind.raw())));
        };
        Ok(Self { what, prefix })
    }

    fn fill(&self, reply: &mut Reply) -> Completed {
        let mut buffer = ArrayString::<MAX_PREFIX>::new();
        match (self.what, self.prefix.plain(&mut buffer)) {
            (Some(what), Some(prefix)) => index::complete(what, prefix, MAX_VALUES, reply),
            _ => Completed::default(),
        }
    }
}

fn of_prompt<'a>(
    name: Option<Text<'a>>,
    argument: Text<'a>,
) -> Result<Option<Completion>, RpcError<'a>> {
    let name = name.ok_or(RpcError::params("`ref.name` is missing or not a string"))?;
    let prompt = prompts::find(name).ok_or_else(|| {
        RpcError::params("unknown prompt; prompts/list names them all")
            .about(Quoted::Escaped(name.raw()))
    })?;
    let taken = prompt.arguments.iter().any(|known| argument.is(known.name));
    let known = PROMPT_ARGUMENTS.iter().find(|(known, _)| taken && argument.is(known));
    Ok(known.map(|(_, what)| *what))
}

fn of_template<'a>(
    uri: Option<Text<'a>>,
    argument: Text<'a>,
) -> Result<Option<Completion>, RpcError<'a>> {
    let uri = uri.ok_or(RpcError::params("`ref.uri` is missing or not a string"))?;
    let known = TEMPLATES.iter().find(|(known, _, _)| uri.is(known)).ok_or_else(|| {
        RpcError::params("unknown resource template; resources/templates/list names them all")
            .about(Quoted::Escaped(uri.raw()))
    })?;
    Ok(argument.is(known.1).then_some(known.2))
}

/// Members of an object that are strings, by name.
fn fields<'a>(object: Option<Value<'a>>, names: [&str; 3]) -> [Option<Text<'a>>; 3] {
    let mut fields = [None; 3];
    for (name, value) in object.map(Value::members).into_iter().flatten() {
        if let Some(position) = names.iter().position(|known| name.is(known)) {
            fields[position] = value.text();
        }
    }
    fields
}
