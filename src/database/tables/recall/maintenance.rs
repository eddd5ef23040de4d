//! The background task of the index, one per database handle.

use std::sync::Arc;

use tracing::warn;

use super::marker::{Marker, StoredMarker};
use crate::async_context;
use crate::database::recall::{BLOCK_ROWS, Work};
use crate::database::schema::tables::{MEMORY, RECALL};
use crate::database::sql::scope::ROW;
use crate::database::{ConnectedDatabase, Database};
use crate::error::{Error, Result};
use crate::task;

impl Database {
    /// Prepares the index: an index of no memories is complete at once, and an incomplete one is
    /// filled in the background. A failure leaves memories without the index, not without answers.
    pub(crate) async fn open_index(self: &Arc<Self>) {
        if self.in_transaction() {
            return;
        }
        match Box::pin(self.prepare_index()).await {
            Ok(()) => self.maintain_index(),
            Err(error @ Error::DatabasePermissionDenied { .. }) => self.deny_index(&error),
            Err(error) => warn!(code = error.code(), %error, "Lexical index not maintained"),
        }
    }

    async fn prepare_index(self: &Arc<Self>) -> Result<()> {
        let ready = self.ready().await?;
        if !self.has_index(ready.layout()) {
            return self.invalidate_index(&ready).await;
        }
        match self.marker(&ready).await? {
            Some(StoredMarker { marker: Some(marker), .. }) if marker.complete => {
                self.request_maintenance(&ready).await
            }
            None if !self.has_memories(&ready).await? => {
                let statements = self.write_marker(&ready, &Marker::complete())?;
                ready.transaction("begin the lexical index", statements).await
            }
            _ => {
                self.recall.request(Work::Fill);
                Ok(())
            }
        }
    }

    /// Deletes the marker of an index that is off, because it will lack what is saved now.
    async fn invalidate_index(&self, ready: &ConnectedDatabase) -> Result<()> {
        if self.may_index() || !self.may_migrate() || !self.has_table(&RECALL).await? {
            return Ok(());
        }
        let delete = self.scope(&RECALL, ready.layout()).delete().and(|builder| {
            builder.push_one_of_numbers(&self.dialect().quote("scope"), &[self.scope_of_marker()]);
        });
        ready.execute("turn the lexical index off", delete.finish()).await.map(drop)
    }

    async fn has_memories(&self, ready: &ConnectedDatabase) -> Result<bool> {
        let one = format!("{} AS c0", self.dialect().text("1"));
        let select = self.scope(&MEMORY, ready.layout()).select(&one);
        let select = select.then(|builder| self.dialect().page(builder, Some(1), 0));
        Ok(ready.fetch("look for memories", select.finish()).await?.value().is_some())
    }

    /// Requests what an earlier process has left to do in the scopes that nobody reads.
    async fn request_maintenance(&self, ready: &ConnectedDatabase) -> Result<()> {
        let dialect = self.dialect();
        let [scope, first] = ["scope", "first"].map(|column| dialect.quote(column));
        let (all, deleted) = (self.scope_of_all(), self.scope_of_deleted());
        let columns = format!("{} AS c0, {} AS c1", dialect.text(&scope), dialect.text("COUNT(*)"));
        let count = self.scope(&RECALL, ready.layout()).select(&columns).and(|builder| {
            builder.push_one_of_numbers(&scope, &[all, deleted]).push(&format!(" AND {first} >= 0"));
        });
        let count = count.then(|builder| {
            builder.push(&format!(" GROUP BY {}.{scope}", ROW));
        });
        for row in ready.fetch("look at the lexical index", count.finish()).await? {
            let mut row = row.into_iter().map(|cell| cell.and_then(|cell| cell.parse::<i64>().ok()));
            let (Some(scope), Some(rows)) = (row.next().flatten(), row.next().flatten()) else { continue };
            if scope == deleted {
                self.recall.request(Work::Purge);
            } else if usize::try_from(rows).is_ok_and(|rows| rows > BLOCK_ROWS) {
                self.recall.request(Work::Compact(scope));
            }
        }
        Ok(())
    }

    /// Starts the background task if there is work for it.
    pub(crate) fn maintain_index(self: &Arc<Self>) {
        if self.in_transaction() {
            return;
        }
        let Some(stop) = self.recall.start() else { return };
        let database = Arc::clone(self);
        let work = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = database.work_off() => {}
            }
        };
        task::spawn_tracked(self.recall.tasks(), async_context::with_context(None, work));
    }

    async fn work_off(self: &Arc<Self>) {
        while let Some(work) = self.recall.next() {
            if let Err(error) = Box::pin(self.work(work)).await {
                let denied = matches!(error, Error::DatabasePermissionDenied { .. });
                if denied {
                    self.deny_index(&error);
                } else {
                    // The next process, or the next row, tries again.
                    warn!(code = error.code(), %error, "Lexical index not maintained");
                }
            }
        }
    }

    async fn work(self: &Arc<Self>, work: Work) -> Result<()> {
        let ready = self.ready().await?;
        if !self.has_index(ready.layout()) {
            return Ok(());
        }
        match work {
            Work::Fill => self.fill(&ready).await.map(drop),
            Work::Purge => self.purge(&ready).await,
            Work::Compact(scope) => self.compact(&ready, scope).await,
        }
    }

    /// Stops the use of the index, because the role may not use the table.
    pub(super) fn deny_index(&self, error: &Error) {
        if self.recall.deny() {
            warn!(code = error.code(), %error, "Lexical index not used: the role may not");
        }
    }
}
