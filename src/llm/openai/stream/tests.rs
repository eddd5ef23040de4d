use super::*;
use crate::llm::openai::wire::response;
use crate::llm::tool_calls::MAX_CALLS;

fn calls(deltas: &[Value]) -> Value {
    let mut chunks = ChunkAccumulator::default();
    for delta in deltas {
        chunks.add(&json!({ "choices": [{ "delta": { "tool_calls": [delta] } }] }));
    }
    let body = chunks.body();
    let calls = body["choices"][0]["message"]["tool_calls"].as_array().unwrap().clone();
    calls
        .iter()
        .map(|call| json!([call["id"], call["function"]["name"], call["function"]["arguments"]]))
        .collect()
}

#[test]
fn accumulates_calls_identified_by_index_id_or_name() {
    let pieces = [
        json!({ "index": 0, "id": "a", "function": { "name": "t", "arguments": "" } }),
        json!({ "index": 1, "id": "b", "function": { "name": "u", "arguments": "{\"x\"" } }),
        json!({ "index": 0, "function": { "arguments": "{}" } }),
        json!({ "index": 1, "id": "", "function": { "name": null, "arguments": ":1}" } }),
    ];
    assert_eq!(calls(&pieces), json!([["a", "t", "{}"], ["b", "u", "{\"x\":1}"]]));
    let same_index = [
        json!({ "index": 0, "id": "a", "function": { "name": "t", "arguments": "{}" } }),
        json!({ "index": 0, "id": "b", "function": { "name": "t", "arguments": { "x": 1 } } }),
    ];
    assert_eq!(calls(&same_index), json!([["a", "t", "{}"], ["b", "t", "{\"x\":1}"]]));
    let no_index = [
        json!({ "id": "a", "function": { "name": "t", "arguments": "{" } }),
        json!({ "function": { "arguments": "}" } }),
    ];
    assert_eq!(calls(&no_index), json!([["a", "t", "{}"]]));
}

#[test]
fn too_many_calls_end_the_answer() {
    let mut chunks = ChunkAccumulator::default();
    let calls = (0..5_000).map(|n| json!({ "index": n, "id": n.to_string(), "function": { "name": "t" } }));
    chunks.add(&json!({ "choices": [{ "delta": { "tool_calls": calls.collect::<Vec<_>>() } }] }));
    assert!(chunks.is_last() && chunks.is_complete());
    assert_eq!(chunks.calls.len(), MAX_CALLS + 1);
    assert_eq!(response(&chunks.body()).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
}

#[test]
fn treats_a_refusal_as_text() {
    let mut chunks = ChunkAccumulator::default();
    assert_eq!(
        chunks.add(&json!({ "choices": [{ "delta": { "content": null, "refusal": "No." } }] })),
        "No."
    );
    assert!(!chunks.is_complete());
    assert_eq!(chunks.add(&json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] })), "");
    assert_eq!(chunks.add(&json!({ "choices": [], "usage": {} })), "");
    assert!(chunks.is_complete());
}
