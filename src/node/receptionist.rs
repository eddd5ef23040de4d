//! `AIReceptionist` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Either, PromiseRaw};
use napi_derive::napi;
use serde::Deserialize;
use tracing::Instrument;

use crate::config::Config;
use crate::database::OLD_TABLE;
use crate::error::{Error, Result};
use crate::events::Listener;
use crate::input;
use crate::llm::fallback::CustomModel;
use crate::memory::json::Old;
use crate::node::error::to_napi;
use crate::node::function::{AnswerJson, JsFunction};
use crate::node::host::{JsClient, as_host, reopen};
use crate::node::js_embedder::JsEmbedder;
use crate::node::js_listener::JsListener;
use crate::node::js_model::JsModel;
use crate::node::js_storage::JsStorage;
use crate::node::js_vector_store::JsVectorStore;
use crate::node::log::{DeliverEntries, Log};
use crate::node::promise::promise;
use crate::node::storage::{DatabaseStorage, InMemoryStorage, MigrateOptions};
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};
use crate::node::vector_store::InMemoryVectorStore;
use crate::output::write;
use crate::recall::Warn;
use crate::receptionist::{Given, GivenStorage, Open, Receptionist};
use crate::vectors::{Embedder, VectorStore};

/// One agent on its channels, with its memory.
#[napi(js_name = "AIReceptionist")]
pub struct AiReceptionist {
    inner: Arc<Receptionist>,
    /// The user's own client, when `database` is one.
    client: Option<Arc<JsClient>>,
    /// What the developer gave as code.
    user: Arc<JsFunction>,
    /// Where everything that is done here is logged.
    log: Arc<Log>,
}

// After the struct: napi learns its name in JavaScript there, and its methods, in these files too, need it.
mod agent;
mod allowlists;
mod email;
mod memory;
mod phone;
mod text;
mod tools;
mod webhooks;

#[napi]
impl AiReceptionist {
    /// Checks the configuration. `user` calls what the developer gave as code; `storage` is their long-term storage where
    /// it is one of ours, `is_custom` that memories go through their code all the same; `run` is their own client; `kin` is a
    /// receptionist to share the database with; `log` takes what is logged; `vector_store` is their vector store,
    /// `true` when that is code too.
    // What is no JSON crosses by itself.
    #[allow(clippy::too_many_arguments)]
    #[napi(constructor, catch_unwind)]
    pub fn new(
        config: String,
        user: AnswerJson,
        storage: Option<Either<ClassInstance<InMemoryStorage>, ClassInstance<DatabaseStorage>>>,
        is_custom: bool,
        run: Option<AnswerJson>,
        kin: Option<ClassInstance<AiReceptionist>>,
        log: DeliverEntries,
        vector_store: Option<Either<ClassInstance<InMemoryVectorStore>, bool>>,
    ) -> napi::Result<Self> {
        let client = match &kin {
            Some(kin) => kin.client.clone(),
            None => run.map(JsClient::new).transpose()?,
        };
        let user = JsFunction::new(user)?;
        let custom = is_custom.then(|| Arc::new(JsStorage::new(UserCode::new(Arc::clone(&user)))));
        let storage = match (custom, storage) {
            (Some(storage), Some(Either::B(over))) => {
                Some(GivenStorage::Custom { storage, over: Some(over.inner()) })
            }
            (Some(storage), _) => Some(GivenStorage::Custom { storage, over: None }),
            (None, Some(Either::A(storage))) => Some(GivenStorage::InMemory(storage.inner())),
            (None, Some(Either::B(storage))) => Some(GivenStorage::Database(storage.inner())),
            (None, None) => None,
        };
        let config = Config::parse(&config).map_err(to_napi)?;
        let log = Log::new(config.log_level(), log)?;
        let code = UserCode::new(Arc::clone(&user));
        let models = code.clone();
        let custom_model: Arc<CustomModel> =
            Arc::new(move |option, config| Arc::new(JsModel::new(models.clone(), option, config)));
        let vector_store = vector_store.map(|store| match store {
            Either::A(store) => store.inner() as Arc<dyn VectorStore>,
            Either::B(_) => Arc::new(JsVectorStore::new(code.clone())),
        });
        let embedder = config.agent.as_ref().and_then(|agent| agent.memory.embedder.as_ref());
        let embedder = embedder.map(|given| JsEmbedder::new(code.clone(), given));
        let listener = (!config.callbacks.is_empty()).then(|| {
            let user = UserCode::new(Arc::clone(&user));
            Arc::new(JsListener::new(config.callbacks.clone(), user)) as Arc<dyn Listener>
        });
        let given = Given {
            storage,
            listener,
            client: as_host(client.as_ref()),
            shared: kin.map(|kin| kin.inner.share()),
            custom_model: Some(custom_model),
            vector_store,
            embedder: embedder.map(|embedder| Arc::new(embedder) as Arc<dyn Embedder>),
            warn: Some(warn_through(code)),
        };
        let receptionist = log.span().in_scope(|| Receptionist::new(config, given)).map_err(to_napi)?;
        Ok(Self { inner: Arc::new(receptionist), client, user, log: Arc::new(log) })
    }

