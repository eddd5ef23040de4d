//! The text channel: conversations held by the developer's own code.

pub mod agent_request;
mod response;
pub mod stream;

pub use response::{TextMetadata, TextResponse, TextToolCall};

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agent::conversation_locks;
use crate::agent::{Agent, TurnRequest};
use crate::channels::shared::conversations::new_id;
use crate::channels::text::stream::{TextStream, TextStreams};
use crate::error::{Error, Result};
use crate::llm::text_sink::TextSink;
use crate::tools::DEFAULT_COUNTRY;
use crate::tools::runner::replace_nul;
use crate::types::customer::Customer;
use crate::types::memory::{check_id, now};
use crate::types::message::Channel;

/// The text channel.
#[derive(Clone)]
pub struct TextChannel {
    agent: Arc<Agent>,
    country: String,
    streams: Arc<TextStreams>,
}

/// The request of `text.generate`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextRequest {
    /// The user's message, not empty.
    pub prompt: String,
    /// The conversation, 1 to 512 characters; default is a new one.
    #[serde(default)]
    pub conversation_id: Option<String>,
    /// Metadata, stored with the message (and with a new session), and passed to tools.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
    /// The customer who is speaking.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// Instructions of the developer for this answer.
    #[serde(default)]
    pub instructions: Option<String>,
    /// The turns that wait for this request, outermost first.
    #[serde(default)]
    pub waiting_turns: Vec<u64>,
}

/// A new conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// The id: `conv_<ms>_<7 characters>`.
    pub id: String,
    /// Always `text`.
    pub channel: Channel,
    /// The current time; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
}

impl TextChannel {
    /// Creates a channel. `default_country` (ISO 3166-1 alpha-2, default `US`) is the country of
    /// customers' phone numbers without a country code.
    pub fn new(agent: Arc<Agent>, default_country: Option<String>) -> Self {
        Self {
            agent,
            country: default_country.unwrap_or_else(|| DEFAULT_COUNTRY.to_owned()),
            streams: Arc::default(),
        }
    }

