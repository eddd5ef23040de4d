//! What somebody wrote: a mail's text without the mails it quotes and without its signature.

/// How lines that introduce a quotation end, in the languages of the usual programs.
const WROTE: [&str; 12] = [
    "wrote:",
    "schrieb:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "escreveu:",
    "ha scritto:",
    "schreef:",
    "skrev:",
    "napisał(a):",
    "kirjoitti:",
    "написал:",
];
/// How such lines begin, where the end may be on the next line.
const ON: [&str; 10] = ["On ", "Am ", "Le ", "El ", "Em ", "Il ", "Op ", "Den ", "Dnia ", "W dniu "];
/// Longest introduction, in lines.
const MAX_INTRODUCTION: usize = 4;

/// The text above the quoted mail, without the signature; the whole text where nothing would remain.
pub fn reply_text(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let quotations = Quotations::of(&lines);
    let end = (0..lines.len()).find(|at| ends_at(&lines, *at, &quotations)).unwrap_or(lines.len());
    let mut kept = &lines[..end];
    // Quotations in between are what the words around them answer; at the end they are only history.
    while let Some((last, rest)) = kept.split_last()
        && (is_rule(last) || last.starts_with('>') || is_mobile_signature(last))
    {
        kept = rest;
    }
    let kept = kept.join("\n").trim().to_owned();
    if kept.is_empty() { text.trim().to_owned() } else { kept }
}

/// Where quotations are, found once: a mail may be made of nothing but introductions to them.
struct Quotations {
    /// The first quoted line at or below each line.
    next: Vec<Option<usize>>,
    /// The last line in the sender's own words.
    last_words: Option<usize>,
}

impl Quotations {
    fn of(lines: &[&str]) -> Self {
        let mut next = vec![None; lines.len()];
        let mut below = None;
        for (at, line) in lines.iter().enumerate().rev() {
            below = if line.starts_with('>') { Some(at) } else { below };
            next[at] = below;
        }
        let own = |line: &&str| !line.is_empty() && !line.starts_with('>') && !is_mobile_signature(line);
        Self { next, last_words: lines.iter().rposition(own) }
    }

    /// Whether the sender goes on below the quotation that follows a line.
    fn is_answered_below(&self, at: usize) -> bool {
        self.next[at].is_some_and(|quoted| self.last_words.is_some_and(|words| words > quoted))
    }
}

/// Whether history or a signature begins at this line.
fn ends_at(lines: &[&str], at: usize, quotations: &Quotations) -> bool {
    let line = lines[at];
    // What trim_end() leaves of the mark `-- `.
    if line == "--" || is_separator(line) {
        return true;
    }
    if is_introduction(lines, at) {
        // Above an answer in between, the introduction is part of it.
        return !quotations.is_answered_below(at);
    }
    is_header_block(lines, at)
}

fn is_separator(line: &str) -> bool {
    let inner = line.trim().trim_matches('-').trim();
    let ruled = line.trim().starts_with("--");
    let words = [
        "Original Message",
        "Original message",
        "Ursprüngliche Nachricht",
        "Message d'origine",
        "Mensaje original",
    ];
    ruled && words.contains(&inner)
}

fn is_introduction(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let ends = |line: &str| {
        WROTE.iter().any(|end| line.ends_with(end)) || line.contains(" schrieb ") && line.ends_with(':')
    };
    if ends(line) && (line.contains('@') || line.contains(|c: char| c.is_ascii_digit())) {
        return true;
    }
    ON.iter().any(|start| line.starts_with(start))
        && line.contains(|c: char| c.is_ascii_digit())
        && lines[at..]
            .iter()
            .take(MAX_INTRODUCTION)
            .take_while(|line| !line.is_empty())
            .any(|line| ends(line.trim()))
}

/// The block that Outlook puts above a quoted mail, under a rule or not.
fn is_header_block(lines: &[&str], at: usize) -> bool {
    let starts = |line: &str, words: &[&str]| {
        let line = line.trim().trim_start_matches('*');
        words.iter().any(|word| line.starts_with(word))
    };
    starts(lines[at], &["From:", "Von:", "De :", "De:", "Da:", "Van:"])
        && lines[at + 1..].iter().take(2).any(|line| {
            starts(
                line,
                &[
                    "Sent:",
                    "Date:",
                    "Gesendet:",
                    "Datum:",
                    "Envoyé :",
                    "Enviado:",
                    "Enviado el:",
                    "Inviato:",
                    "Verzonden:",
                ],
            )
        })
}

/// Nothing, or the line that Outlook draws.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| c == '_' || c.is_whitespace())
}

fn is_mobile_signature(line: &str) -> bool {
    ["Sent from my ", "Von meinem ", "Envoyé de mon ", "Enviado desde mi ", "Get Outlook for "]
        .iter()
        .any(|start| line.trim().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_mails_and_signatures_are_left_out() {
        for text in [
            "Yes, 3 pm.\n\nOn Mon, 2 Mar 2026 at 10:00, Sarah <s@acme.example> wrote:\n> Shall we say 3 pm?\n> Sarah",
            "Yes, 3 pm.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Sarah Receptionist\r\n<s@acme.example> wrote:\r\n\r\n> x",
            "Yes, 3 pm.\n-- \nAnn\nExample Ltd",
            "Yes, 3 pm.\n\nSent from my iPhone\n\n> On 2 Mar 2026, Sarah wrote:\n> x",
            "Yes, 3 pm.\n\nAm 02.03.2026 um 10:00 schrieb Sarah <s@acme.example>:\n> x",
            "Yes, 3 pm.\n\n-----Original Message-----\nFrom: Sarah\nx",
            "Yes, 3 pm.\n\n________________________________\nFrom: Sarah <s@x.y>\nSent: Monday\nTo: Ann\nx",
            "Yes, 3 pm.\n\nLe lun. 2 mars 2026 à 10:00, Sarah <s@x.y> a écrit :\n> x",
        ] {
            assert_eq!(reply_text(text), "Yes, 3 pm.", "{text:?}");
        }
    }

    #[test]
    fn answers_in_between_keep_what_they_answer() {
        let text = "On 2 Mar 2026, Sarah wrote:\n> Monday?\nNo.\n> Tuesday?\nYes.\n> Bye";
        assert_eq!(reply_text(text), "On 2 Mar 2026, Sarah wrote:\n> Monday?\nNo.\n> Tuesday?\nYes.");
    }

    #[test]
    fn a_mail_of_nothing_but_introductions_is_read_once() {
        let text = format!("{}> x\ny", "1 wrote:\n".repeat(100_000));
        assert_eq!(reply_text(&text), text);
    }

    #[test]
    fn what_is_no_quotation_stays() {
        for text in [
            "I wrote:\nnothing",
            "On Monday 3 people come.\nFrom: the station\nwe walk.",
            "> only a quotation",
            "a -- b",
        ] {
            assert_eq!(reply_text(text), text);
        }
    }
}
