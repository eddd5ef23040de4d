//! Inbound messages, each answered once: by whichever process claims it, and from the inbox ever after.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::inbox::admissions::{Counted, Limit};
use crate::inbox::pruning::Pruning;
use crate::memory::now;

/// How long an answer may take: Twilio waits 15 s.
pub const PATIENCE: Duration = Duration::from_secs(12);
/// What limits count in.
pub const HOUR: TimeDelta = TimeDelta::hours(1);
/// A claim that was not touched for so long was left behind by a process that died.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often who is at work says so.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long after another process claimed a message it is asked for its answer, at first and at most.
const POLL: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(1_000));
/// Nobody's: may be taken over at once.
const NOBODY: &str = "";

/// Claims messages in the inbox.
pub struct Claims {
    inbox: Arc<dyn Inbox>,
    /// What is answered in this process, by key.
    flights: Mutex<HashMap<String, watch::Receiver<Option<Landed>>>>,
    tasks: TaskTracker,
    pruning: Arc<Pruning>,
}

/// A message to be answered once.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// What the provider calls it: `sms:SM…`, `call:CA…:3`.
    pub key: String,
    /// What it is.
    pub kind: EntryKind,
    /// The customer's normalised number or address.
    pub customer: Option<String>,
}

/// A final answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the provider is told.
    pub text: String,
    /// Whether the message was turned away.
    pub refused: bool,
}

/// What the asker gets in time.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The final answer.
    Answered(String),
    /// There is none yet; asking again for the same message finds it when it is there.
    Pending,
}

type Landed = Result<String>;

/// The claim that a message's work holds.
#[derive(Clone)]
pub struct Held {
    inbox: Arc<dyn Inbox>,
    inbound: Inbound,
    owner: String,
    /// Whether another process began and did not finish: what it saved may be there.
    pub resumed: bool,
    asker: Arc<Asker>,
}

/// Whoever the message was delivered by: waits for the answer, or was sent away without.
#[derive(Default)]
struct Asker(AtomicU8);

const UNDECIDED: u8 = 0;
const WAITS: u8 = 1;
const LEFT: u8 = 2;

impl Asker {
    /// Decides, unless that was done; tells whether this is the decision.
    fn decide(&self, decision: u8) -> bool {
        let decided = self.0.compare_exchange(UNDECIDED, decision, Ordering::AcqRel, Ordering::Acquire);
        decided.map_or_else(|before| before == decision, |_| true)
    }
}

impl Held {
    /// Whether who asked will get the answer, and waits for it from now on. If not, they were sent away, and the answer must
    /// find another way.
    pub fn asker_waits(&self) -> bool {
        self.asker.decide(WAITS)
    }

    /// Notes that the answer goes out through a provider now. Should the process end before [`Claims`] notes the final
    /// answer, nobody sends it again.
    pub async fn sending(&self, answer: &str) -> Result<()> {
        let settled =
            self.inbox.settle(&self.inbound.key, &self.owner, EntryState::Sending, Some(answer.to_owned()));
        if settled.await? { Ok(()) } else { Err(lost()) }
    }

    /// Takes back [`Held::sending`]: nothing went out, so the message may be worked on again.
    pub async fn not_sent(&self) -> Result<()> {
        let settled = self.inbox.settle(&self.inbound.key, &self.owner, EntryState::Claimed, None);
        if settled.await? { Ok(()) } else { Err(lost()) }
    }

    /// Whether the customer's messages of this kind, with this one, stay within all limits. It then counts, however often it is asked
    /// for. Who hides the number is not counted.
    pub async fn admit(&self, limits: &[Limit]) -> Result<bool> {
        let Inbound { key, kind, customer } = &self.inbound;
        let Some(customer) = customer else { return Ok(true) };
        Counted { kind, customer }.admit(self.inbox.as_ref(), key, limits).await
    }
}

