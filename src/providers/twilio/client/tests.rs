use std::time::Duration;

use serde_json::json;

use super::*;
use crate::http::testing::{ScriptedReply, Server, reply};
use crate::providers::twilio::{CallDestination, MessageSender, Template};

const SID: &str = "AC00000000000000000000000000000001";
const CALL: &str = "CA00000000000000000000000000000002";
const TOKEN: &str = "t0ken-of-the-account";

fn twilio(url: &str) -> TwilioClient {
    let account = TwilioAccount {
        account_sid: SID.to_owned(),
        secret: TOKEN.into(),
        api_key: None,
        base_url: Some(url.to_owned()),
    };
    let initial_backoff = Duration::from_millis(5);
    TwilioClient::new(
        &account,
        RetryConfig { timeout: Duration::from_millis(500), retries: 2, initial_backoff },
    )
    .unwrap()
}

fn call() -> NewCall {
    NewCall {
        status_callback: Some("https://example.com/status?a=1&b=2".to_owned()),
        status_callback_events: vec!["answered".to_owned(), "completed".to_owned()],
        timeout: Some(20),
        record: true,
        ..NewCall::new(
            "+15550001111",
            "+15550002222",
            CallDestination::Url("https://example.com/voice".to_owned()),
        )
    }
}

fn message() -> NewMessage {
    NewMessage {
        to: "+15550001111".to_owned(),
        from: MessageSender::Number("+15550002222".to_owned()),
        body: "Grüße & bis=bald 😀".to_owned(),
        media_urls: vec!["https://e.com/1.png".to_owned(), "https://e.com/2.png".to_owned()],
        template: None,
        status_callback: None,
    }
}

fn answered_call() -> ScriptedReply {
    reply(201, json!({ "sid": CALL, "status": "queued", "duration": "12", "to": null }))
}

#[tokio::test]
async fn creates_a_call_with_repeated_form_fields_and_basic_auth() {
    let server = Server::start(vec![answered_call()]).await;
    let made = twilio(&server.url).create_call(&call()).await.unwrap();
    assert_eq!((made.sid.as_str(), made.status.as_str(), made.duration), (CALL, "queued", Some(12)));
    let asked = &server.requests()[0];
    assert_eq!(asked.line, format!("POST /2010-04-01/Accounts/{SID}/Calls.json HTTP/1.1"));
    assert_eq!(asked.header("authorization"), basic_auth(SID, TOKEN).unwrap().to_str().ok());
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(asked.body.as_str().unwrap().as_bytes()).into_owned().collect();
    let sent: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(
        sent,
        [
            ("To", "+15550001111"),
            ("From", "+15550002222"),
            ("Url", "https://example.com/voice"),
            ("Method", "POST"),
            ("StatusCallback", "https://example.com/status?a=1&b=2"),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
            ("Timeout", "20"),
            ("Record", "true"),
        ]
    );
}

#[tokio::test]
async fn lists_and_reads_calls_with_get() {
    let server = Server::start(vec![
        reply(200, json!({ "calls": [{ "sid": CALL, "status": "completed" }], "next_page_uri": null })),
        reply(200, json!({ "sid": CALL, "status": "completed" })),
    ])
    .await;
    let twilio = twilio(&server.url);
    let filter = CallFilter { to: Some("+1 555".to_owned()), ..CallFilter::default() };
    assert_eq!(twilio.calls(&filter, 5).await.unwrap()[0].sid, CALL);
    assert_eq!(twilio.call(CALL).await.unwrap().status, "completed");
    let lines: Vec<String> = server.requests().into_iter().map(|asked| asked.line).collect();
    let account = format!("/2010-04-01/Accounts/{SID}");
    assert_eq!(lines[0], format!("GET {account}/Calls.json?To=%2B1+555&PageSize=5 HTTP/1.1"));
    assert_eq!(lines[1], format!("GET {account}/Calls/{CALL}.json HTTP/1.1"));
}

