//! `AIReceptionist` for JavaScript.

use std::sync::Arc;
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Either3, PromiseRaw};
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::channels::form::Form;
use crate::channels::text::TextRequest;
use crate::channels::webhook::SmsWebhook;
use crate::config::Config;
use crate::customer::Customer;
use crate::database::OLD_TABLE;
use crate::error::{Error, Result};
use crate::input;
use crate::message::Channel;
use crate::node::error::to_napi;
use crate::node::function::{AnswerJson, JsFunction};
use crate::node::host::{JsClient, as_host, reopen};
use crate::node::js_storage::JsStorage;
use crate::node::memory_json::{count, read_memory, read_query, write};
use crate::node::promise::promise;
use crate::node::storage::{DatabaseStorage, InMemoryStorage, MigrateOptions};
use crate::node::user_code::UserCode;
use crate::recall::RetrieveOptions;
use crate::receptionist::{Given, GivenStorage, Open, Receptionist};
use crate::tools::ToolContext;

/// One agent on its channels, with its memory.
#[napi(js_name = "AIReceptionist")]
pub struct AiReceptionist {
    inner: Arc<Receptionist>,
    /// The user's own client, when `database` is one.
    client: Option<Arc<JsClient>>,
    /// What the developer gave as code.
    user: Arc<JsFunction>,
}

