use super::*;

/// Answers, their text without reasoning, and their sources.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("DeepSeek R1 in Ollama", "<think>She is angry.</think>\nI am sorry.", "I am sorry."),
    ("Qwen 3 with thinking off", "<think>\n\n</think>\n\nHello.", "Hello."),
    ("Qwen 3 in LM Studio", "\n<think>\nLet me see.\n</think>\n\nAt nine.", "At nine."),
    ("Reflection 70B", "<thinking>a</thinking>\n<reflection>b</reflection>\nYes.", "Yes."),
    ("EXAONE Deep", "<thought>\nHm.\n</thought>\n\nYes.", "Yes."),
    (
        "OpenThinker",
        "<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>Yes.<|end_of_solution|>",
        "Yes.",
    ),
    (
        "Command A Reasoning",
        "<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
        "Yes.",
    ),
    ("Magistral", "[THINK]Hm [1].[/THINK]Yes [1].", "Yes [1]."),
    ("Kimi VL", "◁think▷Hm.◁/think▷Yes.", "Yes."),
    ("Seed OSS", "<seed:think>a</seed:think>Yes.", "Yes."),
    ("MiniMax M3", "<mm:think>a</mm:think>Yes.", "Yes."),
    ("Gemma 4", "<|channel>thought\nHm.<channel|>Yes.", "Yes."),
    ("a prompt of one's own", "<reasoning>a < b</reasoning>Yes.", "Yes."),
    ("R1's answer tags", "<think>a</think><answer>Yes.</answer>", "Yes."),
    ("whatever the case", "<Think>a</THINK>Yes.", "Yes."),
    ("several in a row", "<think>a</think>\n<think>b</think>\nYes.", "Yes."),
    ("MiniMax M2, between sentences", "One moment.\n<think>a</think>\nDone.", "One moment.\n\nDone."),
    ("within a sentence", "It is <think>seven?</think>seven.", "It is seven."),
    ("vLLM #13125: the template begins", "Let me see.\n</think>\n\nAt nine.", "At nine."),
    ("Perplexity R1 1776: the template begins", "She asks.</think>At nine.", "At nine."),
    ("QwQ, ended twice", "a</think>b</think>c", "c"),
    ("cut off at the limit", "<think>Let me see, the customer", ""),
    ("cut off after words", "One moment.\n<think>Let me", "One moment.\n"),
    ("ended with another mark", "<thinking>\na</think>\nYes.", "Yes."),
    ("ended with another mark, cut off", "<think>a</thinking>", ""),
    ("with spaces", "<think >a</think >Yes.", "Yes."),
    ("with spaces all over", "< think >a</ think >Yes.", "Yes."),
    ("with attributes", "<think type=\"deep\" n='1'>a</think>Yes.", "Yes."),
    ("a word of another kind", "<think about it>Yes.", "<think about it>Yes."),
    ("longer words", "<thinker>Yes.</thinker>", "<thinker>Yes.</thinker>"),
    ("a comparison", "It is < th", "It is < th"),
    ("Claude's prompts", "<analysis>a</analysis>Yes.", "Yes."),
    (
        "Open WebUI",
        "<details type=\"reasoning\" done=\"true\">\n<summary>Thought</summary>\na</details>\nYes.",
        "Yes.",
    ),
    (
        "details of another kind",
        "<details><summary>Hours</summary>9-5</details>",
        "<details><summary>Hours</summary>9-5</details>",
    ),
    ("with bars", "<|thinking|>a<|/thinking|>Yes.", "Yes."),
    ("nested", "<think>a <think>b</think> c</think>Yes.", "Yes."),
    ("mentioned in thoughts", "<think>They wrote <think> in the chat.</think>Yes.", "Yes."),
    ("llama.cpp #27661: quoted in thoughts", "<think>The tag `</think>` ends it.</think>Yes.", "Yes."),
    (
        "gpt-oss in mlx-lm",
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
        "Yes.",
    ),
    (
        "gpt-oss, only the end lost",
        "<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>Yes.",
        "Yes.",
    ),
    ("gpt-oss, no end at all", "<|channel|>analysis<|message|>Hm.<|channel|>final<|message|>Yes.", "Yes."),
    (
        "gpt-oss, words before a tool",
        "<|channel|>commentary<|message|>One moment.<|end|><|start|>assistant<|channel|>commentary to=functions.look <|constrain|>json<|message|>{\"a\":1}<|call|>",
        "One moment.",
    ),
    (
        "gpt-oss, empty thoughts",
        "<|channel|>analysis<|message|><|start|>assistant<|channel|>final<|message|>Yes.",
        "Yes.",
    ),
    ("gpt-oss, cut off in thoughts", "<|channel|>analysis<|message|>Hm, the customer", ""),
    ("gpt-oss, marks stripped", "analysisWe should answer.assistantfinalYes.", "Yes."),
    ("a word", "analysis of your bill: 5", "analysis of your bill: 5"),
    ("a word, in capitals after it", "analysisReport is ready.", "analysisReport is ready."),
    (
        "code in a fence",
        "Write:\n```\n<think>\na\n</think>\n```\nDone.",
        "Write:\n```\n<think>\na\n</think>\n```\nDone.",
    ),
    ("code in a fence of tildes", "~~~xml\n<think>a</think>\n~~~", "~~~xml\n<think>a</think>\n~~~"),
    ("code in a line", "Use `<think>` and `</think>`.", "Use `<think>` and `</think>`."),
    ("code in a line, two backticks", "Use ``<think>`a`</think>``.", "Use ``<think>`a`</think>``."),
    ("code by its indent", "Write:\n\n    <think>a</think>\n", "Write:\n\n    <think>a</think>\n"),
    ("quoted", "Write \"<think>\" first, \"</think>\" then.", "Write \"<think>\" first, \"</think>\" then."),
    ("a word in brackets", "Say <thinker> or [THINKING].", "Say <thinker> or [THINKING]."),
    ("signs", "1 < 2 and <b>so</b> [on] ◁", "1 < 2 and <b>so</b> [on] ◁"),
    ("a mark without an end, in a sentence", "Models write <think> first.", "Models write <think> first."),
    ("the end of a mark", "a <", "a <"),
    ("code after thoughts", "<think>a</think>Use `<think>`.", "Use `<think>`."),
    ("spaces", "  Hello\n", "  Hello\n"),
    ("nothing", "", ""),
];

