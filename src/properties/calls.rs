//! Properties of live calls.

use std::time::Duration;

use crate::channels::voice::phrases::Phrases;
use crate::channels::voice::relay::action::{Action, TurnEnd, TurnEvent};
use crate::channels::voice::relay::event::LineCommand;
use crate::channels::voice::relay::frames::{read_frame, write_frame};
use crate::channels::voice::relay::options::SessionOptions;
use crate::channels::voice::relay::session::Session;

/// Maximum number of steps in which a line with a silent caller must end.
const MAX_STEPS: usize = 200;

/// Checks a call that gets any frames and any turns. Each line of the input is a frame, or an event: its
/// first byte says which, and the rest is the text of it.
///
/// Nothing follows the end of the line, token streams are closed, one turn runs at a time, what was heard
/// was said, a silent caller never leaves the line open, and a closed line comes to its end.
pub fn call(bytes: &[u8]) {
    let mut call = Call::new();
    call.line(r#"{"type":"setup","callSid":"CA1"}"#);
    for line in bytes.split(|byte| *byte == b'\n') {
        let text = String::from_utf8_lossy(line);
        match line.first() {
            None => {}
            Some(b'{') => call.line(&text),
            Some(kind) => call.event(*kind, text.get(1..).unwrap_or_default()),
        }
    }
    if bytes.len().is_multiple_of(2) {
        call.wait_for_the_end();
    }
    call.close();
}

struct Call {
    session: Session,
    now: Duration,
    /// The characters sent, without spaces.
    said: Vec<char>,
    is_streaming: bool,
    is_running: bool,
    is_ended: bool,
}

impl Call {
    fn new() -> Self {
        let greeting = "Hello, this is Acme.";
        let options = SessionOptions {
            greeting: Some(greeting.to_owned()),
            no_input_timeout: Duration::from_secs(5),
            phrases: Phrases {
                no_input: "Still there?".to_owned(),
                goodbye: "Goodbye.".to_owned(),
                no_match: "Again, please?".to_owned(),
                apology: "Sorry.".to_owned(),
                please_wait: "One moment.".to_owned(),
                limit: "Call later.".to_owned(),
                fillers: vec!["One moment.".to_owned()],
            },
            languages: Vec::new(),
        };
        Self {
            session: Session::new(options),
            now: Duration::ZERO,
            said: characters(greeting),
            is_streaming: false,
            is_running: false,
            is_ended: false,
        }
    }

    fn line(&mut self, frame: &str) {
        if let Some(event) = read_frame(frame) {
            self.session.on_line(event, self.now);
            self.check();
        }
    }

    fn event(&mut self, kind: u8, text: &str) {
        match kind % 8 {
            0 => self.turn(TurnEvent::Piece(text.to_owned())),
            1 => {
                self.turn(TurnEvent::ToolsRunning(true));
                if self.is_running && !text.is_empty() {
                    self.session.collect_digits(text.len(), self.now);
                    self.check();
                }
            }
            2 => self.turn(TurnEvent::ToolsRunning(false)),
            3 => self.turn(TurnEvent::Ended(TurnEnd::Answered { ends_call: kind > 128 })),
            4 => self.turn(TurnEvent::Ended(TurnEnd::Aborted)),
            5 => self.turn(TurnEvent::Ended(TurnEnd::Failed)),
            6 => self.pass(Duration::from_millis(u64::from(kind) * 40)),
            _ => self
                .line(&format!("{{\"type\":\"prompt\",\"voicePrompt\":{}}}", serde_json::Value::from(text))),
        }
    }

    /// Passes an event of the turn on, if one runs.
    fn turn(&mut self, event: TurnEvent) {
        if !self.is_running {
            return;
        }
        self.is_running = !matches!(event, TurnEvent::Ended(_));
        self.session.on_turn(event, self.now);
        self.check();
    }

    /// Lets time pass, with everything that is due.
    fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(due) = self.session.deadline().filter(|due| *due <= until) {
            self.step(due);
        }
        self.now = until;
    }

    fn step(&mut self, due: Duration) {
        self.now = self.now.max(due);
        self.session.on_deadline(self.now);
        let has_acted = self.check();
        assert!(has_acted || self.session.deadline() != Some(due), "a deadline that changes nothing");
    }

    /// Lets a silent caller wait. The running turn is answered.
    fn wait_for_the_end(&mut self) {
        for _ in 0..MAX_STEPS {
            if self.is_ended {
                return;
            }
            self.turn(TurnEvent::Ended(TurnEnd::Answered { ends_call: false }));
            match self.session.deadline() {
                Some(due) => self.step(due),
                None => assert!(self.is_ended || self.is_running, "a line that waits for ever"),
            }
        }
        assert!(self.is_ended, "a line that does not end");
    }

    fn close(&mut self) {
        self.session.on_closed(self.now);
        self.is_ended = true;
        self.check();
        self.turn(TurnEvent::Ended(TurnEnd::Aborted));
        assert!(self.session.is_done());
    }

    /// Checks the actions of the session. Returns `true` if there were any.
    fn check(&mut self) -> bool {
        let actions = self.session.take_actions();
        let has_acted = !actions.is_empty();
        for action in actions {
            match action {
                Action::Send(command) => self.check_command(&command),
                Action::StartTurn(start) => {
                    assert!(!self.is_running, "two turns at once");
                    assert!(!start.input.text.trim().is_empty());
                    self.is_running = true;
                }
                Action::AbortTurn => assert!(self.is_running, "no turn to abort"),
                Action::DigitsCollected(_) => {}
                Action::RecordHeard(heard) => {
                    let mut said = self.said.iter();
                    let is_said = characters(&heard.heard).iter().all(|one| said.any(|other| other == one));
                    assert!(is_said, "heard what was not said: {}", heard.heard);
                }
            }
        }
        has_acted
    }

    fn check_command(&mut self, command: &LineCommand) {
        assert!(!self.is_ended, "{} after the end", write_frame(command));
        match command {
            LineCommand::Say { text, is_last, .. } => {
                self.said.extend(characters(text));
                self.is_streaming = !is_last;
            }
            LineCommand::Language { .. } => {}
            LineCommand::End { .. } => {
                assert!(!self.is_streaming, "an open token stream");
                self.is_ended = true;
            }
        }
    }
}

fn characters(text: &str) -> Vec<char> {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}
