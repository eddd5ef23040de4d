//! The arguments of `new AIReceptionist(…)` of the addon.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Either};
use napi_derive::napi;

use crate::async_context::WithAsyncContext;
use crate::channels::voice::GreetingProvider;
use crate::config::Config;
use crate::customers::ContextProvider;
use crate::error::Result;
use crate::extraction::ExtractionValidator;
use crate::llm::factory::CustomModelFactory;
use crate::memory::WarningHandler;
use crate::memory::vector_store::{Embedder, VectorStore};
use crate::node::callback::{JsCallback, JsonCallback};
use crate::node::driver_adapter::{JsDriverAdapter, as_driver_adapter};
use crate::node::js_context::{JsContext, JsGreeting};
use crate::node::js_embedder::JsEmbedder;
use crate::node::js_event_listener::JsEventListener;
use crate::node::js_extraction::JsExtractionValidator;
use crate::node::js_model::JsModel;
use crate::node::js_storage::JsStorage;
use crate::node::js_vector_store::JsVectorStore;
use crate::node::log::DeliverEntries;
use crate::node::shared_resources::SharedResources;
use crate::node::storage::{DatabaseStorage, InMemoryStorage};
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};
use crate::node::vector_store::InMemoryVectorStore;
use crate::receptionist::{Dependencies, ProvidedStorage};
use crate::task;
use crate::types::event::EventListener;

/// The arguments of a receptionist: its options as JSON, and values that JSON cannot express.
#[napi(object, object_to_js = false)]
pub struct NativeArguments<'env> {
    /// Options, as JSON.
    pub config: String,
    /// `false` for the options that the agents of a factory share: `agent` is not required.
    pub requires_agent: bool,
    /// Callback for user code.
    pub user: JsonCallback<'env>,
    /// Built-in long-term storage.
    pub storage: Option<Either<ClassInstance<'env, InMemoryStorage>, ClassInstance<'env, DatabaseStorage>>>,
    /// `true` if memories go through user code, even with a built-in storage.
    pub is_custom: bool,
    /// Callback for the developer's own database client.
    pub run: Option<JsonCallback<'env>>,
    /// Resources of another receptionist, instead of own ones.
    pub shared: Option<ClassInstance<'env, SharedResources>>,
    /// Callback for log entries.
    pub log: DeliverEntries<'env>,
    /// `true` if `agent.context` is given.
    pub has_context: bool,
    /// `true` if `channels.voice.greeting` is a function.
    pub has_greeting: bool,
    /// `true` if `agent.extract.schema` validates in user code.
    pub has_extraction_validator: bool,
    /// Built-in vector store, or `true` if it is user code.
    pub vector_store: Option<Either<ClassInstance<'env, InMemoryVectorStore>, bool>>,
}

impl NativeArguments<'_> {
    /// Parses and validates the options.
    pub(super) fn parse_config(&self) -> Result<Config> {
        if self.requires_agent { Config::parse(&self.config) } else { Config::parse_shared(&self.config) }
    }

    /// Returns the developer's own database client, if there is one.
    pub(super) fn client(&self) -> napi::Result<Option<Arc<JsDriverAdapter>>> {
        match &self.shared {
            Some(shared) => Ok(shared.client()),
            None => self.run.as_ref().map(JsDriverAdapter::new).transpose(),
        }
    }

    /// Returns the dependencies of the receptionist. `user` calls user code.
    pub(super) fn dependencies(
        &self,
        config: &Config,
        user: &Arc<JsCallback>,
        client: Option<&Arc<JsDriverAdapter>>,
    ) -> Dependencies {
        let code = UserCode::new(Arc::clone(user));
        let models = code.clone();
        let custom_model: Arc<CustomModelFactory> =
            Arc::new(move |option, config| Arc::new(JsModel::new(models.clone(), option, config)));
        let vector_store = self.vector_store.as_ref().map(|store| match store {
            Either::A(store) => store.inner() as Arc<dyn VectorStore>,
            Either::B(_) => Arc::new(JsVectorStore::new(code.clone())),
        });
        let embedder = config.agent.as_ref().and_then(|agent| agent.memory.embedder.as_ref());
        let embedder = embedder.map(|given| JsEmbedder::new(code.clone(), given));
        let listener = (!config.callbacks.is_empty()).then(|| {
            let listener = JsEventListener::new(config.callbacks.clone(), code.clone());
            Arc::new(listener) as Arc<dyn EventListener>
        });
        Dependencies {
            storage: self.provided_storage(&code),
            listener,
            client: as_driver_adapter(client),
            shared: self.shared.as_ref().map(|shared| shared.inner()),
            custom_model: Some(custom_model),
            vector_store,
            embedder: embedder.map(|embedder| Arc::new(embedder) as Arc<dyn Embedder>),
            context: self
                .has_context
                .then(|| Arc::new(JsContext::new(code.clone())) as Arc<dyn ContextProvider>),
            greeting: self
                .has_greeting
                .then(|| Arc::new(JsGreeting::new(code.clone())) as Arc<dyn GreetingProvider>),
            extraction_validator: self
                .has_extraction_validator
                .then(|| Arc::new(JsExtractionValidator::new(code.clone())) as Arc<dyn ExtractionValidator>),
            warn: Some(warn_callback(code)),
        }
    }

    fn provided_storage(&self, code: &UserCode) -> Option<ProvidedStorage> {
        let custom = self.is_custom.then(|| Arc::new(JsStorage::new(code.clone())));
        match (custom, &self.storage) {
            (Some(storage), Some(Either::B(base))) => {
                Some(ProvidedStorage::Custom { storage, base: Some(base.inner()) })
            }
            (Some(storage), _) => Some(ProvidedStorage::Custom { storage, base: None }),
            (None, Some(Either::A(storage))) => Some(ProvidedStorage::InMemory(storage.inner())),
            (None, Some(Either::B(storage))) => Some(ProvidedStorage::Database(storage.inner())),
            (None, None) => None,
        }
    }
}

/// Returns a callback that passes warnings about background failures to the TypeScript layer.
fn warn_callback(user: UserCode) -> WarningHandler {
    Arc::new(move |warning| {
        let user = user.clone();
        // May run on a runtime thread, so the call is spawned; its outcome is ignored.
        let warn = async move { user.call::<()>("warn", &warning, DEFAULT_TIMEOUT).await };
        task::spawn_if_running(warn.with_current_context());
    })
}
