use serde_json::Value;

/// Compares an answer with what is expected of it. In the expectation
/// `"<any>"` stands for any value, `"<json>"` for a string that holds JSON,
/// `"<text>x"` for a string that contains `x`, `"<server info>"` for a `_meta` that names
/// the server, and a member or last element `"..."` for whatever else there is.
pub(crate) fn compare(expected: &Value, found: &Value) -> Result<(), String> {
    let differs = || Err(format!("expected {expected}\n   found {found}"));
    match (expected, found) {
        (Value::String(placeholder), _) if placeholder == "<any>" => Ok(()),
        (Value::String(placeholder), Value::Object(meta)) if placeholder == "<server info>" => {
            let info = &meta["io.modelcontextprotocol/serverInfo"];
            if info["name"] == "kestra-mcp" && info["version"].is_string() {
                Ok(())
            } else {
                differs()
            }
        }
        (Value::String(placeholder), Value::String(text)) if placeholder == "<json>" => {
            serde_json::from_str::<Value>(text).map(drop).or_else(|_| differs())
        }
        (Value::String(expected), Value::String(text)) => {
            let alike = match expected.strip_prefix("<text>") {
                Some(part) => text.contains(part),
                None => text == expected,
            };
            if alike { Ok(()) } else { differs() }
        }
        (Value::Object(members), Value::Object(others)) => {
            for (name, member) in members.iter().filter(|(name, _)| *name != "...") {
                let other = others.get(name).ok_or(format!("`{name}` is missing in {found}"))?;
                compare(member, other)?;
            }
            let extra = others.keys().find(|name| !members.contains_key(*name));
            match extra {
                Some(name) if !members.contains_key("...") => {
                    Err(format!("`{name}` should not be in {found}"))
                }
                _ => Ok(()),
            }
        }
        (Value::Array(elements), Value::Array(others)) => {
            let open = elements.last().is_some_and(|last| last == "...");
            let elements = &elements[..elements.len() - usize::from(open)];
            if others.len() < elements.len() || !open && others.len() > elements.len() {
                return differs();
            }
            elements.iter().zip(others).try_for_each(|(element, other)| compare(element, other))
        }
        _ if expected == found => Ok(()),
        _ => differs(),
    }
}
