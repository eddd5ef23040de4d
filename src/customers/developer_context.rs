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
/// Maximum bytes that are looked at: no text of [`MAX_TOKENS`] tokens in any language is longer.
const MAX_BYTES: usize = MAX_TOKENS * 16;
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

/// Returns the longest beginning of a text that fits into [`MAX_TOKENS`], found by bisection.
fn fitting(text: &str) -> &str {
    let fits = |bytes: usize| TokenBudget::new(MAX_TOKENS).try_charge(text[..bytes].to_owned());
    if text.len() <= MAX_BYTES && fits(text.len()) {
        return text;
    }
    let (mut low, mut high) = (0, text.len().min(MAX_BYTES));
    while high - low > 64 {
        let middle = text.floor_char_boundary(low.midpoint(high));
        if middle <= low {
            break;
        }
        if fits(middle) { low = middle } else { high = middle }
    }
    &text[..low]
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
                Err(_) => std::future::pending().await,
            }
        }
    }

    async fn of(answer: Result<String>) -> String {
        let (customer, channel) = (Customer::default(), Channel::Text);
        let request = ContextRequest { customer: &customer, channel: &channel, conversation_id: "c" };
        section(&Answer(answer), &request).await
    }

    #[tokio::test(start_paused = true)]
    async fn bounds_the_facts_in_time_and_tokens() {
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
