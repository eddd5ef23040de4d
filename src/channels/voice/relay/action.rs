//! The actions of a session, and the events of its turns.

use super::event::LineCommand;
use super::speech_text::append_words;

/// Maximum characters of an input that was merged.
const MAX_INPUT_CHARS: usize = 8_000;

/// An action that a session asks for. Actions are carried out in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sends a command to the line.
    Send(LineCommand),
    /// Starts a turn of the agent. None runs.
    StartTurn(TurnStart),
    /// Aborts the running turn. Its end is awaited.
    AbortTurn,
    /// Records how much of a greeting or an answer was heard.
    RecordHeard(Heard),
    /// Answers the tool that collects keys.
    DigitsCollected(Digits),
}

/// The outcome of collecting keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Digits {
    /// The keys that were pressed, possibly none in time.
    Keyed(String),
    /// The caller spoke instead, or hung up.
    Interrupted,
    /// Another tool waits for the keys.
    Taken,
}

/// A turn to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnStart {
    /// The number of the turn. A merged turn has the number of the turn that it replaces.
    pub number: u32,
    /// The input of the caller.
    pub input: Input,
}

/// An input of the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The words.
    pub text: String,
    /// The language of the words, BCP 47.
    pub language: Option<String>,
    /// The pressed keys, if there are any.
    pub keys: Option<String>,
}

/// The part of a reply that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The part of an answer; `None` for the greeting.
    pub part: Option<AnswerPart>,
    /// The text that was heard, possibly empty.
    pub heard: String,
    /// The text that was not heard.
    pub unheard: String,
}

/// A part of an answer. Each run of tools begins another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerPart {
    /// The number of the turn.
    pub turn: u32,
    /// The number of times that the turn had run tools before.
    pub number: u32,
}

/// An event of the running turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnEvent {
    /// A piece of the answer.
    Piece(String),
    /// Tools began to run, or have ended.
    ToolsRunning(bool),
    /// The turn has ended.
    Ended(TurnEnd),
}

/// The end of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnEnd {
    /// It was answered.
    Answered {
        /// `true` if the agent ends the call.
        ends_call: bool,
    },
    /// It was aborted.
    Aborted,
    /// The model or the storage failed.
    Failed,
}

impl Input {
    /// Returns this input with another one after it.
    pub(super) fn and(self, other: Self) -> Self {
        let mut text = self.text;
        if text.chars().count() < MAX_INPUT_CHARS {
            append_words(&mut text, &other.text);
        }
        let keys = match (self.keys, other.keys) {
            (Some(keys), Some(more)) => Some(keys + &more),
            (keys, more) => keys.or(more),
        };
        Self { text, language: other.language.or(self.language), keys }
    }
}
