//! `InMemoryStorage` and `DatabaseStorage` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use crate::channels::shared::allowlist::{Allowlist, AllowlistKind};
use crate::config::{self, DatabaseOptions};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::inbox::database::DatabaseInbox;
use crate::json::write;
use crate::memory::storage;
use crate::memory::storage::Storage;
use crate::memory::storage::in_memory::StoredMemory;
use crate::node::callback::JsonCallback;
use crate::node::driver_adapter::{JsDriverAdapter, as_driver_adapter, reopen};
use crate::node::error::{describe, to_napi};
use crate::node::promise::promise;
use crate::tls;
use crate::tools::DEFAULT_COUNTRY;
use crate::types::memory::json::{read_each, read_memories, read_memory, read_query};

/// Options of `migrate`.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MigrateOptions {
    pub dry_run: Option<bool>,
}

/// Outcomes of several saves: the error as JSON for each failed one.
type Failures = Vec<Option<String>>;

/// In-memory storage.
#[napi]
pub struct InMemoryStorage {
    inner: Arc<storage::in_memory::InMemoryStorage>,
}

#[napi]
impl InMemoryStorage {
    /// Creates an empty storage.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { inner: Arc::default() }
    }

    pub(super) fn inner(&self) -> Arc<storage::in_memory::InMemoryStorage> {
        Arc::clone(&self.inner)
    }

    /// Saves a memory.
    #[napi(catch_unwind)]
    pub fn save(&self, memory: String) -> napi::Result<()> {
        read_memory(&memory).and_then(|memory| self.inner.put(memory)).map_err(to_napi)
    }

    /// Saves all memories or none.
    #[napi(catch_unwind)]
    pub fn save_batch(&self, memories: String) -> napi::Result<()> {
        read_memories(&memories).and_then(|memories| self.inner.put_all(memories)).map_err(to_napi)
    }

    /// Returns the memory with the given id, if any.
    #[napi(catch_unwind)]
    pub fn get(&self, id: String) -> napi::Result<Option<String>> {
        self.inner.peek(&id).map(|memory| write(&*memory)).transpose().map_err(to_napi)
    }

    /// Returns the memories that match a query.
    #[napi(catch_unwind)]
    pub fn search(&self, query: String) -> napi::Result<String> {
        read_query(&query).and_then(|query| write_all(&self.inner.find(&query)?)).map_err(to_napi)
    }

    /// Deletes a memory.
    #[napi(catch_unwind)]
    pub fn delete(&self, id: String) {
        self.inner.forget(&id);
    }

    /// Returns the number of memories.
    #[napi(catch_unwind)]
    pub fn count(&self) -> u32 {
        u32::try_from(self.inner.count()).unwrap_or(u32::MAX)
    }

    /// Removes all memories.
    #[napi(catch_unwind)]
    pub fn clear(&self) {
        self.inner.clear();
    }

    /// Returns all memories, oldest first.
    #[napi(catch_unwind)]
    pub fn get_all(&self) -> napi::Result<String> {
        write_all(&self.inner.all()).map_err(to_napi)
    }
}

fn write_all(memories: &[Arc<StoredMemory>]) -> Result<String> {
    write(&memories.iter().map(Arc::as_ref).collect::<Vec<_>>())
}

/// Storage in the user's database.
#[napi]
pub struct DatabaseStorage {
    inner: Arc<storage::database::DatabaseStorage>,
    /// The developer's own database client, if given.
    client: Option<Arc<JsDriverAdapter>>,
}

