//! `receptionist.knowledge` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, Uint8Array};
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::json::write;
use crate::knowledge::formats::MAX_FILE_BYTES;

#[napi]
impl AiReceptionist {
    /// Adds a document. `file` holds its bytes, unless the document has its content or a path.
    #[napi(catch_unwind)]
    pub fn knowledge_add<'env>(
        &self,
        env: &'env Env,
        document: String,
        file: Option<Uint8Array>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        // One byte more than allowed suffices to refuse a file that is too large.
        let bytes = file.map(|bytes| bytes[..bytes.len().min(MAX_FILE_BYTES + 1)].to_vec());
        self.run(
            env,
            |running| async move { write(&running.knowledge.add(arguments(&document)?, bytes).await?) },
        )
    }

    /// Adds the documents of a folder.
    #[napi(catch_unwind)]
    pub fn knowledge_add_folder<'env>(
        &self,
        env: &'env Env,
        path: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            write(&running.knowledge.add_folder(&path, arguments(&options)?).await?)
        })
    }

    /// Returns all documents.
    #[napi(catch_unwind)]
    pub fn knowledge_list<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.knowledge.list().await?) })
    }

    /// Returns a document with its passages, or `null`.
    #[napi(catch_unwind)]
    pub fn knowledge_get<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.knowledge.get(&id).await?) })
    }

    /// Removes a document. Resolves to `false` if it does not exist.
    #[napi(catch_unwind)]
    pub fn knowledge_remove<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, bool>> {
        self.run(env, |running| async move { running.knowledge.remove(&id).await })
    }

    /// Searches the passages of all documents.
    #[napi(catch_unwind)]
    pub fn knowledge_search<'env>(
        &self,
        env: &'env Env,
        text: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            write(&running.knowledge.search(&text, arguments(&options)?).await?)
        })
    }

    /// Returns the questions that the documents do not cover.
    #[napi(catch_unwind)]
    pub fn knowledge_gaps<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.knowledge.gaps(arguments(&options)?).await?) })
    }
}
