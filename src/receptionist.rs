//! The receptionist: puts the parts together and takes them through their life.

mod health;
mod info;
mod meaning;
mod opening;
mod persons;
mod status;

pub use health::Health;
pub use info::Info;
pub use status::Status;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use tracing::info;

use crate::agent::Agent;
use crate::agent::profile::Profile;
use crate::channels::claims::Claims;
use crate::channels::email::EmailChannel;
use crate::channels::gate::Gate;
use crate::channels::line::Line;
use crate::channels::router::Router;
use crate::channels::sms::SmsChannel;
use crate::channels::text::TextChannel;
use crate::channels::voice::VoiceChannel;
use crate::config::{Config, GoogleConfig, StorageKind, TwilioConfig};
use crate::database::{Database, HostClient, Lease, OldConversations};
use crate::error::{Error, Result};
use crate::events::Listener;
use crate::http::Patience;
use crate::http::google::GoogleCalendar;
use crate::http::twilio::Twilio;
use crate::inbox::Inbox;
use crate::inbox::database::DatabaseInbox;
use crate::inbox::in_memory::InMemoryInbox;
use crate::llm::fallback::{CustomModel, chain};
use crate::mail::outbox::NamedMailer;
use crate::memory::MemoryType;
use crate::recall::{Indexer, MemoryManager, Warn};
use crate::stopwatch::Stopwatch;
use crate::storage::Storage;
use crate::storage::database::DatabaseStorage;
use crate::storage::in_memory::InMemoryStorage;
use crate::tools::registry::ToolRegistry;
use crate::vectors::{Embedder, VectorStore};

/// The service that carries calls and SMS, as health checks name it.
const TWILIO: &str = "twilio";
/// The service that keeps the calendar.
const GOOGLE: &str = "google";

/// One agent on its channels, with its memory.
pub struct Receptionist {
    config: Config,
    /// The developer's storage, which the developer opened and will close.
    given: Option<GivenStorage>,
    /// Makes models of the developer's own code.
    custom_model: Option<Arc<CustomModel>>,
    /// The database of the configuration, which is ours to close, with whoever else works with it.
    own: Option<Lease>,
    /// The storage of `storage: { type: 'memory' }`.
    in_memory: Option<Arc<InMemoryStorage>>,
    /// Claims of inbound messages, without a database.
    inbox: Arc<InMemoryInbox>,
    /// What the agent can do: the developer's tools from the start, ours once initialized.
    tools: Arc<ToolRegistry>,
    listener: Option<Arc<dyn Listener>>,
    /// The account that carries calls and SMS.
    twilio: Option<Arc<Twilio>>,
    /// Our number, and where Twilio reaches us.
    line: Arc<Line>,
    /// The pillars of the agent, which outlive `dispose`.
    profile: Arc<Profile>,
    stage: status::Stage,
    vector_store: Option<Arc<dyn VectorStore>>,
    embedder: Option<Arc<dyn Embedder>>,
    warn: Warn,
    /// Who carries e-mail.
    mailers: Vec<NamedMailer>,
    /// The calendar of appointments.
    calendar: Option<Arc<GoogleCalendar>>,
    open: RwLock<Option<Arc<Open>>>,
    opening: tokio::sync::Mutex<()>,
}

/// What the developer gives as objects and code, beside the settings.
#[derive(Default)]
pub struct Given {
    /// `agent.memory.longTermStorage`.
    pub storage: Option<GivenStorage>,
    /// The user's own client, when `database` describes one.
    pub client: Option<Arc<dyn HostClient>>,
    /// Who wants to know what happens.
    pub listener: Option<Arc<dyn Listener>>,
    /// `agent.memory.vectorStore`.
    pub vector_store: Option<Arc<dyn VectorStore>>,
    /// `agent.memory.embedder`, when it is code.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Is told of what goes wrong behind the scenes, once.
    pub warn: Option<Warn>,
    /// What another receptionist lets this one work with, instead of a `database` or `storage` of its own.
    pub shared: Option<Shared>,
    /// Makes the models whose `provider` is `custom`.
    pub custom_model: Option<Arc<CustomModel>>,
}

