//! Retries and timeouts of statements.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::{Instant, sleep};
use tracing::{debug, warn};

use crate::config::PoolOptions;
use crate::database::connection::error_kind::Retryability;
use crate::database::sql::statement::Statement;

/// Default time in which a call must get a working connection.
const DEFAULT_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Default time to wait for an answer.
const DEFAULT_QUERY_TIMEOUT: Duration = Duration::from_secs(30);
/// Minimum throughput in bytes per second. A slower server counts as dead.
const MIN_BYTES_PER_SECOND: usize = 256 * 1024;
/// Maximum time that a health check retries after a broken connection.
const HEALTH_CHECK_BUDGET: Duration = Duration::from_secs(2);
/// Maximum attempts of statements that lose against other transactions.
const MAX_CONFLICT_ATTEMPTS: u32 = 6;
/// Maximum delay before the next attempt.
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// Delays after a lost or busy connection: 50 ms, doubled up to [`MAX_BACKOFF`]. Half of each delay
/// is jitter.
const CONNECTION_BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(25))
    .with_max_delay(Duration::from_millis(500))
    .without_max_times()
    .with_jitter();
/// Delays after a conflict, which let the other transaction finish: 8 ms, doubled. Half of each
/// delay is jitter.
const CONFLICT_BACKOFF: ExponentialBuilder =
    CONNECTION_BACKOFF.with_min_delay(Duration::from_millis(4)).without_max_delay();

/// Timeouts from the user's settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// Time in which a call gets a working connection, over all its attempts.
    pub connection: Duration,
    /// Time in which the database answers a statement; large statements get more.
    pub query: Duration,
}

impl Timeouts {
    pub fn of(options: &PoolOptions) -> Self {
        let given = |millis: Option<u64>| millis.map(Duration::from_millis);
        Self {
            connection: given(options.connection_timeout_millis).unwrap_or(DEFAULT_ACQUIRE_TIMEOUT),
            query: given(options.query_timeout_millis).unwrap_or(DEFAULT_QUERY_TIMEOUT),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::of(&PoolOptions::default())
    }
}

/// The retry policy of statements.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RetryPolicy {
    /// Times out after the query timeout. Runs again after a lost connection, at least once, until
    /// the connection timeout has passed since `since`.
    Query { since: Instant },
    /// May take any time while the server answers other connections, such as a scan of a whole
    /// table. Retried like `Query`.
    LongRunning,
    /// May take as long as `LongRunning`, but never runs again: it may not mean the same the second
    /// time.
    Never,
    /// May take as long as `LongRunning`. Runs again after a conflict only, which undoes everything:
    /// after a lost connection the outcome is unknown.
    ConflictOnly,
    /// Succeeds or fails soon.
    HealthCheck,
}

impl RetryPolicy {
    /// Creates the policy of a call that starts now.
    pub fn query() -> Self {
        Self::Query { since: Instant::now() }
    }
}

/// The attempts and the time that are left for retries.
pub(crate) struct RetryBudget {
    /// Deadline of retries after a lost connection.
    deadline: Instant,
    /// Maximum time of one attempt.
    attempt_timeout: Option<Duration>,
    policy: RetryPolicy,
    attempt: u32,
}

impl RetryBudget {
    pub fn new(policy: RetryPolicy, timeouts: Timeouts, statements: &[Statement]) -> Self {
        let now = Instant::now();
        let size = || statements.iter().map(Statement::size).sum::<usize>() / MIN_BYTES_PER_SECOND;
        let (deadline, attempt_timeout) = match policy {
            RetryPolicy::Query { since } => {
                (since + timeouts.connection, Some(timeouts.query + Duration::from_secs(size() as u64)))
            }
            RetryPolicy::LongRunning => (now + timeouts.connection, None),
            RetryPolicy::Never | RetryPolicy::ConflictOnly => (now, None),
            RetryPolicy::HealthCheck => {
                (now + HEALTH_CHECK_BUDGET.min(timeouts.connection), Some(timeouts.query))
            }
        };
        Self { deadline, attempt_timeout, policy, attempt: 0 }
    }

    /// Returns the maximum time of one attempt, `None` for no limit.
    pub fn attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// Returns the maximum time that one attempt waits for a connection.
    pub fn acquire_timeout(&self, timeouts: Timeouts) -> Duration {
        match self.attempt {
            0 => timeouts.connection,
            _ => self.deadline.saturating_duration_since(Instant::now()).max(MAX_BACKOFF),
        }
    }

