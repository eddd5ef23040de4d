//! Attachments of the developer's requests.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use crate::email::address::is_one_line;
use crate::email::{Attachment, MAX_MAIL_BYTES};
use crate::error::{Error, Result};
use crate::task;

const DEFAULT_TYPE: &str = "application/octet-stream";
/// Maximum length of a file name, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// An attachment: `content` in base64, or the `path` of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AttachmentRequest {
    name: Option<String>,
    filename: Option<String>,
    content_type: Option<String>,
    content_id: Option<String>,
    content: Option<String>,
    path: Option<String>,
}

/// Validates attachments and reads their files.
pub(super) async fn read(requests: Vec<AttachmentRequest>) -> Result<Vec<Attachment>> {
    let mut read = Vec::with_capacity(requests.len());
    for (at, request) in requests.into_iter().enumerate() {
        let refuse =
            |field: &str, reason: &str| Error::argument(format!("attachments[{at}].{field}"), reason);
        let path = request.path.clone();
        let of_path = || Some(path.as_ref()?.rsplit(['/', '\\']).next()?.to_owned());
        let name = request.name.or(request.filename).or_else(of_path).unwrap_or_default();
        if name.trim().is_empty() || !is_one_line(&name) || name.len() > MAX_NAME_BYTES {
            return Err(refuse("name", "must be a file name of at most 255 bytes"));
        }
        let content_type = request.content_type.unwrap_or_else(|| DEFAULT_TYPE.to_owned());
        let is_type =
            content_type.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
        if !is_type || !is_one_line(&content_type) || !content_type.is_ascii() {
            return Err(refuse("contentType", "must be a MIME type, like application/pdf"));
        }
        if request.content_id.as_ref().is_some_and(|id| !is_one_line(id) || id.contains(['<', '>', ' '])) {
            return Err(refuse("contentId", "must be an id without spaces and angle brackets"));
        }
        let content = match (request.content, path) {
            (Some(content), None) => {
                let bytes = content.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
                let decoded = BASE64_STANDARD.decode(bytes);
                decoded.map_err(|_| refuse("content", "must be a Buffer, or base64"))?
            }
            (None, Some(path)) => {
                let file = task::spawn_blocking(move || read_file(&path)).await;
                let file = file.map_err(|_| Error::Internal("reading a file was interrupted".into()))?;
                file.ok_or_else(|| refuse("path", "must be a readable file of at most 10 MiB"))?
            }
            _ => return Err(refuse("content", "or `path` must be given, one of them")),
        };
        let content_id = request.content_id.map(|id| id.trim_start_matches("cid:").to_owned());
        read.push(Attachment { name, content_type, content_id, content });
    }
    Ok(read)
}

fn read_file(path: &str) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    (size <= MAX_MAIL_BYTES as u64).then(|| std::fs::read(path).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    async fn one(json: Value) -> Result<Attachment> {
        let request = serde_json::from_value(json).unwrap();
        read(vec![request]).await.map(|mut read| read.remove(0))
    }

    #[tokio::test]
    async fn reads_content_and_files() {
        let given = json!({ "filename": "a.txt", "content": "aGk=", "contentType": "text/plain", "contentId": "cid:x" });
        let file = one(given).await.unwrap();
        assert_eq!(
            (file.name.as_str(), file.content.as_slice(), file.content_id.as_deref()),
            ("a.txt", &b"hi"[..], Some("x"))
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.bin");
        std::fs::write(&path, b"\x00\xff").unwrap();
        let file = one(json!({ "path": path })).await.unwrap();
        assert_eq!((file.name.as_str(), file.content.as_slice()), ("b.bin", &b"\x00\xff"[..]));
        assert_eq!(file.content_type, DEFAULT_TYPE);
    }

    #[tokio::test]
    async fn names_the_field_that_cannot_be_attached() {
        for (json, field) in [
            (json!({ "content": "aGk=" }), "attachments[0].name"),
            (json!({ "name": "a\nb", "content": "aGk=" }), "attachments[0].name"),
            (json!({ "name": "a", "content": "%" }), "attachments[0].content"),
            (json!({ "name": "a" }), "attachments[0].content"),
            (json!({ "name": "a", "content": "aGk=", "path": "/x" }), "attachments[0].content"),
            (json!({ "name": "a", "path": "/nowhere" }), "attachments[0].path"),
            (
                json!({ "name": "a", "content": "aGk=", "contentType": "text/\r\nX: y" }),
                "attachments[0].contentType",
            ),
        ] {
            let error = one(json).await.unwrap_err();
            assert!(error.to_string().contains(field), "{error}");
        }
    }
}
