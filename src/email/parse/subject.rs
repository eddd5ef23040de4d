//! Detection of replies and forwards by the prefix of the subject.

/// The kind of e-mail that a subject's prefix announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubjectKind {
    /// Neither a reply nor a forward.
    New,
    /// A reply: `Re:`, `AW:`, `SV:`.
    Answer,
    /// A forward: `Fwd:`, `WG:`, `TR:`.
    Forward,
    /// `VS:`, which is a forward in Danish and Norwegian and a reply in Finnish and Estonian.
    ForwardOrAnswer,
}

/// Prefixes of replies, in lower case. Sources: Wikipedia's "List of email subject abbreviations",
/// and prefixes observed in real programs.
const ANSWERS: &str = "
re | aw | antw | antwort | antwoord | sv | svar | svara | odp | odpověď | odpoveď | r | rif | res | resp
rép | ref | réf | vá | válasz | ynt | cvp | bls | atb | tl | trả lời | απ | σχετ | ats | vast | vastaus | на
отв | ответ | отг | відп | відповідь | адк | од | رد | پاسخ | תגובה | השב | 答复 | 回复 | 回覆 | 回復 | 返信 | 回答 | 答覆
답장 | 회신 | ตอบ | ตอบกลับ | jaw | balas | hồi âm | erantz | respon | rsp";
/// Prefixes of forwards, in lower case, from the same sources.
const FORWARDS: &str = "
fwd | fw | forward | forwarded | wg | wtr | tr | trans | transf | rv | renv | reenv | rnv | i | inoltro
inoltra | enc | encam | reenc | doorst | doorgestuurd | dv | vb | vidarebefordrat | videresend | videresendt
vl | pd | przek | přep | prep | posr | tov | továbbítás | továbbítva | továbbított | redir | redir.
redirecționat | fs | framsent | áfr | edasi | edst | pārs | pers | persiųsta | i̇lt | ilt | ılt | yön | yönl
trs | trsk | dt | ct | chuyển tiếp | yml | ymlaen | πρθ | προωθ | пересл | переслано | пересланное
перенапр | пр | препр | прос | إعادة توجيه | إعادة | تحويل | هدایت | הועבר | העברה | 转发 | 轉寄 | 轉發 | 转寄 | 転送
전달 | ส่งต่อ | birb | birbidali | majuk | teruskan | дасл | перад";
/// Maximum length of a prefix, in characters.
const MAX_PREFIX_CHARS: usize = 16;

/// Returns the kind of an e-mail, by the first prefix of its subject.
pub(crate) fn kind(subject: &str) -> SubjectKind {
    match prefix(untagged(subject)).map(|(prefix, _)| prefix) {
        Some(prefix) if prefix == "vs" => SubjectKind::ForwardOrAnswer,
        Some(prefix) if is_among(FORWARDS, &prefix) => SubjectKind::Forward,
        Some(prefix) if is_among(ANSWERS, &prefix) => SubjectKind::Answer,
        _ => SubjectKind::New,
    }
}

/// Returns a subject without reply and forward prefixes, in lower case: the part that the e-mails
/// of a thread share.
pub(crate) fn bare_subject(subject: &str) -> String {
    let mut bare = subject.trim();
    while let Some((prefix, rest)) = prefix(bare) {
        let known = prefix == "vs" || is_among(FORWARDS, &prefix) || is_among(ANSWERS, &prefix);
        if !known {
            break;
        }
        bare = rest;
    }
    bare.to_lowercase()
}

fn is_among(list: &str, prefix: &str) -> bool {
    list.split(['|', '\n']).any(|known| known.trim() == prefix) && !prefix.is_empty()
}

/// Returns a subject without the tag that a mailing list or ticket system added: `[office] Fwd: …`.
fn untagged(subject: &str) -> &str {
    let subject = subject.trim_start();
    let tag = subject.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    tag.filter(|(tag, _)| tag.chars().count() <= 40).map_or(subject, |(_, rest)| rest.trim_start())
}

/// Returns the first prefix, in lower case and without a count (`Re[2]`, `Re^2`, `Fwd(3)`), and the
/// text after it.
fn prefix(subject: &str) -> Option<(String, &str)> {
    let subject =
        subject.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}'));
    let (start, rest) = subject.split_once([':', '：', '﹕'])?;
    if start.chars().count() > MAX_PREFIX_CHARS {
        return None;
    }
    let start = start.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | ' ' | '*')
    });
    Some((start.to_lowercase(), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_replies_and_forwards() {
        use SubjectKind::{Answer, Forward, New};
        for (subject, expected) in [
            ("Re: Table", Answer),
            ("RE[2]: Table", Answer),
            ("AW: WG: Tisch", Answer),
            ("Antw: Tafel", Answer),
            ("回复：桌子", Answer),
            ("Fwd: Re: Table", Forward),
            ("FW: x", Forward),
            ("[office] Fwd: x", Forward),
            ("WG: x", Forward),
            ("TR : Contrat", Forward),
            ("RV: x", Forward),
            ("I: x", Forward),
            ("ENC: x", Forward),
            ("Doorst: x", Forward),
            ("VB: x", Forward),
            ("VL: x", Forward),
            ("PD: x", Forward),
            ("İLT: x", Forward),
            ("YML: x", Forward),
            ("ΠΡΘ: x", Forward),
            ("Пересл: x", Forward),
            ("转发: x", Forward),
            ("轉寄：x", Forward),
            ("הועבר: x", Forward),
            ("Table", New),
            ("Meeting: Table", New),
            ("Is it free? Re: yes", New),
        ] {
            assert_eq!(kind(subject), expected, "{subject}");
        }
        assert_eq!(kind("VS: Bord"), SubjectKind::ForwardOrAnswer);
        assert_eq!(
            (bare_subject("Re: AW: Table "), bare_subject("Note: x")),
            ("table".into(), "note: x".into())
        );
    }
}
