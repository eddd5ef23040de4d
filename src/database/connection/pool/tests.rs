use std::io;

use sqlx::{MySql, Postgres, Sqlite};
use tokio::task::yield_now;

use super::*;
use crate::database::connection::testing::{self, ServerDriver};
use crate::database::sql::statement::{Mode, Statement};

const WAIT: Duration = Duration::from_secs(10);

fn limits(max: u32) -> PoolLimits {
    PoolLimits { max, idle_timeout: None, max_lifetime: None }
}

fn sqlite(limits: PoolLimits) -> Pool<Sqlite> {
    Pool::new(testing::sqlite(), limits)
}

async fn run<DB: Driver>(pooled: &mut PooledConnection<DB>, mode: Mode, sql: &str) -> Option<String> {
    let (route, statement) = (pooled.route(), Statement::plain(sql));
    let result = DB::run(pooled.connection().unwrap(), route, mode, &[statement]).await.unwrap();
    result.rows.value().map(str::to_owned)
}

/// Names a connection of SQLite by a temporary table, which other connections do not have.
async fn named(pool: &Pool<Sqlite>, name: &str) -> PooledConnection<Sqlite> {
    let mut pooled = pool.acquire(WAIT).await.unwrap();
    run(&mut pooled, Mode::Execute, &format!("CREATE TEMP TABLE {name} (n)")).await;
    pooled
}

async fn name_of(pooled: &mut PooledConnection<Sqlite>) -> Option<String> {
    run(pooled, Mode::Fetch, "SELECT name FROM sqlite_temp_master").await
}

fn release<DB: Driver>(pooled: PooledConnection<DB>) {
    pooled.release(Ok(()), true).unwrap();
}

/// Releases a connection after a refusal by the database.
fn release_refused<DB: Driver>(pooled: PooledConnection<DB>, reusable: bool) {
    pooled.release::<()>(Err(sqlx::Error::RowNotFound), reusable).unwrap_err();
}

fn connection_lost() -> sqlx::Error {
    sqlx::Error::Io(io::Error::from(io::ErrorKind::ConnectionReset))
}

fn idle_connections<DB: Driver>(pool: &Pool<DB>) -> usize {
    pool.inner.lock().connections.len()
}

#[tokio::test]
async fn reuses_the_connection_that_was_released_last() {
    let pool = sqlite(limits(2));
    let (first, second) = (named(&pool, "first").await, named(&pool, "second").await);
    release(first);
    release(second);
    let mut warmest = pool.acquire(WAIT).await.unwrap();
    assert_eq!(name_of(&mut warmest).await.as_deref(), Some("second"));
    let mut other = pool.acquire(WAIT).await.unwrap();
    assert_eq!(name_of(&mut other).await.as_deref(), Some("first"));
}

#[tokio::test]
async fn opens_a_new_connection_after_the_maximum_lifetime() {
    let pool = sqlite(PoolLimits { max_lifetime: Some(Duration::ZERO), ..limits(1) });
    release(named(&pool, "old").await);
    assert_eq!(idle_connections(&pool), 0);
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await, None);
    let pool = sqlite(PoolLimits { max_lifetime: Some(WAIT), ..limits(1) });
    release(named(&pool, "young").await);
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await.as_deref(), Some("young"));
}

#[tokio::test]
async fn closes_connections_after_the_idle_timeout() {
    let pool = sqlite(PoolLimits { idle_timeout: Some(Duration::from_millis(1)), ..limits(2) });
    let (first, second) = (named(&pool, "first").await, named(&pool, "second").await);
    release(first);
    release(second);
    let all_closed = async {
        while idle_connections(&pool) > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(WAIT, all_closed).await.unwrap();
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await, None);
}

#[tokio::test]
async fn acquire_times_out_while_every_connection_is_in_use() {
    let pool = sqlite(limits(1));
    let pooled = named(&pool, "only").await;
    let refused = pool.acquire(Duration::from_millis(20)).await.err().unwrap();
    assert!(matches!(refused, sqlx::Error::PoolTimedOut), "{refused}");
    release(pooled);
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await.as_deref(), Some("only"));
}

#[tokio::test]
async fn serves_waiting_callers_in_order() {
    let pool = sqlite(limits(1));
    let pooled = named(&pool, "only").await;
    let served = Mutex::new(Vec::new());
    let wait = async |caller: u8| {
        let mut pooled = pool.acquire(WAIT).await.unwrap();
        let name = name_of(&mut pooled).await;
        served.lock().push((caller, name));
        release(pooled);
    };
    let release_later = async {
        yield_now().await;
        release(pooled);
    };
    tokio::join!(wait(1), wait(2), wait(3), release_later);
    let only = Some("only".to_owned());
    assert_eq!(served.into_inner(), [(1, only.clone()), (2, only.clone()), (3, only)]);
}