impl Claims {
    /// Claims in that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        let pruning = Arc::new(Pruning::new(Arc::clone(&inbox)));
        Self { inbox, flights: Mutex::default(), tasks: TaskTracker::new(), pruning }
    }

    /// Where entries are kept.
    pub fn inbox(&self) -> &Arc<dyn Inbox> {
        &self.inbox
    }

    /// Has a message answered by `work`, unless it was or somebody is at it, and waits for the answer at most
    /// `patience`. The work goes on when nobody waits any more, and so does waiting for another process: should that die, the
    /// message is answered here. When the work fails, the message may be asked for again.
    pub async fn answer<F, W>(
        self: &Arc<Self>,
        inbound: Inbound,
        patience: Duration,
        work: W,
    ) -> Result<Reply>
    where
        W: FnOnce(Held) -> F + Send + 'static,
        F: Future<Output = Result<Answer>> + Send + 'static,
    {
        let asker = Arc::new(Asker::default());
        let (claims, waiting) = (Arc::clone(self), Arc::clone(&asker));
        let mut answer = tokio::spawn(async move { claims.find_or_begin(inbound, waiting, work).await });
        let reply = match tokio::time::timeout(patience, &mut answer).await {
            Ok(reply) => reply,
            Err(_) if asker.decide(LEFT) => return Ok(Reply::Pending),
            // The answer is being noted.
            Err(_) => answer.await,
        };
        reply.unwrap_or_else(|_| Err(Error::Internal("work on a message was lost".into())))
    }

    /// Waits until all work is done; what is asked for later is still worked on.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    async fn find_or_begin<F, W>(
        self: &Arc<Self>,
        inbound: Inbound,
        asker: Arc<Asker>,
        work: W,
    ) -> Result<Reply>
    where
        W: FnOnce(Held) -> F + Send + 'static,
        F: Future<Output = Result<Answer>> + Send + 'static,
    {
        let flight = self.flights().get(&inbound.key).cloned();
        if let Some(flight) = flight {
            return land(flight).await;
        }
        let owner = uuid::Uuid::new_v4().to_string();
        let entry = Entry {
            key: inbound.key.clone(),
            kind: inbound.kind.clone(),
            customer: inbound.customer.clone(),
            state: EntryState::Claimed,
            owner: owner.clone(),
            answer: None,
            touched_at: now(),
        };
        let mut found = self.inbox.claim(entry).await?;
        let mut wait = POLL.0;
        loop {
            let left_behind = found.touched_at + LEASE < now();
            match found.state {
                EntryState::Claimed if found.owner == owner => {
                    let held = self.hold(inbound, owner, false, asker);
                    return self.begin(held, work).await;
                }
                EntryState::Claimed if found.owner == NOBODY || left_behind => {
                    if self.inbox.take_over(&found.key, &found.owner, &owner).await? {
                        let held = self.hold(inbound, owner, true, asker);
                        return self.begin(held, work).await;
                    }
                }
                EntryState::Claimed | EntryState::Sending if !left_behind => {
                    // Another process is at it.
                    tokio::time::sleep(wait).await;
                    wait = POLL.1.min(wait * 2);
                }
                // Of an answer that may have arrived, the asker gets what it would get if it had.
                _ => return Ok(Reply::Answered(found.answer.unwrap_or_default())),
            }
            found = self.inbox.get(&inbound.key).await?.ok_or_else(lost)?;
        }
    }

    fn hold(&self, inbound: Inbound, owner: String, resumed: bool, asker: Arc<Asker>) -> Held {
        Held { inbox: Arc::clone(&self.inbox), inbound, owner, resumed, asker }
    }

    /// Starts the work, which goes on when nobody waits for it any more.
    async fn begin<F, W>(self: &Arc<Self>, held: Held, work: W) -> Result<Reply>
    where
        W: FnOnce(Held) -> F + Send + 'static,
        F: Future<Output = Result<Answer>> + Send + 'static,
    {
        let (landed, flight) = watch::channel(None);
        self.flights().insert(held.inbound.key.clone(), flight.clone());
        let claims = Arc::clone(self);
        let carried_out = async move {
            let outcome = claims.carry_out(&held, work(held.clone())).await;
            let _ = landed.send(Some(outcome));
            claims.flights().remove(&held.inbound.key);
            claims.prune();
        };
        self.tasks.spawn(carried_out.in_current_span());
        land(flight).await
    }

    async fn carry_out(&self, held: &Held, work: impl Future<Output = Result<Answer>>) -> Landed {
        let outcome = tokio::select! {
            outcome = work => outcome,
            lost = self.keep(held) => Err(lost),
        };
        let settled = match outcome {
            Ok(Answer { text, refused }) => {
                let state = if refused { EntryState::Refused } else { EntryState::Answered };
                match self.inbox.settle(&held.inbound.key, &held.owner, state, Some(text.clone())).await {
                    Ok(true) => return Ok(text),
                    Ok(false) => lost(),
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        // Where even that fails, the claim runs out by itself.
        let _ = self.inbox.take_over(&held.inbound.key, &held.owner, NOBODY).await;
        Err(settled)
    }

    /// Says from time to time that somebody is at it; ends only when another process is instead.
    async fn keep(&self, held: &Held) -> Error {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            match self.inbox.get(&held.inbound.key).await {
                Ok(Some(entry)) if entry.owner != held.owner => return lost(),
                Ok(Some(entry)) => {
                    // A failure is no reason to stop: the database may be back before the lease is over.
                    let _ =
                        self.inbox.settle(&held.inbound.key, &held.owner, entry.state, entry.answer).await;
                }
                _ => {}
            }
        }
    }

    /// Forgets old entries, behind the back of those who are answered.
    fn prune(&self) {
        if self.pruning.is_due() {
            let (pruning, tasks) = (Arc::clone(&self.pruning), self.tasks.clone());
            let pruned = async move { pruning.run(|| tasks.is_closed()).await };
            self.tasks.spawn(pruned.in_current_span());
        }
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<Landed>>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn land(mut flight: watch::Receiver<Option<Landed>>) -> Result<Reply> {
    let landed = flight.wait_for(Option::is_some).await;
    let landed = landed.map_err(|_| Error::Internal("work on a message was lost".into()))?;
    landed.clone().unwrap_or_else(|| Err(lost())).map(Reply::Answered)
}

fn lost() -> Error {
    Error::Internal("a claim was lost to another process".into())
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use futures::future::join_all;
    use tokio::sync::Notify;

    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;

    const LONG: Duration = Duration::from_secs(60);

    fn inbound(key: &str) -> Inbound {
        Inbound { key: key.into(), kind: EntryKind::Sms, customer: None }
    }

    fn answer(text: &str) -> Result<Answer> {
        Ok(Answer { text: text.into(), refused: false })
    }

    fn two_processes() -> [Arc<Claims>; 2] {
        let inbox: Arc<dyn Inbox> = Arc::new(InMemoryInbox::default());
        [0, 1].map(|_| Arc::new(Claims::new(Arc::clone(&inbox))))
    }

    #[tokio::test]
    async fn a_message_delivered_many_times_is_worked_on_once() {
        let processes = two_processes();
        let worked = Arc::new(AtomicUsize::new(0));
        let deliveries = (0..20).map(|n| {
            let worked = Arc::clone(&worked);
            processes[n % 2].answer(inbound("sms:1"), LONG, move |_| async move {
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
    async fn work_goes_on_when_its_asker_has_left_and_is_found_later() {
        let [claims, other] = two_processes();
        let (go, late) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (wait, told) = (Arc::clone(&go), Arc::clone(&late));
        let asked = claims.answer(inbound("call:1:0"), Duration::from_millis(20), move |held| async move {
            wait.notified().await;
            told.store(!held.asker_waits(), Ordering::Relaxed);
            answer("at last")
        });
        assert_eq!(asked.await.unwrap(), Reply::Pending);
        go.notify_one();
        let again = other.answer(inbound("call:1:0"), LONG, |_| async { answer("twice") }).await;
        assert_eq!(again.unwrap(), Reply::Answered("at last".into()));
        assert!(late.load(Ordering::Relaxed));
        claims.finish().await;
    }

    #[tokio::test]
    async fn what_a_dying_process_leaves_is_answered_by_who_waited_for_it() {
        let [claims, _] = two_processes();
        let left = Entry {
            key: "sms:1".into(),
            kind: EntryKind::Sms,
            customer: None,
            state: EntryState::Claimed,
            owner: "dying".into(),
            answer: None,
            touched_at: now() - LEASE + TimeDelta::milliseconds(200),
        };
        claims.inbox().claim(left).await.unwrap();
        let (done, late) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (finished, told) = (Arc::clone(&done), Arc::clone(&late));
        let asked = claims.answer(inbound("sms:1"), Duration::from_millis(10), move |held| async move {
            told.store(!held.asker_waits() && held.resumed, Ordering::Relaxed);
            finished.notify_one();
            answer("by REST")
        });
        assert_eq!(asked.await.unwrap(), Reply::Pending);
        done.notified().await;
        assert!(late.load(Ordering::Relaxed));
        claims.finish().await;
    }

    #[tokio::test]
    async fn a_failure_may_be_asked_for_again() {
        let [claims, _] = two_processes();
        let failed = claims.answer(inbound("sms:1"), LONG, |_| async { Err(Error::NotInitialized) }).await;
        assert_eq!(failed.unwrap_err().code(), "NOT_INITIALIZED");
        let again = claims.answer(inbound("sms:1"), LONG, |held| async move {
            assert!(held.resumed);
            answer("ok")
        });
        assert_eq!(again.await.unwrap(), Reply::Answered("ok".into()));
    }

    #[tokio::test]
    async fn an_answer_on_its_way_is_waited_for_and_may_be_taken_back() {
        let [claims, other] = two_processes();
        let (sending, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (told, wait) = (Arc::clone(&sending), Arc::clone(&go));
        let first = claims.answer(inbound("email:1"), LONG, move |held| async move {
            held.sending("maybe").await?;
            told.notify_one();
            wait.notified().await;
            held.not_sent().await?;
            Err(Error::NotInitialized)
        });
        let second = async {
            sending.notified().await;
            let asked = other.answer(inbound("email:1"), LONG, |held| async move {
                assert!(held.resumed);
                answer("sent")
            });
            // Polled once before the first goes on.
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
    async fn what_a_dead_process_left_is_taken_over_and_what_it_was_sending_is_not_sent_again() {
        let [claims, _] = two_processes();
        let left = |key: &str, state| Entry {
            key: key.into(),
            kind: EntryKind::Sms,
            customer: None,
            state,
            owner: "dead".into(),
            answer: Some("<Response/>".into()),
            touched_at: now() - LEASE - TimeDelta::seconds(1),
        };
        claims.inbox().claim(left("sms:1", EntryState::Claimed)).await.unwrap();
        let taken = claims.answer(inbound("sms:1"), LONG, |_| async { answer("mine") }).await;
        assert_eq!(taken.unwrap(), Reply::Answered("mine".into()));
        claims.inbox().claim(left("sms:2", EntryState::Sending)).await.unwrap();
        let unknown = claims.answer(inbound("sms:2"), LONG, |_| async { answer("twice") }).await;
        assert_eq!(unknown.unwrap(), Reply::Answered("<Response/>".into()));
    }
}