    /// Waits before the next attempt. Returns `false` if there is none left.
    pub async fn backoff(&mut self, retryability: Retryability) -> bool {
        let Some(wait) = self.next_delay(retryability, Instant::now()) else { return false };
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        match retryability {
            Retryability::ConnectionLost => {
                warn!(attempt = self.attempt, wait_ms, "Database connection lost, trying again")
            }
            Retryability::Busy => warn!(attempt = self.attempt, wait_ms, "Database busy, trying again"),
            // Nothing unusual with many concurrent writers.
            Retryability::Conflict => {
                debug!(attempt = self.attempt, wait_ms, "Another transaction won, trying again")
            }
            Retryability::Permanent => {}
        }
        sleep(wait).await;
        true
    }

    /// Returns the delay before the next attempt: doubled each time, with jitter.
    fn next_delay(&mut self, retryability: Retryability, now: Instant) -> Option<Duration> {
        let delays = match retryability {
            Retryability::Permanent => return None,
            Retryability::Conflict if self.attempt + 1 >= MAX_CONFLICT_ATTEMPTS => return None,
            Retryability::Conflict => CONFLICT_BACKOFF,
            Retryability::ConnectionLost | Retryability::Busy => CONNECTION_BACKOFF,
        };
        // Both kinds of failure count as attempts.
        let wait = delays.build().nth(self.attempt as usize)?;
        // The first broken connection proves nothing about the server: it may have been broken for
        // long.
        let over = now + wait >= self.deadline && self.attempt > 0;
        let is_allowed = match self.policy {
            RetryPolicy::Never => false,
            RetryPolicy::ConflictOnly => retryability == Retryability::Conflict,
            _ => retryability == Retryability::Conflict || !over,
        };
        if !is_allowed {
            return None;
        }
        self.attempt += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Timeouts = Timeouts { connection: Duration::from_secs(10), query: Duration::from_secs(30) };

    /// Counts the attempts of a job that fails at once, and their total time.
    fn goes_on(policy: RetryPolicy, retryability: Retryability) -> (u32, Duration) {
        let began = Instant::now();
        let (mut retry, mut now) = (RetryBudget::new(policy, TIMES, &[]), began);
        while let Some(wait) = retry.next_delay(retryability, now) {
            now += wait;
        }
        (retry.attempt + 1, now - began)
    }

    #[test]
    fn retries_a_lost_connection_until_the_timeout() {
        let (attempts, time) = goes_on(RetryPolicy::query(), Retryability::ConnectionLost);
        assert!(
            attempts > 10 && time > Duration::from_secs(8) && time < TIMES.connection,
            "{attempts} {time:?}"
        );
        let (_, time) = goes_on(RetryPolicy::HealthCheck, Retryability::ConnectionLost);
        assert!(time < HEALTH_CHECK_BUDGET, "{time:?}");
    }

    #[test]
    fn a_conflict_is_retried_where_an_unknown_outcome_is_not() {
        assert_eq!(goes_on(RetryPolicy::ConflictOnly, Retryability::Conflict).0, MAX_CONFLICT_ATTEMPTS);
        assert_eq!(goes_on(RetryPolicy::ConflictOnly, Retryability::ConnectionLost).0, 1);
    }

    #[test]
    fn retries_once_even_after_a_long_wait() {
        let since = Instant::now() - Duration::from_secs(60);
        assert_eq!(goes_on(RetryPolicy::Query { since }, Retryability::ConnectionLost).0, 2);
    }

    #[test]
    fn does_not_retry_permanent_failures_or_ddl() {
        assert_eq!(goes_on(RetryPolicy::query(), Retryability::Permanent).0, 1);
        assert_eq!(goes_on(RetryPolicy::Never, Retryability::ConnectionLost).0, 1);
        assert_eq!(goes_on(RetryPolicy::Never, Retryability::Conflict).0, 1);
        assert_eq!(goes_on(RetryPolicy::query(), Retryability::Conflict).0, MAX_CONFLICT_ATTEMPTS);
    }

    #[test]
    fn delays_have_jitter() {
        let delays: std::collections::HashSet<Duration> = (0..8)
            .filter_map(|_| {
                RetryBudget::new(RetryPolicy::query(), TIMES, &[])
                    .next_delay(Retryability::Conflict, Instant::now())
            })
            .collect();
        assert!(delays.len() > 1, "processes that lose together would try again together");
        let all = Duration::from_millis(4)..=Duration::from_millis(8);
        assert!(delays.iter().all(|delay| all.contains(delay)), "{delays:?}");
    }

    #[test]
    fn large_statements_get_more_time() {
        let attempt_timeout = |policy, bytes| {
            RetryBudget::new(policy, TIMES, &[Statement::plain("x".repeat(bytes))])
                .attempt_timeout()
                .map(|attempt_timeout| attempt_timeout.as_secs())
        };
        assert_eq!(attempt_timeout(RetryPolicy::query(), 10), Some(30));
        assert_eq!(attempt_timeout(RetryPolicy::query(), 64 << 20), Some(30 + 256));
        assert_eq!(attempt_timeout(RetryPolicy::LongRunning, 10), None);
    }
}
