//! The options of a session.

use std::time::Duration;

/// The options of a session.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The greeting that the provider speaks when the line opens.
    pub greeting: Option<String>,
    /// The silence after which the caller is asked for input.
    pub no_input_timeout: Duration,
    /// The phrases in the language with which the line begins.
    pub phrases: LinePhrases,
    /// The further languages of the line, with their phrases.
    pub languages: Vec<LineLanguage>,
}

/// The fixed phrases of a line.
#[derive(Debug, Clone)]
pub struct LinePhrases {
    /// Said after a silence.
    pub no_input: String,
    /// Said after the last silence, before the line ends.
    pub goodbye: String,
    /// Said after a turn without words.
    pub no_match: String,
    /// Said when the model or the database is unavailable.
    pub apology: String,
    /// Phrases that cover a tool that takes long, in turn.
    pub fillers: Vec<String>,
}

/// A language of a line.
#[derive(Debug, Clone)]
pub struct LineLanguage {
    /// The language, BCP 47.
    pub code: String,
    /// The phrases.
    pub phrases: LinePhrases,
}
