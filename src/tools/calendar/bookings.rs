//! Looks for free times, books, cancels and moves; a customer reaches their own appointments only.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, OnceCell};

use crate::config::{AppointmentsConfig, OpeningHours};
use crate::error::{Error, Result};
use crate::http::google::{Event, GoogleCalendar, NewEvent, Span};
use crate::mail::outbox::hex;
use crate::memory::now;
use crate::message::ToolResult;
use crate::time_zone::Zone;
use crate::tools::calendar::times;
use crate::tools::{ToolContext, argument, done, failed};

/// Free times told at most.
const MAX_SLOTS: usize = 24;
/// Bookings of one customer for the very same time that were cancelled before it stays so.
const MAX_REBOOKINGS: usize = 10;
const SLOT_MINUTES: u32 = 30;
const NOT_YET: &str = "I could not do that in the calendar yet.";

/// The calendar, and when it may be booked.
pub(super) struct Bookings {
    calendar: Arc<GoogleCalendar>,
    zone: OnceCell<Zone>,
    hours: OpeningHours,
    slot: TimeDelta,
    invite: bool,
    /// One booking at a time in this process: two callers who want the same time do not have to be sorted out afterwards.
    one_at_a_time: Mutex<()>,
}

impl Bookings {
    /// Bookings by these rules.
    pub(super) fn new(calendar: Arc<GoogleCalendar>, config: &AppointmentsConfig) -> Result<Self> {
        let zone = OnceCell::new_with(config.zone()?);
        let slot = TimeDelta::minutes(i64::from(config.slot_minutes.unwrap_or(SLOT_MINUTES)));
        let (hours, invite) = (config.opening_hours()?, config.invite_customers.unwrap_or_default());
        Ok(Self { calendar, zone, hours, slot, invite, one_at_a_time: Mutex::default() })
    }

    async fn zone(&self) -> Result<&Zone> {
        let from_calendar = || async {
            self.calendar.time_zone().await?.parse().map_err(|_| {
                Error::config(
                    "providers.calendar.google.timeZone",
                    "must be given: the calendar's own time zone is unknown",
                )
            })
        };
        self.zone.get_or_try_init(from_calendar).await
    }

