//! A live call: a task that connects the session, the socket, the agent and the clock.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{debug, info, warn};

use super::admission::AdmittedLine;
use super::calls::LineRequest;
use super::heard::record_heard;
use super::turn::RunningTurn;
use crate::agent::{answer_id, part_id};
use crate::async_context::WithAsyncContext;
use crate::channels::voice::relay::action::{Action, AnswerPart, Digits, Heard, TurnEvent, TurnStart};
use crate::channels::voice::relay::event::{EndReason, LineCommand, LineEvent, LineStart};
use crate::channels::voice::relay::frames::{read_frame, write_frame};
use crate::channels::voice::relay::session::Session;
use crate::channels::voice::{VoiceChannel, memory_id};
use crate::providers::twilio::webhook::VoiceWebhook;
use crate::task;
use crate::types::customer::Customer;

/// Maximum number of frames that wait to be handled.
const MAX_WAITING_FRAMES: usize = 1_024;
/// Maximum number of frames in a row that cannot be read.
const MAX_MALFORMED_FRAMES: u32 = 10;
/// Number of turns whose speech may still change.
const MAX_REMEMBERED_TURNS: usize = 16;
/// Time in which the provider must say which call it is.
const SETUP_WITHIN: Duration = Duration::from_secs(10);
/// Time in which the provider must close the socket after the end of the session. Speech that is
/// queued is spoken first.
const CLOSE_WITHIN: Duration = Duration::from_secs(15);
/// Time that a stopping process waits for what is being said.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// Close codes of RFC 6455.
const NORMAL: u16 = 1000;
const INVALID_PAYLOAD: u16 = 1007;
const POLICY_VIOLATION: u16 = 1008;
const OVERLOADED: u16 = 1013;

/// The sending half of a socket.
pub trait LineOutlet: Send + Sync {
    /// Sends a text frame.
    fn send(&self, frame: String);
    /// Closes the socket.
    fn close(&self, code: u16);
}

/// A call on an open socket.
pub struct LiveCall {
    frames: mpsc::Sender<String>,
    outlet: Arc<dyn LineOutlet>,
    /// Cancelled when the socket is closed.
    closed: CancellationToken,
}

impl LiveCall {
    /// Passes a text frame of the provider on. A socket that is flooded is closed.
    pub fn receive(&self, frame: String) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.frames.try_send(frame) {
            self.outlet.close(OVERLOADED);
        }
    }

    /// Tells that the socket is closed.
    pub fn on_closed(&self) {
        self.closed.cancel();
    }
}

impl AdmittedLine {
    /// Starts the call on an open socket. Must be called within the runtime.
    pub fn start(self, outlet: Arc<dyn LineOutlet>) -> LiveCall {
        self.span.clone().in_scope(|| self.start_in_span(outlet))
    }

    fn start_in_span(self, outlet: Arc<dyn LineOutlet>) -> LiveCall {
        let (frames, receiver) = mpsc::channel(MAX_WAITING_FRAMES);
        let (requests, line_requests) = mpsc::channel(1);
        let closed = CancellationToken::new();
        let lines = &self.channel.lines;
        let session = Session::new(self.channel.session_options(self.opening.text));
        let customer = self.channel.party(&self.call).customer();
        let task = LineTask {
            ended: lines.register(&self.call.call_sid, closed.clone(), requests),
            channel: Arc::clone(&self.channel),
            call: self.call,
            session_id: self.session,
            opening_id: self.opening.memory_id,
            customer,
            session,
            outlet: Arc::clone(&outlet),
            frames: receiver,
            requests: line_requests,
            digits: None,
            closed: closed.clone(),
            started: Instant::now(),
            close_at: None,
            malformed: 0,
            is_set_up: false,
            turn: None,
            tool_rounds: VecDeque::new(),
            recording: None,
        };
        task::spawn_tracked(&self.channel.lines.tasks, Box::pin(task.run()).with_current_context());
        LiveCall { frames, outlet, closed }
    }
}

