//! Differences between models and servers of this API, determined from their names.

use reqwest::Url;

use crate::config::{ModelConfig, Provider};
use crate::llm::call_ids::CallIdFormat;

/// Suffixes of Mistral's model names: Mistral, Codestral, Mathstral; Mixtral, Pixtral, Voxtral.
const MISTRAL_SUFFIXES: &[&str] = &["stral", "xtral"];
/// Prefixes of names of models without reasoning in their text.
const NON_REASONING_PREFIXES: &[&str] = &[
    "gpt-3",
    "gpt-4",
    "gpt-5",
    "chatgpt",
    "o1",
    "o3",
    "o4",
    "claude",
    "gemini",
    "gemma-2",
    "gemma-3",
    "gemma2",
    "gemma3",
    "grok",
    "llama",
    "mistral",
    "mixtral",
    "ministral",
    "codestral",
    "devstral",
    "pixtral",
    "command-r",
    "phi-3",
    "phi3",
    "nova",
    "qwen2",
];
/// Parts of names of models with reasoning in their text, even if they belong to the families
/// above.
const REASONING_PARTS: &[&str] =
    &["think", "reason", "r1", "nemotron", "deephermes", "cogito", "openthinker"];
/// Hosts whose servers separate reasoning from text.
const REASONING_PARSER_HOSTS: &[&str] = &[
    "openai.com",
    "azure.com",
    "openrouter.ai",
    "deepseek.com",
    "mistral.ai",
    "x.ai",
    "googleapis.com",
    "anthropic.com",
];

/// Returns `true` for Azure hosts, which use their own header for keys.
pub(super) fn is_azure(host: &str) -> bool {
    is_in_domain(host, "openai.azure.com")
        || is_in_domain(host, "cognitiveservices.azure.com")
        || is_in_domain(host, "services.ai.azure.com")
}

/// Returns the format of tool call ids.
pub(super) fn call_id_format(config: &ModelConfig) -> CallIdFormat {
    let name = config.model.to_lowercase();
    let host = host(config);
    if MISTRAL_SUFFIXES.iter().any(|mistral| name.contains(mistral)) || is_in_domain(&host, "mistral.ai") {
        return CallIdFormat::Mistral;
    }
    if name.contains("claude") || is_in_domain(&host, "anthropic.com") {
        return CallIdFormat::Anthropic;
    }
    CallIdFormat::OpenAi
}

