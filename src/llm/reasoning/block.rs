//! Processing of reasoning, and of the headers of harmony messages.

use super::ReasoningFilter;
use super::markers::{HARMONY_CHANNEL, HARMONY_MARKERS, Match, is_quote};
use super::state::State;

impl ReasoningFilter {
    /// Reads the header of a harmony message, which names its channel.
    pub(super) fn read_header(&mut self) {
        let State::Header(head) = &mut self.state else { return };
        head.push_str(&std::mem::take(&mut self.rest));
        let Some(at) = head.find("<|message|>") else { return };
        let after = head[at + "<|message|>".len()..].to_owned();
        let channel = head[..at].rsplit("<|channel|>").next().unwrap_or_default().trim().to_owned();
        // Text before a tool call is for the customer too; text for a tool is not.
        let is_said = !channel.contains("to=")
            && (channel.is_empty()
                || ["final", "commentary", "assistant", "<"].iter().any(|said| channel.starts_with(said)));
        self.state = State::Text;
        self.rest = after;
        if !is_said {
            let after = std::mem::take(&mut self.rest);
            self.begin_block(&HARMONY_CHANNEL, String::new(), after, true);
        }
    }

    /// Reads reasoning until it ends.
    pub(super) fn read_block(&mut self, ended: bool) {
        let State::Reasoning(block) = &mut self.state else { return };
        let tag = block.tag;
        let mut at = 0;
        while let Some(next) = self.rest[at..].find(tag.starts).map(|next| at + next) {
            let width = self.rest[next..].chars().next().map_or(1, char::len_utf8);
            let here = &self.rest[next..];
            let (length, closes) = match (tag.closes(here), tag.opens(here)) {
                (Match::Complete((), length), _) => (length, true),
                (_, Match::Complete((), length)) => (length, false),
                (Match::Partial, _) | (_, Match::Partial) if !ended => {
                    block.text.push_str(&self.rest[..next]);
                    self.rest.drain(..next);
                    return;
                }
                _ => {
                    at = next + width;
                    continue;
                }
            };
            let before = self.rest[..next].chars().next_back().or_else(|| block.text.chars().next_back());
            let follows = self.rest[next + length..].chars().next();
            if follows.is_none() && !ended && before.is_some_and(is_quote) {
                block.text.push_str(&self.rest[..next]);
                self.rest.drain(..next);
                return;
            }
            // Reasoning may quote its own markers.
            if before.is_some_and(is_quote) && before == follows {
                at = next + length;
                continue;
            }
            // The header of the next message is processed separately.
            let next_head = closes && HARMONY_MARKERS.iter().any(|head| self.rest[next..].starts_with(head));
            let taken = if next_head { next } else { next + length };
            block.text.push_str(&self.rest[..taken]);
            self.rest.drain(..taken);
            at = 0;
            if !closes {
                block.depth += 1;
                continue;
            }
            block.depth -= 1;
            block.after = Some(block.text.len());
            if block.depth == 0 {
                self.found = true;
                self.state = State::Text;
                self.code.begin_line();
                // A model that writes the opening marker does not have it in the prompt.
                self.stop_buffering();
                return;
            }
        }
        block.text.push_str(&self.rest);
        self.rest.clear();
    }
}
