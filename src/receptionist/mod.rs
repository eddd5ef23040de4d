//! The receptionist: builds its components and manages their lifecycle.

mod health;
mod import_mode;
mod info;
mod lifecycle;
mod privacy;
mod sdk_import;
mod semantic_index;
mod startup;
mod status;

pub use health::Health;
pub use info::Info;
pub use status::Status;

use import_mode::ImportMode;
use lifecycle::Lifecycle;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use tracing::info;

use crate::agent::Agent;
use crate::agent::profile::Profile;
use crate::channels::email::EmailChannel;
use crate::channels::router::WebhookRouter;
use crate::channels::shared::twilio_endpoint::TwilioEndpoint;
use crate::channels::sms::SmsChannel;
use crate::channels::text::TextChannel;
use crate::channels::voice::live::ticket::is_line_path;
use crate::channels::voice::{GreetingProvider, VoiceChannel};
use crate::channels::webhook_auth::WebhookVerifier;
use crate::config::{Config, StorageKind};
use crate::consolidation::Consolidator;
use crate::customers::{ContextProvider, KnownCustomers};
use crate::database::{Database, DriverAdapter, LegacyConversations, SharedDatabase};
use crate::email::sender::NamedTransport;
use crate::error::{Error, Result};
use crate::extraction::{ExtractionValidator, Extractor};
use crate::http::RetryConfig;
use crate::inbox::Inbox;
use crate::inbox::database::DatabaseInbox;
use crate::inbox::idempotency::IdempotentExecutor;
use crate::inbox::in_memory::InMemoryInbox;
use crate::knowledge::Knowledge;
use crate::llm::factory::{CustomModelFactory, build_model};
use crate::memory::storage::Storage;
use crate::memory::storage::database::DatabaseStorage;
use crate::memory::storage::in_memory::InMemoryStorage;
use crate::memory::storage::indexed::IndexedStorage;
use crate::memory::vector_store::{Embedder, VectorStore};
use crate::memory::{Indexer, MemoryManager, WarningHandler};
use crate::providers::email_transports::email_transports;
use crate::providers::google_calendar::GoogleCalendar;
use crate::providers::twilio::{TwilioAccount, TwilioClient};
use crate::stopwatch::Stopwatch;
use crate::tools::registry::ToolRegistry;
use crate::types::event::EventListener;
use crate::types::memory::MemoryType;

/// Name of the service for calls and SMS in health checks.
const TWILIO: &str = "twilio";
/// Name of the calendar service in health checks.
const GOOGLE: &str = "google";

/// An agent on its channels, with its memory.
pub struct Receptionist {
    config: Config,
    /// Storage provided by the developer, who also opens and closes it.
    provided: Option<ProvidedStorage>,
    /// Creates custom models, implemented by user code.
    custom_model: Option<Arc<CustomModelFactory>>,
    /// Database of the configuration. It is ours to close, and may be shared with other
    /// receptionists.
    owned_database: Option<SharedDatabase>,
    /// Storage of `storage: { type: 'memory' }`.
    in_memory: Option<Arc<InMemoryStorage>>,
    /// Inbox of inbound messages, used without a database.
    inbox: Arc<InMemoryInbox>,
    /// Tool registry: custom tools from the start, built-in tools once initialized.
    tools: Arc<ToolRegistry>,
    listener: Option<Arc<dyn EventListener>>,
    /// Twilio account for calls and SMS.
    twilio: Option<Arc<TwilioClient>>,
    /// Our phone number and the callback URLs for Twilio.
    twilio_endpoint: Arc<TwilioEndpoint>,
    /// `true` once this process accepts the sockets of live calls.
    accepts_lines: Arc<AtomicBool>,
    /// Profile (pillars) of the agent; it survives `dispose`.
    profile: Arc<Profile>,
    lifecycle: Lifecycle,
    vector_store: Option<Arc<dyn VectorStore>>,
    embedder: Option<Arc<dyn Embedder>>,
    context: Option<Arc<dyn ContextProvider>>,
    greeting: Option<Arc<dyn GreetingProvider>>,
    extraction_validator: Option<Arc<dyn ExtractionValidator>>,
    warn: WarningHandler,
    /// Configured e-mail services.
    transports: Vec<NamedTransport>,
    /// Calendar for appointments.
    calendar: Option<Arc<GoogleCalendar>>,
    running: RwLock<Option<Arc<Running>>>,
    startup_lock: tokio::sync::Mutex<()>,
}

