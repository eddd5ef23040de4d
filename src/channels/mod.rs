//! Channels: text, voice, SMS and e-mail.

pub mod email;
pub mod keypad_tool;
pub mod language_tool;
pub mod phone_tools;
pub mod router;
pub mod shared;
pub mod sms;
pub mod text;
pub mod voice;
pub mod webhook_auth;
pub mod webhook_rejection;
