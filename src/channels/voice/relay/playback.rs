//! The queue of speech, and the part of it that was heard.

use std::collections::VecDeque;

use super::reply::{Reply, ReplyKind};
use super::speech_text::append_words;

/// Maximum number of replies in the queue. The oldest count as heard beyond it.
const MAX_REPLIES: usize = 64;

/// The replies of a session: those that are not heard yet, and the text of those that were.
#[derive(Debug, Default)]
pub struct Playback {
    /// The replies that are not heard to their end, in the order of speech.
    queue: VecDeque<Reply>,
    /// The text of replies that have left the queue, while it may still change.
    spoken: Vec<Spoken>,
    /// The number of replies begun.
    begun: u32,
    last_played: String,
}

/// The text of a greeting, answer or phrase that has left the queue.
#[derive(Debug)]
struct Spoken {
    kind: ReplyKind,
    text: SpokenText,
    /// The text to say again after an interruption, if a part was cut.
    rest: Option<Rest>,
    /// `true` if a part was cut.
    was_cut: bool,
}

/// The rest of a text that was cut, from the start of the cut sentence.
#[derive(Debug)]
struct Rest {
    text: String,
    /// Length of its part that was heard, in bytes.
    heard: usize,
}

/// A text, divided into what was heard and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpokenText {
    /// The text that was heard.
    pub heard: String,
    /// The text that was not heard.
    pub unheard: String,
}

impl Playback {
    /// Returns `true` if nothing is queued.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Returns the number of replies begun.
    pub fn begun(&self) -> u32 {
        self.begun
    }

    /// Returns the number of characters that are queued and not heard.
    pub fn unheard_chars(&self) -> usize {
        self.queue.iter().map(|reply| reply.unheard().chars().count()).sum()
    }

    /// Returns the kind of the reply that is spoken now.
    pub fn current(&self) -> Option<ReplyKind> {
        self.queue.front().map(|reply| reply.kind)
    }

    /// Adds text to the reply of this kind that was begun last, or begins one.
    pub fn push(&mut self, kind: ReplyKind, text: &str, is_last: bool) {
        if !self.queue.back().is_some_and(|reply| reply.kind == kind && !reply.is_complete) {
            self.begun += 1;
            self.queue.push_back(Reply::new(kind, self.begun));
        }
        if let Some(reply) = self.queue.back_mut() {
            reply.push(text);
            reply.is_complete = is_last;
        }
        if self.queue.len() > MAX_REPLIES
            && let Some(mut oldest) = self.queue.pop_front()
        {
            oldest.hear_all();
            self.leave(oldest);
        }
    }

    /// Marks the reply that was begun last as complete.
    pub fn complete(&mut self) {
        if let Some(reply) = self.queue.back_mut() {
            reply.is_complete = true;
        }
    }

    /// Counts a text as heard that the provider has played. Returns the kinds that are now heard to
    /// their end after they were cut.
    pub fn on_played(&mut self, text: &str) -> Vec<ReplyKind> {
        text.clone_into(&mut self.last_played);
        self.hear(text)
    }

    /// Counts everything complete as heard. Returns the kinds that are now heard to their end after
    /// they were cut.
    pub fn hear_all(&mut self) -> Vec<ReplyKind> {
        self.queue.iter_mut().filter(|reply| reply.is_complete).for_each(Reply::hear_all);
        self.remove_heard()
    }

