//! The instructions after a session: the call has ended, ends now, or goes on turn by turn.

use std::sync::Arc;

use serde::Deserialize;
use tracing::warn;

use super::ticket::RELAY;
use crate::channels::voice::callback_url::CallbackUrl;
use crate::channels::voice::relay::event::EndReason;
use crate::channels::voice::{VoiceChannel, empty_response};
use crate::error::Result;
use crate::providers::twilio::twiml::{Verb, voice_response};
use crate::providers::twilio::webhook::VoiceWebhook;

/// The data that the session passes to Twilio, and Twilio back.
#[derive(Deserialize)]
struct HandoffData {
    reason: EndReason,
}

impl VoiceChannel {
    /// Decides what follows a session, and returns it as TwiML. `url` is the public URL that Twilio
    /// posted to.
    pub(in crate::channels::voice) async fn after_line(
        self: &Arc<Self>,
        call: VoiceWebhook,
        handoff_data: Option<String>,
        error_code: Option<String>,
        url: Option<&str>,
    ) -> Result<String> {
        if call.is_over() {
            return self.log_call_end(call).await.map(|()| empty_response());
        }
        let handoff = handoff_data.and_then(|json| serde_json::from_str::<HandoffData>(&json).ok());
        let reason = handoff.map(|handoff| handoff.reason);
        if reason == Some(EndReason::Goodbye) {
            return Ok(voice_response(&[Verb::Hangup]));
        }
        let next = CallbackUrl::read_beneath(url, RELAY).current_url();
        if reason == Some(EndReason::Draining) {
            return Ok(self.prompts.listen(next));
        }
        warn!(call_sid = call.call_sid, error_code, "Line lost: the call goes on turn by turn");
        Ok(self.prompts.ask_to_repeat(next))
    }
}
