//! The session of a live call, without input and output: events of the line and of the agent come in,
//! commands for both come out.
//!
//! Time is the duration since the session began, and is given with every event. The same object runs
//! behind every transport, in tests and under the fuzzer.

use std::time::Duration;

use super::event::{EndReason, LineCommand, LineEvent};
use super::keypad::{KeyInput, Keypad};
use super::options::{LinePhrases, SessionOptions};
use super::playback::{Playback, SpokenText};
use super::reply::ReplyKind;
use super::speech_text::SpeechText;

/// Time after an interruption in which words must follow; otherwise the rest is said again.
const FALSE_INTERRUPTION: Duration = Duration::from_secs(2);
/// Time that a tool may take before a filler covers it.
const FILLER_AFTER: Duration = Duration::from_millis(1_500);
/// Time between two fillers.
const FILLER_INTERVAL: Duration = Duration::from_secs(9);
/// Number of times that a silent caller is asked for input.
const NO_INPUT_PROMPTS: u32 = 2;
/// Maximum number of words that are taken for a backchannel ("mhm", "okay") while the agent speaks.
const BACKCHANNEL_WORDS: usize = 2;
/// Time after a keypress in which an interruption is its consequence.
const KEY_INTERRUPTS_WITHIN: Duration = Duration::from_secs(1);
/// Slowest rate of speech, in milliseconds a character. Speech that is not reported as heard ends
/// after that time at the latest.
const SPEECH_MS_PER_CHAR: u64 = 90;
/// Time after which a caller has stopped to speak, if the report of it is missing.
const CALLER_SPEAKS_AT_MOST: Duration = Duration::from_secs(30);
/// Time for the speech to begin.
const SPEECH_STARTS_WITHIN: Duration = Duration::from_secs(3);
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The line is not open yet.
    Connecting,
    Open,
    /// The line was told to end. Nothing may be sent.
    Ending,
    Closed,
}

/// The running turn.
#[derive(Debug)]
struct Turn {
    number: u32,
    input: Input,
    speech: SpeechText,
    /// The number of times that tools were run.
    part: u32,
    has_spoken: bool,
    is_aborting: bool,
}

impl Turn {
    /// Returns the kind of the reply that its next words belong to.
    fn reply(&self) -> ReplyKind {
        ReplyKind::Answer { turn: self.number, part: self.part }
    }
}

/// A session.
#[derive(Debug)]
pub struct Session {
    options: SessionOptions,
    /// The phrases in the current language.
    phrases: LinePhrases,
    state: State,
    now: Duration,
    turn: Option<Turn>,
    /// The number of the last turn.
    turns: u32,
    /// The turn that starts once the running one has ended.
    next: Option<TurnStart>,
    playback: Playback,
    /// `true` while a token stream is open at the provider.
    is_streaming: bool,
    /// `true` from the report that the agent's speech is audible to the report of its end.
    agent_speaks: bool,
    /// Time until which the caller is believed to speak without another report.
    caller_speaks_until: Option<Duration>,
    /// `true` once the provider has reported what was heard.
    reports_heard: bool,
    keypad: Keypad,
    /// The time of the last key, and the number of replies begun before it.
    last_key: Option<(Duration, u32)>,
    /// Time at which what was cut is said again, and its kind.
    resay: Option<(Duration, ReplyKind)>,
    /// `true` if it was said again once since the caller last spoke.
    was_resaid: bool,
    filler_at: Option<Duration>,
    fillers: usize,
    silence_at: Option<Duration>,
    no_input_prompts: u32,
    /// Time at which the speech so far has ended in any case.
    speech_ends_by: Duration,
    /// The reason to end the line once everything was heard.
    ending: Option<EndReason>,
    actions: Vec<Action>,
}

impl Session {
    /// Creates a session.
    pub fn new(options: SessionOptions) -> Self {
        let phrases = options.phrases.clone();
        Self {
            options,
            phrases,
            state: State::Connecting,
            now: Duration::ZERO,
            turn: None,
            turns: 0,
            next: None,
            playback: Playback::default(),
            is_streaming: false,
            agent_speaks: false,
            caller_speaks_until: None,
            reports_heard: false,
            keypad: Keypad::default(),
            last_key: None,
            resay: None,
            was_resaid: false,
            filler_at: None,
            fillers: 0,
            silence_at: None,
            no_input_prompts: 0,
            speech_ends_by: Duration::ZERO,
            ending: None,
            actions: Vec::new(),
        }
    }

