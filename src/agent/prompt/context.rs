//! Prompts that developers assemble from pillars and further sections.

use serde::Deserialize;

use super::{PromptBuilder, push};
use crate::config::{Goals, Identity, Knowledge, Personality};
use crate::types::message::Channel;

/// The sections of a prompt. Absent sections are omitted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PromptContext {
    /// The agent's identity.
    pub identity: Option<Identity>,
    /// The agent's personality.
    pub personality: Option<Personality>,
    /// The agent's knowledge.
    pub knowledge: Option<Knowledge>,
    /// The agent's goals.
    pub goal_system: Option<Goals>,
    /// Channel of the conversation.
    pub channel: Option<Channel>,
    /// Business policies.
    pub policies: Option<Vec<Policy>>,
    /// Escalation rules, in addition to those of the identity.
    pub escalation_rules: Option<Vec<String>>,
    /// Few-shot examples.
    pub examples: Option<Vec<Example>>,
    /// Context of this conversation.
    pub business_context: Option<ConversationContext>,
}

/// A business policy.
#[derive(Debug, Clone, Deserialize)]
pub struct Policy {
    /// Name of the policy.
    pub name: String,
    /// Text of the policy.
    pub rule: String,
}

/// A few-shot example.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Example {
    /// Situation.
    pub scenario: String,
    /// Message of the person.
    pub input: String,
    /// Reasoning of the agent.
    pub reasoning: String,
    /// Answer of the agent.
    pub response: String,
    /// Reasons for the answer.
    pub explanation: Vec<String>,
}

/// Context of this conversation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationContext {
    /// Information about the company.
    pub company_info: Option<String>,
    /// Information about the person.
    pub lead_info: Option<String>,
    /// Other information.
    pub additional_context: Option<String>,
}

impl PromptContext {
    /// Builds the prompt, with the same wording as [`super::system_prompt`].
    pub fn build(&self) -> String {
        let mut prompt = PromptBuilder::default();
        let mut identity = self.identity.clone();
        if let Some(identity) = &identity {
            prompt.identity(identity);
        }
        if let Some(personality) = &self.personality {
            prompt.personality(personality);
        }
        if let Some(knowledge) = &self.knowledge {
            prompt.knowledge(knowledge);
        }
        if let Some(goals) = &self.goal_system {
            prompt.goals(goals);
        }
        if let Some(rules) = &self.escalation_rules {
            identity.get_or_insert_default().escalation_rules.extend(rules.iter().cloned());
        }
        prompt.escalation(identity.as_ref());
        prompt.conduct();
        prompt.policies(self.policies.as_deref().unwrap_or_default());
        prompt.business(&self.business_context.clone().unwrap_or_default());
        prompt.examples(self.examples.as_deref().unwrap_or_default());
        if let Some(channel) = &self.channel {
            prompt.channel(channel);
        }
        prompt.text
    }
}

impl PromptBuilder {
    fn policies(&mut self, policies: &[Policy]) {
        let rules = policies.iter().map(|policy| format!("- {}: {}", policy.name, policy.rule));
        self.section("Rules of the business", rules.collect());
    }

    fn business(&mut self, business: &ConversationContext) {
        let mut lines = Vec::new();
        push(&mut lines, "The company", business.company_info.as_deref());
        push(&mut lines, "The person you talk to", business.lead_info.as_deref());
        push(&mut lines, "Further", business.additional_context.as_deref());
        self.section("What to know", lines);
    }

    fn examples(&mut self, examples: &[Example]) {
        let mut lines = Vec::new();
        for example in examples {
            for (label, text) in [
                ("Situation", &example.scenario),
                ("They say", &example.input),
                ("You think", &example.reasoning),
                ("You answer", &example.response),
            ] {
                push(&mut lines, label, Some(text.as_str()).filter(|text| !text.is_empty()));
            }
            lines.extend(example.explanation.iter().map(|reason| format!("- {reason}")));
        }
        self.section("Examples", lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::prompt::system_prompt;
    use crate::config::AgentConfig;
    use serde_json::json;

    fn built(context: serde_json::Value) -> String {
        serde_json::from_value::<PromptContext>(context).unwrap().build()
    }

    #[test]
    fn equals_the_prompt_of_an_agent_with_the_same_pillars() {
        let pillars = json!({
            "identity": { "name": "S", "role": "R", "escalationRules": ["fire"] },
            "personality": { "traits": ["calm"] }, "knowledge": { "domain": "boats" },
        });
        let config: AgentConfig = serde_json::from_value(pillars.clone()).unwrap();
        let mut context = pillars;
        context["goalSystem"] = json!({});
        context["channel"] = json!("sms");
        assert_eq!(built(context), system_prompt(&config, Some(&Channel::Sms), &[]));
    }

    #[test]
    fn includes_all_other_sections() {
        let text = built(json!({
            "policies": [{ "name": "Refunds", "rule": "within 14 days" }],
            "escalationRules": ["smoke"],
            "businessContext": { "companyInfo": "We sell boats.", "leadInfo": "Ann", "additionalContext": "Winter" },
            "examples": [{ "scenario": "s1", "input": "i1", "reasoning": "r1", "response": "a1", "explanation": ["e1"] }],
        }));
        for part in [
            "Refunds: within 14 days",
            "- smoke",
            "We sell boats.",
            "Ann",
            "Winter",
            "s1",
            "i1",
            "r1",
            "a1",
            "- e1",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
}
