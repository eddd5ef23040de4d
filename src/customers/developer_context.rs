//! The developer's own facts about a turn: `agent.context`.

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use tracing::warn;

use crate::error::{Error, Result};
use crate::llm::tokens::TokenBudget;
use crate::types::customer::Customer;
use crate::types::message::Channel;

/// Maximum time that a turn waits for the developer's facts.
const CONTEXT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum tokens of the developer's facts.
const MAX_TOKENS: usize = 2_000;
/// Size of the pieces that are left out as a whole where a text is cut.
const PIECE_BYTES: usize = 256;
const TITLE: &str = "# What you should know";

/// A source of the developer's facts.
#[async_trait]
pub trait ContextProvider: Send + Sync {
    /// Returns the facts for a turn as a text; empty if there are none.
    async fn context(&self, request: &ContextRequest<'_>, timeout: Duration) -> Result<String>;
}

/// The turn for which facts are requested.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextRequest<'a> {
    /// Customer on the line.
    pub customer: &'a Customer,
    /// Channel of the turn.
    pub channel: &'a Channel,
    /// Id of the conversation.
    pub conversation_id: &'a str,
}

/// Returns the section with the developer's facts, empty if there are none. A provider that fails or
/// takes too long is left out with a warning.
pub(super) async fn section(provider: &dyn ContextProvider, request: &ContextRequest<'_>) -> String {
    let answer = tokio::time::timeout(CONTEXT_TIMEOUT, provider.context(request, CONTEXT_TIMEOUT)).await;
    let answer = answer.unwrap_or_else(|_| {
        let timeout_ms = CONTEXT_TIMEOUT.as_millis().try_into().unwrap_or(u64::MAX);
        Err(Error::UserCodeTimeout { what: "agent.context".to_owned(), timeout_ms })
    });
    let text = match answer {
        Ok(text) => text,
        Err(error) => {
            let (code, stack) = (error.code(), error.stack());
            warn!(code, %error, stack, "The developer's context was left out of a turn");
            return String::new();
        }
    };
    let text = text.replace('\0', "\u{fffd}");
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let fitting = fitting(text);
    if fitting.len() < text.len() {
        let max_tokens = MAX_TOKENS;
        warn!(max_tokens, "The developer's context was cut");
    }
    format!("\n\n{TITLE}\n{fitting}")
}

/// Returns a beginning of a text that fits into [`MAX_TOKENS`], measured piece by piece.
fn fitting(text: &str) -> &str {
    let mut budget = TokenBudget::new(MAX_TOKENS);
    let mut end = 0;
    while end < text.len() {
        let next = text.ceil_char_boundary((end + PIECE_BYTES).min(text.len()));
        if !budget.try_charge(text[end..next].to_owned()) {
            break;
        }
        end = next;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::tokens::count;

    struct Answer(Result<String>);

    #[async_trait]
    impl ContextProvider for Answer {
        async fn context(&self, _: &ContextRequest<'_>, _: Duration) -> Result<String> {
            match &self.0 {
                Ok(text) => Ok(text.clone()),
                Err(_) => Err(Error::ConversationDeadlock),
            }
        }
    }

    async fn of(answer: Result<String>) -> String {
        let (customer, channel) = (Customer::default(), Channel::Text);
        let request = ContextRequest { customer: &customer, channel: &channel, conversation_id: "c" };
        section(&Answer(answer), &request).await
    }

    #[tokio::test]
    async fn bounds_the_facts() {
        assert_eq!(
            of(Ok("  Closed on Monday.\0 ".into())).await,
            format!("\n\n{TITLE}\nClosed on Monday.\u{fffd}")
        );
        assert_eq!(of(Ok(" \n".into())).await, "");
        assert_eq!(of(Err(Error::ConversationDeadlock)).await, "");
        for text in ["a b c ".repeat(1_000_000), "ü".repeat(100_000), " ".repeat(10) + &"x".repeat(5_000_000)]
        {
            let section = of(Ok(text)).await;
            assert!((100..=MAX_TOKENS + 10).contains(&count(&section)), "{}", count(&section));
        }
    }
}