    /// Handles an event of the line.
    pub fn on_line(&mut self, event: LineEvent, now: Duration) {
        self.now = now;
        match (self.state, event) {
            (State::Connecting, LineEvent::Started(_)) => self.open(),
            (State::Connecting | State::Closed, _) => {}
            (_, LineEvent::Speech { text, is_final: false, .. }) => self.on_partial(&text),
            (_, LineEvent::Speech { text, language, is_final: true }) => self.on_speech(text, language),
            (_, LineEvent::Interrupted { clause, .. }) => self.on_interrupted(&clause),
            (_, LineEvent::Key(key)) => self.on_key(key),
            (_, LineEvent::Played(text)) => self.on_played(&text),
            (_, LineEvent::AgentSpeaking(is_on)) => self.agent_speaks = is_on,
            (_, LineEvent::CallerSpeaking(is_on)) => self.on_caller_speaking(is_on),
            (_, LineEvent::Started(_) | LineEvent::Rejected | LineEvent::Other) => {}
        }
        self.update();
    }

    /// Handles an event of the running turn.
    pub fn on_turn(&mut self, event: TurnEvent, now: Duration) {
        self.now = now;
        match event {
            TurnEvent::Piece(piece) => self.on_piece(&piece),
            TurnEvent::ToolsRunning(is_running) => self.on_tools(is_running),
            TurnEvent::Ended(end) => self.on_turn_ended(end),
        }
        self.update();
    }

    /// Handles the passing of time up to [`Session::deadline`].
    pub fn on_deadline(&mut self, now: Duration) {
        self.now = now;
        if self.keypad.is_due(now) {
            let input = self.keypad.take();
            self.on_keys(input);
        }
        if is_due(self.resay.map(|(at, _)| at), now) {
            self.say_rest();
        }
        if is_due(self.filler_at, now) {
            self.fill();
        }
        if is_due(self.silence_at, now) {
            self.silence_at = None;
            self.on_silence();
        }
        self.update();
    }

    /// Returns the time at which [`Session::on_deadline`] is due.
    pub fn deadline(&self) -> Option<Duration> {
        if self.state != State::Open {
            return None;
        }
        let speech_ends = (!self.playback.is_empty()).then_some(self.speech_ends_by);
        let speech_ends = speech_ends.filter(|_| self.turn.is_none() && !self.is_streaming);
        let resay_at = self.resay.map(|(at, _)| at);
        // Reports of the end of speech may be missing.
        let agent_ends = self.agent_speaks.then_some(self.speech_ends_by).filter(|at| *at > self.now);
        let caller_ends = self.caller_speaks_until.filter(|at| *at > self.now);
        let ends = [speech_ends, agent_ends, caller_ends];
        [self.keypad.deadline(), resay_at, self.filler_at, self.silence_at]
            .into_iter()
            .chain(ends)
            .flatten()
            .min()
    }

    /// Waits for up to `count` keys for a tool of the running turn, or for `#`.
    pub fn collect_digits(&mut self, count: usize, now: Duration) {
        self.now = now;
        let is_open = self.state == State::Open && !self.keypad.is_collecting();
        if is_open && self.turn.as_ref().is_some_and(|turn| !turn.is_aborting) {
            self.filler_at = None;
            self.keypad.collect(count, now);
        } else {
            self.actions.push(Action::DigitsCollected(Digits::Interrupted));
        }
    }

    /// Changes the language of the line. Returns `true` if it is one of the line's languages.
    pub fn switch_language(&mut self, code: &str, now: Duration) -> bool {
        self.now = now;
        let found = self.options.languages.iter().find(|language| language.code.eq_ignore_ascii_case(code));
        let Some(language) = found.filter(|_| self.state == State::Open) else { return false };
        self.phrases = language.phrases.clone();
        let code = language.code.clone();
        // The words so far are spoken in the language before.
        self.close_stream();
        self.send(LineCommand::Language { code });
        true
    }

