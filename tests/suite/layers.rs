use std::fs;
use std::path::Path;

/// From left to right: each may use those before it.
const LAYERS: [&str; 6] = ["model", "index", "validate", "tools", "protocol", "transport"];

/// What no layer left of transport may mention: it waits for nothing, and knows neither
/// sockets nor statuses.
const RIGHT_OF_PROTOCOL: [&str; 7] =
    ["async ", "tokio::", "hyper::", "StatusCode", "std::net", "std::io::Read", "std::fs"];

#[test]
fn no_arrow_points_right() {
    for (position, layer) in LAYERS.iter().enumerate() {
        for (path, text) in sources(&format!("src/{layer}")) {
            for right in &LAYERS[position + 1..] {
                assert!(!text.contains(&format!("crate::{right}")), "{path} uses {right}");
            }
        }
    }
}

#[test]
fn only_the_transport_waits() {
    for layer in &LAYERS[..5] {
        for (path, text) in sources(&format!("src/{layer}")) {
            // Tests may read what the repository holds.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for word in RIGHT_OF_PROTOCOL {
                assert!(!text.contains(word), "{path} mentions {word}");
            }
        }
    }
}

#[test]
fn only_the_protocol_speaks_json_rpc() {
    for layer in &LAYERS[..4] {
        for (path, text) in sources(&format!("src/{layer}")) {
            assert!(!text.contains("\"jsonrpc\""), "{path} speaks JSON-RPC");
        }
    }
}

/// Every source file below a folder, as path and text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the layer is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("it can be read");
                found.push((path.display().to_string(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}