/// Returns `true` if the token limit is called `max_completion_tokens`: by OpenAI, and by its
/// reasoning models on any server. Other compatible servers use the older name.
pub(super) fn uses_max_completion_tokens(config: &ModelConfig) -> bool {
    if config.provider == Provider::OpenRouter {
        return false;
    }
    let host = host(config);
    if host.is_empty() || is_in_domain(&host, "api.openai.com") {
        return true;
    }
    let name = config.model.to_lowercase();
    // The name may have a prefix (owner, region, `ft`), and a deployment may contain it anywhere.
    let is_o = name.split(['/', ':', '.', '@']).any(|part| {
        part.strip_prefix('o').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let generations = name.match_indices("gpt").filter_map(|(at, _)| {
        let rest = name[at + "gpt".len()..].trim_start_matches('-');
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    });
    // Azure spells GPT-3.5 as gpt-35.
    is_o || generations.into_iter().any(|generation| generation >= 5 && generation != 35)
}

/// Returns `true` if the text of the first stream is buffered until its end. It may be reasoning
/// whose beginning the chat template has put into the prompt.
pub(super) fn may_contain_reasoning(config: &ModelConfig) -> bool {
    let host = host(config);
    if REASONING_PARSER_HOSTS.iter().any(|parsing| is_in_domain(&host, parsing)) {
        return false;
    }
    let (name, family) = (config.model.to_lowercase(), family(&config.model));
    let thinks = REASONING_PARTS.iter().any(|part| name.contains(part));
    thinks || !NON_REASONING_PREFIXES.iter().any(|speaker| family.starts_with(speaker))
}

/// Returns the name of a model without its owner, in lower case.
fn family(model: &str) -> String {
    model.trim().rsplit('/').next().unwrap_or_default().to_lowercase()
}

/// Returns the host of `baseUrl`, or an empty text.
fn host(config: &ModelConfig) -> String {
    let url = config.base_url.as_deref().and_then(|url| Url::parse(url.trim()).ok());
    url.and_then(|url| url.host_str().map(str::to_lowercase)).unwrap_or_default()
}

fn is_in_domain(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(model: &str, base_url: Option<&str>) -> ModelConfig {
        let config = json!({ "provider": "openai", "model": model, "baseUrl": base_url });
        serde_json::from_value(config).unwrap()
    }

    #[test]
    fn token_limit_has_the_name_that_the_model_supports() {
        let gateway = Some("https://gateway.example/v1");
        for (model, newer) in [
            ("gpt-5-nano", true),
            ("openai/gpt-5.1", true),
            ("azure/o3-mini", true),
            ("o1", true),
            ("o4-mini", true),
            ("GPT-5", true),
            ("gpt-6", true),
            ("gpt5-mini", true),
            ("my-gpt-5-deployment", true),
            ("eu.gpt-5", true),
            ("openai:o3", true),
            ("ft:o4-mini-2025-04-16:acme", true),
            ("ft:gpt-4o-mini:acme", false),
            ("gpt-35-turbo", false),
            ("marco-o1", false),
            ("gpt-oss-120b", false),
            ("openai/gpt-oss-20b", false),
            ("gpt-4o", false),
            ("gpt-3.5-turbo", false),
            ("olmo-2", false),
            ("orca", false),
            ("llama3.2", false),
        ] {
            assert_eq!(uses_max_completion_tokens(&config(model, gateway)), newer, "{model}");
            assert!(uses_max_completion_tokens(&config(model, None)));
            assert!(uses_max_completion_tokens(&config(model, Some("https://api.openai.com/v1"))));
        }
    }

    #[test]
    fn id_format_depends_on_the_model() {
        for (model, url, form) in [
            ("mistral-small-latest", "http://localhost/v1", CallIdFormat::Mistral),
            ("mistralai/Devstral-Small-2507", "http://localhost/v1", CallIdFormat::Mistral),
            ("open-mixtral-8x22b", "http://localhost/v1", CallIdFormat::Mistral),
            ("mathstral-7b-v0.1", "http://localhost/v1", CallIdFormat::Mistral),
            ("Magistral-Small-2509", "http://localhost/v1", CallIdFormat::Mistral),
            ("voxtral-mini", "http://localhost/v1", CallIdFormat::Mistral),
            ("ft:x", "https://api.mistral.ai/v1", CallIdFormat::Mistral),
            ("claude-sonnet-4-5", "https://api.anthropic.com/v1/", CallIdFormat::Anthropic),
            ("anthropic/claude-haiku-4.5", "https://gateway.example", CallIdFormat::Anthropic),
            ("gpt-4o", "https://notmistral.ai/v1", CallIdFormat::OpenAi),
        ] {
            assert_eq!(call_id_format(&config(model, Some(url))), form, "{model}");
        }
    }

    #[test]
    fn buffers_text_of_models_that_may_hide_reasoning() {
        for (model, url, waits) in [
            ("qwen3:4b", "http://localhost:11434/v1", true),
            ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "http://localhost:8000/v1", true),
            ("llama-3.1-nemotron-nano", "http://localhost:8000/v1", true),
            ("Magistral-Small", "http://localhost:8000/v1", true),
            ("mine", "http://localhost:8000/v1", true),
            ("llama3.2", "http://localhost:11434/v1", false),
            ("gpt-4o-mini", "http://127.0.0.1/v1", false),
            ("deepseek-reasoner", "https://api.deepseek.com/v1", false),
        ] {
            assert_eq!(may_contain_reasoning(&config(model, Some(url))), waits, "{model}");
        }
    }

    #[test]
    fn recognizes_azure_hosts() {
        assert!(is_azure("x.openai.azure.com") && is_azure("x.services.ai.azure.com"));
        assert!(!is_azure("openai.azure.com.example") && !is_azure("api.openai.com"));
    }
}
