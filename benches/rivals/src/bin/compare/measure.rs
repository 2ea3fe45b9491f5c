//! The measurements.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::cases::Case;
use crate::connection::Connection;
use crate::figures::{median, print, quantile};
use crate::server::Server;
use crate::{Arguments, Failure};

/// How to start the servers. The bare one comes first, for ratios, and once more: how far
/// the two differ is how far figures of this run can be trusted.
struct Field<'a> {
    arguments: &'a Arguments,
    answer: PathBuf,
    names: Vec<&'static str>,
}

impl<'a> Field<'a> {
    /// Asks the product once, for the others to replay.
    async fn prepare(arguments: &'a Arguments, case: &Case) -> Result<Self, Failure> {
        let answer = std::env::temp_dir().join(format!("rivals-{}.json", std::process::id()));
        let mut names = vec!["bare", "again", "product"];
        if !arguments.no_sdk && !arguments.gzip {
            names.push("sdk");
        }
        let field = Self { arguments, answer, names };
        let body = field.start("product")?.first_answer(&case.request).await?;
        std::fs::write(&field.answer, body)?;
        Ok(field)
    }

    fn start(&self, name: &'static str) -> Result<Server, Failure> {
        let address = OsStr::new("ADDRESS");
        if name == "product" {
            let arguments = [OsStr::new("serve"), OsStr::new("--listen"), address];
            return Server::start(name, &self.arguments.product, &arguments);
        }
        let program = self.arguments.rivals.join(if name == "sdk" { "sdk" } else { "bare" });
        let mut of_server = vec![address, self.answer.as_os_str()];
        // An answer that the product did not compress begins otherwise.
        if self.expected()?.starts_with(&[0x1f, 0x8b]) {
            of_server.push(OsStr::new("gzip"));
        }
        Server::start(name, &program, &of_server)
    }

    fn expected(&self) -> Result<Vec<u8>, Failure> {
        Ok(std::fs::read(&self.answer)?)
    }
}

impl Drop for Field<'_> {
    fn drop(&mut self) {
        // A file that is left over in the folder for such files does no harm.
        let _ = std::fs::remove_file(&self.answer);
    }
}

/// CPU time per request.
pub(crate) async fn cpu(arguments: &Arguments, case: &Case) -> Result<(), Failure> {
    let field = Field::prepare(arguments, case).await?;
    let expected = field.expected()?;
    let mut servers = Vec::new();
    for name in &field.names {
        let server = field.start(name)?;
        let first = server.first_answer(&case.request).await?;
        if *name != "sdk" && first != expected {
            return Err(format!("{name} answers something else").into());
        }
        servers.push((server, Vec::new()));
    }
    let mut loads = Vec::new();
    for (server, _) in &servers {
        loads.push(Load::open(server, arguments, case, &expected).await?);
    }
    // One round that does not count: allocators and caches fill.
    for round in 0..=arguments.rounds {
        for at in 0..servers.len() {
            let at = (at + round) % servers.len();
            let (server, figures) = &mut servers[at];
            let before = server.cpu()?;
            let requests = loads[at].run(arguments.requests).await?;
            if round > 0 {
                figures.push((server.cpu()? - before) as f64 / requests as f64 / 1000.0);
            }
        }
    }
    let medians: Vec<_> =
        servers.iter_mut().map(|(server, figures)| (server.name, median(figures))).collect();
    print(&format!("{} ({} B)", case.name, expected.len()), "us", &medians);
    for (server, _) in servers.iter().filter(|(server, _)| server.name != "again") {
        memory(server, "after load")?;
    }
    Ok(())
}

fn memory(server: &Server, when: &str) -> Result<(), Failure> {
    let memory = server.memory()?;
    println!(
        "    {:<8} {when}: {} KiB resident, {} KiB at most, {} KiB anonymous",
        server.name, memory.resident, memory.most, memory.anonymous
    );
    Ok(())
}

/// Connections to one server.
struct Load {
    connections: Vec<Connection>,
    request: Vec<u8>,
    /// Length that answers must have; the SDK's own differ.
    length: Option<usize>,
}

