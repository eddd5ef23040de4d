//! Composition root: builds a running receptionist from the options. Every component is created
//! once and passed to those that need it.
use std::sync::Arc;

use tracing::info;

use super::import_mode::ImportMode;
use super::{ProvidedStorage, Receptionist, Running};
use crate::agent::Agent;
use crate::channels::email::EmailChannel;
use crate::channels::phone_tools::phone_tools;
use crate::channels::router::WebhookRouter;
use crate::channels::shared::context::{ChannelContext, default_country};
use crate::channels::shared::legacy_conversations::LegacyConversations;
use crate::channels::sms::SmsChannel;
use crate::channels::text::TextChannel;
use crate::channels::voice::{Greeting, VoiceChannel};
use crate::channels::webhook_auth::WebhookVerifier;
use crate::config::{TwilioConfig, WebhookAuthMode};
use crate::consolidation::Consolidator;
use crate::customers::KnownCustomers;
use crate::email::sender::EmailSender;
use crate::error::Result;
use crate::extraction::Extractor;
use crate::inbox::idempotency::IdempotentExecutor;
use crate::knowledge::Knowledge;
use crate::llm::factory::build_model;
use crate::memory::{Indexer, MemoryManager};
use crate::stopwatch::Stopwatch;
use crate::tls;
use crate::tools::calendar::calendar_tools;
use crate::tools::email::SendEmail;
use crate::tools::leads::Leads;
use crate::tools::runner::ToolRunner;
use crate::tools::standard_tools;

/// Warning logged when webhook authentication is disabled.
const WEBHOOK_AUTH_OFF: &str = "`channels.webhookAuth` is 'off': receptionist.webhooks accepts requests from anyone. Use it in tests only.";

impl Receptionist {
    /// Builds all components and returns warnings.
    pub(super) async fn build(&self) -> Result<Vec<String>> {
        let watch = Stopwatch::start();
        let mut warnings = self.open_databases().await?;
        let memory = self.build_memory(&mut warnings)?;
        let executor = Arc::new(IdempotentExecutor::new(self.inbox()));
        let email_sender = Arc::new(EmailSender::new(self.transports.clone(), Arc::clone(executor.inbox())));
        if self.database().is_some_and(|database| database.may_migrate()) {
            self.import_sdk_data(Arc::clone(&memory), ImportMode::Import).await?;
        }
        self.install_tools(&memory, &email_sender)?;
        let customers = Arc::new(self.known_customers(&memory)?);
        let agent = self.build_agent(memory, &customers)?;
        let open = self.build_channels(agent, customers, executor, email_sender).await?;
        warnings.extend(self.config_warnings());

        let (tools, version) = (open.agent.tools().registry().list(None).len(), env!("CARGO_PKG_VERSION"));
        *self.running.write() = Some(Arc::new(open));
        info!(version, tools, duration_ms = watch.ms(), "Initialized");
        Ok(warnings)
    }

    async fn open_databases(&self) -> Result<Vec<String>> {
        // Reports missing options before anything is connected.
        self.config.require_agent()?;
        self.config.require_model()?;
        let mut warnings = Vec::new();
        if let Some(database) = self.provided.as_ref().and_then(ProvidedStorage::database) {
            warnings.extend(database.initialize().await?);
        }
        if let Some(database) = &self.owned_database {
            warnings.extend(database.open().await?);
        }
        Ok(warnings)
    }

    fn build_memory(&self, warnings: &mut Vec<String>) -> Result<Arc<MemoryManager>> {
        let settings = &self.config.require_agent()?.memory;
        let mut memory = MemoryManager::new(settings, self.storage())?.with_listener(self.listener.clone());
        if let Some((semantic_index, warning)) = self.semantic_index()? {
            warnings.extend(warning);
            memory = memory.with_semantic_index(Arc::new(semantic_index));
        }
        Ok(Arc::new(memory))
    }

    /// Installs the tools that need no channel.
    fn install_tools(&self, memory: &Arc<MemoryManager>, email_sender: &Arc<EmailSender>) -> Result<()> {
        let mut tools = Vec::new();
        if memory.has_storage() || self.database().is_some() {
            tools.extend(standard_tools(memory, self.database(), &self.config.tools));
        }
        if email_sender.can_send() {
            tools.push(Arc::new(SendEmail::new(Arc::clone(email_sender), &self.config.tools.email)));
        }
        if let (Some(calendar), Some(config)) = (&self.calendar, &self.config.providers.calendar.google) {
            tools.extend(calendar_tools(Arc::clone(calendar), &config.appointments)?);
        }
        self.tools.install(tools)
    }

