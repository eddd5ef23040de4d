//! Extraction: values that the developer's schema describes, taken from an ended conversation.

mod answer;
mod form;
mod prompt;

pub use form::{ExtractionValidator, ValidatedValues};

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tracing::{debug, warn};

use self::answer::Unreadable;
use self::form::{Form, Problems};
use crate::agent::Agent;
use crate::agent::spoken_lines;
use crate::background_tasks::BackgroundTasks;
use crate::config::ExtractConfig;
use crate::database::{CallLog, Database};
use crate::error::{Error, Result};
use crate::llm::ChatRequest;
use crate::memory::ConversationOwner;
use crate::stopwatch::Stopwatch;
use crate::tools::runner::replace_nul;
use crate::types::event::{Event, EventKind, ExtractEvent};
use crate::types::memory::{check_id, check_text, now};
use crate::types::message::Message;
use crate::types::visibility::customer_of_fields;

/// Maximum number of memories of a conversation that are read, newest first.
const MAX_MEMORIES: u32 = 1_000;
/// Maximum characters of the conversation that the model reads, newest first.
const MAX_CHARACTERS: usize = 24_000;
/// Number of times that the model is asked.
const MAX_ATTEMPTS: usize = 2;
/// Maximum number of extractions in the background at once.
const MAX_CONCURRENT: usize = 4;
/// Maximum time that closing waits for extractions.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);
/// Field of `metadata` with the values.
const EXTRACTED: &str = "extracted";
/// Field of `metadata` with the code of a failure.
const EXTRACTION_ERROR: &str = "extractionError";

/// Extracts values from conversations and stores them.
pub struct Extractor {
    agent: Arc<Agent>,
    /// The database of call logs. Without one, values are stored as memories.
    database: Option<Arc<Database>>,
    form: Form,
    /// Instructions to the model, with the schema.
    instructions: String,
    background: BackgroundTasks,
}

impl Extractor {
    /// Checks the options without an agent.
    ///
    /// # Errors
    ///
    /// `INVALID_CONFIG` if the schema is not a JSON Schema of an object.
    pub fn check(config: &ExtractConfig) -> Result<()> {
        Form::compile(config, None).map(drop)
    }

    /// Creates an extractor of the agent's conversations. `validator` is the developer's own
    /// validation, after that by the JSON Schema.
    ///
    /// # Errors
    ///
    /// `INVALID_CONFIG` if the schema is not a JSON Schema of an object.
    pub fn new(
        agent: Arc<Agent>,
        database: Option<Arc<Database>>,
        config: &ExtractConfig,
        validator: Option<Arc<dyn ExtractionValidator>>,
    ) -> Result<Self> {
        let form = Form::compile(config, validator)?;
        let instructions = prompt::instructions(&form.json_schema, config.instructions.as_deref());
        Ok(Self { agent, database, form, instructions, background: BackgroundTasks::new(MAX_CONCURRENT) })
    }

    /// Extracts the values of a conversation once its running turn has ended, stores them and emits
    /// the event. Returns `None` if the customer wrote nothing.
    ///
    /// # Errors
    ///
    /// `EXTRACTION_INVALID` if the model's values are invalid twice, the errors of the model, of the
    /// developer's validation and of the storage, and `CONVERSATION_DEADLOCK` within a turn of the
    /// conversation. The code of the first three is stored with the conversation.
    pub async fn extract(&self, conversation_id: &str) -> Result<Option<Map<String, Value>>> {
        match self.extract_and_store(conversation_id).await? {
            Outcome::NothingSaid => Ok(None),
            Outcome::Extracted(values) => Ok(Some(values)),
            Outcome::Failed(error) => Err(error),
        }
    }

    /// Extracts the values of a conversation that has ended. Failures of the model and of the
    /// developer's validation are logged and stored with the conversation.
    ///
    /// # Errors
    ///
    /// Those of the storage.
    pub async fn on_conversation_end(&self, conversation_id: &str) -> Result<()> {
        if let Outcome::Failed(error) = self.extract_and_store(conversation_id).await? {
            log_failure(conversation_id, &error);
        }
        Ok(())
    }