/// Objects and functions provided by the developer in addition to the options.
#[derive(Default)]
pub struct Dependencies {
    /// `agent.memory.longTermStorage`.
    pub storage: Option<ProvidedStorage>,
    /// The developer's own database client, if `database` describes one.
    pub client: Option<Arc<dyn DriverAdapter>>,
    /// Listener for events.
    pub listener: Option<Arc<dyn EventListener>>,
    /// `agent.memory.vectorStore`.
    pub vector_store: Option<Arc<dyn VectorStore>>,
    /// `agent.memory.embedder`, if it is a function.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// `agent.context`.
    pub context: Option<Arc<dyn ContextProvider>>,
    /// `channels.voice.greeting`, if it is a function.
    pub greeting: Option<Arc<dyn GreetingProvider>>,
    /// The validation of `agent.extract.schema`, if it is user code.
    pub extraction_validator: Option<Arc<dyn ExtractionValidator>>,
    /// Receives warnings about background failures, each once.
    pub warn: Option<WarningHandler>,
    /// Resources shared by another receptionist, instead of an own `database` or `storage`.
    pub shared: Option<SharedResources>,
    /// Creates the models with `provider: 'custom'`.
    pub custom_model: Option<Arc<CustomModelFactory>>,
}

/// Resources that receptionists share: those of one factory, or a receptionist and its clones.
pub struct SharedResources {
    database: Option<SharedDatabase>,
    in_memory: Option<Arc<InMemoryStorage>>,
    inbox: Arc<InMemoryInbox>,
}

/// A storage created by the developer.
#[derive(Clone)]
pub enum ProvidedStorage {
    /// An in-memory storage.
    InMemory(Arc<InMemoryStorage>),
    /// A database storage.
    Database(Arc<DatabaseStorage>),
    /// A custom storage.
    Custom {
        /// Adapter that calls it.
        storage: Arc<dyn Storage>,
        /// Built-in storage that it extends; leads and call logs live in its database.
        base: Option<Arc<DatabaseStorage>>,
    },
}

