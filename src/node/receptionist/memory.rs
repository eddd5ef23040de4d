//! `receptionist.agent.memory` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{AiReceptionist, arguments};
use crate::agent::conversation_locks;
use crate::customers::Person;
use crate::error::Result;
use crate::json::write;
use crate::memory::RetrieveOptions;
use crate::node::error::to_napi;
use crate::receptionist::Running;
use crate::types::customer::Customer;
use crate::types::memory::json::{Time, count, read_memories, read_memory, read_query};
use crate::types::message::Channel;

#[napi]
impl AiReceptionist {
    /// Stores a memory.
    #[napi(catch_unwind)]
    pub fn memory_store<'env>(&self, env: &'env Env, memory: String) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move { running.agent.memory().store(read_memory(&memory)?).await })
    }

    /// Stores all memories or none.
    #[napi(catch_unwind)]
    pub fn memory_store_batch<'env>(
        &self,
        env: &'env Env,
        memories: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(
            env,
            |running| async move { running.agent.memory().store_batch(read_memories(&memories)?).await },
        )
    }

    /// Returns the memory with the given id, if any.
    #[napi(catch_unwind)]
    pub fn memory_get<'env>(
        &self,
        env: &'env Env,
        id: String,
    ) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        self.run(env, |running| async move {
            running.agent.memory().get(&id).await?.as_ref().map(write).transpose()
        })
    }

    /// Deletes the memory with the given id.
    #[napi(catch_unwind)]
    pub fn memory_delete<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move { running.agent.memory().delete(&id).await })
    }

    /// Searches memories.
    #[napi(catch_unwind)]
    pub fn memory_search<'env>(
        &self,
        env: &'env Env,
        query: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(
            env,
            |running| async move { write(&running.agent.memory().search(&read_query(&query)?).await?) },
        )
    }

    /// Returns a whole conversation, oldest first.
    #[napi(catch_unwind)]
    pub fn memory_history<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            write(&running.agent.memory().conversation_history(&conversation_id).await?)
        })
    }

    /// Returns the newest memories of a channel, newest first.
    #[napi(catch_unwind)]
    pub fn memory_channel_history<'env>(
        &self,
        env: &'env Env,
        channel: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            let options: HistoryOptions = arguments(&options)?;
            let limit = count("limit", options.limit)?;
            let channel = Channel::from(channel.as_str());
            write(&running.agent.memory().channel_history(channel, limit, options.conversation_id).await?)
        })
    }

    /// Records the start of a conversation.
    #[napi(catch_unwind)]
    pub fn memory_start_session<'env>(
        &self,
        env: &'env Env,
        session: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move {
            let session: SessionOptions = arguments(&session)?;
            let SessionOptions { conversation_id, channel, metadata } = session;
            running.agent.memory().start_session(&conversation_id, channel, metadata).await
        })
    }

    /// Records the end of a conversation.
    #[napi(catch_unwind)]
    pub fn memory_end_session<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        summary: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move {
            running.consolidator.end_session(&conversation_id, summary.as_deref()).await?;
            if let Some(extractor) = &running.extractor {
                extractor.extract_in_background(conversation_id);
            }
            Ok(())
        })
    }

    /// Summarizes a conversation and records facts about its customer. `waiting_turns` are the turns
    /// from which it is called.
    #[napi(catch_unwind)]
    pub fn memory_summarize<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        waiting_turns: Vec<i64>,
    ) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let turns = waiting_turns.into_iter().filter_map(|turn| u64::try_from(turn).ok()).collect();
        self.run(env, |running| async move {
            let summarized = running.consolidator.summarize(&conversation_id);
            let consolidation = conversation_locks::in_turns(turns, summarized).await?;
            consolidation.as_ref().map(write).transpose()
        })
    }

    /// Returns the newest memory of a call, a message or an address.
    #[napi(catch_unwind)]
    pub fn memory_find<'env>(&self, env: &'env Env, by: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            let memory = running.agent.memory();
            write(&match arguments(&by)? {
                SessionKey::Address { channel, address } => {
                    memory.latest_by_address(channel, &address).await?
                }
                SessionKey::Field { field, value } => {
                    memory.latest_by_session_field(&field, &value, None).await?
                }
            })
        })
    }

    /// Links a conversation to a call or message.
    #[napi(catch_unwind)]
    pub fn memory_attach<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        field: String,
        value: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, move |running| async move {
            running.agent.memory().attach(&conversation_id, &field, &value).await
        })
    }

    /// Retrieves memories relevant to a text.
    #[napi(catch_unwind)]
    pub fn memory_retrieve<'env>(
        &self,
        env: &'env Env,
        text: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            let given: RetrieveArguments = arguments(&options)?;
            let explain = given.explain.unwrap_or_default();
            let options = given.into_options(&running).await?;
            let found = running.agent.memory().retrieve(&text, &options).await?;
            if explain {
                return write(&found);
            }
            write(&found.into_iter().map(|found| found.memory).collect::<Vec<_>>())
        })
    }

    /// Rebuilds the lexical index, and embeds all memories that have no vector yet.
    #[napi(catch_unwind)]
    pub fn memory_reindex<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            let options: ReindexOptions = arguments(&options)?;
            write(&running.agent.memory().reindex(options.force.unwrap_or_default()).await?)
        })
    }

    /// Returns memory statistics.
    #[napi(catch_unwind)]
    pub fn memory_stats(&self) -> napi::Result<String> {
        self.with_running(|running| write(&running.agent.memory().stats()))?.map_err(to_napi)
    }

    /// Clears short-term memory.
    #[napi(catch_unwind)]
    pub fn memory_clear_short_term(&self) -> napi::Result<()> {
        self.with_running(|running| running.agent.memory().clear_short_term())
    }

    /// Resets the count of saved memories.
    #[napi(catch_unwind)]
    pub fn memory_clear_long_term(&self) -> napi::Result<()> {
        self.with_running(|running| running.agent.memory().clear_long_term())
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HistoryOptions {
    limit: Option<f64>,
    conversation_id: Option<String>,
    channel: Option<Channel>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RetrieveArguments {
    limit: Option<f64>,
    conversation_id: Option<String>,
    channel: Option<Channel>,
    customer: Option<Customer>,
    since: Option<Time>,
    until: Option<Time>,
    names: Option<Vec<String>>,
    explain: Option<bool>,
}

impl RetrieveArguments {
    async fn into_options(self, running: &Running) -> Result<RetrieveOptions> {
        let limit = count("limit", self.limit)?;
        let customer = self.customer.map(|customer| running.text.identify(customer)).transpose()?;
        let (memory, customers) = (running.agent.memory(), &running.customers);
        let (mut viewer, mut name) = (None, None);
        if let Some(line) = customer {
            let Person { customer, .. } = customers.identities().person(&line).await?;
            // Names matter to embeddings only.
            if self.names.is_none() && memory.semantic_index().is_some() {
                name = customers.name(&customer).await?;
            }
            viewer = Some(memory.viewer("", &customer).await?);
        }
        Ok(RetrieveOptions {
            conversation_id: self.conversation_id,
            channel: self.channel,
            viewer,
            since: self.since.map(Into::into),
            until: self.until.map(Into::into),
            names: self.names.unwrap_or_else(|| running.agent.names_with(name)),
            limit,
            ..RetrieveOptions::default()
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReindexOptions {
    force: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "must name a field or an address")]
enum SessionKey {
    Address { channel: Channel, address: String },
    Field { field: String, value: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionOptions {
    conversation_id: String,
    channel: Channel,
    metadata: Option<Map<String, Value>>,
}
