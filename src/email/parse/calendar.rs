//! Invitations in e-mails: a one-line summary of iCalendar (RFC 5545, 5546) for the model.

/// Maximum size of a calendar, in bytes. Larger ones are not parsed.
pub(crate) const MAX_CALENDAR_BYTES: usize = 256 * 1024;
/// Maximum number of lines parsed.
const MAX_LINES: usize = 5_000;
/// Maximum length of a value in the summary, in characters.
const MAX_CHARS: usize = 200;
/// Maximum number of attendees whose responses are listed.
const MAX_ATTENDEES: usize = 10;

/// Returns a one-line summary of an invitation, or `None` if the text is not a calendar or has no
/// event.
pub(crate) fn describe(calendar: &str) -> Option<String> {
    let calendar = calendar.get(..MAX_CALENDAR_BYTES.min(calendar.len())).unwrap_or_default();
    let mut event = Event::default();
    // The open components. They are tracked because an alarm's summary is not the event's.
    let mut open: Vec<String> = Vec::new();
    let mut events = 0;
    for line in unfolded(calendar).take(MAX_LINES) {
        let Some(property) = Property::of(&line) else { continue };
        let value = property.value.trim();
        match property.name.as_str() {
            "BEGIN" => {
                open.push(value.to_ascii_uppercase());
                events += usize::from(is_event(open.last()));
            }
            "END" => {
                open.pop();
            }
            "METHOD" if open.len() == 1 => event.method = value.to_ascii_uppercase(),
            // Exceptions of a series are separate events. The first event describes the series.
            _ if events == 1 && is_event(open.last()) && open.len() == 2 => event.read(&property),
            _ => {}
        }
    }
    (events > 0).then(|| event.to_line(events))
}

fn is_event(component: Option<&String>) -> bool {
    component.is_some_and(|name| name == "VEVENT" || name == "VTODO")
}

/// Returns the lines, with folded lines joined.
fn unfolded(calendar: &str) -> impl Iterator<Item = String> {
    let mut lines = calendar.lines().peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            line.push_str(&more[1..]);
        }
        Some(line)
    })
}

/// A property: `NAME;PARAMETER=value:value`.
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn of(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ':' && !quoted
        });
        let (head, value) = (line.get(..colon?.0)?, line.get(colon?.0 + 1..)?);
        let mut quoted = false;
        let mut parts = head.split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let name = parts.next()?.trim().to_ascii_uppercase();
        let parameters = parts
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_uppercase(), value.trim_matches('"').to_owned()))
            .collect();
        Some(Self { name, parameters, value: value.to_owned() })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the person of a calendar address: name and e-mail address.
    fn person(&self) -> String {
        let address = self.value.trim();
        let scheme = address.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
        let address = if scheme { &address[7..] } else { address };
        match self.parameter("CN").filter(|name| !name.is_empty() && *name != address) {
            Some(name) => format!("{name} <{address}>"),
            None => address.to_owned(),
        }
    }
}

#[derive(Default)]
struct Event {
    method: String,
    summary: String,
    start: String,
    end: String,
    location: String,
    organizer: String,
    status: String,
    repeats: String,
    /// The attendees' responses.
    answers: Vec<String>,
}

impl Event {
    fn read(&mut self, property: &Property) {
        let text = || one_line(&unescaped(&property.value));
        match property.name.as_str() {
            "SUMMARY" => self.summary = text(),
            "LOCATION" => self.location = text(),
            "STATUS" => self.status = text().to_ascii_uppercase(),
            "DTSTART" => self.start = moment(property),
            "DTEND" | "DUE" => self.end = moment(property),
            "DURATION" => self.end = format!("for {}", one_line(&property.value)),
            "RRULE" => self.repeats = one_line(&property.value),
            "ORGANIZER" => self.organizer = one_line(&property.person()),
            "ATTENDEE" => {
                let answer = property.parameter("PARTSTAT").filter(|answer| *answer != "NEEDS-ACTION");
                if let Some(answer) = answer.filter(|_| self.answers.len() < MAX_ATTENDEES) {
                    self.answers.push(one_line(&format!("{}: {answer}", property.person())));
                }
            }
            _ => {}
        }
    }

    fn to_line(&self, events: usize) -> String {
        let method = if self.method.is_empty() { "PUBLISH" } else { &self.method };
        let mut facts = vec![format!("method: {}", one_line(method))];
        let when = match self.end.as_str() {
            "" => self.start.clone(),
            end if end.starts_with("for ") => format!("{} {end}", self.start),
            end => format!("{} to {end}", self.start),
        };
        for (name, value) in [
            ("what", &self.summary),
            ("when", &when),
            ("where", &self.location),
            ("organizer", &self.organizer),
            ("status", &self.status),
            ("repeats", &self.repeats),
            ("answers", &self.answers.join(", ")),
        ] {
            if !value.trim().is_empty() {
                facts.push(format!("{name}: {}", value.trim()));
            }
        }
        if events > 1 {
            facts.push(format!("events: {events}"));
        }
        facts.join("; ")
    }
}

/// Formats `20260304T091200` as `2026-03-04 09:12`, with its time zone.
fn moment(property: &Property) -> String {
    let value = property.value.trim();
    let digits = |range: std::ops::Range<usize>| {
        value.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let date = digits(0..4).zip(digits(4..6)).zip(digits(6..8));
    let Some(((year, month), day)) = date else { return one_line(value) };
    let time = digits(9..11)
        .zip(digits(11..13))
        .map_or_else(String::new, |(hour, minute)| format!(" {hour}:{minute}"));
    let zone = if value.ends_with('Z') { Some("UTC") } else { property.parameter("TZID") };
    let zone = zone.filter(|_| !time.is_empty()).map_or_else(String::new, |zone| format!(" {zone}"));
    one_line(&format!("{year}-{month}-{day}{time}{zone}"))
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summarizes_invitations() {
        for (calendar, expected) in [
            (
                "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n\
                 END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=de:Besichtigung\\, Haus 3\r\n\
                 DTSTART;TZID=Europe/Berlin:20260304T091200\r\nDTEND;TZID=Europe/Berlin:20260304T101500\r\nLOCATION:Raum \r\n 1\r\n\
                 ORGANIZER;CN=\"Miller: Ann\":mailto:ann@example.com\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:x@y.z\r\n\
                 BEGIN:VALARM\r\nSUMMARY:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                "method: REQUEST; what: Besichtigung, Haus 3; when: 2026-03-04 09:12 Europe/Berlin to 2026-03-04 10:15 Europe/Berlin; \
                 where: Raum 1; organizer: Miller: Ann <ann@example.com>",
            ),
            (
                "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nDTSTART:20260304T081200Z\nDURATION:PT1H\nATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:MAILTO:ann@example.com\nEND:VEVENT\nEND:VCALENDAR",
                "method: REPLY; when: 2026-03-04 08:12 UTC for PT1H; answers: Ann <ann@example.com>: ACCEPTED",
            ),
            (
                "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260304\nSTATUS:CANCELLED\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:other\nEND:VEVENT",
                "method: CANCEL; when: 2026-03-04; status: CANCELLED; repeats: FREQ=WEEKLY; events: 2",
            ),
        ] {
            assert_eq!(describe(calendar).as_deref(), Some(expected));
        }
        assert_eq!(describe("BEGIN:VCALENDAR\nEND:VCALENDAR"), None);
        assert_eq!(describe("hello"), None);
    }
}
