//! Timelines of calls, replayed against the session. A line of a file is an event with its time in
//! milliseconds: a frame of the provider (`line`), an event of the turn (`turn`), or what the session
//! must have done since the line before (`done`). What it does without being asked is due at its own
//! time.

use std::time::Duration;

use serde_json::{Value, json};

use super::action::{Action, Digits, TurnEnd, TurnEvent};
use super::event::{LineCommand, LineEvent};
use super::frames::{read_frame, write_frame};
use super::options::SessionOptions;
use super::session::Session;
use crate::channels::voice::phrases::Phrases;

const TIMELINES: [(&str, &str); 16] = [
    ("answer", include_str!("timelines/answer.jsonl")),
    ("barge-in", include_str!("timelines/barge-in.jsonl")),
    ("barge-in-after-model", include_str!("timelines/barge-in-after-model.jsonl")),
    ("close-in-speech", include_str!("timelines/close-in-speech.jsonl")),
    ("backchannel", include_str!("timelines/backchannel.jsonl")),
    ("collect-digits", include_str!("timelines/collect-digits.jsonl")),
    ("dtmf-in-greeting", include_str!("timelines/dtmf-in-greeting.jsonl")),
    ("events-unsupported", include_str!("timelines/events-unsupported.jsonl")),
    ("failed-turn", include_str!("timelines/failed-turn.jsonl")),
    ("false-interruption", include_str!("timelines/false-interruption.jsonl")),
    ("goodbye", include_str!("timelines/goodbye.jsonl")),
    ("goodbye-interrupted", include_str!("timelines/goodbye-interrupted.jsonl")),
    ("keypad", include_str!("timelines/keypad.jsonl")),
    ("silence", include_str!("timelines/silence.jsonl")),
    ("slow-tool", include_str!("timelines/slow-tool.jsonl")),
    ("split-finals", include_str!("timelines/split-finals.jsonl")),
];

pub(super) fn options() -> SessionOptions {
    SessionOptions {
        greeting: Some("Hello, this is Smile Dental.".to_owned()),
        no_input_timeout: Duration::from_secs(5),
        phrases: Phrases {
            no_input: "Are you still there?".to_owned(),
            goodbye: "Goodbye.".to_owned(),
            no_match: "Could you say it again?".to_owned(),
            apology: "I am sorry.".to_owned(),
            please_wait: "One moment.".to_owned(),
            limit: "Call later.".to_owned(),
            fillers: vec!["One moment.".to_owned(), "Still looking.".to_owned()],
        },
        languages: Vec::new(),
    }
}

/// Replays a timeline. Returns the first difference.
fn replay(timeline: &str) -> Result<(), String> {
    let mut session = Session::new(options());
    let mut done: Vec<(Duration, Value)> = Vec::new();
    for (at, line) in timeline.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let event: Value = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))?;
        let now = Duration::from_millis(event["t"].as_u64().unwrap());
        while let Some(due) = session.deadline().filter(|due| *due <= now) {
            session.on_deadline(due);
            let actions = session.take_actions();
            if actions.is_empty() && session.deadline() == Some(due) {
                return Err(format!("line {}: the deadline at {due:?} changes nothing", at + 1));
            }
            done.extend(actions.iter().map(|action| (due, describe(action))));
        }
        if !event["line"].is_null() {
            session.on_line(line_event(&event["line"]), now);
        } else if !event["turn"].is_null() {
            session.on_turn(turn_event(&event["turn"]), now);
        } else if let Some(count) = event["collect"].as_u64() {
            session.collect_digits(count as usize, now);
        } else if event["closed"] == true {
            session.on_closed(now);
        } else if event["drain"] == true {
            session.drain(now);
        }
        done.extend(session.take_actions().iter().map(|action| (now, describe(action))));
        if let Some(expected) = event["done"].as_array() {
            let happened: Vec<Value> = done.drain(..).map(|(_, action)| action).collect();
            if happened != *expected {
                return Err(format!("line {}: {}", at + 1, Value::from(happened)));
            }
        }
    }
    if done.is_empty() { Ok(()) } else { Err(format!("after the end: {done:?}")) }
}

fn line_event(frame: &Value) -> LineEvent {
    read_frame(&frame.to_string()).unwrap()
}

fn turn_event(event: &Value) -> TurnEvent {
    match (event["piece"].as_str(), event["tools"].as_bool(), event["ended"].as_str()) {
        (Some(piece), _, _) => TurnEvent::Piece(piece.to_owned()),
        (_, Some(is_running), _) => TurnEvent::ToolsRunning(is_running),
        (_, _, Some("aborted")) => TurnEvent::Ended(TurnEnd::Aborted),
        (_, _, Some("failed")) => TurnEvent::Ended(TurnEnd::Failed),
        (_, _, end) => TurnEvent::Ended(TurnEnd::Answered { ends_call: end == Some("goodbye") }),
    }
}

fn describe(action: &Action) -> Value {
    match action {
        Action::Send(command @ LineCommand::Say { .. }) => {
            let frame: Value = serde_json::from_str(&write_frame(command)).unwrap();
            let mut say = json!({ "say": frame["token"] });
            for flag in ["last", "preemptible"].into_iter().filter(|flag| frame[flag] == true) {
                say[flag] = json!(true);
            }
            say
        }
        Action::Send(LineCommand::Language { code }) => json!({ "language": code }),
        Action::Send(LineCommand::End { reason }) => json!({ "end": reason }),
        Action::StartTurn(start) => {
            json!({ "start": start.number, "input": start.input.keys.as_ref().unwrap_or(&start.input.text) })
        }
        Action::AbortTurn => json!("abort"),
        Action::DigitsCollected(Digits::Keyed(keys)) => json!({ "keyed": keys }),
        Action::DigitsCollected(Digits::Interrupted | Digits::Taken) => json!({ "keyed": null }),
        Action::RecordHeard(heard) => {
            let of = heard.part.map(|part| match part.number {
                0 => json!(part.turn),
                number => json!(format!("{}.{number}", part.turn)),
            });
            json!({ "heard": heard.heard, "unheard": heard.unheard, "of": of })
        }
    }
}

#[test]
fn timelines_lead_to_what_they_say() {
    let failures: Vec<String> = TIMELINES
        .iter()
        .filter_map(|(name, timeline)| Some(format!("{name}.jsonl, {}", replay(timeline).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
