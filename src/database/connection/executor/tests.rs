use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use serde_json::json;

use super::*;
use crate::config::ClientOptions;
use crate::database::connection::adapter::{DriverAdapter, DriverError, QueryRequest};
use crate::database::connection::testing::{self, ServerDriver};

const TIMEOUTS: Timeouts = Timeouts { connection: Duration::from_secs(5), query: Duration::from_millis(10) };

/// A client that fails a number of times before it answers.
struct FailingClient {
    failures: usize,
    code: &'static str,
    calls: AtomicUsize,
}

#[async_trait]
impl DriverAdapter for FailingClient {
    async fn run(&self, _request: &QueryRequest) -> Result<QueryResult, DriverError> {
        if self.calls.fetch_add(1, Ordering::Relaxed) < self.failures {
            return Err(DriverError { code: self.code.to_owned(), ..DriverError::default() });
        }
        Ok(QueryResult::default())
    }

    fn close(&self) {}
}

/// Runs a statement through a client that fails. Returns the number of calls, and the code of the
/// error.
async fn calls(failures: usize, code: &'static str, policy: RetryPolicy) -> (usize, Option<&'static str>) {
    let client = Arc::new(FailingClient { failures, code, calls: AtomicUsize::new(0) });
    let options: ClientOptions =
        serde_json::from_value(json!({ "dialect": "sqlite", "target": "a test" })).unwrap();
    let adapter = AdapterExecutor::new(&options, client.clone()).unwrap();
    let executor = Executor::from_adapter(adapter, &PoolOptions::default()).await.unwrap();
    client.calls.store(0, Ordering::Relaxed);
    let ran = executor.run("read", Mode::Fetch, &[Statement::plain("SELECT 1")], policy).await;
    (client.calls.load(Ordering::Relaxed), ran.err().map(|error| error.code()))
}

#[tokio::test]
async fn runs_again_after_a_lost_connection() {
    assert_eq!(calls(2, "ECONNRESET", RetryPolicy::query()).await, (3, None));
    assert_eq!(calls(2, "ECONNRESET", RetryPolicy::LongRunning).await, (3, None));
}

#[tokio::test]
async fn runs_ddl_once() {
    assert_eq!(calls(1, "ECONNRESET", RetryPolicy::Never).await, (1, Some("DATABASE_UNREACHABLE")));
}

#[tokio::test]
async fn does_not_repeat_a_statement_that_the_database_refuses() {
    assert_eq!(calls(1, "ER_PARSE_ERROR", RetryPolicy::query()).await, (1, Some("DATABASE_QUERY_FAILED")));
}

#[tokio::test]
async fn a_long_statement_runs_while_the_server_answers() {
    let pool: Pool<Sqlite> =
        Pool::new(testing::sqlite(), PoolLimits { max: 1, idle_timeout: None, max_lifetime: None });
    let long = async {
        sleep(TIMEOUTS.query * (MAX_MISSED_PROBES + 3)).await;
        Ok("done")
    };
    assert_eq!(with_liveness_probe(&pool, TIMEOUTS, long).await.unwrap(), "done");
}

#[tokio::test]
async fn a_long_statement_is_given_up_when_the_server_is_gone() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let ConnectionSettings::Postgres(settings) =
        testing::settings(&format!("postgres://u:p@127.0.0.1:{port}/d?sslmode=disable"))
    else {
        panic!("not PostgreSQL")
    };
    let pool: Pool<Postgres> =
        Pool::new(*settings, PoolLimits { max: 1, idle_timeout: None, max_lifetime: None });
    let lost = with_liveness_probe::<_, ()>(&pool, TIMEOUTS, std::future::pending()).await.unwrap_err();
    assert_eq!(Retryability::of(&lost), Retryability::ConnectionLost);
}

#[tokio::test]
async fn an_in_memory_database_outlives_its_statements() {
    let settings = testing::settings("sqlite::memory:");
    let executor = Executor::connect(&settings, &PoolOptions::default()).await.unwrap();
    executor.execute("create", Statement::plain("CREATE TABLE t (n TEXT)")).await.unwrap();
    assert_eq!(executor.execute("write", Statement::plain("INSERT INTO t VALUES ('1')")).await.unwrap(), 1);
    let rows = executor.fetch("read", Statement::plain("SELECT n FROM t")).await.unwrap();
    assert_eq!(rows.value(), Some("1"));
}

async fn replaces_a_killed_connection<DB: ServerDriver>(settings: ConnectionSettings) {
    let connect = async || Executor::connect(&settings, &PoolOptions::default()).await.unwrap();
    let (executor, other) = (connect().await, connect().await);
    let ask = [Statement::plain(DB::ID)];
    let id = async |policy| {
        let result = executor.run("ask", Mode::Fetch, &ask, policy).await?;
        Ok::<_, Error>(result.rows.value().unwrap_or_default().to_owned())
    };
    let kill = async |id: &str| other.execute("kill", Statement::plain(DB::kill(id))).await.unwrap();

    let first = id(RetryPolicy::query()).await.unwrap();
    kill(&first).await;
    let second = id(RetryPolicy::query()).await.unwrap();
    assert_ne!(first, second, "runs again on a new connection");
    kill(&second).await;
    let error = id(RetryPolicy::Never).await.unwrap_err();
    assert_eq!(error.code(), "DATABASE_UNREACHABLE", "runs once");
    assert_ne!(id(RetryPolicy::Never).await.unwrap(), second, "the next call gets a new connection");
    executor.close().await;
    other.close().await;
}

#[tokio::test]
async fn replaces_a_connection_that_the_server_closed() {
    for settings in testing::from_environment(&["POSTGRES_URL"]) {
        replaces_a_killed_connection::<Postgres>(settings).await;
    }
    for settings in testing::from_environment(&["MYSQL_URL", "MARIADB_URL"]) {
        replaces_a_killed_connection::<MySql>(settings).await;
    }
}
