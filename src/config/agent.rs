//! Who the agent is and how it behaves: its six pillars.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::config::MemoryConfig;
use crate::error::{Error, Result};

/// The agent's six pillars.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentConfig {
    /// Who the agent is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// How it behaves.
    #[serde(default, deserialize_with = "null_as_default")]
    pub personality: Personality,
    /// What it knows.
    #[serde(default, deserialize_with = "null_as_default")]
    pub knowledge: Knowledge,
    /// What it aims at.
    #[serde(default, deserialize_with = "null_as_default")]
    pub goals: Goals,
    /// What it remembers.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing)]
    pub memory: MemoryConfig,
    /// Replaces the whole generated prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_system_prompt: Option<String>,
}

impl AgentConfig {
    /// Refuses an agent without a name and role, unless it brings a prompt of its own.
    pub fn validate(&self) -> Result<()> {
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

/// Who the agent is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Name it answers with.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Job title; the role unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The business it answers for.
    #[serde(alias = "organization")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Its story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backstory: Option<String>,
    /// Its department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Its superior.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_to: Option<String>,
    /// How much it may decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_level: Option<Level>,
    /// When it must hand over to a human.
    #[serde(default, deserialize_with = "null_as_default")]
    pub escalation_rules: Vec<String>,
    /// Experience in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years_of_experience: Option<f64>,
    /// What it is best at.
    #[serde(default, deserialize_with = "null_as_default")]
    pub specializations: Vec<String>,
    /// What it is certified in.
    #[serde(default, deserialize_with = "null_as_default")]
    pub certifications: Vec<String>,
}

/// Three steps.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Level {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How the agent behaves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Personality {
    /// Character traits.
    #[serde(deserialize_with = "null_as_default")]
    pub traits: Vec<Trait>,
    /// Style of speech.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_style: Option<CommunicationStyle>,
    /// Sense for feelings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emotional_intelligence: Option<Level>,
    /// Readiness to adapt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adaptability: Option<Level>,
    /// Behaviour in conflicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict_style: Option<String>,
    /// Way of deciding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_style: Option<String>,
    /// Behaviour under stress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stress_response: Option<String>,
    /// When and how to adapt.
    #[serde(deserialize_with = "null_as_default")]
    pub adaptability_rules: Vec<String>,
}

/// A trait of character: a word, or a word explained.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Trait {
    /// Just the word.
    Name(String),
    /// The word, explained and weighed.
    Described {
        /// The word.
        name: String,
        /// What it means in practice.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// How strong it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        weight: Option<f64>,
    },
}

/// A style of speech: a word, or a word with tone and formality.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CommunicationStyle {
    /// Just the word.
    Name(String),
    /// In detail.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// The main style.
        primary: String,
        /// Tone of voice.
        #[serde(skip_serializing_if = "Option::is_none")]
        tone: Option<String>,
        /// 1 (casual) to 10 (formal).
        #[serde(skip_serializing_if = "Option::is_none")]
        formality_level: Option<f64>,
    },
}

/// What the agent knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Knowledge {
    /// The field of business.
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
    /// Domains it can talk about.
    #[serde(deserialize_with = "null_as_default")]
    pub known_domains: Vec<String>,
    /// What it must not claim to know.
    #[serde(deserialize_with = "null_as_default")]
    pub limitations: Vec<String>,
    /// What to do when unsure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty_threshold: Option<String>,
}

/// Languages: a list, or a list per fluency.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Languages {
    /// All alike.
    List(Vec<String>),
    /// By fluency.
    ByFluency {
        /// Spoken fluently.
        #[serde(default)]
        fluent: Vec<String>,
        /// Spoken well enough to converse.
        #[serde(default)]
        conversational: Vec<String>,
    },
}

/// What the agent aims at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Goals {
    /// The main goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<Goal>,
    /// Further goals.
    #[serde(deserialize_with = "null_as_default")]
    pub secondary: Vec<Goal>,
    /// Limits while pursuing them.
    #[serde(deserialize_with = "null_as_default")]
    pub constraints: Vec<String>,
    /// How success is measured: name → target.
    #[serde(deserialize_with = "null_as_default")]
    pub metrics: serde_json::Map<String, Value>,
}

/// A goal: in words, or in detail.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Goal {
    /// Just the words.
    Words(String),
    /// In detail.
    Detailed {
        /// What it is called.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The words.
        description: String,
        /// Its rank: 1 comes first; unless given the place in the list.
        #[serde(skip_serializing_if = "Option::is_none")]
        priority: Option<f64>,
        /// How success is measured.
        #[serde(skip_serializing_if = "Option::is_none")]
        metric: Option<String>,
        /// Limits while pursuing it.
        #[serde(default, deserialize_with = "null_as_default")]
        constraints: Vec<String>,
    },
}

impl Goal {
    /// What is aimed at.
    pub fn words(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Detailed { description, .. } => description,
        }
    }

    /// Its rank, if it has one.
    pub fn priority(&self) -> Option<f64> {
        match self {
            Self::Words(_) => None,
            Self::Detailed { priority, .. } => *priority,
        }
    }

    /// How success is measured.
    pub fn metric(&self) -> Option<&str> {
        match self {
            Self::Words(_) => None,
            Self::Detailed { metric, .. } => metric.as_deref(),
        }
    }

    /// Limits while pursuing it.
    pub fn constraints(&self) -> &[String] {
        match self {
            Self::Words(_) => &[],
            Self::Detailed { constraints, .. } => constraints,
        }
    }
}

/// JavaScript's `null` means "not given", also where pillars are set later.
fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
