//! Exactly-once handling of inbound messages. The first process to insert the idempotency key does
//! the work. Redeliveries get the stored reply.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::TimeDelta;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::async_context::WithAsyncContext;
use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::inbox::cleanup::InboxCleanup;
use crate::inbox::rate_limit::{RateLimit, RateLimiter};
use crate::task;
use crate::types::memory::now;

/// Maximum time to wait for a reply, 12 s. Twilio waits 15 s.
pub const REPLY_TIMEOUT: Duration = Duration::from_secs(12);
/// Unit of the rate limits.
pub const HOUR: TimeDelta = TimeDelta::hours(1);
/// Lease of an idempotency key, 30 s. A key not renewed for that long belongs to a process that
/// died.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// Interval at which the working process renews its lease, 10 s.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(10);
/// Maximum delay between two polls for the reply of another process.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Delays between these polls: 50 ms, doubled up to [`MAX_POLL_INTERVAL`].
const POLL_INTERVALS: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(50))
    .with_max_delay(MAX_POLL_INTERVAL)
    .without_max_times();
/// Owner of a released key, which any process may take over immediately.
const NO_OWNER: &str = "";

/// An executor of inbound messages. It deduplicates them by idempotency key in the inbox.
pub struct IdempotentExecutor {
    inbox: Arc<dyn Inbox>,
    /// Messages being handled in this process, by key.
    in_flight: Mutex<HashMap<String, watch::Receiver<Option<Outcome>>>>,
    tasks: TaskTracker,
    cleanup: Arc<InboxCleanup>,
}

/// An inbound message, to be handled exactly once.
#[derive(Debug, Clone)]
pub struct InboundMessage {
    /// The idempotency key, derived from the provider's id: `sms:SM…`, `call:CA…:3`.
    pub key: String,
    /// The kind of message.
    pub kind: EntryKind,
    /// The customer's normalized number or address.
    pub customer: Option<String>,
}

/// A final reply.
#[derive(Debug, Clone, PartialEq)]
pub struct FinalReply {
    /// The response body for the provider.
    pub text: String,
    /// `true` if the message was rejected.
    pub rejected: bool,
}

/// The result of an execution within the timeout.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The final reply.
    Answered(String),
    /// The reply is not ready yet. A retry of the same message returns it once it is ready.
    Pending,
}

type Outcome = Result<String>;

/// The lease on an idempotency key, held while the message is handled.
#[derive(Clone)]
pub struct ExecutionGuard {
    inbox: Arc<dyn Inbox>,
    inbound: InboundMessage,
    owner: String,
    /// `true` if another process started this message and did not finish it. Parts of its work may
    /// be saved.
    pub resumed: bool,
    requester: Arc<Requester>,
}

/// The request that delivered the message.
#[derive(Default)]
struct Requester(OnceLock<Decision>);

/// The final state of a request, decided once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// It waits for the reply.
    Waits,
    /// It was answered without one.
    Gone,
}

impl Requester {
    /// Decides the state unless it is decided. Returns `true` if it now equals `decision`.
    fn decide(&self, decision: Decision) -> bool {
        *self.0.get_or_init(|| decision) == decision
    }
}

impl ExecutionGuard {
    /// Returns `true` if the request is still open, and keeps it open until the reply is ready. If
    /// `false`, the request was answered without a reply, so the reply must be sent another way.
    pub fn requester_waits(&self) -> bool {
        self.requester.decide(Decision::Waits)
    }

    /// Records that the reply is now being sent through a provider. If the process dies before
    /// [`IdempotentExecutor`] records the final reply, no process sends it again.
    pub async fn mark_sending(&self, answer: &str) -> Result<()> {
        let saved = self.inbox.update_if_owner(
            &self.inbound.key,
            &self.owner,
            EntryState::Sending,
            Some(answer.to_owned()),
        );
        if saved.await? { Ok(()) } else { Err(lease_lost()) }
    }

    /// Reverts [`ExecutionGuard::mark_sending`]. Nothing was sent, so the message may be handled
    /// again.
    pub async fn revert_sending(&self) -> Result<()> {
        let saved = self.inbox.update_if_owner(&self.inbound.key, &self.owner, EntryState::InProgress, None);
        if saved.await? { Ok(()) } else { Err(lease_lost()) }
    }

