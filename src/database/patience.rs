//! How often and how long something is tried, and how long an answer is waited for.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{debug, warn};

use crate::config::PoolOptions;
use crate::database::failure::Fault;
use crate::database::statement::Statement;

/// How long a call looks for a connection that works, unless told otherwise.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer is waited for, unless told otherwise.
const QUERY_TIMEOUT: Duration = Duration::from_secs(30);
/// A server that takes less in a second is taken for dead.
const BYTES_PER_SECOND: usize = 256 * 1024;
/// How long a check of health goes on after a connection turned out to be broken.
const PROBE: Duration = Duration::from_secs(2);
/// How often statements are tried that lose against other transactions.
const ATTEMPTS_AGAINST_OTHERS: u32 = 6;
/// First and longest wait before the next attempt; doubled in between.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// What users say about time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// In which a call finds a connection that works, however many it has to try.
    pub connection: Duration,
    /// In which the database answers, once it was asked; more for what is large.
    pub query: Duration,
}

impl Times {
    pub fn of(options: &PoolOptions) -> Self {
        let given = |millis: Option<u64>| millis.map(Duration::from_millis);
        Self {
            connection: given(options.connection_timeout_millis).unwrap_or(CONNECTION_TIMEOUT),
            query: given(options.query_timeout_millis).unwrap_or(QUERY_TIMEOUT),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::of(&PoolOptions::default())
    }
}

/// How statements are bounded.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bounds {
    /// Answered within the time for it; after a lost connection run again, for so long from then on, and once at least.
    Call { since: Instant },
    /// May take as long as it takes while the server answers others, as what goes through whole tables does; run again like a call.
    Long,
    /// As long, and never run again: it may not mean the same the second time.
    Once,
    /// Answered soon, or given up soon.
    Probe,
}

impl Bounds {
    /// A call that is made now.
    pub fn call() -> Self {
        Self::Call { since: Instant::now() }
    }
}

/// What is left of the will to try.
pub(crate) struct Patience {
    /// Until when a lost connection is a reason to try again.
    until: Instant,
    /// How long one attempt waits for its answer.
    limit: Option<Duration>,
    /// Whether it is never tried again.
    once: bool,
    attempt: u32,
}

impl Patience {
    pub fn new(bounds: Bounds, times: Times, statements: &[Statement]) -> Self {
        let now = Instant::now();
        let size = || statements.iter().map(Statement::size).sum::<usize>() / BYTES_PER_SECOND;
        let (until, limit) = match bounds {
            Bounds::Call { since } => {
                (since + times.connection, Some(times.query + Duration::from_secs(size() as u64)))
            }
            Bounds::Long => (now + times.connection, None),
            Bounds::Once => (now, None),
            Bounds::Probe => (now + PROBE.min(times.connection), Some(times.query)),
        };
        Self { until, limit, once: matches!(bounds, Bounds::Once), attempt: 0 }
    }

    /// How long one attempt waits for its answer; none is for ever.
    pub fn limit(&self) -> Option<Duration> {
        self.limit
    }

    /// How long one attempt waits for a connection.
    pub fn for_connection(&self, times: Times) -> Duration {
        match self.attempt {
            0 => times.connection,
            _ => self.until.saturating_duration_since(Instant::now()).max(LONGEST_WAIT),
        }
    }

    /// Waits before the next attempt; false if there is to be none.
    pub async fn outlasts(&mut self, fault: Fault) -> bool {
        let Some(wait) = self.next(fault, Instant::now()) else { return false };
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        match fault {
            Fault::Lost => warn!(attempt = self.attempt, wait_ms, "Database connection lost, trying again"),
            Fault::Busy => warn!(attempt = self.attempt, wait_ms, "Database busy, trying again"),
            // Nothing unusual where many write.
            Fault::Conflict => {
                debug!(attempt = self.attempt, wait_ms, "Another transaction won, trying again")
            }
            Fault::Lasting => {}
        }
        sleep(wait).await;
        true
    }

    /// The wait before the next attempt: longer each time, and not in step with others.
    fn next(&mut self, fault: Fault, now: Instant) -> Option<Duration> {
        let doubled = |first: Duration| first.saturating_mul(1 << self.attempt.min(16));
        let wait = match fault {
            Fault::Lasting => return None,
            // It lets the other transaction finish.
            Fault::Conflict if self.attempt + 1 < ATTEMPTS_AGAINST_OTHERS => {
                doubled(Duration::from_millis(8))
            }
            Fault::Conflict => return None,
            Fault::Lost | Fault::Busy => doubled(FIRST_WAIT).min(LONGEST_WAIT),
        };
        // Between half of it and all.
        let share = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let wait = wait / 2 + wait * share / 510;
        // The first broken connection says nothing of the server: it may have been broken for long.
        let over = now + wait >= self.until && self.attempt > 0;
        if self.once || fault != Fault::Conflict && over {
            return None;
        }
        self.attempt += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Times = Times { connection: Duration::from_secs(10), query: Duration::from_secs(30) };

    /// How often something is tried that fails at once, and for how long.
    fn goes_on(bounds: Bounds, fault: Fault) -> (u32, Duration) {
        let began = Instant::now();
        let (mut patience, mut now) = (Patience::new(bounds, TIMES, &[]), began);
        while let Some(wait) = patience.next(fault, now) {
            now += wait;
        }
        (patience.attempt + 1, now - began)
    }

    #[test]
    fn a_lost_connection_is_tried_again_within_the_time_for_it() {
        let (attempts, time) = goes_on(Bounds::call(), Fault::Lost);
        assert!(
            attempts > 10 && time > Duration::from_secs(8) && time < TIMES.connection,
            "{attempts} {time:?}"
        );
        let (_, time) = goes_on(Bounds::Probe, Fault::Lost);
        assert!(time < PROBE, "{time:?}");
    }

    #[test]
    fn who_has_waited_for_long_already_is_tried_twice() {
        let since = Instant::now() - Duration::from_secs(60);
        assert_eq!(goes_on(Bounds::Call { since }, Fault::Lost).0, 2);
    }

    #[test]
    fn neither_what_stays_as_it_is_nor_what_may_run_once_is_tried_again() {
        assert_eq!(goes_on(Bounds::call(), Fault::Lasting).0, 1);
        assert_eq!(goes_on(Bounds::Once, Fault::Lost).0, 1);
        assert_eq!(goes_on(Bounds::Once, Fault::Conflict).0, 1);
        assert_eq!(goes_on(Bounds::call(), Fault::Conflict).0, ATTEMPTS_AGAINST_OTHERS);
    }

    #[test]
    fn what_is_large_may_take_longer() {
        let limit = |bounds, bytes| {
            Patience::new(bounds, TIMES, &[Statement::plain("x".repeat(bytes))])
                .limit()
                .map(|limit| limit.as_secs())
        };
        assert_eq!(limit(Bounds::call(), 10), Some(30));
        assert_eq!(limit(Bounds::call(), 64 << 20), Some(30 + 256));
        assert_eq!(limit(Bounds::Long, 10), None);
    }
}
