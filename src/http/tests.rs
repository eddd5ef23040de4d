use super::testing::{Answer, Server, reply};
use super::*;

fn client(retries: usize) -> HttpClient {
    HttpClient::new(Patience {
        timeout: Duration::from_millis(500),
        retries,
        first_delay: Duration::from_millis(5),
    })
}

async fn post(client: &HttpClient, server: &Server) -> Result<HttpResponse, HttpFailure> {
    client.post_json(&server.url.parse().unwrap(), &HeaderMap::new(), b"{}").await
}

fn limited(retry_after: &str) -> Answer {
    Answer::Reply { status: 429, headers: vec![("retry-after", retry_after.to_owned())], body: vec![] }
}

#[tokio::test]
async fn transient_failures_are_retried_until_an_answer() {
    let server = Server::start(vec![reply(503, ""), reply(429, ""), Answer::HangUp, reply(200, "ok")]).await;
    let response = post(&client(3), &server).await.unwrap();
    assert_eq!((response.body.as_slice(), response.attempts), (b"ok".as_slice(), 4));
}

#[tokio::test]
async fn retries_are_counted_and_end() {
    let server = Server::start(vec![reply(500, "")]).await;
    let failure = post(&client(2), &server).await.unwrap_err();
    assert_eq!((failure.attempts, server.asked().len()), (3, 3));
    assert!(matches!(failure.kind, FailureKind::Status { status: 500, .. }));
}

#[tokio::test]
async fn a_refusal_is_final() {
    let server = Server::start(vec![reply(400, "no"), reply(200, "")]).await;
    assert_eq!(post(&client(2), &server).await.unwrap_err().attempts, 1);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let server = Server::start(vec![limited("1"), reply(200, "")]).await;
    post(&client(1), &server).await.unwrap();
    let asked = server.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_millis(990));
}

#[tokio::test]
async fn retry_after_does_not_add_attempts() {
    let server = Server::start(vec![limited("0")]).await;
    assert_eq!(post(&client(1), &server).await.unwrap_err().attempts, 2);
}

#[tokio::test]
async fn a_long_retry_after_is_not_waited_for() {
    let date = (Utc::now() + chrono::Duration::hours(1)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for wait in ["21", date.as_str()] {
        let server = Server::start(vec![limited(wait), reply(200, "")]).await;
        assert_eq!(post(&client(2), &server).await.unwrap_err().attempts, 1, "{wait}");
    }
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    assert_eq!(parse_retry_after(" 7 "), Some(Duration::from_secs(7)));
    assert_eq!(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
    assert_eq!(parse_retry_after("soon"), None);
    assert_eq!(parse_retry_after("-1"), None);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::start(vec![reply(200, "stolen")]).await;
    let redirect =
        Answer::Reply { status: 307, headers: vec![("location", elsewhere.url.clone())], body: vec![] };
    let server = Server::start(vec![redirect]).await;
    let failure = post(&client(2), &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Status { status: 307, .. }));
    assert_eq!((failure.attempts, elsewhere.asked().len()), (1, 0));
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let server = Server::start(vec![Answer::Silence]).await;
    let failure = post(&client(1), &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Timeout), "{failure:?}");
    assert_eq!(failure.attempts, 2);
}

#[tokio::test]
async fn a_byte_now_and_then_is_a_timeout() {
    for beginning in ["", "HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::start(vec![Answer::Dripping(beginning)]).await;
        let failure = post(&client(0), &server).await.unwrap_err();
        // What begins with "x" is no HTTP, which needs no waiting.
        let network = matches!(failure.kind, FailureKind::Network(_)) && beginning.is_empty();
        assert!(network || matches!(failure.kind, FailureKind::Timeout), "{beginning}: {failure:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_one_however_its_body_ends() {
    for body in [
        "HTTP/1.1 500 X\r\n\r\n",
        "HTTP/1.1 500 X\r\ncontent-length: 99\r\n\r\n",
        "HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\nno chunk",
    ] {
        let server = Server::start(vec![Answer::Dripping(body)]).await;
        let failure = post(&client(0), &server).await.unwrap_err();
        assert!(matches!(failure.kind, FailureKind::Status { status: 500, .. }), "{body}: {failure:?}");
    }
}

#[tokio::test]
async fn a_huge_body_is_cut_off() {
    let server = Server::start(vec![Answer::Endless(100 * 1024 * 1024)]).await;
    let patient = HttpClient::new(Patience { timeout: Duration::from_secs(20), ..Patience::default() });
    let failure = post(&patient, &server).await.unwrap_err();
    assert!(matches!(failure.kind, FailureKind::BodyTooLarge), "{failure:?}");
    assert_eq!(failure.attempts, 1);
}

#[tokio::test]
async fn nobody_listening_is_a_network_failure_without_url() {
    let failure = client(0)
        .post_json(&"http://user:secret@127.0.0.1:9/x".parse().unwrap(), &HeaderMap::new(), b"")
        .await
        .unwrap_err();
    assert!(matches!(failure.kind, FailureKind::Network(_)));
    assert!(!format!("{failure:?}").contains("secret"));
}
