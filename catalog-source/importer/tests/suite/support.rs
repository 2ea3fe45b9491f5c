//! What several tests need.

use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog_importer::assemble::Form;
use catalog_importer::client::{Client, Credentials, Patience};
use catalog_importer::import::{Options, import};
use catalog_importer::kestra::Instance;
use catalog_importer::summary::Summary;
use catalog_source::Root;
use catalog_source::elements::{Catalog, assemble};
use catalog_source::read::{Sources, read};

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

/// Imports into an overlay.
pub(crate) fn overlay(instance: &Instance, target: &Path) -> Summary {
    let options = Options {
        target: target.to_owned(),
        form: Form::Overlay { fill: false },
        jobs: 4,
        catalog: Some(catalog()),
        date: "2026-11-24".into(),
    };
    import(instance, &options).expect("an import")
}

/// The catalog with an overlay laid over it, which must have no problem.
pub(crate) fn laid_over(target: &Path) -> (Sources, Catalog) {
    let roots = [
        Root { name: String::new(), path: catalog() },
        Root { name: "mine".into(), path: target.to_owned() },
    ];
    let mut problems = Vec::new();
    let sources = read(&roots, &mut problems);
    let catalog = assemble(&sources, &mut problems);
    let first = &problems[..5.min(problems.len())];
    assert!(problems.is_empty(), "{} problems: {first:#?}", problems.len());
    (sources, catalog)
}
