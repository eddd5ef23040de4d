//! Keys that the caller presses, collected into one input.

use std::time::Duration;

/// Time after a key in which the next one belongs to the same input.
const INTER_DIGIT_TIMEOUT: Duration = Duration::from_secs(2);
/// The same while a tool collects keys: a number is looked up, then keyed.
const COLLECTED_DIGIT_TIMEOUT: Duration = Duration::from_secs(4);
/// Time in which the first key must be pressed while a tool collects keys.
const FIRST_DIGIT_TIMEOUT: Duration = Duration::from_secs(15);
/// Maximum time for which a tool collects keys. A tool has 30 s by default.
const COLLECTION_TIMEOUT: Duration = Duration::from_secs(25);
/// Maximum number of keys of an input.
pub const MAX_KEYS: usize = 64;
/// The key that completes an input.
const FINISH_KEY: char = '#';

/// The keys of an input that is not complete.
#[derive(Default)]
pub struct Keypad {
    keys: String,
    deadline: Option<Duration>,
    collection: Option<Collection>,
}

/// The keys that a tool waits for.
#[derive(Clone, Copy)]
struct Collection {
    /// Maximum number of keys.
    count: usize,
    /// Time at which the tool gets the keys in any case.
    until: Duration,
}

/// An input by keys.
#[derive(PartialEq, Eq)]
pub enum KeyInput {
    /// Keys that the caller pressed unasked. A single `#` is an input, too.
    Unasked(String),
    /// Keys that a tool has asked for, possibly none.
    Collected(String),
}

impl std::fmt::Debug for Keypad {
    /// Hides the keys, which may be a PIN.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Keypad").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Keypad {
    /// Adds a key. Returns the input if it is complete.
    pub fn press(&mut self, key: char, now: Duration) -> Option<KeyInput> {
        if key != FINISH_KEY {
            self.keys.push(key);
        }
        let (deadline, count) = match self.collection {
            Some(Collection { count, until }) => (until.min(now + COLLECTED_DIGIT_TIMEOUT), count),
            None => (now + INTER_DIGIT_TIMEOUT, MAX_KEYS),
        };
        self.deadline = Some(deadline);
        (key == FINISH_KEY || self.keys.len() >= count).then(|| self.take())
    }

    /// Waits for up to `count` keys. Keys that were pressed already belong to them.
    pub fn collect(&mut self, count: usize, now: Duration) {
        self.collection =
            Some(Collection { count: count.clamp(1, MAX_KEYS), until: now + COLLECTION_TIMEOUT });
        let timeout = if self.keys.is_empty() { FIRST_DIGIT_TIMEOUT } else { COLLECTED_DIGIT_TIMEOUT };
        self.deadline = Some(now + timeout);
    }

    /// Returns `true` if a tool waits for keys.
    pub fn is_collecting(&self) -> bool {
        self.collection.is_some()
    }

    /// Ends the wait of a tool. The keys so far are an input of their own.
    pub fn stop_collecting(&mut self, now: Duration) {
        if self.collection.take().is_some() {
            self.deadline = (!self.keys.is_empty()).then(|| now + INTER_DIGIT_TIMEOUT);
        }
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

    /// Returns the input, and begins a new one.
    pub fn take(&mut self) -> KeyInput {
        let Self { keys, collection, .. } = std::mem::take(self);
        match collection {
            Some(_) => KeyInput::Collected(keys),
            None if keys.is_empty() => KeyInput::Unasked(FINISH_KEY.to_string()),
            None => KeyInput::Unasked(keys),
        }
    }
}
