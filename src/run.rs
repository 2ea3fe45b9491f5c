//! What the program does once its arguments are read.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::num::NonZero;
use std::process::ExitCode;

use kestra_mcp::model::{Reply, catalog};
use kestra_mcp::protocol::manifest;
use kestra_mcp::tools::{self, Context, Tool, Verdict};
use kestra_mcp::transport::{Admission, Limits, Seat, Server, http, stdio};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

use crate::cli::{self, ServeOptions, ValidateOptions};
use crate::{explanation, findings};

/// Says why the program could not do its work, in one line.
type Failure = String;

/// Logs go to stderr: stdout belongs to the stdio transport and to answers.
pub(crate) fn start_log(level: LevelFilter) {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !no_color)
        .with_target(false)
        // It would be told on stderr, by a panic where nobody reads that any more.
        .log_internal_errors(false)
        .init();
}

/// Serves over HTTP until a signal comes, with one thread for each core.
///
/// Each thread has a runtime of its own and accepts from the same socket, so a connection
/// stays where it was accepted and no thread is woken for the work of another.
pub(crate) fn serve(context: Context, options: &ServeOptions) -> Result<ExitCode, Failure> {
    let listener = listen(options.listen)?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let (hosts, origins) = (options.allowed_hosts.clone(), options.allowed_origins.clone());
    let admission = Admission::new(address.ip(), hosts, origins);
    let server = Server::new(context, options.limits, admission, options.tolerant);
    // It lives as long as the program: a counter of its users would be written to for each
    // request, by all threads.
    let server: &'static Server = Box::leak(Box::new(server));
    let mut workers = Vec::new();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    for seat in Seat::for_threads(threads) {
        workers.push(worker(&listener, seat)?);
    }
    // The workers' copies are closed when they stop, and then nobody can connect.
    drop(listener);
    let url = format!("http://{address}/mcp");
    crate::say(format_args!(
        "kestra-mcp {}, catalog {}, at {url}\n\
         connect a client, for example: claude mcp add --transport http kestra {url}",
        env!("CARGO_PKG_VERSION"),
        catalog::VERSION
    ));
    std::thread::scope(|scope| {
        for worker in workers {
            scope.spawn(|| worker.serve(server));
        }
    });
    Ok(ExitCode::SUCCESS)
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener, Failure> {
    let listener = std::net::TcpListener::bind(address).map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another with --listen")
    })?;
    listener.set_nonblocking(true).map_err(|error| no_runtime(&error))?;
    Ok(listener)
}

/// What one thread serves with, made beforehand so that a failure is reported.
struct Worker<S> {
    runtime: Runtime,
    listener: TcpListener,
    seat: Seat,
    stop: S,
}

fn worker(
    listener: &std::net::TcpListener,
    seat: Seat,
) -> Result<Worker<impl Future<Output = ()> + use<>>, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| no_runtime(&error))?;
    let entered = runtime.enter();
    let listener = listener.try_clone().and_then(TcpListener::from_std);
    let listener = listener.map_err(|error| no_runtime(&error))?;
    let stop = stop()?;
    drop(entered);
    Ok(Worker { runtime, listener, seat, stop })
}

impl<S: Future<Output = ()>> Worker<S> {
    fn serve(self, server: &'static Server) {
        self.runtime.block_on(http::serve(self.listener, self.seat, server, self.stop));
    }
}

/// Serves over stdin and stdout until the input ends or a signal comes.
pub(crate) fn stdio(context: Context) -> Result<ExitCode, Failure> {
    // One thread reads stdin and one writes stdout. With more of them glibc would give each
    // an arena, and look up in a file how many it may give.
    let mut builder = Builder::new_current_thread();
    builder.enable_all().max_blocking_threads(2);
    let runtime = builder.build().map_err(|error| no_runtime(&error))?;
    let admission = Admission::new([127, 0, 0, 1].into(), Vec::new(), Vec::new());
    let server = Server::new(context, Limits::default(), admission, false);
    let ended = runtime.block_on(async {
        let input = tokio::io::BufReader::new(tokio::io::stdin());
        let stop = stop()?;
        let served = stdio::serve(&server, input, tokio::io::stdout(), stop);
        Box::pin(served).await.map_err(|error| error.to_string())
    });
    end_now(runtime);
    ended.map(|()| ExitCode::SUCCESS)
}

/// Ends without waiting for the thread that reads stdin: nothing wakes it.
fn end_now(runtime: Runtime) {
    runtime.shutdown_background();
}

fn no_runtime(error: &io::Error) -> Failure {
    format!("cannot start: {error}")
}

/// Ready when the program is asked to end. Must be called in a runtime.
fn stop() -> Result<impl Future<Output = ()> + use<>, Failure> {
    let no_signals = |error| format!("cannot listen for signals: {error}");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// Prints the manifest.
pub(crate) fn catalog() -> Result<ExitCode, Failure> {
    let mut reply = Reply::new();
    manifest::write(&mut reply);
    print(reply)?;
    Ok(ExitCode::SUCCESS)
}

/// Calls one tool and prints the text of its answer; a miss ends with 1.
pub(crate) fn tool(context: &Context, tool: &Tool, arguments: &str) -> Result<ExitCode, Failure> {
    let mut reply = Reply::new();
    let verdict = tool
        .call(context, arguments, &mut reply)
        .map_err(|_| format!("the arguments of {} are not an object", tool.name))?;
    print(reply)?;
    Ok(match verdict {
        Verdict::Answer => ExitCode::SUCCESS,
        Verdict::Miss => ExitCode::from(1),
    })
}

/// Explains a search; where there is nothing to explain, the tool says why.
pub(crate) fn explain(context: &Context, arguments: &str) -> Result<ExitCode, Failure> {
    let explained = tools::explained(context, arguments);
    let not_an_object = |_| "the arguments of search are not an object".to_owned();
    let Some(explained) = explained.map_err(not_an_object)? else {
        let search = tools::find("search").expect("it is in the table of tools");
        return tool(context, search, arguments);
    };
    write_out(explanation::render(&explained).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Checks files and prints what was found; an error in a flow ends with 1.
pub(crate) fn validate(context: &Context, options: &ValidateOptions) -> Result<ExitCode, Failure> {
    let checked = findings::check(context.line.unwrap_or(0), options)?;
    write_out(findings::render(&checked, options).as_bytes())?;
    Ok(if checked.iter().all(findings::Checked::is_valid) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Prints a script that completes commands in a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "kestra-mcp", &mut script);
    write_out(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a text that is escaped as the inside of a JSON string. A terminal gets a last
/// line feed; anything else gets exactly the text.
fn print(reply: Reply) -> Result<(), Failure> {
    let mut quoted = vec![b'"'];
    quoted.extend(reply.into_vec());
    quoted.push(b'"');
    let mut text: String = serde_json::from_slice(&quoted)
        .map_err(|error| format!("an answer is not escaped as it should be: {error}"))?;
    if io::stdout().is_terminal() && !text.ends_with('\n') {
        text.push('\n');
    }
    write_out(text.as_bytes())
}

/// Writes to stdout; a reader that has gone is no failure.
fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}
