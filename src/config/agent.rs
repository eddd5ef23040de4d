//! Who the agent is and how it behaves: its six pillars.

use serde::Deserialize;
use serde_json::Value;

use crate::config::{MemoryConfig, null_as_default};

/// The agent's six pillars.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentConfig {
    /// Who the agent is.
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
    #[serde(default, deserialize_with = "null_as_default")]
    pub memory: MemoryConfig,
    /// Replaces the whole generated prompt.
    pub custom_system_prompt: Option<String>,
}

/// Who the agent is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Name it answers with.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Job title; the role unless given.
    pub title: Option<String>,
    /// The business it answers for.
    #[serde(alias = "organization")]
    pub company: Option<String>,
    /// Its story.
    pub backstory: Option<String>,
    /// Its department.
    pub department: Option<String>,
    /// Its superior.
    pub reports_to: Option<String>,
    /// How much it may decide.
    pub authority_level: Option<Level>,
    /// When it must hand over to a human.
    #[serde(default, deserialize_with = "null_as_default")]
    pub escalation_rules: Vec<String>,
    /// Experience in years.
    pub years_of_experience: Option<f64>,
    /// What it is best at.
    #[serde(default, deserialize_with = "null_as_default")]
    pub specializations: Vec<String>,
    /// What it is certified in.
    #[serde(default, deserialize_with = "null_as_default")]
    pub certifications: Vec<String>,
}

/// Three steps.
#[derive(Debug, Clone, Copy, Deserialize)]
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Personality {
    /// Character traits.
    #[serde(deserialize_with = "null_as_default")]
    pub traits: Vec<Trait>,
    /// Style of speech.
    pub communication_style: Option<CommunicationStyle>,
    /// Sense for feelings.
    pub emotional_intelligence: Option<Level>,
    /// Readiness to adapt.
    pub adaptability: Option<Level>,
    /// Behaviour in conflicts.
    pub conflict_style: Option<String>,
    /// Way of deciding.
    pub decision_style: Option<String>,
    /// Behaviour under stress.
    pub stress_response: Option<String>,
    /// When and how to adapt.
    #[serde(deserialize_with = "null_as_default")]
    pub adaptability_rules: Vec<String>,
}

/// A trait of character: a word, or a word explained.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Trait {
    /// Just the word.
    Name(String),
    /// The word, explained and weighed.
    Described {
        /// The word.
        name: String,
        /// What it means in practice.
        description: Option<String>,
        /// How strong it is.
        weight: Option<f64>,
    },
}

/// A style of speech: a word, or a word with tone and formality.
#[derive(Debug, Clone, Deserialize)]
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
        tone: Option<String>,
        /// 1 (casual) to 10 (formal).
        formality_level: Option<f64>,
    },
}

/// What the agent knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Knowledge {
    /// The field of business.
    pub domain: Option<String>,
    /// Areas of expertise.
    #[serde(deserialize_with = "null_as_default")]
    pub expertise: Vec<String>,
    /// Languages spoken.
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
    pub uncertainty_threshold: Option<String>,
}

/// Languages: a list, or a list per fluency.
#[derive(Debug, Clone, Deserialize)]
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Goals {
    /// The main goal.
    pub primary: Option<String>,
    /// Further goals.
    #[serde(deserialize_with = "null_as_default")]
    pub secondary: Vec<String>,
    /// Limits while pursuing them.
    #[serde(deserialize_with = "null_as_default")]
    pub constraints: Vec<String>,
    /// How success is measured: name → target.
    #[serde(deserialize_with = "null_as_default")]
    pub metrics: serde_json::Map<String, Value>,
}
