//! The agent's options: identity, personality, knowledge, goals and memory.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::config::MemoryConfig;
use crate::error::{Error, Result};
use crate::types::time_zone::Zone;

/// The agent's options, by pillar.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentConfig {
    /// The agent's identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The agent's personality.
    #[serde(default, deserialize_with = "null_as_default")]
    pub personality: Personality,
    /// The agent's knowledge.
    #[serde(default, deserialize_with = "null_as_default")]
    pub knowledge: Knowledge,
    /// The agent's goals.
    #[serde(default, deserialize_with = "null_as_default")]
    pub goals: Goals,
    /// The agent's memory.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing)]
    pub memory: MemoryConfig,
    /// Text that replaces the whole generated prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_system_prompt: Option<String>,
    /// IANA time zone of the dates in the prompt. Default: the calendar's, else the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Values that are extracted from conversations.
    #[serde(default, skip_serializing)]
    pub extract: Option<ExtractConfig>,
}

/// The values that are extracted from conversations.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtractConfig {
    /// JSON Schema of the values, as JSON text. Nulls in it count, unlike nulls in options.
    pub schema: String,
    /// Time of the extraction. Default: the end of the conversation.
    #[serde(default)]
    pub on: ExtractOn,
    /// Additional instructions to the model.
    pub instructions: Option<String>,
}

/// The time at which values are extracted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum ExtractOn {
    /// The conversation has ended.
    #[default]
    ConversationEnd,
}

impl TryFrom<Value> for ExtractOn {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value.as_str() {
            Some("conversationEnd") => Ok(Self::ConversationEnd),
            _ => Err("must be 'conversationEnd'"),
        }
    }
}

impl AgentConfig {
    /// Returns the time zone, if given.
    pub fn zone(&self) -> Result<Option<Zone>> {
        let parse = |name: &String| {
            let reason = "must be an IANA time zone, like America/New_York";
            name.parse().map_err(|_| Error::config("agent.timeZone", reason))
        };
        self.time_zone.as_ref().map(parse).transpose()
    }

    /// Rejects an agent without a name and role, unless it has a custom system prompt, and an unknown
    /// time zone.
    pub fn validate(&self) -> Result<()> {
        self.zone()?;
        match &self.identity {
            None if self.custom_system_prompt.is_none() => Err(Error::AgentIdentityRequired),
            Some(identity) if identity.name.trim().is_empty() => {
                Err(Error::config("agent.identity.name", "is empty"))
            }
            Some(identity) if identity.role.trim().is_empty() => {
                Err(Error::config("agent.identity.role", "is empty"))
            }
            _ => Ok(()),
        }
    }
}

/// The agent's identity.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Name the agent introduces itself with.
    pub name: String,
    /// Role of the agent.
    pub role: String,
    /// Job title, by default the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Business that the agent represents.
    #[serde(alias = "organization")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Background story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backstory: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Supervisor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_to: Option<String>,
    /// Decision-making authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_level: Option<Level>,
    /// Conditions under which it must hand over to a human.
    #[serde(default, deserialize_with = "null_as_default")]
    pub escalation_rules: Vec<String>,
    /// Years of experience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years_of_experience: Option<f64>,
    /// Specializations.
    #[serde(default, deserialize_with = "null_as_default")]
    pub specializations: Vec<String>,
    /// Certifications.
    #[serde(default, deserialize_with = "null_as_default")]
    pub certifications: Vec<String>,
}

/// A three-step scale.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

impl Level {
    /// Returns the option's value as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The agent's personality.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Personality {
    /// Character traits.
    #[serde(deserialize_with = "null_as_default")]
    pub traits: Vec<Trait>,
    /// Communication style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_style: Option<CommunicationStyle>,
    /// Emotional intelligence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emotional_intelligence: Option<Level>,
    /// Readiness to adapt to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adaptability: Option<Level>,
    /// Behaviour in conflicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict_style: Option<String>,
    /// Decision-making style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_style: Option<String>,
    /// Behaviour under stress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stress_response: Option<String>,
    /// Rules for adapting to the person.
    #[serde(deserialize_with = "null_as_default")]
    pub adaptability_rules: Vec<String>,
}

