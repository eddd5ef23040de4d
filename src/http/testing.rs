//! A scripted HTTP server that records the requests it receives.
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A received request.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as JSON, or as text if it is not JSON.
    pub(crate) body: Value,
    pub(crate) at: Instant,
}

impl ReceivedRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A scripted response.
#[derive(Clone)]
pub(crate) enum ScriptedReply {
    Reply {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// A body of that many bytes, sent without a length.
    Endless(usize),
    /// A body that begins and then stalls.
    Partial(String),
    /// These bytes, then one more byte every 20 ms forever.
    Dripping(&'static str),
    Silence,
    HangUp,
}

pub(crate) fn reply(status: u16, body: impl ToString) -> ScriptedReply {
    ScriptedReply::Reply { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

/// A server that plays its responses in order and repeats the last one forever.
pub(crate) struct Server {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl Server {
    pub(crate) async fn start(script: Vec<ScriptedReply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        crate::task::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                crate::task::spawn(serve(socket, script.clone(), Arc::clone(&seen)));
            }
        });
        Self { url, asked }
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.asked.lock().clone()
    }
}

async fn serve(mut socket: TcpStream, script: Vec<ScriptedReply>, seen: Arc<Mutex<Vec<ReceivedRequest>>>) {
    let mut bytes = Vec::new();
    let (head_end, length) = loop {
        let mut buffer = [0; 4096];
        let n = socket.read(&mut buffer).await.unwrap_or(0);
        if n == 0 {
            return;
        }
        bytes.extend_from_slice(&buffer[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap_or("0");
        let length: usize = length.trim().parse().unwrap();
        if bytes.len() >= end + 4 + length {
            break (end, length);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let sent = &bytes[head_end + 4..head_end + 4 + length];
    let asked = ReceivedRequest {
        line: lines.next().unwrap_or_default().to_owned(),
        headers: lines
            .filter_map(|l| l.split_once(": "))
            .map(|(key, value)| (key.to_lowercase(), value.to_owned()))
            .collect(),
        body: serde_json::from_slice(sent).unwrap_or_else(|_| match sent {
            [] => Value::Null,
            text => String::from_utf8_lossy(text).into(),
        }),
        at: Instant::now(),
    };
    let number = {
        let mut seen = seen.lock();
        seen.push(asked);
        seen.len() - 1
    };
    match script[number.min(script.len() - 1)].clone() {
        ScriptedReply::Reply { status, headers, body } => {
            let mut head =
                format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
            for (key, value) in headers {
                head.push_str(&format!("{key}: {value}\r\n"));
            }
            let _ = socket.write_all(format!("{head}\r\n").as_bytes()).await;
            let _ = socket.write_all(&body).await;
        }
        ScriptedReply::Endless(total) => {
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
            let chunk = vec![b'x'; 64 * 1024];
            for _ in 0..total / chunk.len() {
                if socket.write_all(&chunk).await.is_err() {
                    return;
                }
            }
        }
        ScriptedReply::Partial(beginning) => {
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
            let _ = socket.write_all(beginning.as_bytes()).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        ScriptedReply::Dripping(beginning) => {
            let mut written = socket.write_all(beginning.as_bytes()).await;
            while written.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                written = socket.write_all(b"x").await;
            }
        }
        ScriptedReply::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
        ScriptedReply::HangUp => {}
    }
}
