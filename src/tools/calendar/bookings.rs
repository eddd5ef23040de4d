//! Search, booking, cancellation and rescheduling of appointments. A customer has access to their
//! own appointments only.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, OnceCell};

use crate::config::{AppointmentsConfig, OpeningHours};
use crate::error::{Error, Result};
use crate::hex::to_hex;
use crate::phone::{phone_identity, phone_spellings};
use crate::providers::google_calendar::{CalendarEvent, GoogleCalendar, NewEvent, TimeRange};
use crate::tools::calendar::times;
use crate::tools::{ToolContext, argument, done, failed};
use crate::types::memory::now;
use crate::types::message::ToolResult;
use crate::types::time_zone::Zone;

/// Maximum number of free times listed.
const MAX_SLOTS: usize = 24;
/// Maximum number of cancelled bookings of one customer for the same time. After that, it cannot be
/// booked again.
const MAX_REBOOKINGS: usize = 10;
const SLOT_MINUTES: u32 = 30;
const CALENDAR_FAILED: &str = "I could not do that in the calendar yet.";

/// A calendar with its booking rules.
pub(super) struct Bookings {
    calendar: Arc<GoogleCalendar>,
    zone: OnceCell<Zone>,
    hours: OpeningHours,
    slot: TimeDelta,
    invite: bool,
    /// Serializes bookings in this process, so that two callers who want the same time do not
    /// conflict.
    booking_lock: Mutex<()>,
}

