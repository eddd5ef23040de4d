//! Speech on the line, and its end.

use std::time::Duration;

use super::{Session, State};
use crate::channels::voice::relay::action::Action;
use crate::channels::voice::relay::event::{EndReason, LineCommand};
use crate::channels::voice::relay::reply::ReplyKind;

/// Slowest rate of speech, in milliseconds a character. Speech that is not reported as heard ends
/// after that time at the latest.
const SPEECH_MS_PER_CHAR: u64 = 90;
/// Time for the speech to begin.
const SPEECH_STARTS_WITHIN: Duration = Duration::from_secs(3);

impl Session {
    pub(super) fn phrase(&mut self, text: String) {
        self.close_stream();
        self.speak(ReplyKind::Phrase, &text, true);
    }

    /// Sends a part of a reply.
    pub(super) fn speak(&mut self, kind: ReplyKind, text: &str, is_last: bool) {
        if self.state != State::Open {
            return;
        }
        self.queue(kind, text, is_last);
        self.is_streaming = !is_last;
        let is_preemptible = kind == ReplyKind::Filler;
        self.send(LineCommand::Say { text: text.to_owned(), is_last, is_preemptible });
    }

    pub(super) fn queue(&mut self, kind: ReplyKind, text: &str, is_last: bool) {
        self.playback.push(kind, text, is_last);
        self.expect_speech(text.chars().count());
    }

    /// Moves the time at which everything sent has been spoken in any case.
    pub(super) fn expect_speech(&mut self, characters: usize) {
        let begins = self.speech_ends_by.max(self.now + SPEECH_STARTS_WITHIN);
        self.speech_ends_by = begins + Duration::from_millis(characters as u64 * SPEECH_MS_PER_CHAR);
    }

    /// Closes the token stream, if one is open. The provider waits for its end otherwise.
    pub(super) fn close_stream(&mut self) {
        if !self.is_streaming {
            return;
        }
        self.is_streaming = false;
        self.playback.complete();
        self.send(LineCommand::Say { text: String::new(), is_last: true, is_preemptible: false });
    }

    pub(super) fn send(&mut self, command: LineCommand) {
        if self.state == State::Open {
            self.actions.push(Action::Send(command));
        }
    }

    pub(super) fn end_line(&mut self, reason: EndReason) {
        self.abort_turn();
        self.next = None;
        self.close_stream();
        self.actions.push(Action::Send(LineCommand::End { reason }));
        self.state = State::Ending;
    }
}