    /// Extracts the values of a conversation that has ended in the background, in the async context of
    /// the caller. Failures are logged.
    pub fn extract_in_background(self: &Arc<Self>, conversation_id: String) {
        let extractor = Arc::clone(self);
        self.background.spawn(async move {
            if let Err(error) = extractor.on_conversation_end(&conversation_id).await {
                log_failure(&conversation_id, &error);
            }
        });
    }

    /// Waits for extractions in the background, at most 30 s. Those that take longer are given up.
    pub async fn close(&self) {
        self.background.finish(CLOSE_TIMEOUT).await;
    }

    async fn extract_and_store(&self, conversation_id: &str) -> Result<Outcome> {
        check_id("conversationId", conversation_id)
            .map_err(|reason| Error::argument("conversationId", reason))?;
        check_text("conversationId", conversation_id)?;
        self.agent.wait_for_turn(conversation_id).await?;
        let memory = self.agent.memory();
        let memories = memory.recent(conversation_id, MAX_MEMORIES).await?;
        let lines = spoken_lines::lines(&memories, MAX_CHARACTERS);
        if !lines.iter().any(|line| line.by_customer) {
            return Ok(Outcome::NothingSaid);
        }
        let owner = memory.owner_of_conversation(conversation_id).await?;
        let watch = Stopwatch::start();
        match self.ask(conversation_id, spoken_lines::numbered(&lines)).await {
            Ok(values) => {
                self.store(conversation_id, &owner, &values).await?;
                debug!(conversation_id, duration_ms = watch.ms(), "Values extracted");
                self.emit(conversation_id, &owner, &values).await;
                Ok(Outcome::Extracted(values))
            }
            Err(error @ Error::Disposed(_)) => Err(error),
            Err(error) => {
                self.store_failure(conversation_id, &owner, &error).await?;
                Ok(Outcome::Failed(error))
            }
        }
    }

    /// Asks the model for the values, and once more if they are invalid.
    async fn ask(&self, conversation_id: &str, conversation: String) -> Result<Map<String, Value>> {
        let question = format!("The conversation:\n{conversation}");
        let mut messages = vec![Message::System(self.instructions.clone()), Message::User(question)];
        let mut keywords = Vec::new();
        for _ in 0..MAX_ATTEMPTS {
            let request = ChatRequest { conversation_id, messages: &messages, tools: &[] };
            let answer = replace_nul(self.agent.model().chat(request).await?.content);
            let problems = match answer::read(&answer) {
                Ok(values) => match self.form.validate(values).await? {
                    Ok(valid) => return Ok(valid),
                    Err(problems) => problems,
                },
                Err(Unreadable::TooLong) => Form::too_large(),
                Err(Unreadable::NoObject) => Problems::new("It is not a JSON object.", "not a JSON object"),
            };
            // An answer may be long without being useful.
            let answer = answer.chars().take(MAX_CHARACTERS).collect();
            messages.push(Message::Assistant { content: answer, tool_calls: Vec::new(), reasoning: None });
            messages.push(Message::User(prompt::correction(&problems.descriptions)));
            keywords = problems.keywords;
        }
        Err(Error::ExtractionInvalid { keywords })
    }

    async fn store(
        &self,
        conversation_id: &str,
        owner: &ConversationOwner,
        values: &Map<String, Value>,
    ) -> Result<()> {
        let stored = answer::without_nulls(Value::Object(values.clone()));
        let metadata = Map::from_iter([(EXTRACTED.to_owned(), stored)]);
        match &self.database {
            Some(database) => {
                let log = call_log(conversation_id, owner, metadata);
                database.replace_in_call_log(&log, &[EXTRACTED, EXTRACTION_ERROR]).await
            }
            None => {
                let owner = owner.clone();
                self.agent.memory().store_extraction(conversation_id, owner, metadata).await
            }
        }
    }