    fn build_agent(&self, memory: Arc<MemoryManager>, customers: &Arc<KnownCustomers>) -> Result<Arc<Agent>> {
        let model = self.config.require_model()?;
        let agent = Agent::new(
            Arc::clone(&self.profile),
            model.context_tokens(),
            build_model(model, self.custom_model.as_deref())?,
            Arc::clone(&memory),
            Arc::new(ToolRunner::new(Arc::clone(&self.tools), memory)),
        );
        Ok(Arc::new(agent.with_customers(Arc::clone(customers))))
    }

    /// Builds the reader of the facts about customers.
    fn known_customers(&self, memory: &Arc<MemoryManager>) -> Result<KnownCustomers> {
        let is_enabled = self.config.require_agent()?.memory.known_customer.unwrap_or(true);
        let leads = Leads::new(self.database(), Arc::clone(memory));
        let (country, zone) = (default_country(&self.config), self.config.time_zone()?);
        Ok(KnownCustomers::new(Arc::clone(memory), leads, country, zone)
            .with_section(is_enabled)
            .with_calendar(self.calendar.is_some())
            .with_context(self.context.clone()))
    }

    /// Builds the extractor of values from conversations, if there are any to extract.
    fn extractor(&self, agent: &Arc<Agent>) -> Result<Option<Arc<Extractor>>> {
        let config = self.config.require_agent()?.extract.as_ref();
        let extractor = config.map(|config| {
            Extractor::new(Arc::clone(agent), self.database(), config, self.extraction_validator.clone())
        });
        Ok(extractor.transpose()?.map(Arc::new))
    }

    /// Builds the greeting of inbound calls.
    fn greeting(&self, customers: &Arc<KnownCustomers>) -> Greeting {
        Greeting::new(&self.config, self.greeting.clone(), Arc::clone(customers))
    }

    /// Builds the channels of the agent.
    async fn build_channels(
        &self,
        agent: Arc<Agent>,
        customers: Arc<KnownCustomers>,
        executor: Arc<IdempotentExecutor>,
        email_sender: Arc<EmailSender>,
    ) -> Result<Running> {
        let extractor = self.extractor(&agent)?;
        let summaries = &self.config.require_agent()?.memory.summaries;
        let consolidator =
            Consolidator::new(Arc::clone(&agent), Arc::clone(&executor), summaries, extractor.clone());
        let consolidator = Arc::new(consolidator);
        let context = ChannelContext {
            agent: Arc::clone(&agent),
            consolidator: Arc::clone(&consolidator),
            extractor: extractor.clone(),
            executor: Arc::clone(&executor),
            database: self.database(),
            twilio: self.twilio.clone(),
            twilio_endpoint: Arc::clone(&self.twilio_endpoint),
            accepts_lines: Arc::clone(&self.accepts_lines),
            country: default_country(&self.config),
            legacy_conversations: Arc::new(LegacyConversations::new(
                self.database(),
                default_country(&self.config),
            )),
        };
        let text = TextChannel::new(Arc::clone(&agent), self.config.tools.default_country.clone());
        let voice = Arc::new(VoiceChannel::new(&context, &self.config, self.greeting(&customers)));
        let sms = Arc::new(SmsChannel::new(&context, &self.config));
        let email = Arc::new(EmailChannel::new(&context, email_sender, self.config.channels.email.clone()));
        // Hand-made tables may lack the allowlist. The error is then reported by the first SMS or
        // e-mail.
        if email.is_configured() {
            let _ = email.allowlist().load().await;
        }
        if self.twilio.is_some() {
            let _ = sms.allowlist().load().await;
            self.tools.install(phone_tools(&voice, &sms, executor.inbox(), &self.config))?;
        }
        let webhook_verifier = Arc::new(WebhookVerifier::new(&self.config));
        let router = WebhookRouter::new(
            Arc::clone(&self.twilio_endpoint),
            Arc::clone(&webhook_verifier),
            Arc::clone(&voice),
            Arc::clone(&sms),
            Arc::clone(&email),
            self.config.channels.trust_proxy,
        );
        let indexer =
            agent.memory().semantic_index().map(|semantic_index| Indexer::start(Arc::clone(semantic_index)));
        let knowledge = Knowledge::new(Arc::clone(agent.memory()));
        consolidator.start();
        Ok(Running {
            agent,
            consolidator,
            extractor,
            customers,
            knowledge,
            text,
            voice,
            sms,
            email,
            webhook_verifier,
            router,
            executor,
            indexer,
        })
    }

    /// Returns warnings about options that do not behave as one may expect.
    fn config_warnings(&self) -> Vec<String> {
        let voice = self
            .config
            .providers
            .communication
            .twilio
            .as_ref()
            .and_then(TwilioConfig::unsupported_voice_warning);
        let unverified =
            (self.config.channels.webhook_auth == WebhookAuthMode::Off).then(|| WEBHOOK_AUTH_OFF.to_owned());
        let gaps = self.config.missing_settings().into_iter().map(|gap| gap.reason);
        unverified.into_iter().chain(voice).chain(gaps).chain(tls::warnings()).collect()
    }
}
