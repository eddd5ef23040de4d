//! Known customers: the facts that the memory has about the customer in a conversation, as a section
//! of the prompt.
//!
//! The customer is the one that the channel or the developer has identified. Nothing that is said in a
//! conversation changes whose facts are read.

mod appointments;
mod conversations;
mod developer_context;
mod identities;
mod known_customer;
mod people;
mod prompt_section;
mod reader;
mod remembered_names;
mod stored_by;

pub use appointments::Appointment;
pub use conversations::ConversationSummary;
pub use developer_context::{ContextProvider, ContextRequest};
pub use identities::{Identities, Person};
pub use known_customer::{KnownCustomer, Preference};
pub use reader::KnownCustomers;
