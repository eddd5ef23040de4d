//! Text: conversations held by the developer's own code.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agent::reminder::Reminder;
use crate::agent::turns;
use crate::agent::{Agent, TurnRequest};
use crate::channels::conversations::new_id;
use crate::channels::text_stream::{Streams, TextStream};
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::llm::text_sink::TextSink;
use crate::memory::{check_id, now};
use crate::message::{Channel, ToolResult};
use crate::tools::DEFAULT_COUNTRY;
use crate::tools::runner::clean_text;

/// Talks to the agent in text.
#[derive(Clone)]
pub struct TextChannel {
    agent: Arc<Agent>,
    country: String,
    streams: Arc<Streams>,
}

/// What `text.generate` takes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextRequest {
    /// What is said; not empty.
    pub prompt: String,
    /// The conversation it belongs to, 1 to 512 characters; a new one unless given.
    #[serde(default)]
    pub conversation_id: Option<String>,
    /// Kept with the message (and the session, when it is new), and handed to tools.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
    /// Who says it.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// The turns that wait for whoever asks, outermost first.
    #[serde(default)]
    pub within: Vec<u64>,
}

/// What `text.generate` returns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextResponse {
    /// The answer.
    pub text: String,
    /// How it came about.
    pub metadata: TextMetadata,
}

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextMetadata {
    /// When; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::memory::timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
    /// The conversation, to go on with.
    pub conversation_id: String,
    /// Whose model gave the answer: `openai`, `anthropic`, …
    pub provider: String,
    /// The model that gave it.
    pub model: String,
    /// Names of the tools that ran, in order, with repetitions.
    pub tools_used: Vec<String>,
    /// Their results, in the same order.
    pub tool_results: Vec<ToolResult>,
    /// Their calls, with their results.
    pub tool_calls: Vec<TextToolCall>,
    /// What the agent was reminded of, with vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Reminder>,
}

/// A tool that ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextToolCall {
    /// The provider's id.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Its arguments.
    pub parameters: Value,
    /// What came of it.
    pub result: ToolResult,
}

/// A conversation that was opened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Its id: `conv_<ms>_<7 characters>`.
    pub id: String,
    /// `text`.
    pub channel: Channel,
    /// Now; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
}

impl TextChannel {
    /// `default_country` (ISO 3166-1 alpha-2, `US` unless given) is where customers' phone numbers
    /// without a country code are dialled.
    pub fn new(agent: Arc<Agent>, default_country: Option<String>) -> Self {
        Self {
            agent,
            country: default_country.unwrap_or_else(|| DEFAULT_COUNTRY.to_owned()),
            streams: Arc::default(),
        }
    }

    /// Who answers.
    pub(super) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Answers a prompt.
    ///
    /// Fails with `INVALID_ARGUMENT` naming `prompt`, `conversationId`, `customer.email`,
    /// `customer.phone` or `customer.id`, and with what [`Agent::turn`] fails with.
    pub async fn generate(&self, request: TextRequest) -> Result<TextResponse> {
        self.answer(request, None).await
    }

    /// Answers like [`Self::generate`], in a task of its own, to be read as it arrives. Must be called in the runtime.
    pub fn stream(&self, request: TextRequest) -> TextStream {
        let channel = self.clone();
        self.streams.start(|text| async move { channel.answer(request, Some(&text)).await })
    }

