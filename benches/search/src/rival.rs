//! The same documents in tantivy: a field for each of ours, with the same weights, English
//! stems, BM25; in memory, one segment, one thread.

use catalog_source::fold::words;
use catalog_source::search::Document;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, TantivyDocument};

/// Bytes that the writer may use: enough for one segment.
const MEMORY: usize = 500_000_000;
/// Letters from which on one and two slips are forgiven, as with us.
const TWO_SLIPS_FROM: usize = 8;

pub struct Rival {
    searcher: Searcher,
    parser: QueryParser,
    fields: Vec<Field>,
}

impl Rival {
    pub fn new(documents: &[Document]) -> tantivy::Result<Self> {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let weights: Vec<f64> = documents[0].fields.iter().map(|field| field.weight).collect();
        let fields: Vec<Field> = (0..weights.len())
            .map(|at| schema.add_text_field(&format!("f{at}"), options.clone()))
            .collect();
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, MEMORY)?;
        for document in documents {
            let mut row = TantivyDocument::default();
            for field in &document.fields {
                // Names are split as ours are: `BigQuery` is no word of English.
                let mut text = String::new();
                words(&field.text, |word| text = format!("{text}{} ", word.as_str()));
                row.add_text(fields[field.slot], &text);
            }
            writer.add_document(row)?;
        }
        writer.commit()?;
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        let mut parser = QueryParser::for_index(&index, fields.clone());
        for (field, weight) in fields.iter().zip(weights) {
            parser.set_field_boost(*field, weight as f32);
        }
        let searcher = index.reader()?.searcher();
        Ok(Self { searcher, parser, fields })
    }

    /// Slips are looked for everywhere, or nowhere: tantivy does not know where it must.
    pub fn forgive(&mut self, text: &str, forgive: bool) {
        let longest = text.split(' ').map(str::len).max().unwrap_or_default();
        let slips = 1 + u8::from(longest >= TWO_SLIPS_FROM);
        for field in &self.fields {
            self.parser.set_field_fuzzy(*field, false, if forgive { slips } else { 0 }, true);
        }
    }

    /// Number of hits of the first page and of all.
    pub fn search(&self, text: &str) -> (usize, usize) {
        let (query, _) = self.parser.parse_query_lenient(text);
        let found = self.searcher.search(&query, &(TopDocs::with_limit(10), Count));
        found.map_or((0, 0), |(top, count)| (top.len(), count))
    }
}
