//! What the user typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use catalog_importer::client::{Client, Credentials, Patience};
use catalog_importer::failure::Failure;

/// Reads a Kestra instance, or a checkout of blueprints or of documentation, into the
/// form that the catalog is compiled from.
///
/// First say what is read, then what is written:
///
///   importer kestra --url <http://localhost:8080> overlay my-kestra
///   importer blueprints ../blueprints overlay my-kestra
///   importer diff --url <http://localhost:8080>
///
/// A build takes overlays from the environment variable `KESTRA_MCP_OVERLAYS`, folders
/// separated like those of PATH; later ones win.
///
/// Exit codes: 0 done; 1 drift (`diff` only); 2 failed; 3 done, but something was skipped.
#[derive(Debug, Parser)]
#[command(name = "importer", version, max_term_width = 100, verbatim_doc_comment)]
pub(crate) struct Cli {
    /// What is read.
    #[command(subcommand)]
    pub(crate) source: Source,
}

/// What is read.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// A running Kestra, 0.20 to 2.0, over its REST API.
    Kestra {
        #[command(flatten)]
        server: Server,
        /// Kestra's version, where the server does not say (`/api/v1/configs`).
        #[arg(long, value_name = "VERSION")]
        kestra_version: Option<String>,
        #[command(flatten)]
        reading: Reading,
        #[command(subcommand)]
        target: Target,
    },
    /// Kestra's public API: every published plugin, where no Kestra runs.
    Public {
        /// Address of the API; `/plugins` and what follows is added.
        #[arg(long, default_value = "https://api.kestra.io/v1", value_name = "URL")]
        base: String,
        /// Version of Kestra that the API describes.
        #[arg(long, value_name = "VERSION")]
        kestra_version: String,
        #[command(flatten)]
        patience: PatienceArgs,
        #[command(flatten)]
        reading: Reading,
        #[command(subcommand)]
        target: Target,
    },
    /// The release history of the plugins' repositories, from a public releases API.
    Releases {
        /// Address of the API.
        #[arg(long, default_value = "https://api.github.com", value_name = "URL")]
        base: String,
        /// Token of the API: without one it soon refuses to answer.
        #[arg(long, env = "GITHUB_TOKEN", hide_env_values = true)]
        token: Option<String>,
        #[command(flatten)]
        patience: PatienceArgs,
        #[command(flatten)]
        reading: Reading,
        #[command(subcommand)]
        target: Target,
    },
    /// Blueprints: a folder of YAML files with an `extend:` block, a `.jsonl` file, or a
    /// running Kestra (its address), whose flows and custom blueprints are taken.
    Blueprints {
        /// Folder, file or address.
        #[arg(value_name = "PATH")]
        path: String,
        #[command(flatten)]
        access: Access,
        #[command(subcommand)]
        target: OverlayTarget,
    },
    /// Documentation: a folder of Markdown files with front matter.
    Docs {
        /// Folder.
        path: PathBuf,
        #[command(subcommand)]
        target: OverlayTarget,
    },
    /// Compare a running Kestra with a catalog folder; exit code 1 where they differ.
    Diff {
        #[command(flatten)]
        server: Server,
        /// Kestra's version, where the server does not say (`/api/v1/configs`).
        #[arg(long, value_name = "VERSION")]
        kestra_version: Option<String>,
        /// The catalog's folder, and overlays that are laid over it, later ones on top.
        #[arg(long, value_name = "DIR", default_value = "catalog-source", num_args = 1..)]
        against: Vec<PathBuf>,
        /// Plugins that only the catalog has are no drift: this Kestra has fewer.
        #[arg(long)]
        installed_only: bool,
        /// Form of the report.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Requests at a time.
        #[arg(long, default_value_t = 4, value_name = "N")]
        jobs: usize,
    },
}

/// What is written.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Target {
    /// Facts alone, into a catalog folder: for maintainers of the catalog.
    Facts {
        /// The catalog's folder.
        #[arg(default_value = "catalog-source")]
        dir: PathBuf,
    },
    /// Facts and texts, into an overlay folder: for users.
    Overlay {
        /// The overlay; it is made if need be.
        dir: PathBuf,
        /// Leave what Kestra does not describe to the catalog's own texts, instead of
        /// answering exactly what Kestra says.
        #[arg(long)]
        fill: bool,
    },
}

/// What is written of texts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum OverlayTarget {
    /// Into an overlay folder.
    Overlay {
        /// The overlay; it is made if need be.
        dir: PathBuf,
    },
}

/// A server and how to reach it.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// Address of Kestra, such as <http://localhost:8080>.
    #[arg(long, env = "KESTRA_URL")]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// How to prove who asks.
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// User of basic auth.
    #[arg(long, env = "KESTRA_USER", requires = "password")]
    pub(crate) user: Option<String>,
    /// Password of basic auth; better given in the environment.
    #[arg(long, env = "KESTRA_PASSWORD", hide_env_values = true)]
    pub(crate) password: Option<String>,
    /// API token, instead of user and password; better given in the environment.
    #[arg(long, env = "KESTRA_TOKEN", hide_env_values = true, conflicts_with = "user")]
    pub(crate) token: Option<String>,
    /// Tenant, where paths have one.
    #[arg(long, env = "KESTRA_TENANT")]
    pub(crate) tenant: Option<String>,
    #[command(flatten)]
    pub(crate) patience: PatienceArgs,
}

/// Time limits and tries.
#[derive(Debug, Args)]
pub(crate) struct PatienceArgs {
    /// Longest time for one answer, in seconds. The flow schema of a Kestra with every
    /// plugin takes minutes the first time.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    pub(crate) timeout: u64,
    /// Tries after a first one that failed in passing; the wait between them doubles.
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub(crate) retries: u32,
}

/// How much at a time, and what is known beforehand.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Requests at a time.
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub(crate) jobs: usize,
    /// The catalog's own folder; it knows classes that Kestra describes, but not lists.
    #[arg(long, default_value = "catalog-source", value_name = "DIR")]
    pub(crate) catalog: PathBuf,
}

/// Form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One JSON object.
    Json,
}

impl Server {
    /// A client for it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.access.client(&self.url)
    }
}

impl Access {
    /// A client for that address.
    pub(crate) fn client(&self, url: &str) -> Result<Client, Failure> {
        let credentials = match (&self.user, &self.password, &self.token) {
            (_, _, Some(token)) => Credentials::Token(token.clone()),
            (Some(user), Some(password), _) => Credentials::Basic(user.clone(), password.clone()),
            _ => Credentials::None,
        };
        Client::new(url, &credentials, self.patience.patience())
    }
}

impl PatienceArgs {
    /// As the client takes it.
    #[must_use]
    pub(crate) fn patience(&self) -> Patience {
        Patience {
            timeout: Duration::from_secs(self.timeout.max(1)),
            retries: self.retries,
            ..Patience::default()
        }
    }
}
