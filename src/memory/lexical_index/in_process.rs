//! A lexical index in the process, for storages that have none of their own.

use std::collections::HashMap;

use parking_lot::Mutex;
use uuid::Uuid;

use super::scope_blocks::ScopeBlocks;
use crate::types::signature::{Scope, Signature, Signatures};

/// A lexical index in the process. Adding and removing memories takes bounded time.
#[derive(Debug, Default)]
pub struct InProcessIndex {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    memories: HashMap<Uuid, IndexedMemory>,
    rows: HashMap<String, Uuid>,
    scopes: HashMap<Scope, ScopeBlocks>,
}

#[derive(Debug)]
struct IndexedMemory {
    id: String,
    /// The scopes, each with the number of the block that has the record.
    blocks: Vec<(Scope, u64)>,
}

impl InProcessIndex {
    /// Adds a memory, or replaces it.
    pub fn add(&self, row: Uuid, id: &str, scopes: &[Scope], signature: &Signature) {
        let mut state = self.state.lock();
        state.remove(id);
        let mut blocks: Vec<(Scope, u64)> = Vec::with_capacity(scopes.len());
        for scope in scopes {
            if blocks.iter().all(|(known, _)| known != scope) {
                blocks.push((*scope, state.scopes.entry(*scope).or_default().push(signature)));
            }
        }
        state.rows.insert(id.to_owned(), row);
        state.memories.insert(row, IndexedMemory { id: id.to_owned(), blocks });
    }

    /// Removes a memory.
    pub fn remove(&self, id: &str) {
        self.state.lock().remove(id);
    }

    /// Removes all memories.
    pub fn clear(&self) {
        *self.state.lock() = State::default();
    }

    /// Returns the number of memories.
    pub fn len(&self) -> usize {
        self.state.lock().memories.len()
    }

    /// Returns the signatures in these scopes.
    pub fn signatures(&self, scopes: &[Scope]) -> Signatures {
        let mut state = self.state.lock();
        let mut blocks = Vec::new();
        for scope in scopes {
            if let Some(scope) = state.scopes.get_mut(scope) {
                blocks.extend(scope.read());
            }
        }
        Signatures { blocks, ..Signatures::default() }
    }

    /// Returns the ids of these rows, as far as they are known.
    pub fn ids(&self, rows: &[Uuid]) -> Vec<(Uuid, String)> {
        let state = self.state.lock();
        rows.iter().filter_map(|row| Some((*row, state.memories.get(row)?.id.clone()))).collect()
    }
}

