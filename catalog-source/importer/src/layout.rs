//! Writes JSON as the catalog's files are laid out: structure on lines of its own, one
//! property a line, so that a change of one property is a change of one line.

use serde_json::{Map, Value};

/// How an object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// On one line.
    Line,
    /// One member a line, each in the shape that [`inside`] gives for its name.
    Members(Kind),
}

/// What the members of an expanded object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The members of a file, a class or a definition.
    Structure,
    /// A map from names to things that are themselves structure.
    Things,
    /// A map from names to one-line schemas.
    Lines,
    /// A map from names to such maps.
    Maps,
}

/// Text of a facts file of a plugin or of Kestra's own classes, of `flow.json`.
#[must_use]
pub fn facts(value: &Value) -> String {
    document(value, Shape::Members(Kind::Structure))
}

/// Text of a file that maps names to structure: `base.json`, `inputs.json`.
#[must_use]
pub fn things(value: &Value) -> String {
    document(value, Shape::Members(Kind::Things))
}

/// Text of a `base.json`: maps from names to one-line schemas.
#[must_use]
pub fn maps(value: &Value) -> String {
    document(value, Shape::Members(Kind::Maps))
}

/// One value on one line, a space after `,` and `:`.
#[must_use]
pub fn line(value: &Value) -> String {
    let mut out = String::new();
    write(value, Shape::Line, 0, &mut out);
    out
}

fn document(value: &Value, shape: Shape) -> String {
    let mut out = String::new();
    write(value, shape, 0, &mut out);
    out.push('\n');
    out
}

/// The shape of a member of an expanded object.
fn inside(kind: Kind, name: &str) -> Shape {
    match kind {
        Kind::Lines => Shape::Line,
        Kind::Things => Shape::Members(Kind::Structure),
        Kind::Maps => Shape::Members(Kind::Lines),
        Kind::Structure => match name {
            "classes" | "definitions" | "inherited" => Shape::Members(Kind::Things),
            "properties" | "outputs" | "inheritedDiffers" | "subGroups" | "subgroups" => {
                Shape::Members(Kind::Lines)
            }
            "root" | "schema" => Shape::Members(Kind::Structure),
            "base" => Shape::Members(Kind::Maps),
            _ => Shape::Line,
        },
    }
}

fn write(value: &Value, shape: Shape, depth: usize, out: &mut String) {
    match (value, shape) {
        (Value::Object(members), Shape::Members(kind)) if !members.is_empty() => {
            expand(members, kind, depth, out);
        }
        (Value::Object(members), _) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                out.push_str(&quoted(name));
                out.push_str(": ");
                write(value, Shape::Line, depth, out);
            }
            out.push('}');
        }
        (Value::Array(items), _) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write(item, Shape::Line, depth, out);
            }
            out.push(']');
        }
        (other, _) => out.push_str(&other.to_string()),
    }
}

fn expand(members: &Map<String, Value>, kind: Kind, depth: usize, out: &mut String) {
    out.push_str("{\n");
    for (index, (name, value)) in members.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ",\n" });
        indent(depth + 1, out);
        out.push_str(&quoted(name));
        out.push_str(": ");
        write(value, inside(kind, name), depth + 1, out);
    }
    out.push('\n');
    indent(depth, out);
    out.push('}');
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', depth));
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_property_a_line() {
        let value = json!({"group": "g", "classes": {"a.B": {"type": "task", "properties": {"x": {"type": "string"}}, "required": ["x"]}}, "definitions": {}});
        let want = r#"{
 "group": "g",
 "classes": {
  "a.B": {
   "type": "task",
   "properties": {
    "x": {"type": "string"}
   },
   "required": ["x"]
  }
 },
 "definitions": {}
}
"#;
        assert_eq!(facts(&value), want);
    }

    #[test]
    fn what_is_written_reads_back() {
        let value = json!({"classes": {"a": {"definitions": ["d"], "properties": {"é\n": {"default": [1, {"b": null}]}}}}});
        assert_eq!(serde_json::from_str::<Value>(&facts(&value)).expect("JSON"), value);
    }
}
