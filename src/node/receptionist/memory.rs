//! `receptionist.agent.memory` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{AiReceptionist, arguments};
use crate::error::Error;
use crate::memory::json::{count, read_memories, read_memory, read_query};
use crate::message::Channel;
use crate::node::error::to_napi;
use crate::output::write;
use crate::recall::RetrieveOptions;

#[napi]
impl AiReceptionist {
    /// Remembers.
    #[napi(catch_unwind)]
    pub fn memory_store<'env>(&self, env: &'env Env, memory: String) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move { open.agent.memory().store(read_memory(&memory)?).await })
    }

    /// Remembers all or none.
    #[napi(catch_unwind)]
    pub fn memory_store_batch<'env>(
        &self,
        env: &'env Env,
        memories: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move { open.agent.memory().store_batch(read_memories(&memories)?).await })
    }

    /// The memory of that id.
    #[napi(catch_unwind)]
    pub fn memory_get<'env>(
        &self,
        env: &'env Env,
        id: String,
    ) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        self.run(
            env,
            |open| async move { open.agent.memory().get(&id).await?.as_ref().map(write).transpose() },
        )
    }

    /// Forgets the memory of that id.
    #[napi(catch_unwind)]
    pub fn memory_delete<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move { open.agent.memory().delete(&id).await })
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
            open.agent.memory().end_session(&conversation_id, summary.as_deref(), Map::new()).await
        })
    }

    /// The newest memory of a call, a message or an address.
    #[napi(catch_unwind)]
    pub fn memory_find<'env>(&self, env: &'env Env, by: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let memory = open.agent.memory();
            write(&match arguments(&by)? {
                SessionKey::Address { channel, address } => {
                    memory.newest_of_address(channel, &address).await?
                }
                SessionKey::Field { field, value } => memory.newest_of_session(&field, &value, None).await?,
            })
        })
    }

    /// Notes which call or message a conversation is.
    #[napi(catch_unwind)]
    pub fn memory_attach<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        field: String,
        value: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, move |open| async move {
            open.agent.memory().attach(&conversation_id, &field, &value).await
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
            let options = RetrieveOptions {
                conversation_id: options.conversation_id,
                channel: options.channel,
                audience: None,
                limit,
            };
            write(&open.agent.memory().retrieve(&text, options).await?)
        })
    }

    /// Embeds what has no vector yet.
    #[napi(catch_unwind)]
    pub fn memory_reindex<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: ReindexOptions = arguments(&options)?;
            let meaning = open.agent.memory().meaning().ok_or_else(|| {
                Error::config("agent.memory.vectorEnabled", "is not on, so that there are no vectors")
            })?;
            write(&meaning.reindex(options.everything.unwrap_or_default()).await?)
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
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HistoryOptions {
    limit: Option<f64>,
    conversation_id: Option<String>,
    channel: Option<Channel>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReindexOptions {
    everything: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
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