impl State {
    fn remove(&mut self, id: &str) {
        let Some(row) = self.rows.remove(id) else { return };
        let Some(memory) = self.memories.remove(&row) else { return };
        for (scope, block) in memory.blocks {
            let Some(blocks) = self.scopes.get_mut(&scope) else { continue };
            blocks.remove(block, row);
            if blocks.is_empty() {
                self.scopes.remove(&scope);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::signature::SignatureRef;
    use std::sync::Arc;

    fn records_of(blocks: &[Arc<[u8]>]) -> impl Iterator<Item = SignatureRef<'_>> {
        blocks.iter().flat_map(|block| {
            let mut rest = &block[..];
            std::iter::from_fn(move || SignatureRef::split_first(&mut rest))
        })
    }

    fn scope(id: &str) -> Scope {
        Scope::conversation(None, id)
    }

    fn add(index: &InProcessIndex, id: u128, scopes: &[&str], term: u32) {
        let row = Uuid::from_u128(id);
        let signature =
            Signature { row, time: id as i64, conversation: 1, asks: false, channel: 0, terms: vec![term] };
        let scopes: Vec<Scope> = scopes.iter().map(|id| scope(id)).collect();
        index.add(row, &id.to_string(), &scopes, &signature);
    }

    /// Returns the rows of a scope, each with its last term.
    fn rows(index: &InProcessIndex, id: &str) -> Vec<(u128, u32)> {
        let Signatures { blocks, deleted } = index.signatures(&[scope(id)]);
        assert!(deleted.is_empty());
        let mut rows = std::collections::BTreeMap::new();
        for record in records_of(&blocks) {
            rows.insert(record.row().as_u128(), record.terms().last().unwrap_or_default());
        }
        rows.into_iter().collect()
    }

    #[test]
    fn has_what_was_added_and_not_removed() {
        let index = InProcessIndex::default();
        add(&index, 1, &["a", "b"], 10);
        add(&index, 2, &["a"], 20);
        assert_eq!(rows(&index, "a"), [(1, 10), (2, 20)]);
        assert_eq!(rows(&index, "b"), [(1, 10)]);
        index.remove("1");
        index.remove("unknown");
        assert_eq!((rows(&index, "a"), rows(&index, "b")), (vec![(2, 20)], vec![]));
        add(&index, 1, &["b"], 11);
        assert_eq!((rows(&index, "a"), rows(&index, "b")), (vec![(2, 20)], vec![(1, 11)]));
        assert_eq!(
            index.ids(&[Uuid::from_u128(1), Uuid::from_u128(9)]),
            [(Uuid::from_u128(1), "1".to_owned())]
        );
        index.clear();
        assert_eq!((rows(&index, "a").len(), index.len()), (0, 0));
    }

    #[test]
    fn a_memory_moves_between_scopes() {
        let index = InProcessIndex::default();
        add(&index, 1, &["a"], 10);
        add(&index, 1, &["b"], 11);
        assert_eq!((rows(&index, "a"), rows(&index, "b")), (vec![], vec![(1, 11)]));
        add(&index, 1, &["b"], 13);
        add(&index, 1, &["a"], 12);
        add(&index, 1, &["a", "b"], 14);
        assert_eq!((rows(&index, "a"), rows(&index, "b")), (vec![(1, 14)], vec![(1, 14)]));
    }

    #[test]
    fn replaced_records_do_not_pile_up() {
        let index = InProcessIndex::default();
        for term in 0..5_000 {
            add(&index, u128::from(term % 700), &["a"], term);
            if term % 100 == 0 {
                index.signatures(&[scope("a")]);
            }
        }
        let blocks = index.signatures(&[scope("a")]).blocks;
        assert!(records_of(&blocks).count() < 1_000);
        assert_eq!(rows(&index, "a").len(), 700);
        assert!(rows(&index, "a").iter().all(|(_, term)| *term >= 4_300));
    }

    #[test]
    fn a_memory_may_get_another_row() {
        let index = InProcessIndex::default();
        add(&index, 1, &["a"], 10);
        let signature = super::super::testing::signature(7, 7, &[70]);
        index.add(signature.row, "1", &[scope("a"), scope("a")], &signature);
        assert_eq!(rows(&index, "a"), [(7, 70)]);
        assert_eq!(records_of(&index.signatures(&[scope("a")]).blocks).count(), 1);
        assert_eq!(index.ids(&[Uuid::from_u128(1)]), []);
    }

    #[test]
    fn generated_changes_are_followed() {
        let index = InProcessIndex::default();
        let mut model = std::collections::BTreeMap::new();
        let mut seed = 88_172_645_463_325_252_u64;
        for step in 0..20_000_u32 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let (id, kind) = (u128::from(seed % 900), seed >> 60);
            let scopes: &[&str] = [&["a"][..], &["b"], &["a", "b"], &[]][(seed >> 50) as usize % 4];
            if kind < 5 {
                index.remove(&id.to_string());
                model.remove(&id);
            } else {
                add(&index, id, scopes, step);
                model.insert(id, (scopes, step));
            }
            if step % 997 == 0 || step == 19_999 {
                for name in ["a", "b"] {
                    let expected = model.iter().filter(|(_, (scopes, _))| scopes.contains(&name));
                    let expected: Vec<_> = expected.map(|(id, (_, step))| (*id, *step)).collect();
                    assert_eq!(rows(&index, name), expected, "{step}");
                    let records = records_of(&index.signatures(&[scope(name)]).blocks).count();
                    assert_eq!(records, expected.len());
                }
                assert_eq!(index.len(), model.len());
            }
        }
    }
}
