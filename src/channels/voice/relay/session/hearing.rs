//! Interruptions, and the record of the heard text.

use std::time::Duration;

use super::{FALSE_INTERRUPTION, Session, State, Turn};
use crate::channels::voice::relay::action::{Action, AnswerPart, Heard};
use crate::channels::voice::relay::event::EndReason;
use crate::channels::voice::relay::playback::SpokenText;
use crate::channels::voice::relay::reply::ReplyKind;

/// Time after a keypress in which an interruption is its consequence.
const KEY_INTERRUPTS_WITHIN: Duration = Duration::from_secs(1);

impl Session {
    pub(super) fn on_interrupted(&mut self, clause: &str) {
        self.agent_speaks = false;
        if self.ending == Some(EndReason::Goodbye) && self.state == State::Open {
            self.ending = None;
        }
        // A keypress is reported before its interruption. What was begun in between survives.
        let by_key = self.last_key.filter(|(at, _)| self.now <= *at + KEY_INTERRUPTS_WITHIN);
        let begun = by_key.map_or(u32::MAX, |(_, begun)| begun);
        let cut = self.playback.on_interrupted(clause, begun);
        let running = self.turn.as_ref().map(|turn| turn.number);
        let is_of_running = |kind: &ReplyKind| running.is_some() && kind.turn() == running;
        // The keys that a tool has asked for cut its question, and nothing else.
        let is_keying = by_key.is_some() && self.keypad.is_collecting();
        if cut.iter().any(is_of_running) && !is_keying {
            self.abort_turn();
        }
        if self.playback.is_empty() {
            self.close_stream();
        }
        for kind in cut.iter().filter(|kind| !is_of_running(kind)) {
            self.record(*kind);
        }
        let rest = cut.into_iter().find(|kind| *kind != ReplyKind::Filler);
        if by_key.is_none() && !self.was_resaid {
            self.resay = rest.map(|kind| (self.now + FALSE_INTERRUPTION, kind));
        }
        self.speech_ends_by = self.now;
        self.expect_speech(self.playback.unheard_chars());
    }

    /// Says what was cut again after an interruption without words, once.
    pub(super) fn say_rest(&mut self) {
        if self.is_caller_speaking() || self.turn.is_some() {
            return self.delay_resaying();
        }
        let Some((_, kind)) = self.resay.take() else { return };
        if let Some(rest) = self.playback.take_rest(kind) {
            self.was_resaid = true;
            self.speak(kind, &rest, true);
        }
    }

    pub(super) fn on_played(&mut self, text: &str) {
        self.reports_heard = true;
        let healed = self.playback.on_played(text);
        healed.into_iter().for_each(|kind| self.record(kind));
    }

    /// Records how much of the replies of a kind was heard.
    pub(super) fn record(&mut self, kind: ReplyKind) {
        let part = match kind {
            ReplyKind::Greeting => None,
            ReplyKind::Answer { turn, part } => Some(AnswerPart { turn, number: part }),
            ReplyKind::Phrase | ReplyKind::Filler => return,
        };
        let SpokenText { heard, unheard } = self.playback.text(kind);
        self.actions.push(Action::RecordHeard(Heard { part, heard, unheard }));
    }

    /// Records how much was heard of all parts of a turn's answer.
    pub(super) fn record_turn(&mut self, turn: &Turn) {
        let mut parts = self.playback.parts_of(turn.number);
        if !parts.contains(&turn.reply()) {
            parts.push(turn.reply());
        }
        parts.into_iter().for_each(|part| self.record(part));
    }

    /// Records what was not heard of all replies, and of the turn that was running.
    pub(super) fn record_unheard(&mut self, running: Option<&Turn>) {
        self.playback.complete();
        if !self.reports_heard {
            // The provider does not tell. What was sent was probably heard.
            self.playback.hear_all();
        }
        let running_turn = running.map(|turn| turn.number);
        let kinds = self.playback.on_closed();
        let others = kinds.into_iter().filter(|kind| running_turn.is_none() || kind.turn() != running_turn);
        others.for_each(|kind| self.record(kind));
        if let Some(turn) = running {
            self.record_turn(turn);
        }
    }
}
