//! Measures the product beside its rivals: same requests, same answers, in alternation.
//!
//! The machine is never quiet, so only ratios of one run mean anything: each round loads
//! every server in turn, and what is compared are medians over many short rounds.

mod cases;
mod connection;
mod figures;
mod measure;
mod server;

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// What can go wrong ends the program with a sentence.
type Failure = Box<dyn Error>;

#[derive(Parser)]
#[command(about = "Measures the product beside a bare hyper server and the official Rust SDK")]
struct Arguments {
    /// The product's release binary
    #[arg(long, default_value = "target/release/kestra-mcp")]
    product: PathBuf,
    /// Folder with the binaries of the rivals
    #[arg(long, default_value = "benches/rivals/target/release")]
    rivals: PathBuf,
    /// Rounds over all servers
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Requests of one round and server
    #[arg(long, default_value_t = 4000)]
    requests: usize,
    /// Connections that are kept alive
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Only cases whose name contains this
    #[arg(long, default_value = "")]
    case: String,
    /// Ask for gzip (a product built with `--features gzip`): the bare server sends the
    /// product's own compressed bytes
    #[arg(long)]
    gzip: bool,
    /// Leave the SDK out
    #[arg(long)]
    no_sdk: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Subcommand)]
enum What {
    /// CPU time per request, and the memory that the load leaves
    Cpu,
    /// Time from exec to the first answer, and memory then
    Start,
    /// Time of one request after the other, on one connection
    Latency,
    /// Memory of 10,000 connections that ask once and wait
    Idle,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for case in
            cases::all(arguments.gzip).iter().filter(|case| case.name.contains(&arguments.case))
        {
            match arguments.what {
                What::Cpu => measure::cpu(&arguments, case).await?,
                What::Start => measure::start(&arguments, case).await?,
                What::Latency => measure::latency(&arguments, case).await?,
                What::Idle => measure::idle(&arguments, case).await?,
            }
        }
        Ok(())
    })
}
