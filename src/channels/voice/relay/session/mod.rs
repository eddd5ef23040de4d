//! The session of a live call, without input and output: events of the line and of the agent come in,
//! commands for both come out.
//!
//! Time is the duration since the session began, and is given with every event. The same object runs
//! behind every transport, in tests and under the fuzzer.

mod caller;
mod hearing;
mod speech;
mod turns;

use std::time::Duration;

use crate::channels::voice::phrases::Phrases;
use crate::channels::voice::relay::action::{Action, Digits, Input, TurnEvent, TurnStart};
use crate::channels::voice::relay::event::{EndReason, LineCommand, LineEvent};
use crate::channels::voice::relay::keypad::Keypad;
use crate::channels::voice::relay::options::SessionOptions;
use crate::channels::voice::relay::playback::Playback;
use crate::channels::voice::relay::reply::ReplyKind;
use crate::channels::voice::relay::speech_text::SpeechText;

/// Time after an interruption in which words must follow; otherwise the rest is said again.
const FALSE_INTERRUPTION: Duration = Duration::from_secs(2);
/// Time that a tool may take before a filler covers it.
const FILLER_AFTER: Duration = Duration::from_millis(1_500);

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
    phrases: Phrases,
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

fn is_due(at: Option<Duration>, now: Duration) -> bool {
    at.is_some_and(|at| at <= now)
}
