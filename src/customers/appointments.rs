//! Appointments, from the recorded runs of the calendar's tools.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::types::memory::Memory;

/// Start of the content of each run of a calendar tool.
pub(super) const RUN_OF_CALENDAR: &str = "Tool 'calendar_";
const BOOK: &str = "calendar_book";
const RESCHEDULE: &str = "calendar_reschedule";
const CANCEL: &str = "calendar_cancel";

/// An appointment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    /// Id of the calendar event.
    pub event_id: String,
    /// Start, in milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub start: DateTime<Utc>,
    /// Title, if its booking is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Returns the appointments that begin after `now` and were not cancelled, the next one first.
/// `memories` are newest first: the newest run of each appointment counts.
pub(super) fn open_appointments(memories: &[Memory], now: DateTime<Utc>) -> Vec<Appointment> {
    let runs: Vec<Run> = memories.iter().filter_map(run).collect();
    let mut seen = HashSet::new();
    let newest = runs.iter().filter(|run| seen.insert(run.event_id.as_str()));
    let mut open: Vec<Appointment> = newest
        .filter_map(|run| {
            let start = run.start.filter(|start| *start > now)?;
            let booked = runs.iter().find(|other| other.event_id == run.event_id && other.title.is_some());
            let title = booked.and_then(|booked| booked.title.clone());
            Some(Appointment { event_id: run.event_id.clone(), start, title })
        })
        .collect();
    open.sort_by_key(|appointment| appointment.start);
    open
}

/// A successful booking, move or cancellation.
struct Run {
    event_id: String,
    /// Start of the appointment; `None` once it is cancelled.
    start: Option<DateTime<Utc>>,
    title: Option<String>,
}

fn run(memory: &Memory) -> Option<Run> {
    let call = memory.parsed_tool_call()?;
    let result = memory.tool_result.as_ref()?;
    if ![BOOK, RESCHEDULE, CANCEL].contains(&call.name.as_str())
        || result.get("success") != Some(&Value::Bool(true))
    {
        return None;
    }
    let data = result.get("data")?;
    let text = |field| data.get(field).and_then(Value::as_str);
    let start = text("start").and_then(|start| DateTime::parse_from_rfc3339(start).ok());
    Some(Run {
        event_id: text("eventId")?.to_owned(),
        start: start.filter(|_| call.name != CANCEL).map(|start| start.to_utc()),
        title: call.parameters.get("title").and_then(Value::as_str).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::memory::MemoryType;

    fn run(tool: &str, id: &str, start: Option<&str>, success: bool) -> Memory {
        let parameters = if tool == BOOK { json!({ "title": format!("Visit {id}") }) } else { json!({}) };
        Memory {
            tool_call: Some(json!({ "id": "1", "name": tool, "parameters": parameters }).into()),
            tool_result: Some(
                json!({ "success": success, "data": { "eventId": id, "start": start } }).into(),
            ),
            ..Memory::new(MemoryType::ToolExecution, "Tool …")
        }
    }

    #[test]
    fn lists_the_next_appointments() {
        let later = "2026-03-09T09:00:00+01:00";
        let newest_first = [
            run(CANCEL, "c", None, true),
            run(RESCHEDULE, "b", Some("2026-03-03T09:00:00+01:00"), true),
            run(CANCEL, "d", None, false),
            run(BOOK, "d", Some(later), true),
            run(BOOK, "c", Some(later), true),
            run(BOOK, "b", Some(later), true),
            run(BOOK, "past", Some("2026-03-01T09:00:00+01:00"), true),
            run("calendar_check_availability", "x", Some(later), true),
        ];
        let open = open_appointments(&newest_first, "2026-03-02T09:00:00Z".parse().unwrap());
        let shown: Vec<String> = open
            .iter()
            .map(|one| format!("{} {} {}", one.event_id, one.start, one.title.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(shown, ["b 2026-03-03 08:00:00 UTC Visit b", "d 2026-03-09 08:00:00 UTC Visit d"]);
    }
}
