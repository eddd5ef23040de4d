//! Twilio: the REST API, webhooks, signatures and TwiML.

mod chunk_text;
mod client;
mod conversation_relay;
mod error_codes;
mod form;
mod node_querystring;
mod resources;
mod signature;
pub mod twiml;
pub mod webhook;

pub use chunk_text::chunk_text;
pub use client::{TwilioAccount, TwilioClient, is_sid};
pub use conversation_relay::{ConversationRelay, RelayLanguage};
pub(crate) use error_codes::{advice, is_outside_window};
pub use form::{Form, MAX_PAYLOAD_BYTES};
pub use resources::{
    Call, CallDestination, CallFilter, CallUpdate, Message, MessageSender, NewCall, NewMessage, Template,
};
pub use signature::{check_twilio_body, check_twilio_form, is_signed_body, is_signed_form, twilio_signature};
