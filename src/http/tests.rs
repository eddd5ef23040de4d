use super::testing::{ScriptedReply, Server, reply};
use chrono::Utc;

use super::*;

fn client(retries: usize) -> HttpClient {
    HttpClient::new(RetryConfig {
        timeout: Duration::from_millis(500),
        retries,
        initial_backoff: Duration::from_millis(5),
    })
}

async fn post(client: &HttpClient, server: &Server) -> Result<HttpResponse, HttpFailure> {
    client.post_json(&server.url.parse().unwrap(), &HeaderMap::new(), b"{}").await
}

fn limited(retry_after: &str) -> ScriptedReply {
    ScriptedReply::Reply { status: 429, headers: vec![("retry-after", retry_after.to_owned())], body: vec![] }
}

#[tokio::test]
async fn retries_transient_failures_until_success() {
    let server =
        Server::start(vec![reply(503, ""), reply(429, ""), ScriptedReply::HangUp, reply(200, "ok")]).await;
    let response = post(&client(3), &server).await.unwrap();
    assert_eq!((response.body.as_slice(), response.attempts), (b"ok".as_slice(), 4));
}

#[tokio::test]
async fn stops_after_the_configured_retries() {
    let server = Server::start(vec![reply(500, "")]).await;
    let failure = post(&client(2), &server).await.unwrap_err();
    assert_eq!((failure.attempts, server.requests().len()), (3, 3));
    assert!(matches!(failure.kind, FailureKind::Status { status: 500, .. }));
}

#[tokio::test]
async fn does_not_retry_a_client_error() {
    let server = Server::start(vec![reply(400, "no"), reply(200, "")]).await;
    assert_eq!(post(&client(2), &server).await.unwrap_err().attempts, 1);
}

#[tokio::test]
async fn honors_retry_after() {
    let server = Server::start(vec![limited("1"), reply(200, "")]).await;
    post(&client(1), &server).await.unwrap();
    let asked = server.requests();
    assert!(asked[1].at - asked[0].at >= Duration::from_millis(990));
}

#[tokio::test]
async fn retry_after_adds_no_attempts() {
    let server = Server::start(vec![limited("0")]).await;
    assert_eq!(post(&client(1), &server).await.unwrap_err().attempts, 2);
}

#[tokio::test]
async fn gives_up_on_a_long_retry_after() {
    let date = (Utc::now() + chrono::Duration::hours(1)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for wait in ["21", date.as_str()] {
        let server = Server::start(vec![limited(wait), reply(200, "")]).await;
        assert_eq!(post(&client(2), &server).await.unwrap_err().attempts, 1, "{wait}");
    }
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let elsewhere = Server::start(vec![reply(200, "stolen")]).await;
    let redirect = ScriptedReply::Reply {
        status: 307,
        headers: vec![("location", elsewhere.url.clone())],
        body: vec![],
    };
    let server = Server::start(vec![redirect]).await;
    let failure = post(&client(2), &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Status { status: 307, .. }));
    assert_eq!((failure.attempts, elsewhere.requests().len()), (1, 0));
}

#[tokio::test]
async fn times_out_without_a_response() {
    let server = Server::start(vec![ScriptedReply::Silence]).await;
    let failure = post(&client(1), &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Timeout), "{failure:?}");
    assert_eq!(failure.attempts, 2);
}

#[tokio::test]
async fn times_out_on_a_dripping_response() {
    for beginning in ["", "HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::start(vec![ScriptedReply::Dripping(beginning)]).await;
        let failure = post(&client(0), &server).await.unwrap_err();
        // A response that begins with "x" is not HTTP, so no waiting is needed.
        let network = matches!(failure.kind, FailureKind::Network(_)) && beginning.is_empty();
        assert!(network || matches!(failure.kind, FailureKind::Timeout), "{beginning}: {failure:?}");
    }
}

#[tokio::test]
async fn reports_the_status_of_an_error_with_a_broken_body() {
    for body in [
        "HTTP/1.1 500 X\r\n\r\n",
        "HTTP/1.1 500 X\r\ncontent-length: 99\r\n\r\n",
        "HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\nno chunk",
    ] {
        let server = Server::start(vec![ScriptedReply::Dripping(body)]).await;
        let failure = post(&client(0), &server).await.unwrap_err();
        assert!(matches!(failure.kind, FailureKind::Status { status: 500, .. }), "{body}: {failure:?}");
    }
}

#[tokio::test]
async fn rejects_a_huge_body() {
    let server = Server::start(vec![ScriptedReply::Endless(100 * 1024 * 1024)]).await;
    let patient = HttpClient::new(RetryConfig { timeout: Duration::from_secs(20), ..RetryConfig::default() });
    let failure = post(&patient, &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::BodyTooLarge), "{failure:?}");
    assert_eq!(failure.attempts, 1);
}

#[tokio::test]
async fn reports_a_refused_connection_without_its_url() {
    let failure = client(0)
        .post_json(&"http://user:secret@127.0.0.1:9/x".parse().unwrap(), &HeaderMap::new(), b"")
        .await
        .unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Network(_)));
    assert!(!format!("{failure:?}").contains("secret"));
}
