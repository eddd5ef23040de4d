//! From settings to a receptionist at work: every part is made once and handed to those who need it.

use std::sync::{Arc, PoisonError};

use tracing::info;

use super::{GivenStorage, Open, Receptionist};
use crate::agent::Agent;
use crate::channels::claims::Claims;
use crate::channels::common::{Common, country};
use crate::channels::email::EmailChannel;
use crate::channels::gate::Gate;
use crate::channels::phone_tools::phone_tools;
use crate::channels::router::Router;
use crate::channels::sms::SmsChannel;
use crate::channels::text::TextChannel;
use crate::channels::voice::VoiceChannel;
use crate::config::TwilioConfig;
use crate::error::Result;
use crate::llm::fallback::chain;
use crate::mail::outbox::Outbox;
use crate::recall::{Indexer, MemoryManager};
use crate::stopwatch::Stopwatch;
use crate::tools::calendar::calendar_tools;
use crate::tools::email::SendEmail;
use crate::tools::runner::ToolRunner;
use crate::tools::standard_tools;

/// What who turned signatures off is told.
const UNVERIFIED: &str = "`channels.verifySignatures` is off: receptionist.webhooks takes what anybody posts. Turn it on outside of tests.";

impl Receptionist {
    /// Puts the parts together; warnings.
    pub(super) async fn start(&self) -> Result<Vec<String>> {
        let watch = Stopwatch::start();
        let mut warnings = self.open_databases().await?;
        let memory = self.remember(&mut warnings)?;
        let claims = Arc::new(Claims::new(self.inbox()));
        let outbox = Arc::new(Outbox::new(self.mailers.clone(), Arc::clone(claims.inbox())));
        self.install_tools(&memory, &outbox)?;
        let agent = self.hire(memory)?;
        let open = self.connect(agent, claims, outbox).await?;
        warnings.extend(self.doubts());

        let (tools, version) = (open.agent.tools().registry().list(None).len(), env!("CARGO_PKG_VERSION"));
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(open));
        info!(version, tools, duration_ms = watch.ms(), "Initialized");
        Ok(warnings)
    }

    async fn open_databases(&self) -> Result<Vec<String>> {
        // What is missing shows before anything is connected.
        self.config.require_agent()?;
        self.config.require_model()?;
        let mut warnings = Vec::new();
        if let Some(database) = self.given.as_ref().and_then(GivenStorage::database) {
            warnings.extend(database.initialize().await?);
        }
        if let Some(database) = &self.own {
            warnings.extend(database.open().await?);
        }
        Ok(warnings)
    }

    fn remember(&self, warnings: &mut Vec<String>) -> Result<Arc<MemoryManager>> {
        let settings = &self.config.require_agent()?.memory;
        let mut memory = MemoryManager::new(settings, self.storage())?.heard_by(self.listener.clone());
        if let Some((meaning, warning)) = self.meaning()? {
            warnings.extend(warning);
            memory = memory.with_meaning(Arc::new(meaning));
        }
        Ok(Arc::new(memory))
    }

    /// The tools that need no channel.
    fn install_tools(&self, memory: &Arc<MemoryManager>, outbox: &Arc<Outbox>) -> Result<()> {
        let mut tools = Vec::new();
        if memory.has_storage() || self.database().is_some() {
            tools.extend(standard_tools(memory, self.database(), &self.config.tools));
        }
        if outbox.can_send() {
            tools.push(Arc::new(SendEmail::new(Arc::clone(outbox), &self.config.tools.email)));
        }
        if let (Some(calendar), Some(config)) = (&self.calendar, &self.config.providers.calendar.google) {
            tools.extend(calendar_tools(Arc::clone(calendar), &config.appointments)?);
        }
        self.tools.install(tools)
    }

    fn hire(&self, memory: Arc<MemoryManager>) -> Result<Arc<Agent>> {
        let model = self.config.require_model()?;
        Ok(Arc::new(Agent::new(
            Arc::clone(&self.profile),
            model.context_tokens(),
            chain(model, self.custom_model.as_deref())?,
            Arc::clone(&memory),
            Arc::new(ToolRunner::new(Arc::clone(&self.tools), memory)),
        )))
    }

    /// Puts the agent on its channels.
    async fn connect(&self, agent: Arc<Agent>, claims: Arc<Claims>, outbox: Arc<Outbox>) -> Result<Open> {
        let common = Common {
            agent: Arc::clone(&agent),
            claims: Arc::clone(&claims),
            database: self.database(),
            twilio: self.twilio.clone(),
            line: Arc::clone(&self.line),
            country: country(&self.config),
        };
        let text = TextChannel::new(Arc::clone(&agent), self.config.tools.default_country.clone());
        let voice = Arc::new(VoiceChannel::new(&common, &self.config));
        let sms = Arc::new(SmsChannel::new(&common, &self.config));
        let email = Arc::new(EmailChannel::new(&common, outbox, self.config.channels.email.clone()));
        // Tables made by hand may lack the allowlist; whoever answers by SMS or e-mail will be told.
        if email.is_configured() {
            let _ = email.allowlist().load().await;
        }
        if self.twilio.is_some() {
            let _ = sms.allowlist().load().await;
            self.tools.install(phone_tools(&voice, &sms, claims.inbox(), &self.config))?;
        }
        let gate = Arc::new(Gate::new(&self.config));
        let router = Router::new(
            Arc::clone(&self.line),
            Arc::clone(&gate),
            Arc::clone(&voice),
            Arc::clone(&sms),
            Arc::clone(&email),
            self.config.channels.trust_proxy,
        );
        let indexer = agent.memory().meaning().map(|meaning| Indexer::start(Arc::clone(meaning)));
        Ok(Open { agent, text, voice, sms, email, gate, router, claims, indexer })
    }

    /// What of the settings works otherwise than one may think.
    fn doubts(&self) -> Vec<String> {
        let voice = self.config.providers.communication.twilio.as_ref().and_then(TwilioConfig::unspoken);
        let unverified =
            (self.config.channels.verify_signatures == Some(false)).then(|| UNVERIFIED.to_owned());
        unverified.into_iter().chain(voice).collect()
    }
}