    /// Stores the code of a failure. Values of an earlier extraction stay.
    async fn store_failure(
        &self,
        conversation_id: &str,
        owner: &ConversationOwner,
        error: &Error,
    ) -> Result<()> {
        let Some(database) = &self.database else { return Ok(()) };
        let metadata = Map::from_iter([(EXTRACTION_ERROR.to_owned(), json!(error.code()))]);
        database.replace_in_call_log(&call_log(conversation_id, owner, metadata), &[EXTRACTION_ERROR]).await
    }

    async fn emit(&self, conversation_id: &str, owner: &ConversationOwner, values: &Map<String, Value>) {
        let memory = self.agent.memory();
        if memory.has_listener(EventKind::Extract) {
            let customer = customer_of_fields(&owner.fields);
            let event = ExtractEvent {
                conversation_id,
                channel: owner.channel.as_ref(),
                customer: Some(&customer).filter(|customer| !customer.is_unknown()),
                extracted: values,
                timestamp: now(),
            };
            memory.emit(Event::Extract(event)).await;
        }
    }
}

/// The outcome of an extraction.
enum Outcome {
    /// The customer wrote nothing.
    NothingSaid,
    /// The values, which are stored.
    Extracted(Map<String, Value>),
    /// The model or the developer's validation failed.
    Failed(Error),
}

/// Returns the log of a conversation with this metadata.
fn call_log(conversation_id: &str, owner: &ConversationOwner, mut metadata: Map<String, Value>) -> CallLog {
    if let Some(channel) = &owner.channel {
        metadata.insert("channel".to_owned(), json!(channel));
    }
    CallLog {
        external_id: conversation_id.to_owned(),
        conversation_id: conversation_id.to_owned(),
        phone_number: customer_of_fields(&owner.fields).phone,
        metadata,
        ..CallLog::default()
    }
}

/// Logs a failure of which nobody waits for the outcome.
fn log_failure(conversation_id: &str, error: &Error) {
    let (code, stack) = (error.code(), error.stack());
    warn!(conversation_id, code, %error, stack, "Values not extracted");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::testing::{fixture, request, text_answer};

    fn extractor(answers: &[&str]) -> (Extractor, crate::agent::testing::AgentFixture) {
        let script = answers.iter().map(|text| text_answer(text)).collect();
        let fixture = fixture(script, vec![]);
        let config = ExtractConfig {
            schema: json!({
                "type": "object",
                "properties": { "guests": { "type": "integer" } },
                "required": ["guests"],
            })
            .to_string(),
            on: crate::config::ExtractOn::default(),
            instructions: None,
        };
        let extractor = Extractor::new(Arc::clone(&fixture.agent), None, &config, None).unwrap();
        (extractor, fixture)
    }

    #[tokio::test]
    async fn asks_once_more_with_the_problems() {
        let (extractor, fixture) = extractor(&["We open at nine.", "{\"guests\":\"4\"}", "{\"guests\":4}"]);
        assert_eq!(extractor.extract("c").await.unwrap(), None);
        fixture.agent.turn(request("A table for four")).await.unwrap();
        let values = extractor.extract("c").await.unwrap().unwrap();
        assert_eq!(values["guests"], 4);
        let sent = fixture.model.sent.lock();
        let (messages, _) = sent.last().unwrap();
        assert_eq!(sent.len(), 3);
        assert_eq!(messages.len(), 4);
        assert!(matches!(&messages[3], Message::User(text) if text.contains("/guests: ")));
    }

    #[tokio::test]
    async fn gives_up_after_the_second_attempt() {
        let (extractor, fixture) = extractor(&["Hello."]);
        fixture.agent.turn(request("A table for four")).await.unwrap();
        let error = extractor.extract("c").await.unwrap_err();
        assert_eq!(error.code(), "EXTRACTION_INVALID");
        assert_eq!(fixture.model.sent.lock().len(), 3);
        assert!(extractor.on_conversation_end("c").await.is_ok());
    }
}
