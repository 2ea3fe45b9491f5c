//! JSON-RPC and the two protocol eras.