impl Load {
    async fn open(
        server: &Server,
        arguments: &Arguments,
        case: &Case,
        expected: &[u8],
    ) -> Result<Self, Failure> {
        let mut connections = Vec::new();
        for _ in 0..arguments.connections {
            connections.push(Connection::open(server.address).await?);
        }
        let length = (server.name != "sdk").then_some(expected.len());
        Ok(Self { connections, request: case.request.clone(), length })
    }

    /// Sends `requests`, shared among the connections; returns how many it were.
    async fn run(&mut self, requests: usize) -> Result<usize, Failure> {
        let each = requests / self.connections.len();
        let mut tasks = JoinSet::new();
        for mut connection in self.connections.drain(..) {
            let (request, length) = (self.request.clone(), self.length);
            tasks.spawn(async move {
                for _ in 0..each {
                    let body = connection.ask(&request).await.map_err(|error| error.to_string())?;
                    if length.is_some_and(|length| length != body.len()) {
                        return Err("an answer of another length".to_owned());
                    }
                }
                Ok(connection)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            self.connections.push(ended??);
        }
        Ok(each * self.connections.len())
    }
}

/// From exec to the first answer.
pub(crate) async fn start(arguments: &Arguments, case: &Case) -> Result<(), Failure> {
    let field = Field::prepare(arguments, case).await?;
    let mut times = vec![Vec::new(); field.names.len()];
    for round in 0..arguments.rounds {
        for at in 0..field.names.len() {
            let at = (at + round) % field.names.len();
            let began = Instant::now();
            let server = field.start(field.names[at])?;
            server.first_answer(&case.request).await?;
            times[at].push(began.elapsed().as_secs_f64() * 1e3);
            if round + 1 == arguments.rounds {
                memory(&server, "after start")?;
            }
        }
    }
    let medians: Vec<_> =
        field.names.iter().zip(&mut times).map(|(name, times)| (*name, median(times))).collect();
    print(&format!("start, {}", case.name), "ms", &medians);
    Ok(())
}

/// One request after the other on one connection.
pub(crate) async fn latency(arguments: &Arguments, case: &Case) -> Result<(), Failure> {
    let field = Field::prepare(arguments, case).await?;
    let mut servers = Vec::new();
    for name in &field.names {
        let server = field.start(name)?;
        server.first_answer(&case.request).await?;
        let connection = Connection::open(server.address).await?;
        servers.push((server, connection, Vec::new()));
    }
    for _ in 0..arguments.rounds {
        for (_, connection, times) in &mut servers {
            for _ in 0..arguments.requests / 10 {
                let began = Instant::now();
                connection.ask(&case.request).await?;
                times.push(began.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    for (part, what) in [(0.5, "p50"), (0.99, "p99")] {
        let figures: Vec<_> = servers
            .iter_mut()
            .map(|(server, _, times)| (server.name, quantile(times, part)))
            .collect();
        print(&format!("{what}, {}", case.name), "us", &figures);
    }
    Ok(())
}

/// Many connections that have asked once.
pub(crate) async fn idle(arguments: &Arguments, case: &Case) -> Result<(), Failure> {
    let field = Field::prepare(arguments, case).await?;
    for name in field.names.iter().filter(|name| **name != "again") {
        let server = field.start(name)?;
        server.first_answer(&case.request).await?;
        memory(&server, "before")?;
        let connections = open_many(&server, &case.request).await?;
        memory(&server, &format!("with {} connections", connections.len()))?;
    }
    Ok(())
}

const MANY: usize = 10_000;

async fn open_many(server: &Server, request: &[u8]) -> Result<Vec<Connection>, Failure> {
    let mut connections = Vec::with_capacity(MANY);
    for _ in 0..MANY {
        let mut connection = Connection::open(server.address).await.map_err(|error| {
            format!("{error} after {} connections; see `ulimit -n`", connections.len())
        })?;
        connection.ask(request).await?;
        connection.forget();
        connections.push(connection);
    }
    Ok(connections)
}
