//! A server under measurement: starting it, and what the kernel says of it.

use std::ffi::OsStr;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::Failure;
use crate::connection::Connection;

/// A running server; it is ended when this is dropped.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    child: Child,
}

/// Kilobytes.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    pub(crate) most: u64,
    pub(crate) anonymous: u64,
}

impl Server {
    /// Starts `program`; where `arguments` says `ADDRESS` the address is put.
    pub(crate) fn start(
        name: &'static str,
        program: &Path,
        arguments: &[&OsStr],
    ) -> Result<Self, Failure> {
        // Free when asked; nothing else on a measuring machine takes it in between.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let text = address.to_string();
        let arguments =
            arguments.iter().map(|it| if *it == "ADDRESS" { OsStr::new(&text) } else { it });
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        Ok(Self { name, address, child })
    }

    /// Asks as soon as the server listens.
    pub(crate) async fn first_answer(&self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        let began = Instant::now();
        loop {
            match Connection::open(self.address).await {
                Ok(mut connection) => return Ok(connection.ask(request).await?.to_vec()),
                Err(_) if began.elapsed() < Duration::from_secs(10) => {
                    // Finer than what is measured, coarser than a busy loop.
                    std::thread::sleep(Duration::from_micros(50));
                }
                Err(error) => return Err(format!("{} does not listen: {error}", self.name).into()),
            }
        }
    }

    /// Nanoseconds of CPU that all threads have used.
    pub(crate) fn cpu(&self) -> Result<u64, Failure> {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            sum += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(sum)
    }

    pub(crate) fn memory(&self) -> io::Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim_matches([':', '\t', ' ', 'k', 'B']).parse().ok())
                .unwrap_or_default()
        };
        Ok(Memory { resident: field("VmRSS"), most: field("VmHWM"), anonymous: field("RssAnon") })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
