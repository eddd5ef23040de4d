//! Signatures by scope, and the memories that they lead to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::marker::Marker;
use super::{IndexRow, read_rows};
use crate::database::Database;
use crate::database::recall::{BLOCK_ROWS, BlockKey, MAX_TOMBSTONES, RemovedMemory, Work};
use crate::database::sql::table::ColumnType;
use crate::database::tables::memory_row;
use crate::error::{Error, Result};
use crate::types::memory::Memory;
use crate::types::signature::{Scope, Signatures};

/// Maximum number of reads while other processes replace blocks.
const MAX_ATTEMPTS: usize = 4;

impl Database {
    /// Returns the signatures in scopes. Returns `None` while the index is incomplete, off, or
    /// not usable by this role.
    pub async fn signatures(self: &Arc<Self>, scopes: &[Scope]) -> Result<Option<Signatures>> {
        let ready = self.ready().await?;
        if !self.has_index(ready.layout()) {
            return Ok(None);
        }
        let (marker, deleted) = (self.scope_of_marker(), self.scope_of_deleted());
        let mut hashes: Vec<i64> = scopes.iter().map(|scope| scope.hash()).chain([marker, deleted]).collect();
        hashes.sort_unstable();
        hashes.dedup();
        for _ in 0..MAX_ATTEMPTS {
            let directory = self.directory(&hashes, ready.layout(), ready.is_native());
            let rows = match ready.fetch("read the lexical index", directory).await {
                Ok(rows) => read_rows(self.dialect(), &rows),
                Err(error @ Error::DatabasePermissionDenied { .. }) => {
                    self.deny_index(&error);
                    return Ok(None);
                }
                Err(error) => return Err(error),
            };
            let state = rows.iter().find(|row| row.scope == marker).and_then(Marker::read);
            if !state.is_some_and(|state| state.complete) {
                self.recall.request(Work::Fill);
                self.maintain_index();
                return Ok(None);
            }
            let found = Directory::new(rows, marker, deleted);
            found.needed_work().into_iter().for_each(|work| self.recall.request(work));
            self.maintain_index();
            let blocks = self.read_blocks(&ready, &found.blocks).await?;
            // A block that is gone became another one since.
            if let Some(blocks) = blocks.into_iter().collect::<Option<Vec<_>>>() {
                return Ok(Some(found.into_signatures(blocks)));
            }
        }
        Ok(None)
    }

    /// Returns the memories of rows, each with its row, in no order.
    pub async fn memories_by_row(&self, rows: &[Uuid]) -> Result<Vec<(Uuid, Memory)>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ready = self.ready().await?;
        let keys: Vec<String> = rows.iter().map(Uuid::to_string).collect();
        let select = self.select_with_rows(ready.layout()).and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
        });
        let found = ready.fetch("read memories", select.finish()).await?;
        let mut memories = Vec::with_capacity(rows.len());
        for mut row in found.iter() {
            let Some(id) = row.next().flatten().and_then(|id| Uuid::parse_str(id).ok()) else { continue };
            memories.push((id, memory_row::read(self.dialect(), row)?));
        }
        Ok(memories)
    }
}

/// The rows of scopes, sorted.
struct Directory {
    /// Rows of one signature, the oldest first.
    single: Vec<IndexRow>,
    /// Blocks, the oldest first.
    blocks: Vec<BlockKey>,
    tombstones: Vec<RemovedMemory>,
}

impl Directory {
    fn new(rows: Vec<IndexRow>, marker: i64, deleted: i64) -> Self {
        let mut directory = Self { single: Vec::new(), blocks: Vec::new(), tombstones: Vec::new() };
        for row in rows {
            let IndexRow { scope, first, version, .. } = row;
            if scope == deleted {
                directory.tombstones.extend(row.body.as_deref().and_then(RemovedMemory::decode));
            } else if first < 0 {
                directory.blocks.push(BlockKey { scope, first, version });
            } else if scope != marker {
                directory.single.push(row);
            }
        }
        directory.single.sort_by_key(|row| (row.version, row.first, row.scope));
        directory.blocks.sort_by_key(|block| (block.first, block.scope));
        directory
    }

    /// Returns work that makes the next read faster.
    fn needed_work(&self) -> Vec<Work> {
        let mut work = Vec::new();
        let mut counts = HashMap::<i64, usize>::new();
        self.single.iter().for_each(|row| *counts.entry(row.scope).or_default() += 1);
        work.extend(
            counts.into_iter().filter(|(_, rows)| *rows > BLOCK_ROWS).map(|(scope, _)| Work::Compact(scope)),
        );
        work.extend((self.tombstones.len() > MAX_TOMBSTONES).then_some(Work::Purge));
        work
    }

    fn into_signatures(self, mut blocks: Vec<Arc<[u8]>>) -> Signatures {
        // A memory that was saved again after its deletion has a row of its own, see `compaction`.
        let saved: HashSet<Uuid> = self.single.iter().filter_map(IndexRow::memory).collect();
        let deleted = self.tombstones.into_iter().map(|removed| removed.row);
        let deleted = deleted.filter(|row| !saved.contains(row)).collect();
        let single: Vec<u8> = self.single.into_iter().filter_map(|row| row.body).flatten().collect();
        if !single.is_empty() {
            blocks.push(single.into());
        }
        Signatures { blocks, deleted }
    }
}