#[test]
fn removes_reasoning() {
    for (source, answer, said) in ANSWERS {
        assert_eq!(strip_reasoning(answer).0, *said, "{source}");
    }
}

/// Streams an answer in pieces and returns the text that was sent.
fn streamed(pieces: &[String], buffering: Buffering) -> (String, ReasoningFilter) {
    let mut filter = ReasoningFilter::new(buffering);
    let mut text: String = pieces.iter().map(|piece| filter.push(piece)).collect();
    text.push_str(&filter.finish());
    (text, filter)
}

#[test]
fn removes_reasoning_from_pieces() {
    for (source, answer, said) in ANSWERS {
        let letters: Vec<String> = answer.chars().map(String::from).collect();
        for size in 1..=letters.len().max(1) {
            let pieces: Vec<String> = letters.chunks(size).map(<[String]>::concat).collect();
            let (text, filter) = streamed(&pieces, Buffering::UntilComplete);
            assert_eq!(text, *said, "{source}: {size}");
            if !filter.closes_unopened_reasoning() {
                assert_eq!(streamed(&pieces, Buffering::Off).0, *said, "{source}: {size}");
                assert_eq!(streamed(&pieces, Buffering::UntilReasoningEnds).0, *said, "{source}: {size}");
            }
        }
    }
}

#[test]
fn buffers_text_until_reasoning_from_the_prompt_ends() {
    let mut filter = ReasoningFilter::new(Buffering::UntilReasoningEnds);
    assert_eq!(filter.push("She is "), "");
    assert_eq!(filter.push("angry.</thi"), "");
    assert_eq!(filter.push("nk>\n\nI am "), "I am ");
    assert_eq!(filter.push("sorry."), "sorry.");
    assert_eq!((filter.finish().as_str(), filter.closes_unopened_reasoning()), ("", true));

    let mut filter = ReasoningFilter::new(Buffering::UntilReasoningEnds);
    assert_eq!(filter.push("<think>Hm.</think>Hello, "), "Hello, ");

    let mut filter = ReasoningFilter::new(Buffering::UntilReasoningEnds);
    assert_eq!(filter.push("Hello, "), "");
    filter.stop_buffering();
    assert_eq!(filter.push("Ann."), "Hello, Ann.");

    // The text was already sent, but the marker is still removed.
    let mut filter = ReasoningFilter::new(Buffering::Off);
    assert_eq!(filter.push("Hm.</think>Yes."), "Hm.Yes.");
    assert!(filter.closes_unopened_reasoning());
}

#[test]
fn sends_text_as_soon_as_it_is_not_reasoning() {
    let mut filter = ReasoningFilter::new(Buffering::Off);
    assert_eq!(filter.push("Hello <"), "Hello ");
    assert_eq!(filter.push("thi"), "");
    assert_eq!(filter.push("rd> "), "<third> ");
    assert_eq!(filter.push("`"), "");
    assert_eq!(filter.push("x`."), "`x`.");
}
