//! Names of months in English, German, Spanish and French.

/// Returns the number of a month by its name in lower case.
pub(super) fn month_of(name: &str) -> Option<i8> {
    let month = match name {
        "january" | "jan" | "januar" | "enero" | "janvier" => 1,
        "february" | "feb" | "februar" | "febrero" | "février" => 2,
        "march" | "mar" | "märz" | "marzo" | "mars" => 3,
        "april" | "apr" | "abril" | "avril" => 4,
        "may" | "mai" | "mayo" => 5,
        "june" | "jun" | "juni" | "junio" | "juin" => 6,
        "july" | "jul" | "juli" | "julio" | "juillet" => 7,
        "august" | "aug" | "agosto" | "août" => 8,
        "september" | "sep" | "septiembre" | "septembre" => 9,
        "october" | "oct" | "oktober" | "octubre" | "octobre" => 10,
        "november" | "nov" | "noviembre" | "novembre" => 11,
        "december" | "dec" | "dezember" | "diciembre" | "décembre" => 12,
        _ => return None,
    };
    Some(month)
}

/// Returns `true` for a name that is also a word. Such a word is a month only if it is capitalised.
pub(super) fn is_also_a_word(name: &str) -> bool {
    matches!(name, "may" | "mar" | "mars")
}