    /// Free times.
    pub(super) async fn check(&self, arguments: &Value) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let now = now();
        let today = zone.local(now).date_naive();
        let date = match argument(arguments, "date").map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d")) {
            None => today,
            Some(Ok(date)) => date,
            Some(Err(_)) => return Ok(failed("`date` must be a day like 2026-03-02.", NOT_YET)),
        };
        let days = arguments.get("days").and_then(Value::as_u64).unwrap_or(1).clamp(1, 14);
        let open = times::open_spans(date, days, &self.hours, zone);
        let free = self.free(&open, self.length(arguments), now).await?;
        let slots: Vec<Value> = free
            .iter()
            .take(MAX_SLOTS)
            .map(|slot| json!({ "start": times::written(slot.start, zone), "end": times::written(slot.end, zone) }))
            .collect();
        let words = match free.first() {
            Some(slot) => format!("The first free time is {}.", times::spoken(slot.start, zone)),
            None => "There is no free time then.".to_owned(),
        };
        let data = json!({
            "now": times::written(now, zone),
            "today": today.format("%A, %Y-%m-%d").to_string(),
            "timeZone": zone.name(),
            "slots": slots,
            "more": free.len() > MAX_SLOTS,
        });
        Ok(done(data, words))
    }

    /// An appointment for the customer. Asking again for the same one books nothing more.
    pub(super) async fn book(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let (Some(start), Some(title)) = (argument(arguments, "start"), argument(arguments, "title")) else {
            return Ok(failed("`start` and `title` are empty.", NOT_YET));
        };
        let slot = match self.slot(start, self.length(arguments), zone) {
            Ok(slot) => slot,
            Err(reason) => return Ok(failed(reason, NOT_YET)),
        };
        let customer = owner(context);
        let _alone = self.one_at_a_time.lock().await;
        for number in 0..MAX_REBOOKINGS {
            let id = event_id(&customer, &slot, number);
            let is_there = |event: &Event| event.is_busy() && event.span() == Some(slot);
            match self.calendar.event(&id).await? {
                Some(event) if is_there(&event) => return Ok(booked(&event, &slot, zone)),
                // Cancelled or moved: the id is used up.
                Some(_) => continue,
                None => {}
            }
            if self.calendar.busy(slot.start, slot.end).await?.iter().any(|taken| taken.overlaps(&slot)) {
                // Perhaps by the very same one, which another process was quicker with.
                return match self.calendar.event(&id).await?.filter(is_there) {
                    Some(event) => Ok(booked(&event, &slot, zone)),
                    None => self.taken(&slot, zone).await,
                };
            }
            let event = NewEvent {
                id: id.clone(),
                span: slot,
                time_zone: zone.name().to_owned(),
                title: title.to_owned(),
                description: description(arguments, context),
                customer: customer.clone(),
                guest: context.customer.email.clone().filter(|_| self.invite),
            };
            let event = match self.calendar.insert(&event).await? {
                Some(event) => event,
                // Here it was.
                None => match self.calendar.event(&id).await?.filter(is_there) {
                    Some(event) => event,
                    None => continue,
                },
            };
            if self.is_doubled(&event, &slot).await? {
                self.calendar.delete(&event.id).await?;
                return self.taken(&slot, zone).await;
            }
            return Ok(booked(&event, &slot, zone));
        }
        Ok(failed("This time was booked and cancelled too often. Offer another.", NOT_YET))
    }

    /// Cancels an appointment of the customer's.
    pub(super) async fn cancel(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let event = match self.own(arguments, context, zone).await? {
            Ok(event) => event,
            Err(refused) => return Ok(refused),
        };
        self.calendar.delete(&event.id).await?;
        let when = event.span().map(|span| times::spoken(span.start, zone)).unwrap_or_default();
        Ok(done(
            json!({ "eventId": event.id, "cancelled": true }),
            format!("The appointment on {when} is cancelled."),
        ))
    }

    /// Moves an appointment of the customer's.
    pub(super) async fn reschedule(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let Some(start) = argument(arguments, "start") else {
            return Ok(failed("`start` is empty.", NOT_YET));
        };
        let event = match self.own(arguments, context, zone).await? {
            Ok(event) => event,
            Err(refused) => return Ok(refused),
        };
        let Some(before) = event.span() else {
            return Ok(failed("That appointment lasts whole days and cannot be moved here.", NOT_YET));
        };
        let length = match arguments.get("durationMinutes") {
            Some(_) => self.length(arguments),
            None => before.end - before.start,
        };
        let slot = match self.slot(start, length, zone) {
            Ok(slot) => slot,
            Err(reason) => return Ok(failed(reason, NOT_YET)),
        };
        let _alone = self.one_at_a_time.lock().await;
        if slot == before {
            return Ok(booked(&event, &slot, zone));
        }
        if self.others(&event, &slot).await?.next().is_some() {
            return self.taken(&slot, zone).await;
        }
        let moved = self.calendar.move_to(&event.id, &slot).await?;
        if self.is_doubled(&moved, &slot).await? {
            self.calendar.move_to(&event.id, &before).await?;
            return self.taken(&slot, zone).await;
        }
        Ok(booked(&moved, &slot, zone))
    }

    /// The appointment that is meant, when it is the customer's; else what to tell.
    async fn own(
        &self,
        arguments: &Value,
        context: &ToolContext,
        zone: &Zone,
    ) -> Result<std::result::Result<Event, ToolResult>> {
        let customer = owner(context);
        let mine = |event: &Event| event.is_busy() && event.customer() == Some(customer.as_str());
        if let Some(id) = argument(arguments, "eventId") {
            let found = match is_event_id(id) {
                true => self.calendar.event(id).await?.filter(mine),
                false => None,
            };
            return Ok(found.ok_or_else(|| {
                // The same words whether it is another customer's or nobody's.
                failed(
                    "The customer has no appointment of that eventId.",
                    "I could not find that appointment.",
                )
            }));
        }
        let mut events = self.calendar.events_of(&customer, now()).await?;
        events.retain(mine);
        if events.len() == 1 {
            return Ok(events.pop().ok_or_else(|| failed("", "")));
        }
        if events.is_empty() {
            return Ok(Err(failed("The customer has no appointment.", "I could not find an appointment.")));
        }
        let several: Vec<String> = events
            .iter()
            .map(|event| {
                let when = event.span().map(|span| times::written(span.start, zone)).unwrap_or_default();
                format!("{} ({}, {when})", event.id, event.summary)
            })
            .collect();
        let error =
            format!("The customer has several appointments. Ask which one is meant: {}", several.join("; "));
        Ok(Err(failed(error, "Which appointment do you mean?")))
    }

    /// Whether an event that was there before has the same time. Of two that were booked at once, exactly one has to go.
    async fn is_doubled(&self, event: &Event, slot: &Span) -> Result<bool> {
        let age = |event: &Event| (event.created, event.id.clone());
        let mine = age(event);
        Ok(self.others(event, slot).await?.any(|other| age(&other) < mine))
    }

    /// Other events at that time.
    async fn others(&self, event: &Event, slot: &Span) -> Result<impl Iterator<Item = Event>> {
        let id = event.id.clone();
        let slot = *slot;
        let all = self.calendar.events(slot.start, slot.end).await?;
        Ok(all.into_iter().filter(move |other| {
            other.id != id
                && other.is_busy()
                && (other.is_all_day() || other.span().is_some_and(|span| span.overlaps(&slot)))
        }))
    }

    /// That a time is taken, with others on the same day.
    async fn taken(&self, slot: &Span, zone: &Zone) -> Result<ToolResult> {
        let date = zone.local(slot.start).date_naive();
        let open = times::open_spans(date, 1, &self.hours, zone);
        let free = self.free(&open, slot.end - slot.start, now()).await?;
        let starts: Vec<String> = free.iter().take(6).map(|slot| times::written(slot.start, zone)).collect();
        let error = match starts.is_empty() {
            true => "That time is taken, and so is the rest of the day. Check other days.".to_owned(),
            false => format!("That time is taken. Free that day: {}", starts.join(", ")),
        };
        Ok(failed(error, "That time has just been taken."))
    }

    async fn free(&self, open: &[Span], length: TimeDelta, now: DateTime<Utc>) -> Result<Vec<Span>> {
        let (Some(first), Some(last)) = (open.first(), open.last()) else { return Ok(Vec::new()) };
        let busy = self.calendar.busy(first.start, last.end).await?;
        Ok(times::free_slots(open, &busy, length, now))
    }

    fn slot(&self, start: &str, length: TimeDelta, zone: &Zone) -> std::result::Result<Span, &'static str> {
        let start = times::read(start, zone)?;
        let slot = Span { start, end: start + length };
        times::refusal(&slot, &self.hours, zone, now()).map_or(Ok(slot), Err)
    }

    fn length(&self, arguments: &Value) -> TimeDelta {
        let minutes = arguments.get("durationMinutes").and_then(Value::as_i64);
        minutes.map_or(self.slot, |minutes| TimeDelta::minutes(minutes.clamp(5, 1440)))
    }
}

