//! Fills the index with the memories that are there.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tracing::info;
use uuid::Uuid;

use super::marker::{Marker, StoredMarker};
use crate::compute::compute;
use crate::database::connection::retry::RetryPolicy;
use crate::database::recall::IndexedMemory;
use crate::database::tables::memory_row;
use crate::database::{ConnectedDatabase, Database};
use crate::error::Result;
use crate::stopwatch::Stopwatch;
use crate::types::memory::{Direction, Memory, MemoryQuery};

/// Memories per page.
const PAGE: u32 = 1_000;
/// Minimum time between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_secs(5);

impl Database {
    /// Indexes all memories again. Returns their number. Nothing is retrieved by the index until it
    /// ends.
    pub async fn rebuild_index(self: &Arc<Self>) -> Result<u64> {
        let ready = self.ready().await?;
        if !self.has_index(ready.layout()) {
            return Ok(0);
        }
        self.restart_fill(&ready).await?;
        self.fill(&ready).await
    }

    /// Fills the index from where the last process left off. Returns the number of indexed memories.
    pub(super) async fn fill(self: &Arc<Self>, ready: &ConnectedDatabase) -> Result<u64> {
        let watch = Stopwatch::start();
        let mut reported = Instant::now();
        let mut worked = false;
        loop {
            let stored = match self.marker(ready).await? {
                Some(StoredMarker { marker: Some(marker), version }) => Some((marker, version)),
                _ => None,
            };
            let Some((marker, version)) = stored else {
                self.restart_fill(ready).await?;
                continue;
            };
            if marker.complete {
                let memories = marker.memories;
                if worked && memories > 0 {
                    info!(memories, duration_ms = watch.ms(), "Lexical index complete");
                }
                return Ok(memories);
            }
            worked = true;
            let page = self.memories_to_index(ready, &marker).await?;
            let next = after(&marker, &page);
            self.index_page(ready, page).await?;
            for scope in self.recall.take_compactions() {
                self.compact(ready, scope).await?;
            }
            // Another process that fills too may have been faster: both go on from its marker.
            self.replace_marker(ready, version, &next).await?;
            if !next.complete && reported.elapsed() >= REPORT_EVERY {
                reported = Instant::now();
                info!(memories = next.memories, "Lexical index being filled");
            }
        }
    }

    /// Empties the index, and writes the marker of a fill from the start.
    pub(super) async fn restart_fill(&self, ready: &ConnectedDatabase) -> Result<()> {
        let mut statements = vec![self.clear_index_statement(ready.layout())];
        statements.extend(self.write_marker(ready, &Marker::begin())?);
        let policy = RetryPolicy::LongRunning;
        ready.run_in_transaction("empty the lexical index", &statements, policy).await
    }

    /// Returns the next memories to index, each with its row unless that has another program's id.
    async fn memories_to_index(
        &self,
        ready: &ConnectedDatabase,
        marker: &Marker,
    ) -> Result<Vec<(Option<Uuid>, Memory)>> {
        let query = MemoryQuery {
            start: marker.after.and_then(DateTime::<Utc>::from_timestamp_millis),
            offset: marker.skip,
            direction: Direction::Asc,
            ..MemoryQuery::newest(PAGE)
        };
        let select = self.scan_with_rows(&query, ready.layout());
        let rows = ready.fetch("read memories", select).await?;
        let mut memories = Vec::new();
        for mut row in rows.iter() {
            let id = row.next().flatten().and_then(|id| Uuid::parse_str(id).ok());
            memories.push((id, memory_row::read(self.dialect(), row)?));
        }
        Ok(memories)
    }

    async fn index_page(
        self: &Arc<Self>,
        ready: &ConnectedDatabase,
        page: Vec<(Option<Uuid>, Memory)>,
    ) -> Result<()> {
        let database = Arc::clone(self);
        let memories = compute(move || -> Vec<IndexedMemory> {
            let rows = page.into_iter().filter_map(|(row, memory)| Some((row?, memory)));
            rows.map(|(row, memory)| database.indexed_memory(&memory, row)).collect()
        })
        .await?;
        // A signature that is there already is that of a later save.
        let statements = self.index_statements(memories, false, ready.layout());
        if statements.is_empty() {
            return Ok(());
        }
        ready.run_in_transaction("index memories", &statements, RetryPolicy::LongRunning).await
    }
}

/// Returns the marker after a page. The memories of the page's last millisecond are read again,
/// unless they fill a page.
fn after(marker: &Marker, page: &[(Option<Uuid>, Memory)]) -> Marker {
    let read = u64::try_from(page.len()).unwrap_or_default();
    let last = page.last().map(|(_, memory)| memory.timestamp.timestamp_millis());
    let full = read >= u64::from(PAGE);
    let (skip, repeated) = match last {
        Some(_) if last == marker.after => (marker.skip + PAGE, 0),
        Some(last) => {
            let same = page.iter().filter(|(_, memory)| memory.timestamp.timestamp_millis() == last).count();
            (0, u64::try_from(same).unwrap_or_default())
        }
        None => (marker.skip, 0),
    };
    let new = if full { read - repeated } else { read };
    Marker {
        complete: !full,
        after: last.or(marker.after),
        skip,
        memories: marker.memories + new,
        ..marker.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::MemoryType;

    fn page(times: impl Iterator<Item = i64>) -> Vec<(Option<Uuid>, Memory)> {
        let memory = |time| Memory {
            timestamp: DateTime::from_timestamp_millis(time).unwrap(),
            ..Memory::new(MemoryType::Conversation, "x")
        };
        times.map(|time| (None, memory(time))).collect()
    }

    /// Counts what a fill over memories of these times reads last, and what it says that it indexed.
    fn filled(times: &[i64]) -> (usize, u64) {
        let mut marker = Marker::begin();
        let mut seen = std::collections::HashSet::new();
        while !marker.complete {
            let rest =
                times.iter().enumerate().filter(|(_, time)| marker.after.is_none_or(|after| **time >= after));
            let read: Vec<(usize, i64)> =
                rest.skip(marker.skip as usize).take(PAGE as usize).map(|(n, time)| (n, *time)).collect();
            seen.extend(read.iter().map(|(n, _)| *n));
            marker = after(&marker, &page(read.into_iter().map(|(_, time)| time)));
        }
        (seen.len(), marker.memories)
    }

    #[test]
    fn every_memory_is_read() {
        for times in [
            vec![],
            vec![5],
            (0..2_500).collect::<Vec<i64>>(),
            (0..1_000).collect(),
            vec![7; 1_000],
            vec![7; 3_700],
            (0..5_000).map(|n| n / 700).collect(),
            (0..900).chain([900; 2_500]).chain(901..2_000).collect(),
        ] {
            let (seen, _) = filled(&times);
            assert_eq!(seen, times.len());
        }
        assert_eq!(filled(&(0..2_500).collect::<Vec<i64>>()).1, 2_500);
    }
}
