//! How much of a conversation fits into a model's context, in tokens of o200k_base.

mod vocabulary;

use std::sync::LazyLock;

use vocabulary::Vocabulary;

/// More bytes per token than this is taken for "too long" without tokenizing.
const BYTES_PER_TOKEN: usize = 16;
/// Text is tokenized in pieces, because the time for one unbroken run of letters grows faster than its length.
const PIECE_BYTES: usize = 4096;

static VOCABULARY: LazyLock<Option<Vocabulary>> = LazyLock::new(Vocabulary::unpack);

/// Tokens of a text; for texts beyond 4 KiB up to one more per 4 KiB than the model counts.
pub fn count(text: &str) -> usize {
    let Some(vocabulary) = VOCABULARY.as_ref() else { return text.len() };
    let (mut tokens, mut rest) = (0, text);
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        tokens += vocabulary.count(piece);
        rest = tail;
    }
    tokens
}

/// A number of tokens that texts are taken out of.
///
/// A byte-level vocabulary never yields more tokens than bytes: as long as the bytes fit, nothing is
/// tokenized.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    /// Tokens counted exactly.
    spent: usize,
    /// Texts accepted because their bytes fit.
    uncounted: Vec<String>,
    uncounted_bytes: usize,
}

impl Budget {
    /// A budget of so many tokens.
    pub fn new(limit: usize) -> Self {
        Self { limit, spent: 0, uncounted: Vec::new(), uncounted_bytes: 0 }
    }

    /// Takes a text whether it fits or not.
    pub fn charge(&mut self, text: String) {
        if text.len() > self.limit.saturating_mul(BYTES_PER_TOKEN) {
            self.spent = self.spent.saturating_add(self.limit);
        } else {
            self.uncounted_bytes = self.uncounted_bytes.saturating_add(text.len());
            self.uncounted.push(text);
        }
    }

    /// Takes a text if it fits into what is left.
    pub fn take(&mut self, text: String) -> bool {
        if self.spent + self.uncounted_bytes + text.len() <= self.limit {
            self.charge(text);
            return true;
        }
        if text.len() > self.limit.saturating_mul(BYTES_PER_TOKEN) {
            return false;
        }
        self.spent += self.uncounted.drain(..).map(|text| count(&text)).sum::<usize>();
        self.uncounted_bytes = 0;
        if self.spent >= self.limit {
            return false;
        }
        let tokens = count(&text);
        let fits = self.spent + tokens <= self.limit;
        if fits {
            self.spent += tokens;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_tiktoken_counts() {
        // Recorded with OpenAI's own `tiktoken` 0.14.0.
        let recorded: Vec<(String, usize)> =
            serde_json::from_str(include_str!("tokens/counted_by_tiktoken.json")).unwrap();
        for (text, tokens) in recorded {
            assert_eq!(count(&text), tokens, "{text:?}");
        }
    }

    #[test]
    fn no_text_has_more_tokens_than_bytes() {
        assert!(count(&"é".repeat(5_000)) <= 10_000);
    }

    #[test]
    fn bytes_that_fit_are_not_tokenized() {
        let mut budget = Budget::new(100);
        assert!(budget.take("a".repeat(100)));
        assert_eq!((budget.spent, budget.uncounted.len()), (0, 1));
    }

    #[test]
    fn beyond_bytes_tokens_decide() {
        let mut budget = Budget::new(20);
        // 10 tokens of 50 bytes each time.
        assert!(budget.take("alpha".repeat(2)));
        assert!(budget.take("hello ".repeat(8)));
        assert!(!budget.take("hello ".repeat(20)));
        assert!(budget.take("hi".to_owned()));
    }

    #[test]
    fn a_monstrous_text_is_refused_quickly() {
        let started = std::time::Instant::now();
        let mut budget = Budget::new(16_000);
        assert!(!budget.take("a".repeat(50_000_000)));
        assert!(!budget.take("b".repeat(255_000)));
        assert!(started.elapsed().as_secs() < 20);
    }
}
