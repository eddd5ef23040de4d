//! Questions of customers that no document covers.

use std::collections::HashMap;
use std::mem::take;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::compute::compute;
use crate::error::{Error, Result};
use crate::knowledge::coverage::Coverage;
use crate::knowledge::document::{HEAD_PART, Head, PART_FIELD};
use crate::knowledge::options::Time;
use crate::knowledge::passage::Passage;
use crate::knowledge::{Knowledge, part_query};
use crate::memory::MemoryManager;
use crate::text_analysis::{questions, topic_terms};
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now, timestamp};
use crate::types::message::{Channel, Role};
use crate::types::validity::is_current;

/// Share of a question's topic from which on a passage covers it.
const COVERED: f64 = 0.5;
/// Default number of gaps.
const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 500;
/// Number of newest questions that are compared with the documents.
const MAX_QUESTIONS: usize = 500;
/// Number of newest messages among which questions are looked for.
const MAX_MESSAGES: u32 = 10_000;
/// Number of messages that are read at once.
const MESSAGES_AT_ONCE: u32 = 1_000;
/// Number of passages that are read at once.
const PASSAGES_AT_ONCE: usize = 500;
/// Maximum length of a question, in characters. The rest is cut off.
const MAX_QUESTION_CHARS: usize = 500;

/// Filters of gaps.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GapQuery {
    /// Only questions from this time on.
    pub since: Option<Time>,
    /// Maximum number of gaps, 1 to 500, default 50.
    pub limit: Option<f64>,
}

/// A question that no document covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The question, as it was asked last.
    pub question: String,
    /// Time at which it was asked last.
    #[serde(with = "timestamp")]
    pub at: DateTime<Utc>,
    /// Conversation in which it was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Channel on which it was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Number of times that it was asked, in any order of its words.
    pub times: usize,
    /// The passage that has most of it, if any has a word of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best: Option<NearestPassage>,
}

/// The passage that is nearest to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NearestPassage {
    /// Id of the passage's memory.
    pub id: String,
    /// Id of the document.
    pub document_id: String,
    /// Title of the document.
    pub title: String,
    /// Share of the question that the passage has, 0 to 1.
    pub score: f64,
}

/// A question with the terms of its topic.
struct Question {
    gap: Gap,
    terms: Vec<String>,
}

impl Knowledge {
    /// Returns the questions of customers that no document covers, the most frequent first, then the
    /// newest. Compares the newest 500 questions with the documents that apply now, by words.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for an unusable limit, and the errors of the storage.
    pub async fn gaps(&self, query: GapQuery) -> Result<Vec<Gap>> {
        let limit = match query.limit {
            None => DEFAULT_LIMIT,
            Some(limit) if limit.fract() == 0.0 && (1.0..=f64::from(MAX_LIMIT)).contains(&limit) => {
                limit as u32
            }
            Some(_) => {
                return Err(Error::argument(
                    "limit",
                    format!("must be a whole number from 1 to {MAX_LIMIT}"),
                ));
            }
        };
        let asked = asked_questions(&self.memory, query.since.map(|Time(since)| since)).await?;
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let (coverage, passages) = self.compare(&asked).await?;
        let mut gaps: Vec<Gap> = asked
            .into_iter()
            .filter_map(|Question { gap, terms }| {
                let best = coverage.best(&terms);
                if best.is_some_and(|(_, score)| score >= COVERED) {
                    return None;
                }
                let best = best.and_then(|(passage, score)| {
                    Some(NearestPassage { score, ..passages.get(passage)?.clone() })
                });
                Some(Gap { best, ..gap })
            })
            .collect();
        // The questions are in order of time, the newest first.
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.times));
        gaps.truncate(limit as usize);
        Ok(gaps)
    }

    /// Compares questions with the passages of all documents that apply now.
    async fn compare(&self, asked: &[Question]) -> Result<(Coverage, Vec<NearestPassage>)> {
        let heads = self.memory.search(&part_query(PART_FIELD, HEAD_PART)).await?;
        let heads = heads.iter().filter(|head| is_current(head, now())).filter_map(Head::of);
        let ids: Vec<String> = heads.flat_map(|head| head.part_ids().collect::<Vec<_>>()).collect();
        let mut coverage = Coverage::new(asked.iter().flat_map(|question| &question.terms));
        let mut passages = Vec::new();
        for ids in ids.chunks(PASSAGES_AT_ONCE) {
            let mut read: Vec<Passage> =
                self.memory.get_all(ids).await?.iter().filter_map(Passage::of).collect();
            read.sort_unstable_by(|a, b| a.document_id.cmp(&b.document_id).then(a.place().cmp(&b.place())));
            passages.extend(read.iter().map(|passage| NearestPassage {
                id: passage.id.clone(),
                document_id: passage.document_id.clone(),
                title: passage.title.clone(),
                score: 0.0,
            }));
            let mut grown = take(&mut coverage);
            coverage = compute(move || {
                read.iter().for_each(|passage| grown.add(&passage.content));
                grown
            })
            .await?;
        }
        Ok((coverage, passages))
    }
}

/// Returns the newest questions of customers, each once, newest first. Questions without a topic, such
/// as "How are you?", do not count.
async fn asked_questions(memory: &MemoryManager, since: Option<DateTime<Utc>>) -> Result<Vec<Question>> {
    let mut found: Vec<Question> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let (mut count, mut offset) = (0, 0);
    while offset < MAX_MESSAGES && count < MAX_QUESTIONS {
        let query = MemoryQuery {
            kinds: vec![MemoryType::Conversation],
            role: Some(Role::User),
            start: since,
            offset,
            ..MemoryQuery::newest(MESSAGES_AT_ONCE)
        };
        let messages = memory.search(&query).await?;
        let is_last = messages.len() < MESSAGES_AT_ONCE as usize;
        let asked = compute(move || messages.iter().flat_map(questions_of).collect::<Vec<_>>()).await?;
        for question in asked.into_iter().take(MAX_QUESTIONS - count) {
            count += 1;
            let mut topic = question.terms.clone();
            topic.sort_unstable();
            let place = *places.entry(topic).or_insert(found.len());
            match found.get_mut(place) {
                Some(known) => known.gap.times += 1,
                None => found.push(question),
            }
        }
        if is_last {
            break;
        }
        offset += MESSAGES_AT_ONCE;
    }
    Ok(found)
}

/// Returns the questions of a message.
fn questions_of(message: &Memory) -> Vec<Question> {
    let with_topic = questions(&message.content).filter_map(|question| {
        let question: String = question.chars().take(MAX_QUESTION_CHARS).collect();
        let terms = topic_terms(&question);
        let gap = Gap {
            question,
            at: message.timestamp,
            conversation_id: message.conversation_id().map(str::to_owned),
            channel: message.channel.clone(),
            times: 1,
            best: None,
        };
        (!terms.is_empty()).then_some(Question { gap, terms })
    });
    with_topic.collect()
}