impl Bookings {
    /// Creates bookings with the rules of a configuration.
    pub(super) fn new(calendar: Arc<GoogleCalendar>, config: &AppointmentsConfig) -> Result<Self> {
        let zone = OnceCell::new_with(config.zone()?);
        let slot = TimeDelta::minutes(i64::from(config.slot_minutes.unwrap_or(SLOT_MINUTES)));
        let (hours, invite) = (config.opening_hours()?, config.invite_customers.unwrap_or_default());
        Ok(Self { calendar, zone, hours, slot, invite, booking_lock: Mutex::default() })
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

    /// Returns the free times.
    pub(super) async fn check(&self, arguments: &Value) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let now = now();
        let today = zone.local(now).date_naive();
        let date = match argument(arguments, "date").map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d")) {
            None => today,
            Some(Ok(date)) => date,
            Some(Err(_)) => return Ok(failed("`date` must be a day like 2026-03-02.", CALENDAR_FAILED)),
        };
        let days = arguments.get("days").and_then(Value::as_u64).unwrap_or(1).clamp(1, 14);
        let open = times::open_spans(date, days, &self.hours, zone);
        let free = self.free_slots(&open, self.duration(arguments), now).await?;
        let slots: Vec<Value> = free
            .iter()
            .take(MAX_SLOTS)
            .map(|slot| json!({ "start": times::to_local_rfc3339(slot.start, zone), "end": times::to_local_rfc3339(slot.end, zone) }))
            .collect();
        let words = match free.first() {
            Some(slot) => format!("The first free time is {}.", times::to_spoken(slot.start, zone)),
            None => "There is no free time then.".to_owned(),
        };
        let data = json!({
            "now": times::to_local_rfc3339(now, zone),
            "today": today.format("%A, %Y-%m-%d").to_string(),
            "timeZone": zone.name(),
            "slots": slots,
            "more": free.len() > MAX_SLOTS,
        });
        Ok(done(data, words))
    }

    /// Books an appointment for the customer. Repeating the same booking books nothing more.
    pub(super) async fn book(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let (Some(start), Some(title)) = (argument(arguments, "start"), argument(arguments, "title")) else {
            return Ok(failed("`start` and `title` are empty.", CALENDAR_FAILED));
        };
        let slot = match self.parse_slot(start, self.duration(arguments), zone) {
            Ok(slot) => slot,
            Err(reason) => return Ok(failed(reason, CALENDAR_FAILED)),
        };
        let (customer, former) = owner_hashes(context);
        let is_there = |event: &CalendarEvent| event.is_busy() && event.span() == Some(slot);
        let _guard = self.booking_lock.lock().await;
        for owner in &former {
            let mine = |event: &CalendarEvent| is_there(event) && event.customer() == Some(owner.as_str());
            if let Some(event) =
                self.calendar.events_of_customer(owner, slot.start).await?.into_iter().find(mine)
            {
                return Ok(booked(&event, &slot, zone));
            }
        }
        for number in 0..MAX_REBOOKINGS {
            let id = event_id(&customer, &slot, number);
            match self.calendar.event(&id).await? {
                Some(event) if is_there(&event) => return Ok(booked(&event, &slot, zone)),
                // Cancelled or moved: the id is used up.
                Some(_) => continue,
                None => {}
            }
            if self.calendar.busy_times(slot.start, slot.end).await?.iter().any(|taken| taken.overlaps(&slot))
            {
                // The time may be taken by this very booking, made concurrently by another process.
                return match self.calendar.event(&id).await?.filter(is_there) {
                    Some(event) => Ok(booked(&event, &slot, zone)),
                    None => self.slot_taken(&slot, zone).await,
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
                // Another process created the event concurrently.
                None => match self.calendar.event(&id).await?.filter(is_there) {
                    Some(event) => event,
                    None => continue,
                },
            };
            if self.is_double_booked(&event, &slot).await? {
                self.calendar.delete(&event.id).await?;
                return self.slot_taken(&slot, zone).await;
            }
            return Ok(booked(&event, &slot, zone));
        }
        Ok(failed("This time was booked and cancelled too often. Offer another.", CALENDAR_FAILED))
    }

    /// Cancels an appointment of the customer.
    pub(super) async fn cancel(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let event = match self.own_event(arguments, context, zone).await? {
            Ok(event) => event,
            Err(refused) => return Ok(refused),
        };
        self.calendar.delete(&event.id).await?;
        let when = event.span().map(|span| times::to_spoken(span.start, zone)).unwrap_or_default();
        Ok(done(
            json!({ "eventId": event.id, "cancelled": true }),
            format!("The appointment on {when} is cancelled."),
        ))
    }

    /// Moves an appointment of the customer.
    pub(super) async fn reschedule(&self, arguments: &Value, context: &ToolContext) -> Result<ToolResult> {
        let zone = self.zone().await?;
        let Some(start) = argument(arguments, "start") else {
            return Ok(failed("`start` is empty.", CALENDAR_FAILED));
        };
        let event = match self.own_event(arguments, context, zone).await? {
            Ok(event) => event,
            Err(refused) => return Ok(refused),
        };
        let Some(before) = event.span() else {
            return Ok(failed(
                "That appointment lasts whole days and cannot be moved here.",
                CALENDAR_FAILED,
            ));
        };
        let length = match arguments.get("durationMinutes") {
            Some(_) => self.duration(arguments),
            None => before.end - before.start,
        };
        let slot = match self.parse_slot(start, length, zone) {
            Ok(slot) => slot,
            Err(reason) => return Ok(failed(reason, CALENDAR_FAILED)),
        };
        let _guard = self.booking_lock.lock().await;
        if slot == before {
            return Ok(booked(&event, &slot, zone));
        }
        if self.conflicting_events(&event, &slot).await?.next().is_some() {
            return self.slot_taken(&slot, zone).await;
        }
        let moved = self.calendar.move_to(&event.id, &slot).await?;
        if self.is_double_booked(&moved, &slot).await? {
            self.calendar.move_to(&event.id, &before).await?;
            return self.slot_taken(&slot, zone).await;
        }
        Ok(booked(&moved, &slot, zone))
    }

    /// Returns the appointment that the arguments identify if it is the customer's, or else a
    /// result that says why not.
    async fn own_event(
        &self,
        arguments: &Value,
        context: &ToolContext,
        zone: &Zone,
    ) -> Result<std::result::Result<CalendarEvent, ToolResult>> {
        let (customer, former) = owner_hashes(context);
        let owners: Vec<String> = [customer].into_iter().chain(former).collect();
        let mine = |event: &CalendarEvent| {
            event.is_busy() && event.customer().is_some_and(|of| owners.iter().any(|owner| owner == of))
        };
        if let Some(id) = argument(arguments, "eventId") {
            let found = match is_event_id(id) {
                true => self.calendar.event(id).await?.filter(mine),
                false => None,
            };
            return Ok(found.ok_or_else(|| {
                // The message does not reveal whether another customer has that appointment.
                failed(
                    "The customer has no appointment of that eventId.",
                    "I could not find that appointment.",
                )
            }));
        }
        let mut events = Vec::new();
        for owner in &owners {
            events.extend(self.calendar.events_of_customer(owner, now()).await?.into_iter().filter(mine));
        }
        events.sort_by_key(|event| event.span().map(|span| span.start));
        if events.len() == 1 {
            return Ok(events.pop().ok_or_else(|| failed("", "")));
        }
        if events.is_empty() {
            return Ok(Err(failed("The customer has no appointment.", "I could not find an appointment.")));
        }
        let several: Vec<String> = events
            .iter()
            .map(|event| {
                let when =
                    event.span().map(|span| times::to_local_rfc3339(span.start, zone)).unwrap_or_default();
                format!("{} ({}, {when})", event.id, event.summary)
            })
            .collect();
        let error =
            format!("The customer has several appointments. Ask which one is meant: {}", several.join("; "));
        Ok(Err(failed(error, "Which appointment do you mean?")))
    }

    /// Returns `true` if an older event has the same time. Of two events that were booked
    /// concurrently, exactly one must be removed.
    async fn is_double_booked(&self, event: &CalendarEvent, slot: &TimeRange) -> Result<bool> {
        let age = |event: &CalendarEvent| (event.created, event.id.clone());
        let mine = age(event);
        Ok(self.conflicting_events(event, slot).await?.any(|other| age(&other) < mine))
    }

    /// Returns the other events at that time.
    async fn conflicting_events(
        &self,
        event: &CalendarEvent,
        slot: &TimeRange,
    ) -> Result<impl Iterator<Item = CalendarEvent>> {
        let id = event.id.clone();
        let slot = *slot;
        let all = self.calendar.events(slot.start, slot.end).await?;
        Ok(all.into_iter().filter(move |other| {
            other.id != id
                && other.is_busy()
                && (other.is_all_day() || other.span().is_some_and(|span| span.overlaps(&slot)))
        }))
    }

    /// Creates the result for a time that is taken, with alternatives on the same day.
    async fn slot_taken(&self, slot: &TimeRange, zone: &Zone) -> Result<ToolResult> {
        let date = zone.local(slot.start).date_naive();
        let open = times::open_spans(date, 1, &self.hours, zone);
        let free = self.free_slots(&open, slot.end - slot.start, now()).await?;
        let starts: Vec<String> =
            free.iter().take(6).map(|slot| times::to_local_rfc3339(slot.start, zone)).collect();
        let error = match starts.is_empty() {
            true => "That time is taken, and so is the rest of the day. Check other days.".to_owned(),
            false => format!("That time is taken. Free that day: {}", starts.join(", ")),
        };
        Ok(failed(error, "That time has just been taken."))
    }

    async fn free_slots(
        &self,
        open: &[TimeRange],
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<TimeRange>> {
        let (Some(first), Some(last)) = (open.first(), open.last()) else { return Ok(Vec::new()) };
        let busy = self.calendar.busy_times(first.start, last.end).await?;
        Ok(times::free_slots(open, &busy, length, now))
    }

    fn parse_slot(
        &self,
        start: &str,
        length: TimeDelta,
        zone: &Zone,
    ) -> std::result::Result<TimeRange, &'static str> {
        let start = times::parse_time(start, zone)?;
        let slot = TimeRange { start, end: start + length };
        times::unavailable_reason(&slot, &self.hours, zone, now()).map_or(Ok(slot), Err)
    }

    fn duration(&self, arguments: &Value) -> TimeDelta {
        let minutes = arguments.get("durationMinutes").and_then(Value::as_i64);
        minutes.map_or(self.slot, |minutes| TimeDelta::minutes(minutes.clamp(5, 1440)))
    }
}

