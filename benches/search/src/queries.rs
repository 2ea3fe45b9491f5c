//! What is asked, by kind.

pub const KINDS: &[(&str, &[&str])] = &[
    (
        "one word",
        &[
            "kafka", "snowflake", "terraform", "slack", "postgres", "docker", "sftp", "excel",
            "salesforce", "subflow", "dbt", "webhook",
        ],
    ),
    (
        "two words",
        &[
            "s3 upload", "kafka trigger", "bigquery load", "python script", "slack message",
            "gcs download", "mongodb insert", "http request", "git clone", "redis list",
            "ssh command", "parquet writer",
        ],
    ),
    (
        "a question",
        &[
            "how do I send a message to slack when a flow fails",
            "is there a kafka realtime trigger",
            "run a shell command on a remote server over ssh",
            "what is the best way to load a csv file into postgres",
            "can kestra download files from an sftp server every hour",
            "transform csv to parquet with duckdb",
            "wait for a file to arrive in a bucket and start a flow",
            "call a rest api and store the answer in the key value store",
        ],
    ),
    (
        "a slip",
        &[
            "postgressql query", "snowflke query", "kubernets pod", "elasticsaerch bulk",
            "terrafrom apply", "databrics job", "salesfroce query", "airbtye sync",
        ],
    ),
    (
        "a start",
        &["snowf", "s3 uplo", "kube", "google clo", "elasti", "mongodb agg", "pyth", "data"],
    ),
    (
        "nothing there",
        &["sap hana connector", "netsuite invoices", "zoom meeting webhook", "quickbooks ledger"],
    ),
];
