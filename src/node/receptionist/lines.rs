//! Sockets of live calls for JavaScript.

use std::sync::{Arc, OnceLock};

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, within_runtime_if_available};
use napi_derive::napi;
use parking_lot::Mutex;
use serde_json::json;

use super::{AiReceptionist, arguments};
use crate::channels::voice::live::{AdmittedLine, LineOutlet, LiveCall, UpgradeRequest};
use crate::node::callback::{JsCallback, JsonCallback};

#[napi]
impl AiReceptionist {
    /// Tells that this process accepts the sockets of live calls.
    #[napi(catch_unwind)]
    pub fn accept_lines(&self) {
        self.inner.enter(|receptionist| receptionist.accept_lines());
    }

    /// Returns `true` if this process accepts the sockets of live calls.
    #[napi(getter, catch_unwind)]
    pub fn accepts_lines(&self) -> bool {
        self.inner.enter(|receptionist| receptionist.is_accepting_lines())
    }

    /// Returns `true` if a path is that of a socket of a live call.
    #[napi(catch_unwind)]
    pub fn is_line(&self, target: String) -> bool {
        self.inner.enter(|receptionist| receptionist.is_line(&target))
    }

    /// Admits the socket of a live call. Never rejects: a refusal is a status.
    #[napi(catch_unwind)]
    pub fn admit_line<'env>(&self, env: &'env Env, request: String) -> napi::Result<PromiseRaw<'env, Line>> {
        self.inner.promise(env, |receptionist| async move {
            let request: UpgradeRequest = arguments(&request)?;
            let admitted = match receptionist.running() {
                Ok(running) => running.router.admit_line(&request).await,
                Err(_) => Err(503),
            };
            Ok(match admitted {
                Ok(line) => Line { status: 101, admitted: Mutex::new(Some(line)), call: OnceLock::new() },
                Err(status) => Line { status, admitted: Mutex::default(), call: OnceLock::new() },
            })
        })
    }
}

/// The socket of a live call.
#[napi]
pub struct Line {
    status: u16,
    admitted: Mutex<Option<AdmittedLine>>,
    call: OnceLock<LiveCall>,
}

#[napi]
impl Line {
    /// Returns the HTTP status of the handshake: 101 if the socket is admitted.
    #[napi(getter, catch_unwind)]
    pub fn status(&self) -> u32 {
        u32::from(self.status)
    }

    /// Starts the call on the open socket. `send` gets `{ frame }` and `{ close }` as JSON.
    #[napi(catch_unwind)]
    pub fn start(&self, send: JsonCallback) -> napi::Result<()> {
        let outlet = Arc::new(JsOutlet { send: JsCallback::new(&send)? });
        if let Some(line) = self.admitted.lock().take() {
            let _ = self.call.set(within_runtime_if_available(|| line.start(outlet)));
        }
        Ok(())
    }

    /// Passes a text frame on.
    #[napi(catch_unwind)]
    pub fn receive(&self, frame: String) {
        if let Some(call) = self.call.get() {
            call.receive(frame);
        }
    }

    /// Tells that the socket is closed.
    #[napi(catch_unwind)]
    pub fn closed(&self) {
        if let Some(call) = self.call.get() {
            call.on_closed();
        }
    }
}

/// A socket of JavaScript.
struct JsOutlet {
    send: Arc<JsCallback>,
}

impl LineOutlet for JsOutlet {
    fn send(&self, frame: String) {
        self.send.notify(json!({ "frame": frame }).to_string());
    }

    fn close(&self, code: u16) {
        self.send.notify(json!({ "close": code }).to_string());
    }
}