/// The task of a live call.
struct LineTask {
    channel: Arc<VoiceChannel>,
    call: VoiceWebhook,
    session_id: String,
    /// The id of the memory of the text with which the line began.
    opening_id: String,
    customer: Customer,
    session: Session,
    outlet: Arc<dyn LineOutlet>,
    frames: mpsc::Receiver<String>,
    requests: mpsc::Receiver<LineRequest>,
    /// Gets the keys that a tool waits for.
    digits: Option<oneshot::Sender<Digits>>,
    closed: CancellationToken,
    started: Instant,
    /// Time at which the socket is closed from this side.
    close_at: Option<Instant>,
    malformed: u32,
    is_set_up: bool,
    turn: Option<RunningTurn>,
    /// The number of times that each of the last turns has run tools.
    tool_rounds: VecDeque<(u32, u32)>,
    /// The last record of what was heard. Records are written in order.
    recording: Option<JoinHandle<()>>,
    /// Dropped when everything is saved.
    ended: DropGuard,
}

impl LineTask {
    async fn run(mut self) {
        let call_sid = self.call.call_sid.clone();
        debug!(call_sid, "Line opened");
        let draining = self.channel.lines.draining.clone();
        let (mut is_draining, mut is_closed) = (false, false);
        self.close_at = Some(self.started + SETUP_WITHIN);
        while !self.session.is_done() {
            let deadline = self.session.deadline().map(|at| self.started + at);
            tokio::select! {
                biased;
                event = next_event(&mut self.turn) => self.on_turn(event),
                frame = self.frames.recv(), if !is_closed => match frame {
                    Some(frame) => self.on_frame(&frame),
                    None => self.closed.cancel(),
                },
                Some(request) = self.requests.recv(), if !is_closed => self.on_request(request),
                () = self.closed.cancelled(), if !is_closed => {
                    is_closed = true;
                    self.close_at = None;
                    // What was received before counts.
                    while let Ok(frame) = self.frames.try_recv() {
                        self.on_frame(&frame);
                    }
                    self.session.on_closed(self.now());
                }
                () = draining.cancelled(), if !is_draining => {
                    is_draining = true;
                    self.close_at.get_or_insert(Instant::now() + DRAIN_WITHIN);
                    self.session.drain(self.now());
                }
                () = sleep_until(deadline.unwrap_or(self.started)), if deadline.is_some() => {
                    self.session.on_deadline(self.now());
                }
                () = sleep_until(self.close_at.unwrap_or(self.started)), if self.close_at.is_some() => {
                    self.on_close_due(is_draining);
                }
            }
            self.perform_actions();
        }
        if let Some(recording) = self.recording.take() {
            let _ = recording.await;
        }
        let duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(call_sid, duration_ms, "Line closed");
        drop(self.ended);
    }

    /// Returns the time since the line was opened.
    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn on_frame(&mut self, frame: &str) {
        let Some(event) = read_frame(frame) else {
            self.malformed += 1;
            if self.malformed >= MAX_MALFORMED_FRAMES {
                self.outlet.close(INVALID_PAYLOAD);
            }
            return;
        };
        self.malformed = 0;
        match &event {
            LineEvent::Started(start) if !self.is_set_up => {
                if !self.is_of_call(start) {
                    warn!(call_sid = self.call.call_sid, "Line refused: it is of another call");
                    return self.outlet.close(POLICY_VIOLATION);
                }
                self.is_set_up = true;
                self.close_at = None;
            }
            LineEvent::Rejected => warn!(call_sid = self.call.call_sid, "A frame of the line was rejected"),
            _ => {}
        }
        self.session.on_line(event, self.now());
    }

    /// Returns `true` if the socket is of the call that its URL was made for.
    fn is_of_call(&self, start: &LineStart) -> bool {
        let account = self.call.account_sid.as_deref();
        start.call_id == self.call.call_sid && account.is_none_or(|account| account == start.account_id)
    }

