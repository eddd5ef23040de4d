//! The options of a session.

use std::time::Duration;

use crate::channels::voice::phrases::Phrases;

/// The options of a session.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The greeting that the provider speaks when the line opens.
    pub greeting: Option<String>,
    /// The silence after which the caller is asked for input.
    pub no_input_timeout: Duration,
    /// The phrases in the language with which the line begins.
    pub phrases: Phrases,
    /// The further languages of the line, with their phrases.
    pub languages: Vec<LineLanguage>,
}

/// A language of a line.
#[derive(Debug, Clone)]
pub struct LineLanguage {
    /// The language, BCP 47.
    pub code: String,
    /// The phrases.
    pub phrases: Phrases,
}
