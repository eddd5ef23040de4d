//! The markers that models put around reasoning.

/// A pair of markers around reasoning.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) open: &'static str,
    /// Alternative closing markers.
    close: &'static [&'static str],
    /// `true` if blocks of this kind may be nested.
    nests: bool,
    /// `true` if a closing marker without an opening one ends reasoning that began in the prompt.
    closes_unopened: bool,
    /// First characters of the markers.
    pub(super) starts: &'static [char],
}

/// A marker outside reasoning.
#[derive(Debug, Clone, Copy)]
pub(super) enum Marker {
    /// The beginning of reasoning.
    Open(&'static Tag),
    /// The end of reasoning that began in the prompt.
    Close,
    /// The beginning of a harmony header.
    Header,
    /// The beginning or end of the answer.
    Answer,
}

/// The result of matching a marker at the beginning of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Match<Found> {
    /// A complete marker and its length in bytes.
    Complete(Found, usize),
    /// A marker that the end of the text cuts off.
    Partial,
    None,
}

/// First characters of markers.
pub(super) const FIRST_CHARS: &[char] = &['<', '[', '◁'];

const fn tag(open: &'static str, close: &'static [&'static str]) -> Tag {
    Tag { open, close, nests: true, closes_unopened: true, starts: FIRST_CHARS }
}

/// Markers, by the models that use them.
static TAGS: &[Tag] = &[
    // DeepSeek R1, Qwen 3, GLM, MiniMax, Nemotron, Phi 4 and most others.
    tag("<think>", &["</think>"]),
    // Reflection 70B, Claude prompts, Granite.
    tag("<thinking>", &["</thinking>"]),
    // EXAONE Deep, Gemini prompts.
    tag("<thought>", &["</thought>"]),
    tag("<thoughts>", &["</thoughts>"]),
    tag("<reasoning>", &["</reasoning>"]),
    tag("<reason>", &["</reason>"]),
    tag("<reflection>", &["</reflection>"]),
    tag("<scratchpad>", &["</scratchpad>"]),
    tag("<inner_monologue>", &["</inner_monologue>"]),
    tag("<antthinking>", &["</antthinking>"]),
    tag("<ant_thinking>", &["</ant_thinking>"]),
    // Prompts that define their own reasoning tags.
    tag("<analysis>", &["</analysis>"]),
    tag("<thinking_process>", &["</thinking_process>"]),
    tag("<thought_process>", &["</thought_process>"]),
    tag("<chain_of_thought>", &["</chain_of_thought>"]),
    tag("<cot>", &["</cot>"]),
    tag("<rationale>", &["</rationale>"]),
    tag("<self_reflection>", &["</self_reflection>"]),
    tag("<inner_thoughts>", &["</inner_thoughts>"]),
    tag("<internal_monologue>", &["</internal_monologue>"]),
    tag("<|thinking|>", &["<|/thinking|>"]),
    tag("<|think|>", &["<|/think|>"]),
    // Seed OSS, MiniMax M3, LongCat.
    tag("<seed:think>", &["</seed:think>"]),
    tag("<mm:think>", &["</mm:think>"]),
    tag("<longcat_think>", &["</longcat_think>"]),
    // Open WebUI. Other HTML `details` elements have the same closing tag.
    Tag { closes_unopened: false, ..tag("<details type=\"reasoning\">", &["</details>"]) },
    // Magistral.
    tag("[think]", &["[/think]"]),
    // Kimi VL.
    tag("◁think▷", &["◁/think▷"]),
    // OpenThinker, Sky T1.
    tag("<|begin_of_thought|>", &["<|end_of_thought|>"]),
    // Cohere's Command A Reasoning.
    tag("<|start_thinking|>", &["<|end_thinking|>"]),
    // Gemma 4.
    tag("<|channel>thought", &["<channel|>"]),
    // MedGemma.
    tag("<unused94>", &["<unused95>"]),
];

/// A gpt-oss message that is not for the customer.
pub(super) static HARMONY_CHANNEL: Tag = Tag {
    open: "<|channel|>",
    close: &["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"],
    nests: false,
    closes_unopened: false,
    starts: FIRST_CHARS,
};

/// The same, from servers that remove the markers but keep the words between them.
pub(super) static UNMARKED_HARMONY: Tag = Tag {
    open: "analysis",
    close: &["assistantfinal"],
    nests: false,
    closes_unopened: false,
    starts: &['a', 'A'],
};

/// Opening markers of a harmony message.
pub(super) const HARMONY_MARKERS: &[&str] = &["<|channel|>", "<|start|>"];
/// Markers that some models put around the answer after reasoning.
const ANSWER_MARKERS: &[&str] = &[
    "<|begin_of_solution|>",
    "<|end_of_solution|>",
    "<|start_response|>",
    "<|end_response|>",
    "<|end|>",
    "<|return|>",
    "<|call|>",
    "<answer>",
    "</answer>",
];

/// Matches any marker at the beginning of a text.
pub(super) fn match_marker(text: &str) -> Match<Marker> {
    let opens = TAGS.iter().map(|tag| (tag.open, Marker::Open(tag)));
    let ending = TAGS.iter().filter(|tag| tag.closes_unopened);
    let closes = ending.flat_map(|tag| tag.close).map(|close| (*close, Marker::Close));
    let heads = HARMONY_MARKERS.iter().map(|head| (*head, Marker::Header));
    let around = ANSWER_MARKERS.iter().map(|around| (*around, Marker::Answer));
    let mut begun = false;
    for (written, mark) in opens.chain(closes).chain(heads).chain(around) {
        match match_at_start(text, written) {
            Match::Complete((), length) => return Match::Complete(mark, length),
            Match::Partial => begun = true,
            Match::None => {}
        }
    }
    if begun { Match::Partial } else { Match::None }
}

/// Returns the end of reasoning that was opened by a different marker: the position after the last
/// closing marker.
pub(super) fn last_closing_marker(thoughts: &str) -> Option<usize> {
    let mut ends =
        thoughts.match_indices(FIRST_CHARS).filter_map(|(at, _)| match match_marker(&thoughts[at..]) {
            Match::Complete(Marker::Close, length) => Some(at + length),
            _ => None,
        });
    ends.next_back()
}

impl Tag {
    /// Matches a closing marker at the beginning of a text.
    pub(super) fn closes(&self, text: &str) -> Match<()> {
        self.close.iter().fold(Match::None, |found, close| match (found, match_at_start(text, close)) {
            (whole @ Match::Complete(..), _) | (_, whole @ Match::Complete(..)) => whole,
            (Match::Partial, _) | (_, Match::Partial) => Match::Partial,
            _ => Match::None,
        })
    }

    /// Matches a nested opening marker at the beginning of a text.
    pub(super) fn opens(&self, text: &str) -> Match<()> {
        if self.nests { match_at_start(text, self.open) } else { Match::None }
    }
}

/// Matches a marker at the beginning of a text, ignoring case.
fn match_at_start(text: &str, mark: &str) -> Match<()> {
    if mark.starts_with('<') && !mark.contains('|') {
        return match_element(text, mark);
    }
    let (text, length) = (text.as_bytes(), mark.len());
    if text.len() >= length {
        let same = text[..length].eq_ignore_ascii_case(mark.as_bytes());
        return if same { Match::Complete((), length) } else { Match::None };
    }
    if mark.as_bytes()[..text.len()].eq_ignore_ascii_case(text) { Match::Partial } else { Match::None }
}

/// Matches a marker like `<think>` or `</think>`, which models also write with spaces and
/// attributes.
fn match_element(text: &str, mark: &str) -> Match<()> {
    let unless_over = |rest: &str| if rest.is_empty() { Match::Partial } else { Match::None };
    let Some(rest) = text.strip_prefix('<') else { return unless_over(text) };
    let mut rest = rest.trim_start_matches(' ');
    let mut name = mark.trim_matches(['<', '>']);
    if let Some(closed) = name.strip_prefix('/') {
        let Some(after) = rest.strip_prefix('/') else { return unless_over(rest) };
        (rest, name) = (after.trim_start_matches(' '), closed);
    }
    let known = rest.len().min(name.len());
    if !rest.as_bytes()[..known].eq_ignore_ascii_case(&name.as_bytes()[..known]) {
        return Match::None;
    }
    if known < name.len() {
        return Match::Partial;
    }
    match match_attributes(&rest[known..]) {
        Match::Complete((), length) => Match::Complete((), text.len() - rest.len() + known + length),
        other => other,
    }
}

/// Maximum length of an element's attributes, in bytes.
const MAX_ATTRIBUTES: usize = 64;

/// Matches the rest of an element at the beginning of a text: spaces, attributes with values, `>`.
fn match_attributes(text: &str) -> Match<()> {
    let given = text.trim_start();
    let spaces = text.len() - given.len();
    if given.starts_with('>') {
        return Match::Complete((), spaces + 1);
    }
    if spaces > MAX_ATTRIBUTES || (spaces == 0 && !given.is_empty()) {
        return Match::None;
    }
    let end = given.find(['<', '>', '\n']);
    let given = &given[..end.unwrap_or(given.len())];
    let has_value = match given.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') {
        Some(at) => at > 0 && given[at..].starts_with('='),
        None => end.is_none(),
    };
    match end {
        _ if !has_value || given.len() > MAX_ATTRIBUTES => Match::None,
        None => Match::Partial,
        Some(end) if text[spaces + end..].starts_with('>') => Match::Complete((), spaces + end + 1),
        Some(_) => Match::None,
    }
}

/// Returns `true` for a quotation mark or backtick.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '`' | '"' | '\'')
}
