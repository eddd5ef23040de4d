//! Appointments in the business's calendar: free times, and the customer's own appointments.

mod bookings;
mod times;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::config::AppointmentsConfig;
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::providers::google_calendar::GoogleCalendar;
use crate::tools::calendar::bookings::Bookings;
use crate::tools::{Tool, ToolContext};
use crate::types::message::ToolResult;

/// Creates the four tools over a calendar.
pub fn calendar_tools(
    calendar: Arc<GoogleCalendar>,
    config: &AppointmentsConfig,
) -> Result<Vec<Arc<dyn Tool>>> {
    let bookings = Arc::new(Bookings::new(calendar, config)?);
    let tool = |action: CalendarAction| -> Arc<dyn Tool> {
        Arc::new(CalendarTool { definition: action.definition(), action, bookings: Arc::clone(&bookings) })
    };
    Ok([
        CalendarAction::CheckAvailability,
        CalendarAction::Book,
        CalendarAction::Cancel,
        CalendarAction::Reschedule,
    ]
    .map(tool)
    .into())
}

#[derive(Debug, Clone, Copy)]
enum CalendarAction {
    CheckAvailability,
    Book,
    Cancel,
    Reschedule,
}

struct CalendarTool {
    definition: ToolDefinition,
    action: CalendarAction,
    bookings: Arc<Bookings>,
}

#[async_trait]
impl Tool for CalendarTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        match self.action {
            CalendarAction::CheckAvailability => self.bookings.check(&arguments).await,
            CalendarAction::Book => self.bookings.book(&arguments, context).await,
            CalendarAction::Cancel => self.bookings.cancel(&arguments, context).await,
            CalendarAction::Reschedule => self.bookings.reschedule(&arguments, context).await,
        }
    }
}

impl CalendarAction {
    fn definition(self) -> ToolDefinition {
        let start = json!({ "type": "string", "maxLength": 40,
            "description": "When it begins, in the business's time zone: 2026-03-02T14:30" });
        let minutes =
            json!({ "type": "integer", "minimum": 5, "maximum": 1440, "description": "How long it takes" });
        let event = json!({ "type": "string", "maxLength": 1024,
            "description": "The eventId of the customer's appointment; may be left out when there is only one" });
        let (name, description, properties, required) = match self {
            Self::CheckAvailability => (
                "calendar_check_availability",
                "Find free times for an appointment. Also tells what day and time it is now, and the business's time zone.",
                json!({
                    "date": { "type": "string", "maxLength": 10, "description": "The first day: 2026-03-02; today unless given" },
                    "days": { "type": "integer", "minimum": 1, "maximum": 14, "description": "How many days; 1 unless given" },
                    "durationMinutes": minutes,
                }),
                json!([]),
            ),
            Self::Book => (
                "calendar_book",
                "Book an appointment for the customer. Only after they have agreed to the time.",
                json!({
                    "start": start,
                    "durationMinutes": minutes,
                    "title": { "type": "string", "maxLength": 200, "description": "What it is, with the customer's name: Demo with John" },
                    "notes": { "type": "string", "maxLength": 2000, "description": "What else whoever meets them should know" },
                }),
                json!(["start", "title"]),
            ),
            Self::Cancel => (
                "calendar_cancel",
                "Cancel an appointment of the customer's.",
                json!({ "eventId": event }),
                json!([]),
            ),
            Self::Reschedule => (
                "calendar_reschedule",
                "Move an appointment of the customer's to another time they have agreed to.",
                json!({ "eventId": event, "start": start, "durationMinutes": minutes }),
                json!(["start"]),
            ),
        };
        let parameters = json!({ "type": "object", "properties": properties, "required": required });
        ToolDefinition { name: name.to_owned(), description: description.to_owned(), parameters }
    }
}