    /// Ends the line as soon as nothing is being said, because the process stops.
    pub fn drain(&mut self, now: Duration) {
        self.now = now;
        self.ending.get_or_insert(EndReason::Draining);
        self.update();
    }

    /// Ends the line at once.
    pub fn end(&mut self, reason: EndReason, now: Duration) {
        self.now = now;
        if matches!(self.state, State::Connecting | State::Open) {
            self.end_line(reason);
        }
    }

    /// Handles the end of the line. What was not heard is recorded once the running turn has ended.
    pub fn on_closed(&mut self, now: Duration) {
        self.now = now;
        self.state = State::Closed;
        self.is_streaming = false;
        self.next = None;
        self.abort_turn();
        if self.turn.is_none() {
            self.record_unheard(None);
        }
    }

    /// Returns `true` if the line is closed and no turn runs.
    pub fn is_done(&self) -> bool {
        self.state == State::Closed && self.turn.is_none()
    }

    /// Returns what is to be done since the last call.
    pub fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    fn is_agent_speaking(&self) -> bool {
        self.agent_speaks && self.now < self.speech_ends_by
    }

    fn is_caller_speaking(&self) -> bool {
        self.caller_speaks_until.is_some_and(|until| self.now < until)
    }

    fn open(&mut self) {
        self.state = State::Open;
        if let Some(greeting) = self.options.greeting.clone() {
            self.queue(ReplyKind::Greeting, &greeting, true);
        }
    }

    fn on_partial(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.silence_at = None;
        self.delay_resaying();
    }

    fn on_caller_speaking(&mut self, is_on: bool) {
        self.caller_speaks_until = is_on.then_some(self.now + CALLER_SPEAKS_AT_MOST);
        self.silence_at = None;
        self.delay_resaying();
    }

    /// Waits longer for the words of an interruption, because the caller speaks.
    fn delay_resaying(&mut self) {
        self.resay = self.resay.map(|(_, kind)| (self.now + FALSE_INTERRUPTION, kind));
    }

