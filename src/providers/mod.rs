//! Clients and wire formats of the providers.

pub(crate) mod email_transports;
pub mod google_calendar;
pub mod postmark;
pub(crate) mod rest_api;
pub mod smtp;
pub mod twilio;