#[napi]
impl DatabaseStorage {
    /// Creates a storage; connects on first use. `run` calls the developer's own client, if the
    /// options describe one.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: String, run: Option<JsonCallback>) -> napi::Result<Self> {
        let client = run.as_ref().map(JsDriverAdapter::new).transpose()?;
        let database = config::parse::<DatabaseOptions>(&options)
            .and_then(|options| Database::with_client(&options, as_driver_adapter(client.as_ref())))
            .map_err(to_napi)?;
        Ok(Self { inner: Arc::new(storage::database::DatabaseStorage::new(Arc::new(database))), client })
    }

    pub(super) fn inner(&self) -> Arc<storage::database::DatabaseStorage> {
        Arc::clone(&self.inner)
    }

    fn database(&self) -> Arc<Database> {
        Arc::clone(self.inner.database())
    }

    /// Connects, and creates or checks the tables. `run` restores the callback released by
    /// `dispose`. Resolves to warnings.
    #[napi(catch_unwind)]
    pub fn initialize<'env>(
        &self,
        env: &'env Env,
        run: Option<JsonCallback>,
    ) -> napi::Result<PromiseRaw<'env, Vec<String>>> {
        reopen(self.client.as_ref(), run)?;
        let database = self.database();
        promise(env, async move {
            let mut warnings = database.initialize().await?;
            warnings.extend(tls::warnings());
            Ok(warnings)
        })
    }

    /// Creates missing tables, columns and indexes, or reports the statements.
    #[napi(catch_unwind)]
    pub fn migrate<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        promise(env, migrate(Ok(self.database()), options))
    }

    /// Closes all connections.
    #[napi(catch_unwind)]
    pub fn dispose<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let database = self.database();
        promise(env, async move {
            database.close().await;
            Ok(())
        })
    }

    /// Saves each memory independently. Resolves to null, or to the error of each one.
    #[napi(catch_unwind)]
    pub fn save_each<'env>(
        &self,
        env: &'env Env,
        memories: String,
    ) -> napi::Result<PromiseRaw<'env, Option<Failures>>> {
        let database = self.database();
        promise(env, async move {
            let outcomes = database.save_each(read_each(&memories)?).await;
            if outcomes.iter().all(Result::is_ok) {
                return Ok(None);
            }
            Ok(Some(
                outcomes
                    .into_iter()
                    .map(|outcome| outcome.err().map(|error| describe(&error).to_string()))
                    .collect(),
            ))
        })
    }

    /// Saves all memories or none.
    #[napi(catch_unwind)]
    pub fn save_batch<'env>(&self, env: &'env Env, memories: String) -> napi::Result<PromiseRaw<'env, ()>> {
        let storage = self.inner();
        promise(env, async move { storage.save_batch(read_memories(&memories)?).await })
    }

    /// Returns the memory with the given id, if any.
    #[napi(catch_unwind)]
    pub fn get<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let database = self.database();
        promise(env, async move { database.memory(&id).await?.as_ref().map(write).transpose() })
    }

    /// Returns the memories that match a query.
    #[napi(catch_unwind)]
    pub fn search<'env>(&self, env: &'env Env, query: String) -> napi::Result<PromiseRaw<'env, String>> {
        let database = self.database();
        promise(env, async move { write(&database.search_memories(&read_query(&query)?).await?) })
    }

    /// Deletes a memory.
    #[napi(catch_unwind)]
    pub fn delete<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, ()>> {
        let storage = self.inner();
        promise(env, async move { storage.delete(&id).await })
    }

    /// Returns `true` if the database responds and the tables exist.
    #[napi(catch_unwind)]
    pub fn health_check<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, bool>> {
        let storage = self.inner();
        promise(env, async move { Ok(storage.health_check().await) })
    }

    /// Returns the number of memories.
    #[napi(catch_unwind)]
    pub fn count<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, f64>> {
        let database = self.database();
        promise(env, async move { database.count_memories().await.map(|count| count as f64) })
    }

    /// Removes all memories.
    #[napi(catch_unwind)]
    pub fn clear<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let database = self.database();
        promise(env, async move { database.clear_memories().await })
    }

    /// Returns the allowlist of a channel.
    #[napi(catch_unwind)]
    pub fn allowed<'env>(
        &self,
        env: &'env Env,
        channel: String,
    ) -> napi::Result<PromiseRaw<'env, Vec<String>>> {
        let list = self.allowlist(&channel);
        promise(env, async move { list.rows().await })
    }

    /// Adds a number or address to the allowlist of a channel.
    #[napi(catch_unwind)]
    pub fn allow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: String,
        added_by: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        let list = self.allowlist(&channel);
        promise(env, async move { list.add(&list.kind().canonical(&identifier), &added_by).await })
    }

    /// Removes a number or address from the allowlist of a channel, or all entries.
    #[napi(catch_unwind)]
    pub fn disallow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        let list = self.allowlist(&channel);
        promise(env, async move {
            let Some(identifier) = identifier else { return list.clear().await };
            list.load().await?;
            list.remove(&list.kind().canonical(&identifier)).await
        })
    }

    fn allowlist(&self, channel: &str) -> Allowlist {
        let of = match channel {
            "email" => AllowlistKind::Addresses,
            _ => AllowlistKind::Numbers { country: DEFAULT_COUNTRY.to_owned() },
        };
        let database = self.database();
        let inbox = Arc::new(DatabaseInbox::new(Arc::clone(&database)));
        Allowlist::new(of, Some(database), inbox)
    }
}

/// Runs or plans a migration; options and statements are JSON.
pub(super) async fn migrate(database: Result<Arc<Database>>, options: String) -> Result<String> {
    let options: MigrateOptions =
        crate::json::read(&options).map_err(|problem| problem.into_error(Error::argument))?;
    write(&database?.migrate(options.dry_run.unwrap_or_default()).await?)
}
