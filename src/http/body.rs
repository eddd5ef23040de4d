//! Bodies of answers, read as far as anybody wants to know.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::FailureKind;

/// Longest body read, in bytes, after decompression.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// How much of a refusal is read: an error number and some words.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;
/// How long the body of a refusal is waited for: its status says what matters.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(5);

/// All of a body, unless it is longer than [`MAX_BODY_BYTES`].
pub(super) async fn read_whole(mut response: Response) -> Result<Vec<u8>, FailureKind> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(FailureKind::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What there is of a refusal's body. However it ends, or does not, the refusal is one.
pub(super) async fn read_refusal(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = MAX_REFUSAL_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_REFUSAL_BYTES {
                break;
            }
        }
    };
    let _ = timeout(REFUSAL_PATIENCE, reading).await;
    body
}