    /// Connects and gets ready; `user`, `run` and `log` are those of the constructor again, which `dispose` let go of.
    /// Resolves to warnings.
    #[napi(catch_unwind)]
    pub fn initialize<'env>(
        &self,
        env: &'env Env,
        user: AnswerJson,
        run: Option<AnswerJson>,
        log: DeliverEntries,
    ) -> napi::Result<PromiseRaw<'env, Vec<String>>> {
        self.log.open(log)?;
        self.user.open(user)?;
        reopen(self.client.as_ref(), run)?;
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move { receptionist.initialize().await })
    }

    /// Closes what is ours. What was logged until then may be taken with `take_log`.
    #[napi(catch_unwind)]
    pub fn dispose<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let (receptionist, user) = (Arc::clone(&self.inner), Arc::clone(&self.user));
        let log = Arc::clone(&self.log);
        self.logged(env, async move {
            receptionist.dispose().await;
            user.close();
            log.close();
            Ok(())
        })
    }

    /// What it is.
    #[napi(catch_unwind)]
    pub fn info(&self) -> napi::Result<String> {
        write(&self.inner.info()).map_err(to_napi)
    }

    /// Whether everything answers.
    #[napi(catch_unwind)]
    pub fn health_check<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move { write(&receptionist.health().await?) })
    }

    /// Logs a warning of the face's.
    #[napi(catch_unwind)]
    pub fn log_warning(&self, warning: String) {
        self.log.span().in_scope(|| tracing::warn!(target: "ai_receptionist::receptionist", "{warning}"));
    }

    /// What was logged and waits to be delivered, as a JSON array.
    #[napi(catch_unwind)]
    pub fn take_log(&self) -> String {
        self.log.take()
    }

    /// Creates missing tables, or says how.
    #[napi(catch_unwind)]
    pub fn migrate<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move {
            let options: MigrateOptions = arguments(&options)?;
            write(&receptionist.migrate(options.dry_run.unwrap_or_default()).await?)
        })
    }

    /// Everything that is held of a person.
    #[napi(catch_unwind)]
    pub fn export_person<'env>(
        &self,
        env: &'env Env,
        person: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move { write(&receptionist.export_person(arguments(&person)?).await?) })
    }

    /// Forgets a person.
    #[napi(catch_unwind)]
    pub fn forget_person<'env>(
        &self,
        env: &'env Env,
        person: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move { write(&receptionist.forget_person(arguments(&person)?).await?) })
    }

    /// Deletes some of the oldest memories; says how many.
    #[napi(catch_unwind)]
    pub fn prune_memories<'env>(&self, env: &'env Env, old: String) -> napi::Result<PromiseRaw<'env, u32>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move {
            let (before, kinds) = arguments::<Old>(&old)?.into_parts();
            let count = receptionist.prune_memories(before, kinds).await?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
    }

    /// Moves a page of old conversations into memory.
    #[napi(catch_unwind)]
    pub fn migrate_conversations<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move {
            let options: ConversationsOptions = arguments(&options)?;
            let size = match options.batch_size {
                None => DEFAULT_BATCH,
                Some(size) if size.fract() == 0.0 && (1.0..=10_000.0).contains(&size) => size as u32,
                Some(_) => {
                    return Err(Error::argument("batchSize", "must be a whole number from 1 to 10000"));
                }
            };
            let from = options.from.as_deref().unwrap_or(OLD_TABLE);
            write(&receptionist.migrate_conversations(from, options.after.as_deref(), size).await?)
        })
    }
}

impl AiReceptionist {
    /// A promise for work that needs an initialized receptionist.
    fn run<'env, T, F, W>(&self, env: &'env Env, work: W) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: napi::bindgen_prelude::ToNapiValue + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
        W: FnOnce(Arc<Open>) -> F + Send + 'static,
    {
        let receptionist = Arc::clone(&self.inner);
        self.logged(env, async move { work(receptionist.open()?).await })
    }

    /// A promise for work that is logged here.
    fn logged<'env, T, F>(&self, env: &'env Env, work: F) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: napi::bindgen_prelude::ToNapiValue + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        promise(env, work.instrument(self.log.span()))
    }
}

/// Tells the face of what goes wrong behind the scenes.
fn warn_through(user: UserCode) -> Warn {
    Arc::new(move |warning| {
        let user = user.clone();
        // From a task of the runtime; there is no other place to be told.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { user.call::<()>("warn", &warning, DEFAULT_PATIENCE).await });
        }
    })
}

fn arguments<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    input::read(json).map_err(|problem| problem.into_error(Error::argument))
}

/// Old conversations of one page when nobody says otherwise.
const DEFAULT_BATCH: u32 = 100;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ConversationsOptions {
    from: Option<String>,
    after: Option<String>,
    batch_size: Option<f64>,
}
