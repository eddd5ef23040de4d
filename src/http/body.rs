//! Bounded reading of response bodies.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::FailureKind;

/// Maximum size of a body, in bytes, after decompression.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Maximum size read of an error body, in bytes. It holds an error code and a short message.
const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;
/// Time limit for reading an error body. The status alone is enough without it.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Reads a whole body. Fails if it is longer than [`MAX_BODY_BYTES`].
pub(super) async fn read_body(mut response: Response) -> Result<Vec<u8>, FailureKind> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(FailureKind::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads as much of an error body as arrives. An error response remains one even if its body breaks
/// off or never ends.
pub(super) async fn read_error_body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = MAX_ERROR_BODY_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_ERROR_BODY_BYTES {
                break;
            }
        }
    };
    let _ = timeout(ERROR_BODY_TIMEOUT, reading).await;
    body
}