#[tokio::test]
async fn a_lost_connection_discards_the_idle_ones() {
    let pool = sqlite(limits(2));
    let (idle, lost) = (named(&pool, "idle").await, named(&pool, "lost").await);
    release(idle);
    lost.release::<()>(Err(connection_lost()), true).unwrap_err();
    assert_eq!(idle_connections(&pool), 0);
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await, None);
}

#[tokio::test]
async fn keeps_a_sqlite_connection_after_an_error_or_a_drop() {
    let pool = sqlite(limits(1));
    release_refused(named(&pool, "only").await, false);
    drop(pool.acquire(WAIT).await.unwrap());
    assert_eq!(name_of(&mut pool.acquire(WAIT).await.unwrap()).await.as_deref(), Some("only"));
}

#[tokio::test]
async fn close_waits_for_connections_in_use() {
    let pool = sqlite(limits(2));
    release(named(&pool, "idle").await);
    let used = pool.acquire(WAIT).await.unwrap();
    let release_later = async {
        yield_now().await;
        let refused = pool.acquire(WAIT).await.err().unwrap();
        assert!(matches!(refused, sqlx::Error::PoolClosed), "{refused}");
        release(used);
    };
    tokio::join!(pool.close(), release_later);
    assert_eq!(idle_connections(&pool), 0);
    assert!(matches!(pool.acquire(WAIT).await.err().unwrap(), sqlx::Error::PoolClosed));
}

async fn id_of<DB: ServerDriver>(pooled: &mut PooledConnection<DB>) -> String {
    run(pooled, Mode::Fetch, DB::ID).await.unwrap()
}

/// Makes the idle connections look as if they had been idle for longer than is trusted.
fn age_idle<DB: Driver>(pool: &Pool<DB>) {
    for idle in &mut pool.inner.lock().connections {
        idle.since = idle.since.checked_sub(TEST_AFTER_IDLE + Duration::from_secs(1)).unwrap();
    }
}

async fn tests_long_idle_connections<DB: ServerDriver>(settings: DB::Settings) {
    let pool: Pool<DB> = Pool::new(settings, limits(3));
    let mut pooled = Vec::new();
    for _ in 0..3 {
        pooled.push(pool.acquire(WAIT).await.unwrap());
    }
    let mut other = pooled.pop().unwrap();
    let mut ids = Vec::new();
    for mut pooled in pooled {
        ids.push(id_of(&mut pooled).await);
        release(pooled);
    }

    age_idle(&pool);
    let mut alive = pool.acquire(WAIT).await.unwrap();
    assert_eq!(id_of(&mut alive).await, ids[1], "a connection that answers is reused");
    release(alive);

    age_idle(&pool);
    run(&mut other, Mode::Execute, &DB::kill(&ids[1])).await;
    let mut new = pool.acquire(WAIT).await.unwrap();
    assert!(!ids.contains(&id_of(&mut new).await), "a dead connection is replaced");
    assert_eq!(idle_connections(&pool), 0, "the others have been idle for even longer");
    pool.close().await;
}

async fn closes_what_may_be_mid_query<DB: ServerDriver>(settings: DB::Settings) {
    let pool: Pool<DB> = Pool::new(settings, limits(1));
    let id = async || id_of(&mut pool.acquire(WAIT).await.unwrap()).await;
    let mut pooled = pool.acquire(WAIT).await.unwrap();
    let first = id_of(&mut pooled).await;
    release_refused(pooled, true);
    let mut pooled = pool.acquire(WAIT).await.unwrap();
    assert_eq!(id_of(&mut pooled).await, first, "a refusal leaves nothing half-done");
    release_refused(pooled, false);
    // `id` drops its connection, which closes it too.
    let (second, third) = (id().await, id().await);
    assert!(first != second && second != third, "{first} {second} {third}");
    pool.close().await;
}

#[tokio::test]
async fn tests_connections_that_were_idle_for_long() {
    for settings in Postgres::servers() {
        tests_long_idle_connections::<Postgres>(settings).await;
    }
    for settings in MySql::servers() {
        tests_long_idle_connections::<MySql>(settings).await;
    }
}

#[tokio::test]
async fn closes_connections_after_errors_and_drops() {
    for settings in Postgres::servers() {
        closes_what_may_be_mid_query::<Postgres>(settings).await;
    }
    for settings in MySql::servers() {
        closes_what_may_be_mid_query::<MySql>(settings).await;
    }
}