#[tokio::test]
async fn never_retries_a_request_with_an_unknown_outcome() {
    for fault in [
        ScriptedReply::Silence,
        ScriptedReply::HangUp,
        reply(500, "{}"),
        reply(502, ""),
        reply(503, ""),
        reply(200, "x"),
    ] {
        let server = Server::start(vec![fault, answered_call()]).await;
        let error = twilio(&server.url).create_call(&call()).await.unwrap_err();
        assert_eq!(error.code(), "PROVIDER_OUTCOME_UNKNOWN", "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn retries_a_request_that_was_not_processed() {
    let limited = |status| ScriptedReply::Reply {
        status,
        headers: vec![("retry-after", "0".to_owned())],
        body: vec![],
    };
    let server = Server::start(vec![limited(429), limited(503), answered_call()]).await;
    twilio(&server.url).create_call(&call()).await.unwrap();
    assert_eq!(server.requests().len(), 3);
    let server = Server::start(vec![limited(429)]).await;
    let error = twilio(&server.url).create_message(&message()).await.unwrap_err();
    assert_eq!((error.code(), server.requests().len()), ("PROVIDER_RATE_LIMITED", 3));
    let error = twilio("http://127.0.0.1:1").create_message(&message()).await.unwrap_err();
    assert!(error.to_string().contains("no connection) after 3 attempts"), "{error}");
    assert_eq!(error.code(), "PROVIDER_UNAVAILABLE");
}

#[tokio::test]
async fn retries_reads_and_ending_a_call() {
    let server = Server::start(vec![ScriptedReply::HangUp, reply(500, ""), answered_call()]).await;
    twilio(&server.url).update_call(CALL, &CallUpdate::End).await.unwrap();
    let server = Server::start(vec![ScriptedReply::Silence]).await;
    assert_eq!(twilio(&server.url).call(CALL).await.unwrap_err().code(), "PROVIDER_TIMEOUT");
}

#[tokio::test]
async fn explains_rejections_without_quoting_the_request() {
    let body = json!({
        "code": 21211, "message": "The 'To' number +15550001111 is not valid", "more_info": "https://…", "status": 400
    });
    let server = Server::start(vec![reply(400, body)]).await;
    let error = twilio(&server.url).create_message(&message()).await.unwrap_err();
    assert_eq!((error.code(), server.requests().len()), ("PROVIDER_REJECTED", 1));
    assert_eq!(
        error.to_string(),
        "Twilio refused to send a message (HTTP 400, code 21211): the recipient is not a valid phone number; \
         give it in E.164, like +15551234567. The provider says: The 'To' number […] is not valid"
    );
    let server = Server::start(vec![reply(401, json!({ "code": 20003, "status": 401 }))]).await;
    let error = twilio(&server.url).create_call(&call()).await.unwrap_err();
    assert_eq!(error.code(), "PROVIDER_AUTHENTICATION_FAILED");
    assert!(!error.to_string().contains(TOKEN) && !error.to_string().contains(SID));
}

#[tokio::test]
async fn reports_a_closed_whatsapp_window() {
    let server = Server::start(vec![reply(400, json!({ "code": 63016, "status": 400 }))]).await;
    let error = twilio(&server.url).create_message(&message()).await.unwrap_err();
    assert_eq!(error.code(), "MESSAGING_WINDOW_CLOSED");
    let words = error.to_string();
    assert!(words.contains("Outside the 24-hour window: send a template by `contentSid`."), "{words}");
}

#[tokio::test]
async fn sends_a_template_as_two_fields() {
    let server = Server::start(vec![reply(201, json!({ "sid": "SM1", "status": "queued" }))]).await;
    let template = Template {
        content_sid: format!("HX{}", "0".repeat(32)),
        content_variables: Some(r#"{"1":"Ann"}"#.to_owned()),
    };
    let message =
        NewMessage { body: String::new(), media_urls: Vec::new(), template: Some(template), ..message() };
    twilio(&server.url).create_message(&message).await.unwrap();
    let asked = server.requests();
    let body = asked[0].body.as_str().unwrap();
    assert!(body.ends_with("&ContentVariables=%7B%221%22%3A%22Ann%22%7D"), "{body}");
    assert!(!body.contains("Body=") && body.contains("&ContentSid=HX000"), "{body}");
}

#[tokio::test]
async fn rejects_invalid_ids_before_building_a_path() {
    let twilio = twilio("http://127.0.0.1:1");
    for sid in ["", "CA1", "../Messages", "SM00000000000000000000000000000002"] {
        assert_eq!(twilio.call(sid).await.unwrap_err().code(), "INVALID_ARGUMENT");
    }
}

#[test]
fn validates_settings() {
    let good = TwilioAccount {
        account_sid: SID.to_owned(),
        secret: TOKEN.into(),
        api_key: Some("SK1".to_owned()),
        base_url: Some("https://api.sydney.au1.twilio.com/".to_owned()),
    };
    let client = TwilioClient::new(&good, RetryConfig::default()).unwrap();
    assert_eq!(client.account.path(), format!("/2010-04-01/Accounts/{SID}"));
    assert!(!format!("{client:?}").contains("Basic"));
    for bad in [
        TwilioAccount { account_sid: "AC1".to_owned(), ..good.clone() },
        TwilioAccount { secret: " ".into(), ..good.clone() },
        TwilioAccount { base_url: Some("ftp://x".to_owned()), ..good.clone() },
    ] {
        assert_eq!(TwilioClient::new(&bad, RetryConfig::default()).unwrap_err().code(), "INVALID_CONFIG");
    }
}