/// A character trait: a name, or a name with an explanation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, or an object with `name`, `description` and `weight`")]
pub enum Trait {
    /// A name only.
    Name(String),
    /// A name with an explanation and weight.
    Detailed {
        /// Name of the trait.
        name: String,
        /// Meaning in practice.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// Strength of the trait.
        #[serde(skip_serializing_if = "Option::is_none")]
        weight: Option<f64>,
    },
}

/// A communication style: a name, or a name with tone and formality.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, or an object with `primary`, `tone` and `formalityLevel`")]
pub enum CommunicationStyle {
    /// A name only.
    Name(String),
    /// A name with details.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// Main style.
        primary: String,
        /// Tone of voice.
        #[serde(skip_serializing_if = "Option::is_none")]
        tone: Option<String>,
        /// Formality from 1 (casual) to 10 (formal).
        #[serde(skip_serializing_if = "Option::is_none")]
        formality_level: Option<f64>,
    },
}

/// The agent's knowledge.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Knowledge {
    /// Field of business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Areas of expertise.
    #[serde(deserialize_with = "null_as_default")]
    pub expertise: Vec<String>,
    /// Languages spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Languages>,
    /// Industries served.
    #[serde(deserialize_with = "null_as_default")]
    pub industries: Vec<String>,
    /// Domains that the agent can talk about.
    #[serde(deserialize_with = "null_as_default")]
    pub known_domains: Vec<String>,
    /// Topics that the agent must not claim to know.
    #[serde(deserialize_with = "null_as_default")]
    pub limitations: Vec<String>,
    /// Behaviour when unsure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty_threshold: Option<String>,
}

/// Spoken languages: a list, or one list per fluency.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be an array of texts, or an object with `fluent` and `conversational`")]
pub enum Languages {
    /// A single list.
    List(Vec<String>),
    /// Lists by fluency.
    ByFluency {
        /// Languages spoken fluently.
        #[serde(default)]
        fluent: Vec<String>,
        /// Languages spoken well enough to converse.
        #[serde(default)]
        conversational: Vec<String>,
    },
}

/// The agent's goals.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Goals {
    /// Main goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<Goal>,
    /// Further goals.
    #[serde(deserialize_with = "null_as_default")]
    pub secondary: Vec<Goal>,
    /// Limits while pursuing the goals.
    #[serde(deserialize_with = "null_as_default")]
    pub constraints: Vec<String>,
    /// Success metrics by name. The value is a target, or null if the name says it all.
    #[serde(deserialize_with = "metrics")]
    pub metrics: serde_json::Map<String, Value>,
}

/// A goal: a text, or an object with details.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, or an object with `description`")]
pub enum Goal {
    /// A text only.
    Text(String),
    /// A text with details.
    Detailed {
        /// Name of the goal.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Description of the goal.
        description: String,
        /// Rank; 1 comes first. Default: the position in the list.
        #[serde(skip_serializing_if = "Option::is_none")]
        priority: Option<f64>,
        /// Success metric.
        #[serde(skip_serializing_if = "Option::is_none")]
        metric: Option<String>,
        /// Limits while pursuing the goal.
        #[serde(default, deserialize_with = "null_as_default")]
        constraints: Vec<String>,
    },
}

impl Goal {
    /// Returns the description of the goal.
    pub fn description(&self) -> &str {
        match self {
            Self::Text(words) => words,
            Self::Detailed { description, .. } => description,
        }
    }

    /// Returns the rank, if any.
    pub fn priority(&self) -> Option<f64> {
        match self {
            Self::Text(_) => None,
            Self::Detailed { priority, .. } => *priority,
        }
    }

    /// Returns the success metric, if any.
    pub fn metric(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Detailed { metric, .. } => metric.as_deref(),
        }
    }

    /// Returns the limits while pursuing the goal.
    pub fn constraints(&self) -> &[String] {
        match self {
            Self::Text(_) => &[],
            Self::Detailed { constraints, .. } => constraints,
        }
    }
}

/// Parses metrics by name, or a list of names. JavaScript's `null` means "not given", also when
/// pillars are set later.
fn metrics<'de, D: Deserializer<'de>>(deserializer: D) -> Result<serde_json::Map<String, Value>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "must be an object of names and targets, or a list of texts")]
    enum Metrics {
        Named(serde_json::Map<String, Value>),
        Listed(Vec<String>),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => serde_json::Map::new(),
        Some(Metrics::Named(metrics)) => metrics,
        Some(Metrics::Listed(names)) => names.into_iter().map(|name| (name, Value::Null)).collect(),
    })
}

fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