    /// Returns `true` if the customer's messages of this kind, including this one, are within all
    /// limits. The message is counted once, however often this is called. Anonymous callers are not
    /// counted.
    pub async fn is_within_limits(&self, limits: &[RateLimit]) -> Result<bool> {
        let InboundMessage { key, kind, customer } = &self.inbound;
        let Some(customer) = customer else { return Ok(true) };
        RateLimiter { kind, customer }.try_acquire(self.inbox.as_ref(), key, limits).await
    }
}

impl IdempotentExecutor {
    /// Creates an executor that stores its keys in `inbox`.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        let cleanup = Arc::new(InboxCleanup::new(Arc::clone(&inbox)));
        Self { inbox, in_flight: Mutex::default(), tasks: TaskTracker::new(), cleanup }
    }

    /// Returns the inbox that stores the entries.
    pub fn inbox(&self) -> &Arc<dyn Inbox> {
        &self.inbox
    }

    /// Runs `work` for a message unless it is done or in progress, and waits up to `reply_timeout`
    /// for the reply. After the timeout the work continues in the background. So does waiting for
    /// another process: if that process dies, the message is handled here. If the work fails, the
    /// message may be delivered again.
    pub async fn execute<F, W>(
        self: &Arc<Self>,
        inbound: InboundMessage,
        reply_timeout: Duration,
        work: W,
    ) -> Result<Reply>
    where
        W: FnOnce(ExecutionGuard) -> F + Send + 'static,
        F: Future<Output = Result<FinalReply>> + Send + 'static,
    {
        let requester = Arc::new(Requester::default());
        let (executor, waiting) = (Arc::clone(self), Arc::clone(&requester));
        let answer = async move { executor.find_or_start(inbound, waiting, work).await };
        let mut answer = task::spawn(answer.with_current_context());
        let reply = match tokio::time::timeout(reply_timeout, &mut answer).await {
            Ok(reply) => reply,
            Err(_) if requester.decide(Decision::Gone) => return Ok(Reply::Pending),
            // The reply is being saved.
            Err(_) => answer.await,
        };
        reply.unwrap_or_else(|_| Err(Error::Internal("the handling of a message was lost".into())))
    }

    /// Waits until all work is done. Messages that arrive later are still handled.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    async fn find_or_start<F, W>(
        self: &Arc<Self>,
        inbound: InboundMessage,
        requester: Arc<Requester>,
        work: W,
    ) -> Result<Reply>
    where
        W: FnOnce(ExecutionGuard) -> F + Send + 'static,
        F: Future<Output = Result<FinalReply>> + Send + 'static,
    {
        let in_flight = self.in_flight().get(&inbound.key).cloned();
        if let Some(in_flight) = in_flight {
            return await_in_flight(in_flight).await;
        }
        let entry = Entry::in_progress(inbound.kind.clone(), inbound.key.clone());
        let entry = entry.for_customer(inbound.customer.clone());
        let owner = entry.owner.clone();
        let mut found = self.inbox.insert_if_absent(entry).await?;
        let mut intervals = POLL_INTERVALS.build();
        loop {
            let is_expired = found.touched_at + LEASE < now();
            match found.state {
                EntryState::InProgress if found.owner == owner => {
                    let guard = self.new_guard(inbound, owner, false, requester);
                    return self.start(guard, work).await;
                }
                EntryState::InProgress if found.owner == NO_OWNER || is_expired => {
                    if self.inbox.reclaim(&found.key, &found.owner, &owner).await? {
                        let guard = self.new_guard(inbound, owner, true, requester);
                        return self.start(guard, work).await;
                    }
                }
                EntryState::InProgress | EntryState::Sending if !is_expired => {
                    // Another process is handling the message.
                    tokio::time::sleep(intervals.next().unwrap_or(MAX_POLL_INTERVAL)).await;
                }
                // The reply may have been sent before a crash. Return what the request would have
                // received.
                _ => return Ok(Reply::Answered(found.answer.unwrap_or_default())),
            }
            found = self.inbox.get(&inbound.key).await?.ok_or_else(lease_lost)?;
        }
    }

    fn new_guard(
        &self,
        inbound: InboundMessage,
        owner: String,
        resumed: bool,
        requester: Arc<Requester>,
    ) -> ExecutionGuard {
        ExecutionGuard { inbox: Arc::clone(&self.inbox), inbound, owner, resumed, requester }
    }

    /// Starts the work, which continues in the background after the request stops waiting.
    async fn start<F, W>(self: &Arc<Self>, guard: ExecutionGuard, work: W) -> Result<Reply>
    where
        W: FnOnce(ExecutionGuard) -> F + Send + 'static,
        F: Future<Output = Result<FinalReply>> + Send + 'static,
    {
        let (shared_outcome, in_flight) = watch::channel(None);
        self.in_flight().insert(guard.inbound.key.clone(), in_flight.clone());
        let executor = Arc::clone(self);
        let execution = async move {
            let outcome = executor.run(&guard, work(guard.clone())).await;
            let _ = shared_outcome.send(Some(outcome));
            executor.in_flight().remove(&guard.inbound.key);
            executor.start_cleanup();
        };
        task::spawn_tracked(&self.tasks, execution.with_current_context());
        await_in_flight(in_flight).await
    }

    async fn run(&self, guard: &ExecutionGuard, work: impl Future<Output = Result<FinalReply>>) -> Outcome {
        let outcome = tokio::select! {
            outcome = work => outcome,
            lease_lost = self.renew_lease(guard) => Err(lease_lost),
        };
        let saved = match outcome {
            Ok(FinalReply { text, rejected }) => {
                let state = if rejected { EntryState::Rejected } else { EntryState::Completed };
                match self
                    .inbox
                    .update_if_owner(&guard.inbound.key, &guard.owner, state, Some(text.clone()))
                    .await
                {
                    Ok(true) => return Ok(text),
                    Ok(false) => lease_lost(),
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        // If this fails too, the lease expires.
        let _ = self.inbox.reclaim(&guard.inbound.key, &guard.owner, NO_OWNER).await;
        Err(saved)
    }

    /// Renews the lease periodically. Returns only when another process has taken it over.
    async fn renew_lease(&self, guard: &ExecutionGuard) -> Error {
        loop {
            tokio::time::sleep(HEARTBEAT_INTERVAL).await;
            match self.inbox.get(&guard.inbound.key).await {
                Ok(Some(entry)) if entry.owner != guard.owner => return lease_lost(),
                Ok(Some(entry)) => {
                    // A failure does not stop the renewal: the database may recover before the
                    // lease expires.
                    let _ = self
                        .inbox
                        .update_if_owner(&guard.inbound.key, &guard.owner, entry.state, entry.answer)
                        .await;
                }
                _ => {}
            }
        }
    }

    /// Deletes expired entries in the background.
    fn start_cleanup(&self) {
        if self.cleanup.is_due() {
            let (cleanup, tasks) = (Arc::clone(&self.cleanup), self.tasks.clone());
            let pruned = async move { cleanup.run(|| tasks.is_closed()).await };
            task::spawn_tracked(&self.tasks, pruned);
        }
    }

    fn in_flight(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<Outcome>>>> {
        self.in_flight.lock()
    }
}

async fn await_in_flight(mut in_flight: watch::Receiver<Option<Outcome>>) -> Result<Reply> {
    let shared_outcome = in_flight.wait_for(Option::is_some).await;
    let shared_outcome =
        shared_outcome.map_err(|_| Error::Internal("the handling of a message was lost".into()))?;
    shared_outcome.clone().unwrap_or_else(|| Err(lease_lost())).map(Reply::Answered)
}

fn lease_lost() -> Error {
    Error::Internal("the lease was lost to another process".into())
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::sync::Notify;

    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;

    const LONG: Duration = Duration::from_secs(60);

    fn inbound(key: &str) -> InboundMessage {
        InboundMessage { key: key.into(), kind: EntryKind::Sms, customer: None }
    }

    fn answer(text: &str) -> Result<FinalReply> {
        Ok(FinalReply { text: text.into(), rejected: false })
    }

    fn two_processes() -> [Arc<IdempotentExecutor>; 2] {
        let inbox: Arc<dyn Inbox> = Arc::new(InMemoryInbox::default());
        [0, 1].map(|_| Arc::new(IdempotentExecutor::new(Arc::clone(&inbox))))
    }

    #[tokio::test]
    async fn handles_a_redelivered_message_once() {
        let processes = two_processes();
        let worked = Arc::new(AtomicUsize::new(0));
        let deliveries = (0..20).map(|n| {
            let worked = Arc::clone(&worked);
            processes[n % 2].execute(inbound("sms:1"), LONG, move |_| async move {
                tokio::task::yield_now().await;
                answer(&format!("answer {}", worked.fetch_add(1, Ordering::Relaxed)))
            })
        });
        for reply in join_all(deliveries).await {
            assert_eq!(reply.unwrap(), Reply::Answered("answer 0".into()));
        }
        assert_eq!(worked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn keeps_working_after_the_timeout_and_returns_the_reply_later() {
        let [executor, other] = two_processes();
        let (go, late) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (wait, told) = (Arc::clone(&go), Arc::clone(&late));
        let asked =
            executor.execute(inbound("call:1:0"), Duration::from_millis(20), move |guard| async move {
                wait.notified().await;
                told.store(!guard.requester_waits(), Ordering::Relaxed);
                answer("at last")
            });
        assert_eq!(asked.await.unwrap(), Reply::Pending);
        go.notify_one();
        let again = other.execute(inbound("call:1:0"), LONG, |_| async { answer("twice") }).await;
        assert_eq!(again.unwrap(), Reply::Answered("at last".into()));
        assert!(late.load(Ordering::Relaxed));
        executor.finish().await;
    }

    #[tokio::test]
    async fn takes_over_a_lease_that_expires_while_waiting() {
        let [executor, _] = two_processes();
        let left = Entry::in_progress(EntryKind::Sms, "sms:1".into());
        let left = left.at(now() - LEASE + TimeDelta::milliseconds(200));
        executor.inbox().insert_if_absent(left).await.unwrap();
        let (done, late) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (finished, told) = (Arc::clone(&done), Arc::clone(&late));
        let asked = executor.execute(inbound("sms:1"), Duration::from_millis(10), move |guard| async move {
            told.store(!guard.requester_waits() && guard.resumed, Ordering::Relaxed);
            finished.notify_one();
            answer("by REST")
        });
        assert_eq!(asked.await.unwrap(), Reply::Pending);
        done.notified().await;
        assert!(late.load(Ordering::Relaxed));
        executor.finish().await;
    }

    #[tokio::test]
    async fn retries_a_message_after_a_failure() {
        let [executor, _] = two_processes();
        let failed = executor.execute(inbound("sms:1"), LONG, |_| async { Err(Error::NotInitialized) }).await;
        assert_eq!(failed.unwrap_err().code(), "NOT_INITIALIZED");
        let again = executor.execute(inbound("sms:1"), LONG, |guard| async move {
            assert!(guard.resumed);
            answer("ok")
        });
        assert_eq!(again.await.unwrap(), Reply::Answered("ok".into()));
    }

    #[tokio::test]
    async fn waits_while_another_process_sends_and_takes_over_when_it_reverts() {
        let [executor, other] = two_processes();
        let (sending, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (told, wait) = (Arc::clone(&sending), Arc::clone(&go));
        let first = executor.execute(inbound("email:1"), LONG, move |guard| async move {
            guard.mark_sending("maybe").await?;
            told.notify_one();
            wait.notified().await;
            guard.revert_sending().await?;
            Err(Error::NotInitialized)
        });
        let second = async {
            sending.notified().await;
            let asked = other.execute(inbound("email:1"), LONG, |guard| async move {
                assert!(guard.resumed);
                answer("sent")
            });
            // Polled once before the first execution continues.
            let mut asked = pin!(asked);
            assert!(futures::poll!(&mut asked).is_pending());
            go.notify_one();
            asked.await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(first.unwrap_err().code(), "NOT_INITIALIZED");
        assert_eq!(second.unwrap(), Reply::Answered("sent".into()));
    }

    #[tokio::test]
    async fn takes_over_an_expired_lease_but_does_not_resend() {
        let [executor, _] = two_processes();
        let left = |key: &str, state| {
            let entry = Entry::recorded(EntryKind::Sms, key.into(), "<Response/>".to_owned());
            Entry { state, ..entry.at(now() - LEASE - TimeDelta::seconds(1)) }
        };
        executor.inbox().insert_if_absent(left("sms:1", EntryState::InProgress)).await.unwrap();
        let taken = executor.execute(inbound("sms:1"), LONG, |_| async { answer("mine") }).await;
        assert_eq!(taken.unwrap(), Reply::Answered("mine".into()));
        executor.inbox().insert_if_absent(left("sms:2", EntryState::Sending)).await.unwrap();
        let unknown = executor.execute(inbound("sms:2"), LONG, |_| async { answer("twice") }).await;
        assert_eq!(unknown.unwrap(), Reply::Answered("<Response/>".into()));
    }
}
