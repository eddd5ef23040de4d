//! Keys that the caller presses, collected into one input.

use std::time::Duration;

/// Time after a key in which the next one belongs to the same input.
const INTER_DIGIT_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum number of keys of an input.
const MAX_KEYS: usize = 64;
/// The key that completes an input.
const FINISH_KEY: char = '#';

/// The keys of an input that is not complete.
#[derive(Default)]
pub struct Keypad {
    keys: String,
    deadline: Option<Duration>,
}

impl std::fmt::Debug for Keypad {
    /// Hides the keys, which may be a PIN.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Keypad").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Keypad {
    /// Adds a key. Returns the keys if the input is complete.
    pub fn press(&mut self, key: char, now: Duration) -> Option<String> {
        if key != FINISH_KEY {
            self.keys.push(key);
        }
        self.deadline = Some(now + INTER_DIGIT_TIMEOUT);
        (key == FINISH_KEY || self.keys.len() >= MAX_KEYS).then(|| self.take())
    }

    /// Returns the time at which the input is complete.
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Returns `true` if the input is complete.
    pub fn is_due(&self, now: Duration) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// Returns `true` if an input has begun.
    pub fn is_active(&self) -> bool {
        self.deadline.is_some()
    }

    /// Returns the keys, and begins a new input. A single `#` is an input, too.
    pub fn take(&mut self) -> String {
        self.deadline = None;
        let keys = std::mem::take(&mut self.keys);
        if keys.is_empty() { FINISH_KEY.to_string() } else { keys }
    }
}
