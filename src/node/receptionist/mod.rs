//! `AIReceptionist` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;

use crate::agent::conversation_locks;
use crate::database::LEGACY_TABLE;
use crate::error::{Error, Result};
use crate::json;
use crate::json::write;
use crate::node::callback::{JsCallback, JsonCallback};
use crate::node::driver_adapter::{JsDriverAdapter, reopen};
use crate::node::error::to_napi;
use crate::node::instrumented::InstrumentedReceptionist;
use crate::node::log::{DeliverEntries, Log};
use crate::node::shared_resources::SharedResources;
use crate::node::storage::MigrateOptions;
use crate::receptionist::{Receptionist, Running};
use crate::types::memory::json::PruneOptions;

/// An agent on its channels, with its memory.
#[napi(js_name = "AIReceptionist")]
pub struct AiReceptionist {
    inner: InstrumentedReceptionist,
    /// The developer's own database client, if `database` is one.
    client: Option<Arc<JsDriverAdapter>>,
    /// Callback for user code.
    user: Arc<JsCallback>,
}

// After the struct, because napi learns its JavaScript name there, and the methods in these files
// need it.
mod agent;
mod allowlists;
mod customers;
mod email;
mod knowledge;
mod lines;
mod memory;
mod options;
mod phone;
mod text;
mod tools;
mod webhooks;

use options::NativeArguments;

#[napi]
impl AiReceptionist {
    /// Creates a receptionist and validates the options.
    #[napi(constructor, catch_unwind)]
    pub fn new(arguments: NativeArguments) -> napi::Result<Self> {
        let client = arguments.client()?;
        let user = JsCallback::new(&arguments.user)?;
        let config = arguments.parse_config().map_err(to_napi)?;
        let log = Log::new(config.log_level(), &arguments.log)?;
        let dependencies = arguments.dependencies(&config, &user, client.as_ref());
        let make = || Receptionist::new(config, dependencies);
        let inner = InstrumentedReceptionist::new(log, make).map_err(to_napi)?;
        Ok(Self { inner, client, user })
    }

    /// Returns the resources that another receptionist needs to work with the same database.
    #[napi(catch_unwind)]
    pub fn share(&self) -> SharedResources {
        SharedResources::new(self.inner.share(), self.client.clone())
    }

    /// Fails unless the receptionist is initialized.
    #[napi(catch_unwind)]
    pub fn assert_initialized(&self) -> napi::Result<()> {
        self.with_running(|_| ())
    }

    /// Connects and builds the agent. `user`, `run` and `log` restore the callbacks released by
    /// `dispose`. Resolves to warnings.
    #[napi(catch_unwind)]
    pub fn initialize<'env>(
        &self,
        env: &'env Env,
        user: JsonCallback,
        run: Option<JsonCallback>,
        log: DeliverEntries,
    ) -> napi::Result<PromiseRaw<'env, Vec<String>>> {
        self.inner.log().open(&log)?;
        self.user.open(&user)?;
        reopen(self.client.as_ref(), run)?;
        self.inner.promise(env, |receptionist| async move { receptionist.initialize().await })
    }

    /// Closes owned resources once all turns have ended, except the turns in `waiting_turns` from
    /// which it is called. Log entries written until then can be taken with `take_log`.
    #[napi(catch_unwind)]
    pub fn dispose<'env>(
        &self,
        env: &'env Env,
        waiting_turns: Vec<i64>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        let (user, log) = (Arc::clone(&self.user), Arc::clone(self.inner.log()));
        let turns = waiting_turns.into_iter().filter_map(|turn| u64::try_from(turn).ok()).collect();
        self.inner.promise(env, |receptionist| async move {
            conversation_locks::in_turns(turns, receptionist.dispose()).await;
            user.close();
            log.close();
            Ok(())
        })
    }

    /// Returns a summary of the receptionist.
    #[napi(catch_unwind)]
    pub fn info(&self) -> napi::Result<String> {
        self.inner.enter(|receptionist| write(&receptionist.info())).map_err(to_napi)
    }

    /// Runs a health check.
    #[napi(catch_unwind)]
    pub fn health_check<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, String>> {
        self.inner.promise(env, |receptionist| async move { write(&receptionist.health().await?) })
    }

    /// Logs a warning of the TypeScript layer.
    #[napi(catch_unwind)]
    pub fn log_warning(&self, warning: String) {
        self.inner.enter(|_| tracing::warn!(target: "ai_receptionist::receptionist", "{warning}"));
    }

    /// Drains undelivered log entries, as a JSON array.
    #[napi(catch_unwind)]
    pub fn take_log(&self) -> String {
        self.inner.log().take()
    }

    /// Creates missing tables, columns and indexes, or reports the statements.
    #[napi(catch_unwind)]
    pub fn migrate<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.inner.promise(env, |receptionist| async move {
            let options: MigrateOptions = arguments(&options)?;
            write(&receptionist.migrate(options.dry_run.unwrap_or_default()).await?)
        })
    }

    /// Exports all personal data of a person.
    #[napi(catch_unwind)]
    pub fn export_person<'env>(
        &self,
        env: &'env Env,
        person: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.inner.promise(env, |receptionist| async move {
            write(&receptionist.export_person(arguments(&person)?).await?)
        })
    }

    /// Erases all personal data of a person.
    #[napi(catch_unwind)]
    pub fn forget_person<'env>(
        &self,
        env: &'env Env,
        person: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.inner.promise(env, |receptionist| async move {
            write(&receptionist.forget_person(arguments(&person)?).await?)
        })
    }

    /// Deletes a batch of the oldest memories. Resolves to the number deleted.
    #[napi(catch_unwind)]
    pub fn prune_memories<'env>(&self, env: &'env Env, old: String) -> napi::Result<PromiseRaw<'env, u32>> {
        self.inner.promise(env, |receptionist| async move {
            let (before, kinds) = arguments::<PruneOptions>(&old)?.into_parts();
            let count = receptionist.prune_memories(before, kinds).await?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
    }

    /// Moves a page of legacy conversations into memory.
    #[napi(catch_unwind)]
    pub fn migrate_conversations<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.inner.promise(env, |receptionist| async move {
            let options: ConversationsOptions = arguments(&options)?;
            let size = match options.batch_size {
                None => DEFAULT_BATCH,
                Some(size) if size.fract() == 0.0 && (1.0..=10_000.0).contains(&size) => size as u32,
                Some(_) => {
                    return Err(Error::argument("batchSize", "must be a whole number from 1 to 10000"));
                }
            };
            let from = options.from.as_deref().unwrap_or(LEGACY_TABLE);
            write(&receptionist.migrate_conversations(from, options.after.as_deref(), size).await?)
        })
    }
}

impl AiReceptionist {
    /// Returns a promise for work that needs an initialized receptionist.
    fn run<'env, T, F, W>(&self, env: &'env Env, work: W) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: napi::bindgen_prelude::ToNapiValue + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
        W: FnOnce(Arc<Running>) -> F + Send + 'static,
    {
        self.inner.promise(env, |receptionist| async move { work(receptionist.running()?).await })
    }

    /// Runs `work` with the initialized receptionist.
    fn with_running<T>(&self, work: impl FnOnce(Arc<Running>) -> T) -> napi::Result<T> {
        self.inner.enter(|receptionist| receptionist.running().map(work)).map_err(to_napi)
    }
}

fn arguments<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    json::read(json).map_err(|problem| problem.into_error(Error::argument))
}

/// Default number of legacy conversations per page.
const DEFAULT_BATCH: u32 = 100;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ConversationsOptions {
    from: Option<String>,
    after: Option<String>,
    batch_size: Option<f64>,
}