impl ProvidedStorage {
    fn storage(&self) -> Arc<dyn Storage> {
        match self {
            Self::InMemory(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Database(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Custom { storage, .. } => Arc::clone(storage),
        }
    }

    /// Adds a lexical index to a storage that has none.
    fn indexed(self) -> Self {
        match self {
            Self::Custom { storage, base } => {
                Self::Custom { storage: Arc::new(IndexedStorage::new(storage)), base }
            }
            built_in => built_in,
        }
    }

    fn database(&self) -> Option<&Arc<Database>> {
        match self {
            Self::InMemory(_) => None,
            Self::Database(storage) => Some(storage.database()),
            Self::Custom { base, .. } => base.as_ref().map(|storage| storage.database()),
        }
    }
}

/// An initialized receptionist.
pub struct Running {
    /// The agent.
    pub agent: Arc<Agent>,
    /// Summaries and facts.
    pub consolidator: Arc<Consolidator>,
    /// Extractor of values from conversations, if `agent.extract` is given.
    pub extractor: Option<Arc<Extractor>>,
    /// Reader of the facts about customers.
    pub customers: Arc<KnownCustomers>,
    /// The owner's documents.
    pub knowledge: Knowledge,
    /// Text channel.
    pub text: TextChannel,
    /// Voice channel.
    pub voice: Arc<VoiceChannel>,
    /// SMS channel.
    pub sms: Arc<SmsChannel>,
    /// E-mail channel.
    pub email: Arc<EmailChannel>,
    /// Verifier of webhook signatures.
    pub webhook_verifier: Arc<WebhookVerifier>,
    /// Router for webhook requests.
    pub router: WebhookRouter,
    executor: Arc<IdempotentExecutor>,
    indexer: Option<Indexer>,
}

impl Receptionist {
    /// Creates a receptionist and validates the options. Does not connect yet.
    pub fn new(config: Config, provided: Dependencies) -> Result<Self> {
        let Dependencies {
            storage: provided,
            client,
            listener,
            shared,
            custom_model,
            vector_store,
            embedder,
            context,
            greeting,
            extraction_validator,
            warn,
        } = provided;
        let provided = provided.map(ProvidedStorage::indexed);
        let SharedResources { database: owned_database, in_memory, inbox } = match shared {
            Some(shared) => shared,
            None => SharedResources::new(&config, client)?,
        };
        let provided_database = provided.as_ref().and_then(ProvidedStorage::database);
        if let (Some(options), Some(database)) = (&config.database, provided_database) {
            database.inherit(options)?;
        }
        let account = config.providers.communication.twilio.as_ref().and_then(TwilioAccount::from_config);
        let twilio = account
            .map(|account| TwilioClient::new(&account, RetryConfig::default()))
            .transpose()?
            .map(Arc::new);
        let tools = Arc::new(ToolRegistry::new(config.tools.timeout()?));
        let twilio_endpoint = Arc::new(TwilioEndpoint::new(config.providers.communication.twilio.as_ref())?);
        let transports = email_transports(&config.providers.email)?;
        let google = config.providers.calendar.google.as_ref();
        let calendar = google.map(GoogleCalendar::from_config).transpose()?.flatten().map(Arc::new);
        let profile = Arc::new(Profile::new(config.agent.clone().unwrap_or_default()));
        let (lifecycle, running, startup_lock) = Default::default();
        let warn = warn.unwrap_or_else(|| Arc::new(|_| {}));
        let receptionist = Self {
            config,
            provided,
            custom_model,
            owned_database,
            in_memory,
            inbox,
            tools,
            listener,
            twilio,
            twilio_endpoint,
            accepts_lines: Arc::default(),
            profile,
            lifecycle,
            vector_store,
            embedder,
            context,
            greeting,
            extraction_validator,
            warn,
            transports,
            calendar,
            running,
            startup_lock,
        };
        if let Some(agent) = &receptionist.config.agent {
            // Reports contradictory memory options now instead of at the first call.
            MemoryManager::new(&agent.memory, receptionist.storage())?;
            receptionist.semantic_index()?;
            agent.extract.as_ref().map(Extractor::check).transpose()?;
        }
        if let Some(model) = &receptionist.config.model {
            build_model(model, receptionist.custom_model.as_deref())?;
        }
        Ok(receptionist)
    }

    /// Connects, creates or checks the tables, and builds the agent. Does nothing if already
    /// initialized. Returns warnings about things that work, but not as well as they could.
    pub async fn initialize(&self) -> Result<Vec<String>> {
        let _guard = self.startup_lock.lock().await;
        if self.running().is_ok() {
            return Ok(Vec::new());
        }
        let opened = self.build().await;
        self.lifecycle.record(opened.as_ref().err());
        opened
    }

    /// Waits for running turns, then closes the connections that this receptionist owns.
    /// `initialize` opens it again.
    pub async fn dispose(&self) {
        let watch = Stopwatch::start();
        let _guard = self.startup_lock.lock().await;
        let running = self.running.write().take();
        self.lifecycle.dispose();
        if let Some(running) = running {
            running.voice.lines().drain().await;
            running.consolidator.close().await;
            running.text.finish().await;
            running.executor.finish().await;
            running.agent.finish_turns().await;
            if let Some(extractor) = &running.extractor {
                extractor.close().await;
            }
            if let Some(indexer) = &running.indexer {
                indexer.close().await;
            }
        }
        if let Some(database) = &self.owned_database {
            database.close().await;
        }
        info!(duration_ms = watch.ms(), "Disposed");
    }

    /// Tells that this process accepts the sockets of live calls. Calls are then live by default.
    pub fn accept_lines(&self) {
        self.accepts_lines.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if this process accepts the sockets of live calls.
    pub fn is_accepting_lines(&self) -> bool {
        self.accepts_lines.load(Ordering::Relaxed)
    }

    /// Returns `true` if a path is that of a socket of a live call.
    pub fn is_line(&self, target: &str) -> bool {
        self.twilio_endpoint.path_beneath_voice(target).is_some_and(is_line_path)
    }

    /// Creates missing tables, columns and indexes; also works before `initialize`. With `dry_run`,
    /// only reports the statements.
    pub async fn migrate(&self, dry_run: bool) -> Result<Vec<String>> {
        let mut report = self.require_database().await?.migrate(dry_run).await?;
        let mode = match dry_run {
            true if report.is_empty() => ImportMode::DryRun,
            true => ImportMode::DryRunBeforeMigration,
            false => ImportMode::Import,
        };
        report.extend(self.import_sdk_data(self.memory().await?, mode).await?.lines());
        Ok(report)
    }

    /// Deletes a batch of memories older than `before`, of the given kinds if any; also works
    /// before `initialize`. Returns the number deleted, 0 when none are left.
    pub async fn prune_memories(
        &self,
        before: DateTime<Utc>,
        kinds: Option<Vec<MemoryType>>,
    ) -> Result<usize> {
        self.memory().await?.prune(before, kinds).await
    }

    /// Moves one page of legacy conversations into memory; also works before `initialize`.
    /// Idempotent.
    pub async fn migrate_conversations(
        &self,
        from: &str,
        after: Option<&str>,
        size: u32,
    ) -> Result<LegacyConversations> {
        let database = self.require_database().await?;
        let storage = self.storage().ok_or_else(|| Error::config("database", "is not configured"))?;
        let mut page = database.legacy_conversations(from, after, size).await?;
        let memories = std::mem::take(&mut page.memories);
        if !memories.is_empty() {
            storage.save_batch(memories).await?;
        }
        Ok(page)
    }

    /// Returns the profile (pillars) of the agent.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Returns the resources that another receptionist needs to work with the same database.
    pub fn share(&self) -> SharedResources {
        SharedResources {
            database: self.owned_database.as_ref().map(SharedDatabase::share),
            in_memory: self.in_memory.clone(),
            inbox: Arc::clone(&self.inbox),
        }
    }

    /// Returns the running components.
    ///
    /// # Errors
    ///
    /// `NOT_INITIALIZED` before `initialize`, `DISPOSED` after `dispose`.
    pub fn running(&self) -> Result<Arc<Running>> {
        let running = self.running.read().clone();
        running.ok_or_else(|| self.lifecycle.closed_error())
    }

    /// Returns the tool registry. Registered tools survive `dispose` and `initialize`.
    pub fn tools(&self) -> &Arc<ToolRegistry> {
        &self.tools
    }

    /// Returns the database of leads and call logs, if any.
    fn database(&self) -> Option<Arc<Database>> {
        let owned_database = self.owned_database.as_ref().map(SharedDatabase::database);
        owned_database.or_else(|| self.provided.as_ref()?.database()).cloned()
    }

    /// Returns the database for work outside of `initialize` and `dispose`.
    async fn require_database(&self) -> Result<Arc<Database>> {
        if let Some(database) = &self.owned_database {
            database.take().await?;
        }
        self.database()
            .ok_or_else(|| Error::config("database", "is not configured, so there is nothing to migrate"))
    }

    /// Returns the inbox of inbound messages.
    fn inbox(&self) -> Arc<dyn Inbox> {
        match self.database() {
            Some(database) => Arc::new(DatabaseInbox::new(database)),
            None => Arc::clone(&self.inbox) as Arc<dyn Inbox>,
        }
    }

    /// Returns the storage of memories, if any.
    fn storage(&self) -> Option<Arc<dyn Storage>> {
        match (&self.provided, &self.owned_database) {
            (Some(provided), _) => Some(provided.storage()),
            (None, Some(database)) => Some(Arc::new(DatabaseStorage::new(Arc::clone(database.database())))),
            (None, None) => self.in_memory.clone().map(|storage| storage as Arc<dyn Storage>),
        }
    }
}

impl SharedResources {
    fn new(config: &Config, client: Option<Arc<dyn DriverAdapter>>) -> Result<Self> {
        let connect = |options| Database::with_client(options, client).map(SharedDatabase::new);
        let in_memory = config.storage.as_ref().filter(|storage| storage.kind == StorageKind::Memory);
        Ok(Self {
            database: config.database.as_ref().map(connect).transpose()?,
            in_memory: in_memory.map(|_| Arc::default()),
            inbox: Arc::default(),
        })
    }

    /// Creates another handle of the same resources.
    pub fn share(&self) -> Self {
        Self {
            database: self.database.as_ref().map(SharedDatabase::share),
            in_memory: self.in_memory.clone(),
            inbox: Arc::clone(&self.inbox),
        }
    }
}