    /// Drops the queued replies that an interruption has cut: those begun up to the number `begun`.
    /// `clause` is the part of the current clause that was heard. Returns the kinds that were cut.
    pub fn on_interrupted(&mut self, clause: &str, begun: u32) -> Vec<ReplyKind> {
        // The report of the cut clause comes before, and must not count twice.
        if !is_same_text(clause, &self.last_played) {
            self.hear(clause);
        }
        let (cut, kept) = self.queue.drain(..).partition::<VecDeque<_>, _>(|reply| reply.number <= begun);
        self.queue = kept;
        let mut kinds = Vec::new();
        for reply in cut {
            if !kinds.contains(&reply.kind) {
                kinds.push(reply.kind);
            }
            let rest =
                Rest { text: reply.rest_with_cut_sentence().to_owned(), heard: reply.cut_sentence().len() };
            let spoken = self.leave(reply);
            spoken.was_cut = true;
            match &mut spoken.rest {
                Some(first) => append_words(&mut first.text, &rest.text),
                none => *none = Some(rest).filter(|rest| !rest.text.is_empty()),
            }
        }
        kinds
    }

    /// Drops everything that is queued. Returns the kinds of it.
    pub fn on_closed(&mut self) -> Vec<ReplyKind> {
        self.on_interrupted("", u32::MAX)
    }

    /// Returns the kinds of the parts of a turn's answer that are known, in order.
    pub fn parts_of(&self, turn: u32) -> Vec<ReplyKind> {
        let kinds = self.spoken.iter().map(|spoken| spoken.kind);
        let kinds = kinds.chain(self.queue.iter().map(|reply| reply.kind));
        let mut parts: Vec<ReplyKind> = kinds.filter(|kind| kind.turn() == Some(turn)).collect();
        parts.sort_by_key(|kind| if let ReplyKind::Answer { part, .. } = kind { *part } else { 0 });
        parts.dedup();
        parts
    }

    /// Returns the text of a kind, as far as it is known.
    pub fn text(&self, kind: ReplyKind) -> SpokenText {
        let spoken = self.spoken.iter().find(|spoken| spoken.kind == kind);
        let mut text = spoken.map(|spoken| spoken.text.clone()).unwrap_or_default();
        for reply in self.queue.iter().filter(|reply| reply.kind == kind) {
            text.add(reply);
        }
        text
    }

    /// Removes and returns what was cut of a kind, to be said again from the start of the sentence.
    pub fn take_rest(&mut self, kind: ReplyKind) -> Option<String> {
        let spoken = self.spoken.iter_mut().find(|spoken| spoken.kind == kind)?;
        let Rest { text, heard } = spoken.rest.take()?;
        spoken.text.unheard.clear();
        let kept = spoken.text.heard.len().saturating_sub(heard);
        spoken.text.heard.truncate(kept);
        spoken.text.heard.truncate(spoken.text.heard.trim_end().len());
        Some(text)
    }

    /// Forgets the text of all kinds that are not queued, except of `kept` and of the running turn.
    pub fn forget(&mut self, kept: Option<ReplyKind>, running: Option<u32>) {
        let queue = &self.queue;
        self.spoken.retain(|spoken| {
            kept == Some(spoken.kind)
                || running.is_some() && spoken.kind.turn() == running
                || queue.iter().any(|reply| reply.kind == spoken.kind)
        });
    }

    /// Counts a text as heard, in the first reply that has it.
    fn hear(&mut self, text: &str) -> Vec<ReplyKind> {
        let found = self.queue.iter().enumerate().find_map(|(at, reply)| Some((at, reply.end_of(text)?)));
        let Some((at, end)) = found else { return Vec::new() };
        // Speech is in order. A filler may have been cut without a word.
        let before = self.queue.iter_mut().take(at).filter(|reply| reply.is_complete);
        before.for_each(Reply::hear_all);
        if let Some(reply) = self.queue.get_mut(at) {
            reply.hear_to(end);
        }
        self.remove_heard()
    }

    fn remove_heard(&mut self) -> Vec<ReplyKind> {
        let mut healed = Vec::new();
        while self.queue.front().is_some_and(Reply::is_heard) {
            let Some(reply) = self.queue.pop_front() else { break };
            let kind = reply.kind;
            self.leave(reply);
            let was_cut = self.spoken.iter().any(|spoken| spoken.kind == kind && spoken.was_cut);
            if was_cut && !self.queue.iter().any(|reply| reply.kind == kind) {
                healed.push(kind);
            }
        }
        healed
    }

