//! Types of the domain: memories, messages, customers, visibility and events.

pub mod customer;
pub mod event;
pub mod fact;
pub mod memory;
pub mod message;
pub mod person_links;
pub mod signature;
pub mod time_zone;
pub mod validity;
pub mod vector;
pub mod visibility;