    fn on_turn(&mut self, event: TurnEvent) {
        match &event {
            TurnEvent::Ended(_) => self.turn = None,
            TurnEvent::ToolsRunning(true) => {
                if let Some((_, rounds)) = self.tool_rounds.back_mut() {
                    *rounds += 1;
                }
            }
            TurnEvent::Piece(_) | TurnEvent::ToolsRunning(false) => {}
        }
        self.session.on_turn(event, self.now());
    }

    fn on_request(&mut self, request: LineRequest) {
        let now = self.now();
        match request {
            LineRequest::CollectDigits { outcome, .. } if self.digits.is_some() => {
                let _ = outcome.send(Digits::Taken);
            }
            LineRequest::CollectDigits { count, outcome } => {
                self.digits = Some(outcome);
                self.session.collect_digits(count, now);
            }
            LineRequest::SwitchLanguage { code, outcome } => {
                let _ = outcome.send(self.session.switch_language(&code, now));
            }
        }
    }

    /// Closes the socket, or ends the session first if the process stops.
    fn on_close_due(&mut self, is_draining: bool) {
        self.close_at = None;
        let now = self.now();
        if is_draining && self.is_set_up {
            self.session.end(EndReason::Draining, now);
            self.close_at = Some(Instant::now() + CLOSE_WITHIN);
        } else {
            self.outlet.close(if self.is_set_up { NORMAL } else { POLICY_VIOLATION });
            self.closed.cancel();
        }
    }

    fn perform_actions(&mut self) {
        for action in self.session.take_actions() {
            match action {
                Action::Send(command) => {
                    if matches!(command, LineCommand::End { .. }) {
                        self.close_at = Some(Instant::now() + CLOSE_WITHIN);
                    }
                    self.outlet.send(write_frame(&command));
                }
                Action::StartTurn(start) => self.start_turn(start),
                Action::AbortTurn => {
                    if let Some(turn) = &self.turn {
                        turn.abort();
                    }
                }
                Action::RecordHeard(heard) => self.record(heard),
                Action::DigitsCollected(digits) => {
                    if let Some(outcome) = self.digits.take() {
                        let _ = outcome.send(digits);
                    }
                }
            }
        }
    }

    fn start_turn(&mut self, start: TurnStart) {
        let memory_id = self.memory_id(start.number);
        self.tool_rounds.push_back((start.number, 0));
        if self.tool_rounds.len() > MAX_REMEMBERED_TURNS {
            self.tool_rounds.pop_front();
        }
        let (agent, before) = (&self.channel.agent, self.recording.take());
        let (call_sid, customer) = (&self.call.call_sid, self.customer.clone());
        self.turn = Some(RunningTurn::start(agent, call_sid, customer, memory_id, start.input, before));
    }

    /// Records what was heard, after the records before it.
    fn record(&mut self, heard: Heard) {
        let message = heard.part.map(|part| self.memory_id(part.turn));
        let answer = match (heard.part, &message) {
            (Some(part), Some(message)) => self.answer_id(part, message),
            _ => self.opening_id.clone(),
        };
        let (memory, before) = (Arc::clone(self.channel.agent.memory()), self.recording.take());
        let call_sid = self.call.call_sid.clone();
        self.recording = Some(task::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            if let Err(error) = record_heard(&memory, &answer, message.as_deref(), &heard).await {
                warn!(call_sid, code = error.code(), %error, "Heard text not stored");
            }
        }));
    }

    /// Returns the id of the memory of a part of the answer to a message.
    fn answer_id(&self, part: AnswerPart, message: &str) -> String {
        let rounds = self.tool_rounds.iter().rfind(|(turn, _)| *turn == part.turn).map(|(_, rounds)| *rounds);
        match rounds {
            Some(rounds) if part.number < rounds => part_id(message, part.number as usize),
            _ => answer_id(message),
        }
    }

    /// Returns the id of the memory of a message.
    fn memory_id(&self, turn: u32) -> String {
        memory_id(&self.call, &format!("{}.{turn}", self.session_id))
    }
}

/// Returns the next event of the running turn. Waits for ever without one.
async fn next_event(turn: &mut Option<RunningTurn>) -> TurnEvent {
    match turn {
        Some(turn) => turn.next().await,
        None => std::future::pending().await,
    }
}
