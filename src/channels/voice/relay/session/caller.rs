//! The caller: words, keys and silence.

use std::time::Duration;

use super::{FALSE_INTERRUPTION, FILLER_AFTER, Session, State};
use crate::channels::voice::relay::action::{Action, Digits, Input, TurnStart};
use crate::channels::voice::relay::event::EndReason;
use crate::channels::voice::relay::keypad::KeyInput;

/// Number of times that a silent caller is asked for input.
const NO_INPUT_PROMPTS: u32 = 2;
/// Maximum number of words that are taken for a backchannel ("mhm", "okay") while the agent speaks.
const BACKCHANNEL_WORDS: usize = 2;
/// Time after which a caller has stopped to speak, if the report of it is missing.
const CALLER_SPEAKS_AT_MOST: Duration = Duration::from_secs(30);

impl Session {
    pub(super) fn on_partial(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.silence_at = None;
        self.delay_resaying();
    }

    pub(super) fn on_caller_speaking(&mut self, is_on: bool) {
        self.caller_speaks_until = is_on.then_some(self.now + CALLER_SPEAKS_AT_MOST);
        self.silence_at = None;
        self.delay_resaying();
    }

    /// Waits longer for the words of an interruption, because the caller speaks.
    pub(super) fn delay_resaying(&mut self) {
        self.resay = self.resay.map(|(_, kind)| (self.now + FALSE_INTERRUPTION, kind));
    }

    pub(super) fn on_speech(&mut self, text: String, language: Option<String>) {
        let text = text.trim().to_owned();
        if text.is_empty() || self.state != State::Open {
            return;
        }
        let is_backchannel = text.split_whitespace().count() <= BACKCHANNEL_WORDS;
        if self.is_agent_speaking() && is_backchannel {
            return;
        }
        self.on_input(Input { text, language, keys: None });
    }

    pub(super) fn on_key(&mut self, key: char) {
        if self.state != State::Open {
            return;
        }
        self.last_key = Some((self.now, self.playback.begun()));
        self.silence_at = None;
        self.resay = None;
        if let Some(input) = self.keypad.press(key, self.now) {
            self.on_keys(input);
        }
    }

    pub(super) fn on_keys(&mut self, input: KeyInput) {
        let keys = match input {
            KeyInput::Collected(keys) => {
                self.no_input_prompts = 0;
                self.filler_at = self.turn.as_ref().map(|_| self.now + FILLER_AFTER);
                return self.actions.push(Action::DigitsCollected(Digits::Keyed(keys)));
            }
            KeyInput::Unasked(keys) => keys,
        };
        let text = format!("(The caller pressed {keys} on the keypad.)");
        self.on_input(Input { text, language: None, keys: Some(keys) });
    }

    /// Answers an input, or adds it to the one that is being answered and of which nothing was heard.
    pub(super) fn on_input(&mut self, input: Input) {
        self.resay = None;
        self.was_resaid = false;
        self.no_input_prompts = 0;
        self.silence_at = None;
        if self.ending == Some(EndReason::Goodbye) {
            self.ending = None;
        }
        let Some(turn) = &self.turn else {
            self.turns += 1;
            return self.start(TurnStart { number: self.turns, input });
        };
        let is_heard = self.is_heard(turn.number);
        let next = match self.next.take() {
            Some(next) => TurnStart { input: next.input.and(input), ..next },
            None if is_heard => {
                self.turns += 1;
                TurnStart { number: self.turns, input }
            }
            None => TurnStart { number: turn.number, input: turn.input.clone().and(input) },
        };
        self.next = Some(next);
        self.abort_turn();
    }

    pub(super) fn on_silence(&mut self) {
        if self.no_input_prompts < NO_INPUT_PROMPTS {
            self.no_input_prompts += 1;
            self.phrase(self.phrases.no_input.clone());
        } else {
            self.phrase(self.phrases.goodbye.clone());
            self.ending.get_or_insert(EndReason::Goodbye);
        }
    }
}
