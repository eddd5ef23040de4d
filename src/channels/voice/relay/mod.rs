//! A live call over a relay: the provider listens and speaks, and exchanges text over a socket.
//!
//! Nothing here reads, writes or waits.

pub mod action;
pub mod event;
pub mod frames;
pub mod keypad;
pub mod options;
mod playback;
mod reply;
pub mod session;
pub mod speech_text;
#[cfg(test)]
mod timelines;