/// What receptionists of one family have in common.
pub struct Shared {
    database: Option<Lease>,
    in_memory: Option<Arc<InMemoryStorage>>,
    inbox: Arc<InMemoryInbox>,
}

/// A storage the developer made.
#[derive(Clone)]
pub enum GivenStorage {
    /// In this process.
    InMemory(Arc<InMemoryStorage>),
    /// In a database.
    Database(Arc<DatabaseStorage>),
    /// The developer's own code.
    Custom {
        /// Calls it.
        storage: Arc<dyn Storage>,
        /// The storage of ours that it extends: leads and call logs live in its database.
        over: Option<Arc<DatabaseStorage>>,
    },
}

impl GivenStorage {
    fn storage(&self) -> Arc<dyn Storage> {
        match self {
            Self::InMemory(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Database(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Custom { storage, .. } => Arc::clone(storage),
        }
    }

    fn database(&self) -> Option<&Arc<Database>> {
        match self {
            Self::InMemory(_) => None,
            Self::Database(storage) => Some(storage.database()),
            Self::Custom { over, .. } => over.as_ref().map(|storage| storage.database()),
        }
    }
}

/// An initialized receptionist.
pub struct Open {
    /// The agent.
    pub agent: Arc<Agent>,
    /// Conversations in text.
    pub text: TextChannel,
    /// Calls.
    pub voice: Arc<VoiceChannel>,
    /// SMS.
    pub sms: Arc<SmsChannel>,
    /// E-mail.
    pub email: Arc<EmailChannel>,
    /// Whether webhooks come from the provider.
    pub gate: Arc<Gate>,
    /// Requests to the webhooks.
    pub router: Router,
    claims: Arc<Claims>,
    indexer: Option<Indexer>,
}

impl Receptionist {
    /// Checks the settings; nothing is connected yet.
    pub fn new(config: Config, given: Given) -> Result<Self> {
        let Given { storage: given, client, listener, shared, custom_model, vector_store, embedder, warn } =
            given;
        let Shared { database: own, in_memory, inbox } = match shared {
            Some(shared) => shared,
            None => Shared::new(&config, client)?,
        };
        let beneath = given.as_ref().and_then(GivenStorage::database);
        if let (Some(options), Some(database)) = (&config.database, beneath) {
            database.inherit(options)?;
        }
        let account = config.providers.communication.twilio.as_ref().and_then(TwilioConfig::account);
        let twilio =
            account.map(|account| Twilio::new(&account, Patience::default())).transpose()?.map(Arc::new);
        let tools = Arc::new(ToolRegistry::new(config.tools.timeout()?));
        let line = Arc::new(Line::new(config.providers.communication.twilio.as_ref())?);
        let mailers = config.providers.email.mailers()?;
        let google = config.providers.calendar.google.as_ref();
        let calendar = google.map(GoogleConfig::calendar).transpose()?.flatten().map(Arc::new);
        let profile = Arc::new(Profile::new(config.agent.clone().unwrap_or_default()));
        let (stage, open, opening) = Default::default();
        let warn = warn.unwrap_or_else(|| Arc::new(|_| {}));
        let receptionist = Self {
            config,
            given,
            custom_model,
            own,
            in_memory,
            inbox,
            tools,
            listener,
            twilio,
            line,
            profile,
            stage,
            vector_store,
            embedder,
            warn,
            mailers,
            calendar,
            open,
            opening,
        };
        if let Some(agent) = &receptionist.config.agent {
            // Contradictions of the memory settings show here, not at the first call.
            MemoryManager::new(&agent.memory, receptionist.storage())?;
            receptionist.meaning()?;
        }
        if let Some(model) = &receptionist.config.model {
            chain(model, receptionist.custom_model.as_deref())?;
        }
        Ok(receptionist)
    }

    /// Connects, creates or checks the tables, and gets ready for work; does nothing the second time.
    /// Returns warnings: what works, but not as well as it could.
    pub async fn initialize(&self) -> Result<Vec<String>> {
        let _one_at_a_time = self.opening.lock().await;
        if self.open().is_ok() {
            return Ok(Vec::new());
        }
        let opened = self.start().await;
        self.stage.note(opened.as_ref().err());
        opened
    }

    /// Ends the work and closes the connections that are ours. `initialize` opens it again.
    pub async fn dispose(&self) {
        let watch = Stopwatch::start();
        let _one_at_a_time = self.opening.lock().await;
        let open = self.open.write().unwrap_or_else(PoisonError::into_inner).take();
        self.stage.dispose();
        if let Some(open) = open {
            open.text.finish().await;
            open.claims.finish().await;
            if let Some(indexer) = &open.indexer {
                indexer.close().await;
            }
        }
        if let Some(database) = &self.own {
            database.close().await;
        }
        info!(duration_ms = watch.ms(), "Disposed");
    }

    /// Creates missing tables, columns and indexes, before `initialize` too; with `dry_run` only says how.
    pub async fn migrate(&self, dry_run: bool) -> Result<Vec<String>> {
        self.database_at_once().await?.migrate(dry_run).await
    }

    /// Deletes some memories from before that moment, of those kinds if any are named, before `initialize` too. Says how many; none
    /// when none are left.
    pub async fn prune_memories(
        &self,
        before: DateTime<Utc>,
        kinds: Option<Vec<MemoryType>>,
    ) -> Result<usize> {
        self.memory().await?.prune(before, kinds).await
    }

    /// Moves one page of old conversations into memory, before `initialize` too. Doing it again changes
    /// nothing.
    pub async fn migrate_conversations(
        &self,
        from: &str,
        after: Option<&str>,
        size: u32,
    ) -> Result<OldConversations> {
        let database = self.database_at_once().await?;
        let storage = self.storage().ok_or_else(|| Error::config("database", "is not configured"))?;
        let mut page = database.old_conversations(from, after, size).await?;
        let memories = std::mem::take(&mut page.memories);
        if !memories.is_empty() {
            storage.save_batch(memories).await?;
        }
        Ok(page)
    }

    /// The pillars of the agent.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What another receptionist needs to work with the same database.
    pub fn share(&self) -> Shared {
        Shared {
            database: self.own.as_ref().map(Lease::share),
            in_memory: self.in_memory.clone(),
            inbox: Arc::clone(&self.inbox),
        }
    }

    /// The initialized receptionist.
    ///
    /// Fails with `NOT_INITIALIZED` before `initialize`, with `DISPOSED` after `dispose`.
    pub fn open(&self) -> Result<Arc<Open>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
        open.ok_or_else(|| self.stage.why_closed())
    }

    /// What the agent can do; what is registered stays through `dispose` and `initialize`.
    pub fn tools(&self) -> &Arc<ToolRegistry> {
        &self.tools
    }

    /// Where leads and call logs live.
    fn database(&self) -> Option<Arc<Database>> {
        let own = self.own.as_ref().map(Lease::database);
        own.or_else(|| self.given.as_ref()?.database()).cloned()
    }

    /// The database for work outside of `initialize` and `dispose`.
    async fn database_at_once(&self) -> Result<Arc<Database>> {
        if let Some(lease) = &self.own {
            lease.take().await?;
        }
        self.database()
            .ok_or_else(|| Error::config("database", "is not configured, so there is nothing to migrate"))
    }

    /// Where claims of inbound messages live.
    fn inbox(&self) -> Arc<dyn Inbox> {
        match self.database() {
            Some(database) => Arc::new(DatabaseInbox::new(database)),
            None => Arc::clone(&self.inbox) as Arc<dyn Inbox>,
        }
    }

    /// Where memories live.
    fn storage(&self) -> Option<Arc<dyn Storage>> {
        match (&self.given, &self.own) {
            (Some(given), _) => Some(given.storage()),
            (None, Some(lease)) => Some(Arc::new(DatabaseStorage::new(Arc::clone(lease.database())))),
            (None, None) => self.in_memory.clone().map(|storage| storage as Arc<dyn Storage>),
        }
    }
}

impl Shared {
    fn new(config: &Config, client: Option<Arc<dyn HostClient>>) -> Result<Self> {
        let connect = |options| Database::with_client(options, client).map(Lease::new);
        let in_memory = config.storage.as_ref().filter(|storage| storage.kind == StorageKind::Memory);
        Ok(Self {
            database: config.database.as_ref().map(connect).transpose()?,
            in_memory: in_memory.map(|_| Arc::default()),
            inbox: Arc::default(),
        })
    }
}
