//! Keyword candidates: the memories that share words with a question, found by the storage itself.
//! They stand in for the lexical index while there is none.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::case_folding::fold_text;
use crate::error::Result;
use crate::memory::retrieval::options::RetrieveOptions;
use crate::memory::storage::Storage;
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::visibility::{Viewer, owner_field_variants};

/// Minimum length of a keyword in characters; shorter words carry little meaning.
const MIN_WORD_CHARS: usize = 3;
const MAX_WORD_CHARS: usize = 100;
const MAX_WORDS: usize = 32;
/// Number of newest matches that are ranked.
const CANDIDATES: u32 = 200;

/// Returns the newest memories that share words with a text and match the options.
pub(super) async fn keyword_candidates(
    storage: &dyn Storage,
    text: &str,
    options: &RetrieveOptions,
) -> Result<Vec<Memory>> {
    let words = words(text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let (mut found, mut ids) = (Vec::new(), HashSet::new());
    for fields in visible_fields(options.viewer.as_ref()) {
        let query = MemoryQuery {
            keywords: words.clone(),
            conversation_id: options.conversation_id.clone(),
            channel: options.channel.clone(),
            session_metadata: fields,
            ..MemoryQuery::newest(CANDIDATES)
        };
        for memory in storage.search(&query).await? {
            if options.matches(&memory) && ids.insert(memory.id.clone()) {
                found.push(memory);
            }
        }
    }
    Ok(found)
}

/// Returns the `sessionMetadata` filters of memories visible to a viewer. Each is a separate
/// search.
fn visible_fields(viewer: Option<&Viewer>) -> Vec<Map<String, Value>> {
    let Some(viewer) = viewer else { return vec![Map::new()] };
    let mut fields = owner_field_variants(&viewer.customer);
    fields.push(("conversationId".to_owned(), json!(viewer.conversation_id)));
    fields.extend(viewer.sdk_conversations.iter().map(|id| ("conversationId".to_owned(), json!(id))));
    // Shared memories are among those without a conversation.
    fields.push(("conversationId".to_owned(), Value::Null));
    fields.into_iter().map(|field| Map::from_iter([field])).collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = fold_text(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| (MIN_WORD_CHARS..=MAX_WORD_CHARS).contains(&word.chars().count()))
        .map(str::to_owned)
        .collect();
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    words.dedup();
    words.truncate(MAX_WORDS);
    words
}
