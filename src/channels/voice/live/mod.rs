//! Live calls: calls whose line is an open socket.

mod admission;
mod after;
mod call;
pub mod calls;
mod heard;
pub mod ticket;
mod turn;

pub use admission::{AdmittedLine, UpgradeRequest};
pub use call::{LineOutlet, LiveCall};
