//! Takes deleted memories out of blocks.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{read_rows, records};
use crate::database::recall::{BlockKey, RemovedMemory};
use crate::database::schema::tables::{MEMORY, RECALL};
use crate::database::sql::statement::Statement;
use crate::database::sql::table::ColumnType;
use crate::database::{ConnectedDatabase, Database};
use crate::error::Result;

/// Maximum number of tombstones that are worked off at once.
const PAGE: usize = 1_000;
/// Maximum number of passes while other processes write blocks.
const MAX_PASSES: usize = 5;
/// Number of blocks that are read at once.
const BLOCKS: usize = 50;

impl Database {
    /// Rewrites blocks without the deleted memories, and deletes the tombstones.
    pub(super) async fn purge(&self, ready: &ConnectedDatabase) -> Result<()> {
        loop {
            let tombstones = self.tombstones(ready, PAGE).await?;
            if tombstones.is_empty() {
                return Ok(());
            }
            let (keys, removed): (Vec<(i64, i64)>, Vec<RemovedMemory>) = tombstones.into_iter().unzip();
            // A filler may have written the row of a memory while it was deleted.
            let saved = self.saved_again(ready, &removed).await?;
            let gone: Vec<RemovedMemory> =
                removed.iter().filter(|removed| !saved.contains(&removed.row)).cloned().collect();
            if !gone.is_empty() {
                let delete = self.delete_single_rows(&gone, ready.layout());
                ready.execute("purge the lexical index", delete).await?;
            }
            self.strip_blocks(ready, &removed).await?;
            let count = keys.len();
            let (firsts, versions): (Vec<i64>, Vec<i64>) = keys.into_iter().unzip();
            let delete = self.scope(&RECALL, ready.layout()).delete().and(|builder| {
                let quote = |column| self.dialect().quote(column);
                builder.push_one_of_numbers(&quote("scope"), &[self.scope_of_deleted()]);
                builder.push(" AND ").push_one_of_numbers(&quote("first"), &firsts);
                builder.push(" AND ").push_one_of_numbers(&quote("version"), &versions);
            });
            ready.execute("purge the lexical index", delete.finish()).await?;
            if count < PAGE {
                return Ok(());
            }
        }
    }

    /// Returns the rows of memories that were saved again after their deletion.
    async fn saved_again(
        &self,
        ready: &ConnectedDatabase,
        removed: &[RemovedMemory],
    ) -> Result<HashSet<Uuid>> {
        let keys: Vec<String> = removed.iter().map(|removed| removed.row.to_string()).collect();
        let id = format!("{} AS c0", self.dialect().text("id"));
        let select = self.scope(&MEMORY, ready.layout()).select(&id).and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
        });
        let rows = ready.fetch("look for memories", select.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().filter_map(|id| Uuid::parse_str(&id).ok()).collect())
    }

    /// Rewrites the blocks that have records of these memories.
    pub(super) async fn strip_blocks(
        &self,
        ready: &ConnectedDatabase,
        removed: &[RemovedMemory],
    ) -> Result<()> {
        let rows: HashSet<Uuid> = removed.iter().map(|removed| removed.row).collect();
        let scopes: BTreeSet<i64> =
            removed.iter().flat_map(|removed| removed.scopes.iter().copied()).collect();
        let scopes: Vec<i64> = scopes.into_iter().collect();
        let mut clean = HashSet::new();
        for _ in 0..MAX_PASSES {
            let keys = self.block_keys(ready, &scopes).await?;
            let new: Vec<BlockKey> = keys.into_iter().filter(|key| !clean.contains(key)).collect();
            if new.is_empty() {
                break;
            }
            for page in new.chunks(BLOCKS) {
                let blocks = self.read_blocks(ready, page).await?;
                for (key, block) in page.iter().zip(blocks) {
                    let Some(block) = block else { continue };
                    match strip(&block, &rows) {
                        Some(rest) => self.replace_block(ready, *key, rest).await?,
                        None => drop(clean.insert(*key)),
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the keys of the blocks of scopes.
    pub(super) async fn block_keys(
        &self,
        ready: &ConnectedDatabase,
        scopes: &[i64],
    ) -> Result<Vec<BlockKey>> {
        let mut keys = Vec::new();
        for page in scopes.chunks(PAGE) {
            let quote = |column| self.dialect().quote(column);
            let columns = super::selected(self.dialect(), "NULL");
            let select = self.scope(&RECALL, ready.layout()).select(&columns).and(|builder| {
                builder.push_one_of_numbers(&quote("scope"), page);
                builder.push(&format!(" AND {} < 0", quote("first")));
            });
            let rows = ready.fetch("read the lexical index", select.finish()).await?;
            let found = read_rows(self.dialect(), &rows).into_iter();
            keys.extend(found.map(|row| BlockKey {
                scope: row.scope,
                first: row.first,
                version: row.version,
            }));
        }
        Ok(keys)
    }

    /// Replaces a block, unless another process was faster.
    async fn replace_block(&self, ready: &ConnectedDatabase, key: BlockKey, rest: Vec<u8>) -> Result<()> {
        let dialect = self.dialect();
        let table = self.scope(&RECALL, ready.layout());
        let query = if rest.is_empty() {
            table.delete()
        } else {
            let version = self.stamp().timestamp_micros().to_string();
            table.update(|builder| {
                builder.push_equal(&dialect.quote("version"), ColumnType::BigInteger, version);
                let body = builder.bind_bytes(rest);
                builder.push(&format!(", {} = {body}", dialect.quote("body")));
            })
        };
        let query = query.and(|builder| {
            for (n, (column, value)) in
                [("scope", key.scope), ("first", key.first), ("version", key.version)].into_iter().enumerate()
            {
                builder.push(if n == 0 { "" } else { " AND " });
                builder.push_equal(&dialect.quote(column), ColumnType::BigInteger, value.to_string());
            }
        });
        let statement: Statement = query.finish();
        ready.execute("purge the lexical index", statement).await.map(drop)
    }
}

/// Returns a block without the records of rows, `None` if it has none of them.
fn strip(block: &[u8], rows: &HashSet<Uuid>) -> Option<Vec<u8>> {
    let mut rest = Vec::with_capacity(block.len());
    for (signature, bytes) in records(block) {
        if !rows.contains(&signature.row()) {
            rest.extend_from_slice(bytes);
        }
    }
    (rest.len() < block.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::signature::Signature;

    #[test]
    fn blocks_lose_only_what_was_deleted() {
        let record = |row: u128| {
            let mut buffer = Vec::new();
            let terms = (0..row as u32).collect();
            let signature = Signature {
                row: Uuid::from_u128(row),
                time: 5,
                conversation: 1,
                asks: false,
                channel: 0,
                terms,
            };
            signature.encode(&mut buffer);
            buffer
        };
        let block = [record(1), record(2), record(300)].concat();
        let rows = |ids: &[u128]| ids.iter().copied().map(Uuid::from_u128).collect();
        assert_eq!(strip(&block, &rows(&[7])), None);
        assert_eq!(strip(&block, &rows(&[2])), Some([record(1), record(300)].concat()));
        assert_eq!(strip(&block, &rows(&[1, 2, 300])), Some(Vec::new()));
    }
}
