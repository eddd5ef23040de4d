//! Names of the tools of phone channels.

/// The tool that waits for keys of the caller.
pub const COLLECT_DIGITS: &str = "collect_digits";
/// The tool that ends a call after the agent's last sentence.
pub const END_CALL: &str = "end_call";
/// The tool that calls a number.
pub const INITIATE_CALL: &str = "initiate_call";
/// The tool that changes the language of a call.
pub const SWITCH_LANGUAGE: &str = "switch_language";
/// The tool that sends an SMS.
pub const SEND_SMS: &str = "send_sms";
