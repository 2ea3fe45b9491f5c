//! What several tests need.

use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog_importer::client::{Client, Credentials, Patience};
use catalog_importer::kestra::Instance;

use crate::mock::Mock;

/// The catalog's own folder.
pub(crate) fn catalog() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("inside catalog-source").to_owned()
}

/// Retries without delay: what is tested is that they happen.
pub(crate) fn impatient() -> Patience {
    Patience { timeout: Duration::from_mins(1), retries: 2, backoff: Duration::from_millis(1) }
}

pub(crate) fn client(mock: &Mock) -> Client {
    Client::new(&mock.url, &Credentials::None, impatient()).expect("an address")
}

pub(crate) fn instance(mock: &Mock) -> Instance {
    Instance::connect(client(mock), None, None).expect("a Kestra")
}