    fn on_speech(&mut self, text: String, language: Option<String>) {
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

    fn on_key(&mut self, key: char) {
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

    fn on_keys(&mut self, input: KeyInput) {
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
    fn on_input(&mut self, input: Input) {
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

    fn start(&mut self, start: TurnStart) {
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
    fn is_heard(&self, turn: u32) -> bool {
        let current = self.playback.current().and_then(ReplyKind::turn);
        let parts = self.playback.parts_of(turn);
        self.is_agent_speaking() && current == Some(turn)
            || parts.into_iter().any(|part| !self.playback.text(part).heard.is_empty())
    }

    fn abort_turn(&mut self) {
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

    fn on_piece(&mut self, piece: &str) {
        let Some(turn) = self.turn.as_mut().filter(|turn| !turn.is_aborting) else { return };
        let spoken = turn.speech.push(piece);
        if spoken.is_empty() || self.state != State::Open {
            return;
        }
        turn.has_spoken = true;
        let kind = turn.reply();
        self.speak(kind, &spoken, false);
    }

    fn on_tools(&mut self, is_running: bool) {
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

    fn on_turn_ended(&mut self, end: TurnEnd) {
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

    fn on_interrupted(&mut self, clause: &str) {
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
    fn say_rest(&mut self) {
        if self.is_caller_speaking() || self.turn.is_some() {
            return self.delay_resaying();
        }
        let Some((_, kind)) = self.resay.take() else { return };
        if let Some(rest) = self.playback.take_rest(kind) {
            self.was_resaid = true;
            self.speak(kind, &rest, true);
        }
    }

    fn on_played(&mut self, text: &str) {
        self.reports_heard = true;
        let healed = self.playback.on_played(text);
        healed.into_iter().for_each(|kind| self.record(kind));
    }

    fn fill(&mut self) {
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

    fn on_silence(&mut self) {
        if self.no_input_prompts < NO_INPUT_PROMPTS {
            self.no_input_prompts += 1;
            self.phrase(self.phrases.no_input.clone());
        } else {
            self.phrase(self.phrases.goodbye.clone());
            self.ending.get_or_insert(EndReason::Goodbye);
        }
    }

    fn phrase(&mut self, text: String) {
        self.close_stream();
        self.speak(ReplyKind::Phrase, &text, true);
    }

    /// Sends a part of a reply.
    fn speak(&mut self, kind: ReplyKind, text: &str, is_last: bool) {
        if self.state != State::Open {
            return;
        }
        self.queue(kind, text, is_last);
        self.is_streaming = !is_last;
        let is_preemptible = kind == ReplyKind::Filler;
        self.send(LineCommand::Say { text: text.to_owned(), is_last, is_preemptible });
    }

    fn queue(&mut self, kind: ReplyKind, text: &str, is_last: bool) {
        self.playback.push(kind, text, is_last);
        self.expect_speech(text.chars().count());
    }

    /// Moves the time at which everything sent has been spoken in any case.
    fn expect_speech(&mut self, characters: usize) {
        let begins = self.speech_ends_by.max(self.now + SPEECH_STARTS_WITHIN);
        self.speech_ends_by = begins + Duration::from_millis(characters as u64 * SPEECH_MS_PER_CHAR);
    }

    /// Closes the token stream, if one is open. The provider waits for its end otherwise.
    fn close_stream(&mut self) {
        if !self.is_streaming {
            return;
        }
        self.is_streaming = false;
        self.playback.complete();
        self.send(LineCommand::Say { text: String::new(), is_last: true, is_preemptible: false });
    }

    fn send(&mut self, command: LineCommand) {
        if self.state == State::Open {
            self.actions.push(Action::Send(command));
        }
    }

    fn end_line(&mut self, reason: EndReason) {
        self.abort_turn();
        self.next = None;
        self.close_stream();
        self.actions.push(Action::Send(LineCommand::End { reason }));
        self.state = State::Ending;
    }

    /// Records how much of the replies of a kind was heard.
    fn record(&mut self, kind: ReplyKind) {
        let part = match kind {
            ReplyKind::Greeting => None,
            ReplyKind::Answer { turn, part } => Some(AnswerPart { turn, number: part }),
            ReplyKind::Phrase | ReplyKind::Filler => return,
        };
        let SpokenText { heard, unheard } = self.playback.text(kind);
        self.actions.push(Action::RecordHeard(Heard { part, heard, unheard }));
    }

    /// Records how much was heard of all parts of a turn's answer.
    fn record_turn(&mut self, turn: &Turn) {
        let mut parts = self.playback.parts_of(turn.number);
        if !parts.contains(&turn.reply()) {
            parts.push(turn.reply());
        }
        parts.into_iter().for_each(|part| self.record(part));
    }

    /// Records what was not heard of all replies, and of the turn that was running.
    fn record_unheard(&mut self, running: Option<&Turn>) {
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

    /// Starts what is due when nothing is said.
    fn update(&mut self) {
        let running = self.turn.as_ref().map(|turn| turn.number);
        self.playback.forget(self.resay.map(|(_, kind)| kind), running);
        if self.state != State::Open {
            return;
        }
        if self.turn.is_some() || self.is_streaming {
            self.silence_at = None;
            return;
        }
        if !self.playback.is_empty() {
            self.silence_at = None;
            if self.now < self.speech_ends_by {
                return;
            }
            // The reports are missing.
            let healed = self.playback.hear_all();
            healed.into_iter().for_each(|kind| self.record(kind));
        }
        if let Some(reason) = self.ending {
            return self.end_line(reason);
        }
        let is_waiting = !self.is_caller_speaking() && self.resay.is_none() && !self.keypad.is_active();
        if is_waiting && !self.is_agent_speaking() {
            self.silence_at.get_or_insert(self.now + self.options.no_input_timeout);
        } else {
            self.silence_at = None;
        }
    }
}

impl Input {
    /// Returns this input with another one after it.
    fn and(self, other: Self) -> Self {
        let mut text = self.text;
        if text.chars().count() < MAX_INPUT_CHARS {
            join(&mut text, &other.text);
        }
        let keys = match (self.keys, other.keys) {
            (Some(keys), Some(more)) => Some(keys + &more),
            (keys, more) => keys.or(more),
        };
        Self { text, language: other.language.or(self.language), keys }
    }
}

fn is_due(at: Option<Duration>, now: Duration) -> bool {
    at.is_some_and(|at| at <= now)
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
    text.push_str(more);
}
