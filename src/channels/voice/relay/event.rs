//! Events and commands of a line, the same for all providers.

use std::time::Duration;

/// An event of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineEvent {
    /// The line is open.
    Started(LineStart),
    /// The caller spoke.
    Speech {
        /// The words; all so far if not final.
        text: String,
        /// The language of the words, BCP 47.
        language: Option<String>,
        /// `false` for an intermediate result.
        is_final: bool,
    },
    /// The caller interrupted the speech. Everything queued was dropped.
    Interrupted {
        /// The part of the current clause that was heard.
        clause: String,
        /// The time since the clause began.
        after: Duration,
    },
    /// The caller pressed a key: `0` to `9`, `*` or `#`.
    Key(char),
    /// A clause was played to its end, or up to where it was cut.
    Played(String),
    /// The speech of the agent became audible, or ended.
    AgentSpeaking(bool),
    /// The caller started or stopped to speak.
    CallerSpeaking(bool),
    /// The provider rejected a command.
    Rejected,
    /// An event without a meaning for the session.
    Other,
}

/// The start of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineStart {
    /// The id of the call.
    pub call_id: String,
    /// The id of the account.
    pub account_id: String,
    /// The id of the line; a call that is connected again gets another one.
    pub session_id: String,
}

/// A command to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineCommand {
    /// Speaks a piece of a reply.
    Say {
        /// The text, with its spaces.
        text: String,
        /// `true` if the reply is complete.
        is_last: bool,
        /// `true` if later speech may cut it.
        is_preemptible: bool,
    },
    /// Changes the language of speech and recognition.
    Language {
        /// The language, BCP 47.
        code: String,
    },
    /// Ends the line. The call goes on with the instructions of the provider's callback.
    End {
        /// The reason, which the callback gets back.
        reason: EndReason,
    },
}

/// The reason for which a session ends the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// The agent or the silence of the caller ended the call.
    Goodbye,
    /// The process stops; the call goes on turn by turn.
    Draining,
}
