//! Turns of the agent: start, abort, words and tools.

use std::time::Duration;

use super::{FILLER_AFTER, Session, State, Turn};
use crate::channels::voice::relay::action::{Action, Digits, TurnEnd, TurnStart};
use crate::channels::voice::relay::event::EndReason;
use crate::channels::voice::relay::reply::ReplyKind;
use crate::channels::voice::relay::speech_text::SpeechText;

/// Time between two fillers.
const FILLER_INTERVAL: Duration = Duration::from_secs(9);

impl Session {
    pub(super) fn start(&mut self, start: TurnStart) {
        self.turn = Some(Turn {
            number: start.number,
            input: start.input.clone(),
            speech: SpeechText::default(),
            part: 0,
            has_spoken: false,
            is_aborting: false,
        });
        self.actions.push(Action::StartTurn(start));
    }

    /// Returns `true` if something of a turn's answer was heard, or is being spoken.
    pub(super) fn is_heard(&self, turn: u32) -> bool {
        let current = self.playback.current().and_then(ReplyKind::turn);
        let parts = self.playback.parts_of(turn);
        self.is_agent_speaking() && current == Some(turn)
            || parts.into_iter().any(|part| !self.playback.text(part).heard.is_empty())
    }

    pub(super) fn abort_turn(&mut self) {
        self.filler_at = None;
        let Some(turn) = self.turn.as_mut().filter(|turn| !turn.is_aborting) else { return };
        turn.is_aborting = true;
        self.actions.push(Action::AbortTurn);
        if self.keypad.is_collecting() {
            self.keypad.take();
            self.actions.push(Action::DigitsCollected(Digits::Interrupted));
        }
        self.close_stream();
    }

    pub(super) fn on_piece(&mut self, piece: &str) {
        let Some(turn) = self.turn.as_mut().filter(|turn| !turn.is_aborting) else { return };
        let spoken = turn.speech.push(piece);
        if spoken.is_empty() || self.state != State::Open {
            return;
        }
        turn.has_spoken = true;
        let kind = turn.reply();
        self.speak(kind, &spoken, false);
    }

    pub(super) fn on_tools(&mut self, is_running: bool) {
        self.filler_at = None;
        // A tool that has timed out does not wait any more.
        self.keypad.stop_collecting(self.now);
        let Some(turn) = self.turn.as_mut().filter(|_| is_running) else { return };
        let rest = turn.speech.finish();
        let (kind, is_aborting) = (turn.reply(), turn.is_aborting);
        turn.part += 1;
        if !is_aborting {
            self.filler_at = Some(self.now + FILLER_AFTER);
            if !rest.trim().is_empty() {
                self.speak(kind, &rest, false);
            }
            self.close_stream();
        }
    }

    pub(super) fn on_turn_ended(&mut self, end: TurnEnd) {
        self.filler_at = None;
        let Some(mut turn) = self.turn.take() else { return };
        let kind = turn.reply();
        if self.state == State::Closed {
            return self.record_unheard(Some(&turn));
        }
        if turn.is_aborting || end == TurnEnd::Aborted {
            self.close_stream();
            let is_merged = self.next.as_ref().is_some_and(|next| next.number == turn.number);
            if !is_merged {
                self.record_turn(&turn);
            }
            if let Some(next) = self.next.take() {
                self.start(next);
            }
            return;
        }
        if self.state != State::Open {
            return;
        }
        let rest = turn.speech.finish();
        match end {
            TurnEnd::Answered { ends_call } => {
                if turn.has_spoken || !rest.trim().is_empty() {
                    self.speak(kind, &rest, true);
                } else {
                    self.phrase(self.phrases.no_match.clone());
                }
                if ends_call {
                    self.ending.get_or_insert(EndReason::Goodbye);
                }
            }
            TurnEnd::Failed | TurnEnd::Aborted => {
                self.close_stream();
                self.phrase(self.phrases.apology.clone());
            }
        }
    }

    pub(super) fn fill(&mut self) {
        self.filler_at = Some(self.now + FILLER_INTERVAL);
        let is_line_idle =
            !self.is_agent_speaking() && !self.is_caller_speaking() && self.playback.unheard_chars() == 0;
        if !is_line_idle || self.phrases.fillers.is_empty() {
            return;
        }
        let filler = self.phrases.fillers[self.fillers % self.phrases.fillers.len()].clone();
        self.fillers += 1;
        self.close_stream();
        self.speak(ReplyKind::Filler, &filler, true);
    }
}
