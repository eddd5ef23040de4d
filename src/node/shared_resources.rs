//! `SharedResources` for JavaScript.

use std::sync::Arc;

use napi_derive::napi;

use crate::node::driver_adapter::JsDriverAdapter;
use crate::receptionist;

/// The database and inbox that several receptionists share.
#[napi]
pub struct SharedResources {
    inner: receptionist::SharedResources,
    /// The developer's own database client, if `database` is one.
    client: Option<Arc<JsDriverAdapter>>,
}

impl SharedResources {
    pub(super) fn new(inner: receptionist::SharedResources, client: Option<Arc<JsDriverAdapter>>) -> Self {
        Self { inner, client }
    }

    pub(super) fn inner(&self) -> receptionist::SharedResources {
        self.inner.share()
    }

    pub(super) fn client(&self) -> Option<Arc<JsDriverAdapter>> {
        self.client.clone()
    }
}
