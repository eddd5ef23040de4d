//! The context of an outbound call.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The context of an outbound call, stored before it rings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct OutboundContext {
    pub greeting: Option<String>,
    pub metadata: Option<Map<String, Value>>,
}