    /// Breaks off the answers that are being read.
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
            input: clean_text(request.prompt),
            customer,
            metadata: request.metadata,
            call_sid: None,
            message_sid: None,
            memory_id: None,
            instructions: None,
        };
        let answer = async {
            match text {
                None => self.agent.turn(turn).await,
                Some(text) => self.agent.turn_aloud(turn, text).await,
            }
        };
        let outcome = turns::inside(request.within.into(), answer).await?;
        let ran = outcome.tool_executions;
        Ok(TextResponse {
            text: outcome.text,
            metadata: TextMetadata {
                timestamp: now(),
                conversation_id,
                provider: outcome.model.provider,
                model: outcome.model.model,
                recalled: outcome.recalled,
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

    /// Opens a conversation; `metadata` is kept with its session.
    pub async fn create_conversation(&self, metadata: Option<Map<String, Value>>) -> Result<Conversation> {
        let started_at = now();
        let id = new_id();
        self.agent.memory().start_session(&id, Channel::Text, metadata).await?;
        Ok(Conversation { id, channel: Channel::Text, started_at })
    }

    /// The developer's identifiers, normalised; empty ones count as absent.
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
    use crate::agent::testing::{Scene, asks, says, scene};
    use crate::memory::MemoryQuery;
    use crate::tools::done;
    use crate::tools::testing::tool;
    use serde_json::json;

    fn channel(scene: &Scene) -> TextChannel {
        TextChannel::new(Arc::clone(&scene.agent), None)
    }

    fn asked(json: Value) -> TextRequest {
        serde_json::from_value(json).unwrap()
    }

    #[tokio::test]
    async fn an_answer_tells_which_tools_ran() {
        let look = tool("look", json!({ "type": "object" }), |_| Ok(done(json!({ "n": 1 }), "ok")));
        let scene = scene(vec![asks("", &[("a", "look", json!({ "x": 1 }))]), says("Here.")], vec![look]);
        let response = channel(&scene).generate(asked(json!({ "prompt": "hi" }))).await.unwrap();
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
    async fn a_new_conversation_is_opened_and_its_id_told() {
        let scene = scene(vec![says("Hello.")], vec![]);
        let request = asked(json!({ "prompt": "a\u{0}b", "metadata": { "page": 1 } }));
        let id = channel(&scene).generate(request).await.unwrap().metadata.conversation_id;
        let parts: Vec<&str> = id.split('_').collect();
        assert_eq!((parts[0], parts[2].len()), ("conv", 7));
        assert!(parts[1].parse::<i64>().unwrap() > 1_600_000_000_000);
        let rows = scene.memory.search(&MemoryQuery::conversation(&id)).await.unwrap();
        assert_eq!(rows[0].id, format!("session-start-{id}"));
        assert_eq!(rows[1].content, "a\u{fffd}b");
        let given = asked(json!({ "prompt": "hi", "conversationId": "mine" }));
        assert_eq!(channel(&scene).generate(given).await.unwrap().metadata.conversation_id, "mine");
        assert_eq!(scene.memory.search(&MemoryQuery::conversation("mine")).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn bad_arguments_are_named_and_nothing_is_saved() {
        let scene = scene(vec![says("Hello.")], vec![]);
        for (request, argument) in [
            (json!({ "prompt": " " }), "`prompt`"),
            (json!({ "prompt": "hi", "conversationId": "" }), "`conversationId`"),
            (json!({ "prompt": "hi", "conversationId": "x".repeat(513) }), "`conversationId`"),
            (json!({ "prompt": "hi", "conversationId": "a\u{0}" }), "`conversationId`"),
            (json!({ "prompt": "hi", "customer": { "email": "nobody" } }), "`customer.email`"),
            (json!({ "prompt": "hi", "customer": { "phone": "nobody" } }), "`customer.phone`"),
        ] {
            let error = channel(&scene).generate(asked(request)).await.unwrap_err();
            assert_eq!(error.code(), "INVALID_ARGUMENT");
            assert!(error.to_string().contains(argument), "{error}");
            assert!(!error.to_string().contains("nobody"));
        }
        assert!(scene.memory.search(&MemoryQuery::newest(9)).await.unwrap().is_empty());
    }

    #[test]
    fn customers_are_normalised() {
        let scene = scene(vec![], vec![]);
        let given = Customer {
            id: Some(" ".into()),
            email: Some("John@X.y ".into()),
            phone: Some("(555) 123-4567".into()),
        };
        let customer = channel(&scene).identify(given).unwrap();
        assert_eq!(customer.id, None);
        assert_eq!(customer.email.as_deref(), Some("john@x.y"));
        assert_eq!(customer.phone.as_deref(), Some("+15551234567"));
    }
}
