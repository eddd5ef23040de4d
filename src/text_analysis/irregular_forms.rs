//! Irregular English forms.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Base forms of irregular verbs, each with its other forms.
#[rustfmt::skip]
const VERBS: [(&str, &[&str]); 78] = [
    ("break", &["broke", "broken"]), ("bring", &["brought"]), ("build", &["built"]),
    ("buy", &["bought"]), ("catch", &["caught"]), ("choose", &["chose", "chosen"]),
    ("come", &["came"]), ("deal", &["dealt"]), ("draw", &["drew", "drawn"]),
    ("drink", &["drank", "drunk"]), ("drive", &["drove", "driven"]), ("eat", &["ate", "eaten"]),
    ("fall", &["fell", "fallen"]), ("feel", &["felt"]), ("fight", &["fought"]),
    ("find", &["found"]), ("fly", &["flew", "flown"]), ("forget", &["forgot", "forgotten"]),
    ("forgive", &["forgave", "forgiven"]), ("freeze", &["froze", "frozen"]),
    ("get", &["got", "gotten"]), ("give", &["gave", "given"]), ("go", &["goes", "went", "gone"]),
    ("grow", &["grew", "grown"]), ("hang", &["hung"]), ("hear", &["heard"]),
    ("hide", &["hid", "hidden"]), ("hold", &["held"]), ("keep", &["kept"]),
    ("know", &["knew", "known"]), ("lay", &["laid"]), ("lead", &["led"]), ("leave", &["left"]),
    ("lend", &["lent"]), ("lie", &["lay", "lain"]), ("light", &["lit"]), ("lose", &["lost"]),
    ("make", &["made"]), ("mean", &["meant"]), ("meet", &["met"]), ("pay", &["paid"]),
    ("ride", &["rode", "ridden"]), ("ring", &["rang", "rung"]), ("rise", &["rose", "risen"]),
    ("run", &["ran"]), ("say", &["said"]), ("see", &["saw", "seen"]), ("seek", &["sought"]),
    ("sell", &["sold"]), ("send", &["sent"]), ("shake", &["shook", "shaken"]), ("shoot", &["shot"]),
    ("show", &["shown"]), ("sing", &["sang", "sung"]), ("sink", &["sank", "sunk"]),
    ("sit", &["sat"]), ("sleep", &["slept"]), ("speak", &["spoke", "spoken"]),
    ("spend", &["spent"]), ("stand", &["stood"]), ("steal", &["stole", "stolen"]),
    ("stick", &["stuck"]), ("strike", &["struck"]), ("swear", &["swore", "sworn"]),
    ("sweep", &["swept"]), ("swim", &["swam", "swum"]), ("swing", &["swung"]),
    ("take", &["took", "taken"]), ("teach", &["taught"]), ("tear", &["tore", "torn"]),
    ("tell", &["told"]), ("think", &["thought"]), ("throw", &["threw", "thrown"]),
    ("understand", &["understood"]), ("wake", &["woke", "woken"]), ("wear", &["wore", "worn"]),
    ("win", &["won"]), ("write", &["wrote", "written"]),
];

/// Singulars of irregular nouns, each with its plural.
#[rustfmt::skip]
const NOUNS: [(&str, &[&str]); 13] = [
    ("child", &["children"]), ("foot", &["feet"]), ("goose", &["geese"]), ("knife", &["knives"]),
    ("leaf", &["leaves"]), ("life", &["lives"]), ("man", &["men"]), ("mouse", &["mice"]),
    ("person", &["people"]), ("shelf", &["shelves"]), ("tooth", &["teeth"]), ("wife", &["wives"]),
    ("woman", &["women"]),
];

/// Adjectives that are compared irregularly, each with its other forms.
#[rustfmt::skip]
const ADJECTIVES: [(&str, &[&str]); 3] = [
    ("bad", &["worse", "worst"]), ("far", &["further", "furthest"]), ("good", &["better", "best"]),
];

/// Returns the base form of an irregular form, and any other word as it is.
pub(super) fn base_form(word: &str) -> &str {
    static BASES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        let groups = VERBS.iter().chain(&NOUNS).chain(&ADJECTIVES);
        groups.flat_map(|(base, forms)| forms.iter().map(move |form| (*form, *base))).collect()
    });
    BASES.get(word).copied().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_one_base() {
        let mut bases: FxHashMap<&str, &str> = FxHashMap::default();
        for (base, forms) in VERBS.iter().chain(&NOUNS).chain(&ADJECTIVES) {
            for form in *forms {
                assert_eq!(bases.insert(form, base), None, "{form}");
                assert_eq!(base_form(form), *base);
            }
        }
        assert_eq!(base_form("xylophone"), "xylophone");
    }
}