    /// Keeps the text of a reply that leaves the queue.
    fn leave(&mut self, reply: Reply) -> &mut Spoken {
        let at = self.spoken.iter().position(|spoken| spoken.kind == reply.kind).unwrap_or_else(|| {
            let text = SpokenText::default();
            self.spoken.push(Spoken { kind: reply.kind, text, rest: None, was_cut: false });
            self.spoken.len() - 1
        });
        let spoken = &mut self.spoken[at];
        spoken.text.add(&reply);
        spoken
    }
}

impl SpokenText {
    fn add(&mut self, reply: &Reply) {
        append_words(&mut self.heard, reply.heard());
        append_words(&mut self.unheard, reply.unheard());
    }
}

fn is_same_text(one: &str, other: &str) -> bool {
    let characters = |text: &str| text.chars().filter(|one| !one.is_whitespace()).collect::<String>();
    characters(one) == characters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: ReplyKind = ReplyKind::Answer { turn: 1, part: 0 };

    fn text(playback: &Playback, kind: ReplyKind) -> (String, String) {
        let SpokenText { heard, unheard } = playback.text(kind);
        (heard, unheard)
    }

    #[test]
    fn an_interruption_keeps_what_was_heard_before_the_clause_too() {
        let mut playback = Playback::default();
        playback.push(ANSWER, "Sentence 1 of two. ", false);
        playback.push(ANSWER, "Sentence 2 of two.", true);
        playback.on_played("Sentence 1 of two.");
        playback.on_played(" Sentence 2 of");
        assert_eq!(playback.on_interrupted("Sentence 2 of", u32::MAX), [ANSWER]);
        assert_eq!(text(&playback, ANSWER), ("Sentence 1 of two. Sentence 2 of".into(), "two.".into()));
        assert!(playback.is_empty());
    }

    #[test]
    fn a_cut_clause_counts_once_even_if_the_phrase_repeats() {
        let mut playback = Playback::default();
        playback.push(ANSWER, "No problem. No problem. No problem.", true);
        playback.on_played("No problem.");
        playback.on_interrupted("No problem.", u32::MAX);
        assert_eq!(text(&playback, ANSWER), ("No problem.".into(), "No problem. No problem.".into()));
    }

    #[test]
    fn what_was_begun_after_a_key_survives_its_interruption() {
        let mut playback = Playback::default();
        playback.push(ReplyKind::Greeting, "Welcome to Smile Dental. How can I help?", true);
        let begun = playback.begun();
        playback.push(ANSWER, "You pressed one.", true);
        assert_eq!(playback.on_interrupted("Welcome to", begun), [ReplyKind::Greeting]);
        assert_eq!(playback.current(), Some(ANSWER));
        assert_eq!(text(&playback, ReplyKind::Greeting).0, "Welcome to");
    }

    #[test]
    fn a_rest_that_is_said_again_completes_the_text() {
        let mut playback = Playback::default();
        playback.push(ANSWER, "One. Two. Three.", true);
        playback.on_played("One.");
        playback.on_interrupted("Tw", u32::MAX);
        assert_eq!(text(&playback, ANSWER), ("One. Tw".into(), "o. Three.".into()));
        let rest = playback.take_rest(ANSWER).unwrap();
        assert_eq!((rest.as_str(), playback.take_rest(ANSWER)), ("Two. Three.", None));
        playback.push(ANSWER, &rest, true);
        assert_eq!(playback.on_played("Two."), []);
        assert_eq!(playback.on_played("Three."), [ANSWER]);
        assert_eq!(text(&playback, ANSWER), ("One. Two. Three.".into(), String::new()));
        playback.forget(None, None);
        assert_eq!(text(&playback, ANSWER), Default::default());
    }
}