    /// Returns the agent.
    pub(super) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Answers a prompt.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` naming `prompt`, `conversationId`, `customer.email`,
    /// `customer.phone` or `customer.id`, and with the errors of [`Agent::turn`].
    pub async fn generate(&self, request: TextRequest) -> Result<TextResponse> {
        self.answer(request, None).await
    }

    /// Answers like [`Self::generate`] in a separate task, streaming the reply. Must be called
    /// within the runtime.
    pub fn stream(&self, request: TextRequest) -> TextStream {
        let channel = self.clone();
        self.streams.start(|text| async move { channel.answer(request, Some(&text)).await })
    }

    /// Aborts all streams.
    pub async fn finish(&self) {
        self.streams.finish().await;
    }

    async fn answer(&self, request: TextRequest, text: Option<&TextSink>) -> Result<TextResponse> {
        if request.prompt.trim().is_empty() {
            return Err(Error::argument("prompt", "is empty; say something"));
        }
        let customer = self.identify(request.customer.unwrap_or_default())?;
        let conversation_id = match request.conversation_id {
            Some(id) => {
                check_id("conversationId", &id)
                    .map_err(|reason| Error::argument("conversationId", reason))?;
                refuse_nul("conversationId", &id)?;
                id
            }
            None => self.create_conversation(request.metadata.clone()).await?.id,
        };
        let turn = TurnRequest {
            channel: Channel::Text,
            conversation_id: conversation_id.clone(),
            input: replace_nul(request.prompt),
            customer,
            metadata: request.metadata,
            call_sid: None,
            message_sid: None,
            memory_id: None,
            instructions: request.instructions.filter(|text| !text.trim().is_empty()).map(replace_nul),
            tool_options: crate::agent::ToolOptions::default(),
        };
        let answer = async {
            match text {
                None => self.agent.turn(turn).await,
                Some(text) => self.agent.turn_stream(turn, text).await,
            }
        };
        let outcome = conversation_locks::in_turns(request.waiting_turns.into(), answer).await?;
        let ran = outcome.tool_executions;
        Ok(TextResponse {
            text: outcome.text,
            metadata: TextMetadata {
                timestamp: now(),
                conversation_id,
                provider: outcome.model.provider,
                model: outcome.model.model,
                retrieved: outcome.retrieved,
                tools_used: ran.iter().map(|ran| ran.call.name.clone()).collect(),
                tool_results: ran.iter().map(|ran| ran.result.clone()).collect(),
                tool_calls: ran
                    .into_iter()
                    .map(|ran| TextToolCall {
                        id: ran.call.id,
                        name: ran.call.name,
                        parameters: ran.call.parameters,
                        result: ran.result,
                    })
                    .collect(),
            },
        })
    }

    /// Creates a conversation; `metadata` is stored with its session.
    pub async fn create_conversation(&self, metadata: Option<Map<String, Value>>) -> Result<Conversation> {
        let started_at = now();
        let id = new_id();
        self.agent.memory().start_session(&id, Channel::Text, metadata).await?;
        Ok(Conversation { id, channel: Channel::Text, started_at })
    }

    /// Returns the developer's identifiers, normalized. Empty ones count as absent.
    pub fn identify(&self, given: Customer) -> Result<Customer> {
        given.normalized("customer.", &self.country)
    }
}

pub(super) fn refuse_nul(argument: &str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::argument(argument, "holds a NUL character, which databases cannot store"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::testing::{AgentFixture, fixture, text_answer, tool_call_answer};
    use crate::tools::done;
    use crate::tools::testing::tool;
    use crate::types::memory::MemoryQuery;
    use serde_json::json;

    fn channel(fixture: &AgentFixture) -> TextChannel {
        TextChannel::new(Arc::clone(&fixture.agent), None)
    }

    fn asked(json: Value) -> TextRequest {
        serde_json::from_value(json).unwrap()
    }

    #[tokio::test]
    async fn a_reply_lists_the_executed_tools() {
        let look = tool("look", json!({ "type": "object" }), |_| Ok(done(json!({ "n": 1 }), "ok")));
        let fixture = fixture(
            vec![tool_call_answer("", &[("a", "look", json!({ "x": 1 }))]), text_answer("Here.")],
            vec![look],
        );
        let response = channel(&fixture).generate(asked(json!({ "prompt": "hi" }))).await.unwrap();
        let json = serde_json::to_value(&response).unwrap();
        assert_eq!(json["text"], "Here.");
        assert!(json["metadata"]["timestamp"].is_i64());
        assert_eq!(json["metadata"]["toolsUsed"], json!(["look"]));
        assert_eq!(json["metadata"]["toolResults"][0]["data"], json!({ "n": 1 }));
        assert_eq!(json["metadata"]["toolCalls"][0]["id"], "a");
        assert_eq!(json["metadata"]["toolCalls"][0]["parameters"], json!({ "x": 1 }));
        assert_eq!(json["metadata"]["toolCalls"][0]["result"]["success"], true);
    }

    #[tokio::test]
    async fn creates_a_conversation_and_returns_its_id() {
        let fixture = fixture(vec![text_answer("Hello.")], vec![]);
        let request = asked(json!({ "prompt": "a\u{0}b", "metadata": { "page": 1 } }));
        let id = channel(&fixture).generate(request).await.unwrap().metadata.conversation_id;
        let parts: Vec<&str> = id.split('_').collect();
        assert_eq!((parts[0], parts[2].len()), ("conv", 7));
        assert!(parts[1].parse::<i64>().unwrap() > 1_600_000_000_000);
        let rows = fixture.memory.search(&MemoryQuery::conversation(&id)).await.unwrap();
        assert_eq!(rows[0].id, format!("session-start-{id}"));
        assert_eq!(rows[1].content, "a\u{fffd}b");
        let given = asked(json!({ "prompt": "hi", "conversationId": "mine" }));
        assert_eq!(channel(&fixture).generate(given).await.unwrap().metadata.conversation_id, "mine");
        assert_eq!(fixture.memory.search(&MemoryQuery::conversation("mine")).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn names_bad_arguments_and_saves_nothing() {
        let fixture = fixture(vec![text_answer("Hello.")], vec![]);
        for (request, argument) in [
            (json!({ "prompt": " " }), "`prompt`"),
            (json!({ "prompt": "hi", "conversationId": "" }), "`conversationId`"),
            (json!({ "prompt": "hi", "conversationId": "x".repeat(513) }), "`conversationId`"),
            (json!({ "prompt": "hi", "conversationId": "a\u{0}" }), "`conversationId`"),
            (json!({ "prompt": "hi", "customer": { "email": "nobody" } }), "`customer.email`"),
            (json!({ "prompt": "hi", "customer": { "phone": "nobody" } }), "`customer.phone`"),
        ] {
            let error = channel(&fixture).generate(asked(request)).await.unwrap_err();
            assert_eq!(error.code(), "INVALID_ARGUMENT");
            assert!(error.to_string().contains(argument), "{error}");
            assert!(!error.to_string().contains("nobody"));
        }
        assert!(fixture.memory.search(&MemoryQuery::newest(9)).await.unwrap().is_empty());
    }

    #[test]
    fn normalizes_customers() {
        let fixture = fixture(vec![], vec![]);
        let given = Customer {
            id: Some(" ".into()),
            email: Some("John@X.y ".into()),
            phone: Some("(555) 123-4567".into()),
            ..Customer::default()
        };
        let customer = channel(&fixture).identify(given).unwrap();
        assert_eq!(customer.id, None);
        assert_eq!(customer.email.as_deref(), Some("john@x.y"));
        assert_eq!(customer.phone.as_deref(), Some("+15551234567"));
    }
}
