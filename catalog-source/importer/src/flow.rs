//! Kestra's own model, out of the flow schema. With every plugin installed that schema
//! has 14 to 30 MB, nearly all of it the plugins' classes, so it is read as it arrives
//! and one definition at a time is held.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufReader, Read};

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::{Value, json};

use crate::cut::cut;

/// Reads a flow schema and answers `facts/<line>/flow.json`. Definitions of `classes`
/// are left out: they are in the plugins' files.
pub fn read(source: &mut dyn Read, classes: &BTreeSet<String>) -> Result<Value, serde_json::Error> {
    let mut found = Found::default();
    let mut reader =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, source));
    (&mut reader).deserialize_map(Members { found: &mut found, classes })?;
    reader.end()?;
    Ok(json!({"root": {"$ref": found.root}, "definitions": found.definitions}))
}

#[derive(Default)]
struct Found {
    root: String,
    definitions: BTreeMap<String, Value>,
}

/// The members of the schema itself.
struct Members<'a> {
    found: &'a mut Found,
    classes: &'a BTreeSet<String>,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a flow schema, an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "$ref" => self.found.root = map.next_value()?,
                "definitions" | "$defs" => map.next_value_seed(Definitions {
                    found: &mut self.found.definitions,
                    classes: self.classes,
                })?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The definitions, one at a time.
struct Definitions<'a> {
    found: &'a mut BTreeMap<String, Value>,
    classes: &'a BTreeSet<String>,
}

impl<'de> DeserializeSeed<'de> for Definitions<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Definitions<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("definitions, an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if is_model(&name, self.classes) {
                let definition: Value = map.next_value()?;
                self.found.insert(name, cut(&definition).facts);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Whether a definition belongs to Kestra's own model. Kestra numbers a definition that
/// it needs in two forms: `...Constant-1`, `...Constant-2`.
fn is_model(name: &str, classes: &BTreeSet<String>) -> bool {
    let plain = match name.rsplit_once('-') {
        Some((plain, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => plain,
        _ => name,
    };
    name.starts_with("io.kestra.core.") && !classes.contains(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_model_only() {
        let schema = r##"{"$schema": "s", "definitions": {
            "io.kestra.core.models.flows.Flow": {"title": "T", "type": "object"},
            "io.kestra.core.tasks.scripts.Bash-1": {}, "io.kestra.plugin.x.Y": {}},
            "$ref": "#/definitions/io.kestra.core.models.flows.Flow"}"##;
        let classes = BTreeSet::from(["io.kestra.core.tasks.scripts.Bash".to_owned()]);
        let flow = read(&mut schema.as_bytes(), &classes).expect("a schema");
        let want = json!({"root": {"$ref": "#/definitions/io.kestra.core.models.flows.Flow"},
            "definitions": {"io.kestra.core.models.flows.Flow": {"type": "object"}}});
        assert_eq!(flow, want);
    }

    #[test]
    fn a_cut_schema_is_an_error() {
        let error = read(&mut &b"{\"definitions\": {\"a\": {"[..], &BTreeSet::new());
        assert!(error.expect_err("cut").is_eof());
    }
}
