//! Durations for log entries.

use std::time::Instant;

/// A timer that starts when it is created.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the elapsed milliseconds, rounded to a tenth.
    pub fn ms(self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
    }
}