#[napi]
impl AiReceptionist {
    /// Checks the configuration. `user` calls what the developer gave as code; `storage` is their long-term storage,
    /// `true` when that is code too; `run` is their own client.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        config: String,
        user: AnswerJson,
        storage: Option<Either3<ClassInstance<InMemoryStorage>, ClassInstance<DatabaseStorage>, bool>>,
        run: Option<AnswerJson>,
    ) -> napi::Result<Self> {
        let client = run.map(JsClient::new).transpose()?;
        let user = JsFunction::new(user)?;
        let storage = storage.map(|storage| match storage {
            Either3::A(storage) => GivenStorage::InMemory(storage.inner()),
            Either3::B(storage) => GivenStorage::Database(storage.inner()),
            Either3::C(_) => GivenStorage::Custom(Arc::new(JsStorage::new(UserCode::new(Arc::clone(&user))))),
        });
        let receptionist = Config::parse(&config)
            .and_then(|config| Receptionist::new(config, Given { storage, client: as_host(client.as_ref()) }))
            .map_err(to_napi)?;
        Ok(Self { inner: Arc::new(receptionist), client, user })
    }

    /// Connects and gets ready; `user` and `run` are those of the constructor again, which `dispose` let go of.
    /// Resolves to warnings.
    #[napi(catch_unwind)]
    pub fn initialize<'env>(
        &self,
        env: &'env Env,
        user: AnswerJson,
        run: Option<AnswerJson>,
    ) -> napi::Result<PromiseRaw<'env, Vec<String>>> {
        self.user.open(user)?;
        reopen(self.client.as_ref(), run)?;
        let receptionist = Arc::clone(&self.inner);
        promise(env, async move { receptionist.initialize().await })
    }

    /// Closes what is ours.
    #[napi(catch_unwind)]
    pub fn dispose<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let (receptionist, user) = (Arc::clone(&self.inner), Arc::clone(&self.user));
        promise(env, async move {
            receptionist.dispose().await;
            user.close();
            Ok(())
        })
    }

    /// Creates missing tables, or says how.
    #[napi(catch_unwind)]
    pub fn migrate<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        let receptionist = Arc::clone(&self.inner);
        promise(env, async move {
            let options: MigrateOptions = arguments(&options)?;
            write(&receptionist.migrate(options.dry_run.unwrap_or_default()).await?)
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
        promise(env, async move {
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

    /// Answers a prompt.
    #[napi(catch_unwind)]
    pub fn generate<'env>(
        &self,
        env: &'env Env,
        prompt: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: GenerateOptions = arguments(&options)?;
            let request = TextRequest {
                prompt,
                conversation_id: options.conversation_id,
                metadata: options.metadata,
                customer: options.customer,
            };
            write(&open.text.generate(request).await?)
        })
    }

    /// Answers a text message, posted by Twilio, with TwiML; `proof` is its signature and URL.
    #[napi(catch_unwind)]
    pub fn handle_sms_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        proof: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let form = Form::from_json(&payload)?;
            open.gate.check_twilio(&form, &arguments(&proof)?)?;
            open.sms.receive(SmsWebhook::read(&form)?).await
        })
    }

    /// Opens a conversation.
    #[napi(catch_unwind)]
    pub fn create_conversation<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: ConversationOptions = arguments(&options)?;
            write(&open.text.create_conversation(options.metadata).await?)
        })
    }

    /// Remembers.
    #[napi(catch_unwind)]
    pub fn memory_store<'env>(&self, env: &'env Env, memory: String) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move { open.agent.memory().store(read_memory(&memory)?).await })
    }

    /// Finds memories.
    #[napi(catch_unwind)]
    pub fn memory_search<'env>(
        &self,
        env: &'env Env,
        query: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.agent.memory().search(&read_query(&query)?).await?) })
    }

    /// A whole conversation, oldest first.
    #[napi(catch_unwind)]
    pub fn memory_history<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            write(&open.agent.memory().conversation_history(&conversation_id).await?)
        })
    }

    /// The newest memories of a channel, newest first.
    #[napi(catch_unwind)]
    pub fn memory_channel_history<'env>(
        &self,
        env: &'env Env,
        channel: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: HistoryOptions = arguments(&options)?;
            let limit = count("limit", options.limit)?;
            let channel = Channel::from(channel.as_str());
            write(&open.agent.memory().channel_history(channel, limit, options.conversation_id).await?)
        })
    }

    /// Records that a conversation begins.
    #[napi(catch_unwind)]
    pub fn memory_start_session<'env>(
        &self,
        env: &'env Env,
        session: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move {
            let session: SessionOptions = arguments(&session)?;
            let SessionOptions { conversation_id, channel, metadata } = session;
            open.agent.memory().start_session(&conversation_id, channel, metadata).await
        })
    }

    /// Records that a conversation ended.
    #[napi(catch_unwind)]
    pub fn memory_end_session<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        summary: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move {
            open.agent.memory().end_session(&conversation_id, summary.as_deref()).await
        })
    }

    /// Memories that bear on a text.
    #[napi(catch_unwind)]
    pub fn memory_retrieve<'env>(
        &self,
        env: &'env Env,
        text: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: HistoryOptions = arguments(&options)?;
            let limit = count("limit", options.limit)?;
            let options =
                RetrieveOptions { conversation_id: options.conversation_id, channel: options.channel, limit };
            write(&open.agent.memory().retrieve(&text, options).await?)
        })
    }

    /// How much is remembered.
    #[napi(catch_unwind)]
    pub fn memory_stats(&self) -> napi::Result<String> {
        let open = self.inner.open().map_err(to_napi)?;
        write(&open.agent.memory().stats()).map_err(to_napi)
    }

    /// Empties the window.
    #[napi(catch_unwind)]
    pub fn memory_clear_short_term(&self) -> napi::Result<()> {
        self.inner.open().map_err(to_napi)?.agent.memory().clear_short_term();
        Ok(())
    }

    /// Starts counting saved memories anew.
    #[napi(catch_unwind)]
    pub fn memory_clear_long_term(&self) -> napi::Result<()> {
        self.inner.open().map_err(to_napi)?.agent.memory().clear_long_term();
        Ok(())
    }

    /// Name, description and parameters of the tools, all or those of a channel.
    #[napi(catch_unwind)]
    pub fn list_tools(&self, channel: Option<String>) -> napi::Result<String> {
        let open = self.inner.open().map_err(to_napi)?;
        let channel = channel.as_deref().map(Channel::from);
        let tools: Vec<Value> = open
            .agent
            .tools()
            .registry()
            .list(channel.as_ref())
            .iter()
            .map(|tool| {
                let tool = tool.definition();
                json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters })
            })
            .collect();
        write(&tools).map_err(to_napi)
    }

    /// Runs a tool.
    #[napi(catch_unwind)]
    pub fn execute_tool<'env>(
        &self,
        env: &'env Env,
        name: String,
        parameters: String,
        context: String,
        timeout_ms: Option<f64>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, move |open| async move {
            let parameters: Value = arguments(&parameters)?;
            let context: ExecutionContext = arguments(&context)?;
            let timeout = match timeout_ms {
                None => None,
                Some(ms) if ms.is_finite() && ms > 0.0 => {
                    Some(Duration::from_secs_f64(ms.min(1e12) / 1_000.0))
                }
                Some(_) => {
                    return Err(Error::argument("timeoutMs", "must be a positive number of milliseconds"));
                }
            };
            let context = context.into_tool_context(&open)?;
            write(&open.agent.tools().execute(&name, parameters, &context, timeout).await?)
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
        promise(env, async move { work(receptionist.open()?).await })
    }
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

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GenerateOptions {
    conversation_id: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConversationOptions {
    metadata: Option<Map<String, Value>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HistoryOptions {
    limit: Option<f64>,
    conversation_id: Option<String>,
    channel: Option<Channel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionOptions {
    conversation_id: String,
    channel: Channel,
    metadata: Option<Map<String, Value>>,
}

/// Where and for whom the developer runs a tool.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionContext {
    channel: Channel,
    conversation_id: String,
    call_sid: Option<String>,
    message_sid: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
}

impl ExecutionContext {
    fn into_tool_context(self, open: &Open) -> Result<ToolContext> {
        Ok(ToolContext {
            channel: self.channel,
            conversation_id: self.conversation_id,
            call_sid: self.call_sid,
            message_sid: self.message_sid,
            metadata: self.metadata.unwrap_or_default(),
            customer: open.text.identify(self.customer.unwrap_or_default())?,
        })
    }
}
