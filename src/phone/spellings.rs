//! Numbers with several spellings that reach the same line. WhatsApp keeps spellings that the
//! networks have abolished: the 1 of Mexican mobile numbers and Brazil's eight digits. Argentina's
//! mobile numbers have a 9 when dialled from abroad.

const MEXICO: &str = "+52";
const MEXICO_MOBILE: &str = "+521";
const ARGENTINA: &str = "+54";
const ARGENTINA_MOBILE: &str = "+549";
const BRAZIL: &str = "+55";
/// Digits of a number without country code in Mexico and Argentina.
const NATIONAL_DIGITS: usize = 10;

/// Returns the spelling of an E.164 number that the phone network dials. Argentina's is unchanged,
/// because the 9 depends on the line.
pub(super) fn dialled_spelling(e164: &str) -> String {
    if let Some(national) = national(e164, MEXICO_MOBILE) {
        return format!("{MEXICO}{national}");
    }
    match brazilian(e164) {
        Some((area, number)) => format!("{BRAZIL}{area}9{number}"),
        None => e164.to_owned(),
    }
}

/// Returns the canonical spelling of an E.164 number. Returns other texts unchanged.
pub fn phone_identity(e164: &str) -> String {
    match national(e164, ARGENTINA_MOBILE) {
        Some(national) => format!("{ARGENTINA}{national}"),
        None => dialled_spelling(e164),
    }
}

/// Returns `true` if two E.164 numbers reach the same line.
pub fn is_same_phone(one: &str, other: &str) -> bool {
    one == other || phone_identity(one) == phone_identity(other)
}

/// Returns all spellings of an E.164 number, the given one first. Older rows may have any of them.
pub fn phone_spellings(e164: &str) -> Vec<String> {
    let identity = phone_identity(e164);
    let mut spellings = vec![e164.to_owned(), identity.clone()];
    for (plain, mobile) in [(MEXICO, MEXICO_MOBILE), (ARGENTINA, ARGENTINA_MOBILE)] {
        spellings.extend(national(&identity, plain).map(|national| format!("{mobile}{national}")));
    }
    if let Some((area, number)) = brazilian(&identity) {
        spellings.push(format!("{BRAZIL}{area}{number}"));
    }
    let mut seen = Vec::with_capacity(spellings.len());
    spellings.retain(|spelling| {
        let is_new = !seen.contains(spelling);
        seen.push(spelling.clone());
        is_new
    });
    spellings
}

/// Returns the ten digits after a prefix.
fn national<'a>(e164: &'a str, prefix: &str) -> Option<&'a str> {
    let digits = e164.strip_prefix(prefix)?;
    (digits.len() == NATIONAL_DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Returns the area and the eight digits of a Brazilian mobile number, with or without its ninth
/// digit. Numbers of eight digits that begin with 2 to 5 are landlines (Anatel, Resolução
/// 553/2010).
fn brazilian(e164: &str) -> Option<(&str, &str)> {
    let digits = e164.strip_prefix(BRAZIL).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let (area, number) = digits.split_at_checked(2)?;
    let number = match number.len() {
        9 => number.strip_prefix('9')?,
        8 => number,
        _ => return None,
    };
    let is_mobile = number.starts_with(['6', '7', '8', '9']) && !area.contains('0');
    is_mobile.then_some((area, number))
}
