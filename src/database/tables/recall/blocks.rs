//! Blocks: many signatures of a scope in one row, which is read once.

use std::sync::Arc;

use super::read_rows;
use crate::database::recall::BlockKey;
use crate::database::sql::statement::Statement;
use crate::database::{ConnectedDatabase, Database};
use crate::error::Result;

/// Maximum number of blocks that a statement reads.
const PAGE: usize = 400;

impl Database {
    /// Returns blocks in the order of their keys, `None` for those that are gone. Reads those that
    /// are not cached.
    pub(super) async fn read_blocks(
        &self,
        ready: &ConnectedDatabase,
        keys: &[BlockKey],
    ) -> Result<Vec<Option<Arc<[u8]>>>> {
        let mut blocks: Vec<Option<Arc<[u8]>>> =
            keys.iter().map(|key| self.recall.blocks.get(*key)).collect();
        let mut missing: Vec<usize> = (0..keys.len()).filter(|n| blocks[*n].is_none()).collect();
        missing.sort_unstable_by_key(|n| keys[*n]);
        for page in missing.chunks(PAGE) {
            let page_keys: Vec<BlockKey> = page.iter().map(|n| keys[*n]).collect();
            let rows = ready.fetch("read the lexical index", self.block_query(ready, &page_keys)).await?;
            for row in read_rows(self.dialect(), &rows) {
                let key = BlockKey { scope: row.scope, first: row.first, version: row.version };
                let Some(n) = page.iter().find(|n| keys[**n] == key) else { continue };
                let block: Arc<[u8]> = row.body.unwrap_or_default().into();
                self.recall.blocks.insert(key, Arc::clone(&block));
                blocks[*n] = Some(block);
            }
        }
        Ok(blocks)
    }

    /// Returns the query for the blocks of these keys. It may find a few others.
    fn block_query(&self, ready: &ConnectedDatabase, keys: &[BlockKey]) -> Statement {
        let native = ready.is_native();
        let mut scopes: Vec<i64> = keys.iter().map(|key| key.scope).collect();
        scopes.dedup();
        let firsts: Vec<i64> = keys.iter().map(|key| key.first).collect();
        let select = self.select_index(ready.layout(), native).and(|builder| {
            builder.push_one_of_numbers(&self.dialect().quote("scope"), &scopes);
            builder.push(" AND ").push_one_of_numbers(&self.dialect().quote("first"), &firsts);
        });
        Statement { reads_bytes: native, ..select.finish() }
    }
}
