//! Prompts that developers build themselves, out of pillars and what else they know.

use serde::Deserialize;

use super::{Prompt, push};
use crate::config::{Goals, Identity, Knowledge, Personality};
use crate::message::Channel;

/// What a prompt is built from; what is absent is left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PromptContext {
    /// Who the agent is.
    pub identity: Option<Identity>,
    /// How it behaves.
    pub personality: Option<Personality>,
    /// What it knows.
    pub knowledge: Option<Knowledge>,
    /// What it aims at.
    pub goal_system: Option<Goals>,
    /// Where it speaks.
    pub channel: Option<Channel>,
    /// Rules of the business.
    pub policies: Option<Vec<Policy>>,
    /// When it hands over, beside what its identity says.
    pub escalation_rules: Option<Vec<String>>,
    /// Conversations to learn from.
    pub examples: Option<Vec<Example>>,
    /// What it should know of this conversation.
    pub business_context: Option<Business>,
}

/// A rule of the business.
#[derive(Debug, Clone, Deserialize)]
pub struct Policy {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub rule: String,
}

/// A conversation to learn from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Example {
    /// The situation.
    pub scenario: String,
    /// What the person says.
    pub input: String,
    /// How the agent thinks.
    pub reasoning: String,
    /// What it answers.
    pub response: String,
    /// Why that is right.
    pub explanation: Vec<String>,
}

/// What the agent should know of this conversation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Business {
    /// About the company.
    pub company_info: Option<String>,
    /// About the person.
    pub lead_info: Option<String>,
    /// Anything else.
    pub additional_context: Option<String>,
}

impl PromptContext {
    /// The prompt, in the words of [`super::system_prompt`].
    pub fn build(&self) -> String {
        let mut prompt = Prompt::default();
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

impl Prompt {
    fn policies(&mut self, policies: &[Policy]) {
        let rules = policies.iter().map(|policy| format!("- {}: {}", policy.name, policy.rule));
        self.section("Rules of the business", rules.collect());
    }

    fn business(&mut self, business: &Business) {
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
    fn pillars_alone_make_the_prompt_of_an_agent() {
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
    fn everything_else_is_told_too() {
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