/// Whose an appointment is: the customer's, by what the line or the developer says; else the conversation's. A hash, so that
/// whoever reads the calendar learns no more than its events tell.
fn owner(context: &ToolContext) -> String {
    let customer = &context.customer;
    let who = match (&customer.id, &customer.email, &customer.phone) {
        (Some(id), _, _) => format!("id:{id}"),
        (None, Some(email), _) => format!("email:{email}"),
        (None, None, Some(phone)) => format!("phone:{phone}"),
        (None, None, None) => format!("conversation:{}", context.conversation_id),
    };
    hex(&Sha256::digest(format!("calendar {who}"))[..20])
}

/// An id that the same customer's booking of the same time always has, so that a retry finds it.
fn event_id(customer: &str, slot: &Span, number: usize) -> String {
    let what = format!("{customer} {} {} {number}", slot.start.timestamp(), slot.end.timestamp());
    hex(&Sha256::digest(what)[..20])
}

/// Google's ids: no others reach the path of a request.
fn is_event_id(id: &str) -> bool {
    (5..=1024).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn description(arguments: &Value, context: &ToolContext) -> String {
    let customer = &context.customer;
    let lines = [
        argument(arguments, "notes").map(str::to_owned),
        customer.email.as_ref().map(|email| format!("E-mail: {email}")),
        customer.phone.as_ref().map(|phone| format!("Phone: {phone}")),
        Some(format!(
            "Booked by the receptionist ({}), conversation {}",
            context.channel.as_str(),
            context.conversation_id
        )),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn booked(event: &Event, slot: &Span, zone: &Zone) -> ToolResult {
    let data = json!({
        "eventId": event.id,
        "start": times::written(slot.start, zone),
        "end": times::written(slot.end, zone),
        "timeZone": zone.name(),
    });
    done(data, format!("The appointment is booked for {}.", times::spoken(slot.start, zone)))
}