/// Returns the hash of an appointment's owner: the customer's channel identifier or the one that
/// the developer gave, or else the conversation. It is a hash so that the calendar reveals no more
/// than its events say. Also returns former hashes: those of appointments booked while each
/// spelling of a phone number counted as a separate number.
fn owner_hashes(context: &ToolContext) -> (String, Vec<String>) {
    let customer = &context.customer;
    match (&customer.id, &customer.email, &customer.phone) {
        (Some(id), _, _) => (owner_hash(&format!("id:{id}")), Vec::new()),
        (None, Some(email), _) => (owner_hash(&format!("email:{email}")), Vec::new()),
        (None, None, Some(phone)) => {
            let identity = phone_identity(phone);
            let of_phone = |phone: &String| owner_hash(&format!("phone:{phone}"));
            let former = phone_spellings(phone).into_iter().filter(|spelling| *spelling != identity);
            (of_phone(&identity), former.map(|spelling| of_phone(&spelling)).collect())
        }
        (None, None, None) => (owner_hash(&format!("conversation:{}", context.conversation_id)), Vec::new()),
    }
}

fn owner_hash(who: &str) -> String {
    to_hex(&Sha256::digest(format!("calendar {who}"))[..20])
}

/// Returns the event id, which is the same for every booking of the same time by the same customer.
/// A retry therefore finds the event.
fn event_id(customer: &str, slot: &TimeRange, number: usize) -> String {
    let what = format!("{customer} {} {} {number}", slot.start.timestamp(), slot.end.timestamp());
    to_hex(&Sha256::digest(what)[..20])
}

/// Returns `true` if this is a valid id of Google's. Other ids never reach the path of a request.
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

fn booked(event: &CalendarEvent, slot: &TimeRange, zone: &Zone) -> ToolResult {
    let data = json!({
        "eventId": event.id,
        "start": times::to_local_rfc3339(slot.start, zone),
        "end": times::to_local_rfc3339(slot.end, zone),
        "timeZone": zone.name(),
    });
    done(data, format!("The appointment is booked for {}.", times::to_spoken(slot.start, zone)))
}
