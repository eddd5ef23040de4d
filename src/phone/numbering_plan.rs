//! Numbering plans: country codes, trunk and international prefixes, and the numbers of each
//! country. The data is libphonenumber's metadata.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use phonenumber::Metadata;
use phonenumber::metadata::{DATABASE, Descriptor};
use regex::{Regex, RegexBuilder};

use crate::phone::notation::Digits;

/// Digits of a number with its country code, ITU-T E.164.
pub(super) const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The international prefix that the ITU recommends (E.164). Tried where a country's own prefix
/// does not lead to a number.
const DEFAULT_INTERNATIONAL_PREFIX: &str = "00";
/// Minimum digits of a number other than a short code, without country code and trunk prefix.
const MIN_NATIONAL_DIGITS: usize = 7;
/// Maximum digits of a country code.
const MAX_CODE_DIGITS: usize = 3;
/// Former trunk prefixes that people still write: Mexico's until August 2019 (IFT), and the 1 of
/// its mobile numbers; Poland's (until 2010) and Czechia's (until 2002) 0; Ukraine's 8 before the 0
/// (until 2009).
const FORMER_TRUNK_PREFIXES: [(u16, &[&str]); 4] =
    [(52, &["044", "045", "01", "1"]), (48, &["0"]), (420, &["0"]), (380, &["80"])];
/// International prefixes missing from the metadata (ITU Operational Bulletin, "Dialling
/// procedures"): the `8~10` of the Soviet Union, which its successors replaced by 00, and Japan's
/// carriers, whose codes come before 010.
const EXTRA_INTERNATIONAL_PREFIXES: [(&[u16], &str); 2] = [
    (&[370, 371, 372, 373, 374, 380, 992, 993, 994, 995, 996, 998], "810"),
    (&[81], "00(?:1|33|41|44|46|61|63|66|80|88|9[0-9])010"),
];

/// A candidate number with a country code, and its quality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub e164: String,
    pub quality: Quality,
}

/// The quality of a match with a numbering plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quality {
    /// No match.
    Unknown,
    /// A match after removing a trunk prefix.
    Repaired,
    /// A match as written.
    Exact,
}

/// The numbering plan of a country.
pub(super) struct NumberingPlan {
    code: u16,
    /// Matches whole national numbers.
    numbers: Option<Regex>,
    /// Match landline and mobile numbers.
    subscribers: Vec<Regex>,
    /// Match numbers of services: toll-free, premium, shared cost, personal, VoIP.
    services: Vec<Regex>,
    /// Lengths of subscriber numbers, in digits.
    lengths: BTreeSet<usize>,
    international_prefix: Option<Regex>,
    /// The prefix from [`EXTRA_INTERNATIONAL_PREFIXES`], if any.
    extra_prefix: Option<Regex>,
    /// Matches the trunk prefix, with carrier codes, at the beginning.
    trunk: Option<Regex>,
    trunk_replacement: Option<String>,
    trunk_prefix: Option<String>,
}

impl NumberingPlan {
    /// Returns the plan of a country, ISO 3166-1 alpha-2.
    pub fn of_country(country: &str) -> Option<Arc<Self>> {
        static PLANS: LazyLock<Mutex<HashMap<String, Arc<NumberingPlan>>>> = LazyLock::new(Mutex::default);
        let id = country.trim().to_ascii_uppercase();
        let mut plans = PLANS.lock();
        if let Some(plan) = plans.get(&id) {
            return Some(Arc::clone(plan));
        }
        let plan = Arc::new(Self::new(DATABASE.by_id(&id)?));
        plans.insert(id, Arc::clone(&plan));
        Some(plan)
    }

    fn new(metadata: &Metadata) -> Self {
        let descriptors = metadata.descriptors();
        let subscribers = [descriptors.fixed_line(), descriptors.mobile()];
        let services = [
            descriptors.toll_free(),
            descriptors.premium_rate(),
            descriptors.shared_cost(),
            descriptors.personal_number(),
            descriptors.voip(),
        ];
        let lengths = subscribers.into_iter().flatten().flat_map(|kind| kind.possible_length()).copied();
        let at_start = |pattern: &str| {
            RegexBuilder::new(&format!("^(?:{pattern})")).ignore_whitespace(true).build().ok()
        };
        let whole = |pattern: &str| {
            RegexBuilder::new(&format!("^(?:{pattern})$")).ignore_whitespace(true).build().ok()
        };
        Self {
            code: metadata.country_code(),
            numbers: whole(descriptors.general().national_number().as_str()),
            subscribers: patterns(&subscribers, whole),
            services: patterns(&services, whole),
            lengths: lengths.map(usize::from).collect(),
            international_prefix: metadata
                .international_prefix()
                .and_then(|prefix| at_start(prefix.as_str())),
            extra_prefix: EXTRA_INTERNATIONAL_PREFIXES
                .iter()
                .find(|(codes, _)| codes.contains(&metadata.country_code()))
                .and_then(|(_, prefix)| at_start(prefix)),
            trunk: metadata.national_prefix_for_parsing().and_then(|prefix| at_start(prefix.as_str())),
            trunk_replacement: metadata.national_prefix_transform_rule().map(str::to_owned),
            trunk_prefix: metadata.national_prefix().map(str::to_owned),
        }
    }

    /// Returns the E.164 of a number as dialled in the country, if it exists in any country.
    pub fn number(&self, digits: &Digits) -> Option<String> {
        let abroad = self.foreign_candidates(digits);
        if let Some(found) = abroad.iter().find(|found| found.quality == Quality::Exact) {
            return Some(found.e164.clone());
        }
        let fits = |national: &String| {
            let has_trunk = national.len() < digits.text.len() || self.trunk_prefix.is_none();
            let is_long = national.len() >= MIN_NATIONAL_DIGITS;
            (is_long || has_trunk && self.is_subscriber(national)) && self.is_assignable(national)
        };
        if let Some(number) = self.own_subscriber(digits) {
            return Some(number);
        }
        let home = self.without_trunk(&digits.text).into_iter().chain([digits.text.clone()]).find(fits);
        if let Some(national) = home {
            let e164 = format!("+{}{national}", self.code);
            return E164_DIGITS.contains(&(e164.len() - 1)).then_some(e164);
        }
        let found = abroad.into_iter().find(|found| found.quality == Quality::Repaired);
        found.map(|found| found.e164).or_else(|| self.with_own_code(digits))
    }

    /// Returns the number after a `+` and an international prefix, because people write a `+`
    /// before what they dial.
    pub fn after_plus_and_prefix(&self, digits: &Digits) -> Option<String> {
        if !digits.text.starts_with('0') {
            return None;
        }
        best_candidate(self.foreign_candidates(digits))
    }

    /// Returns the digits after the country's international prefixes, and after `00`, as foreign
    /// numbers. Digits written apart from their prefix come first.
    fn foreign_candidates(&self, digits: &Digits) -> Vec<Candidate> {
        let own = [&self.international_prefix, &self.extra_prefix].into_iter().flatten();
        let own = own.filter_map(|prefix| prefix.find(&digits.text));
        let usual = digits
            .text
            .starts_with(DEFAULT_INTERNATIONAL_PREFIX)
            .then_some(DEFAULT_INTERNATIONAL_PREFIX.len());
        let mut ends: Vec<usize> = own.map(|own| own.end()).chain(usual).collect();
        ends.dedup();
        ends.sort_by_key(|end| !digits.gaps.contains(end));
        let rests = ends.into_iter().map(|end| digits.after(end));
        rests
            .filter_map(|rest| international(&rest))
            .filter(|found| found.quality > Quality::Unknown)
            .collect()
    }

    /// Returns a number that begins with the country's own code but without `+`. A zero may come
    /// first, as people in India write `091 98765 43210`.
    fn with_own_code(&self, digits: &Digits) -> Option<String> {
        let code = self.code.to_string();
        let zero = digits.text.starts_with('0').then(|| digits.after(1));
        let numbers = [Some(digits.clone()), zero].into_iter().flatten();
        let mut numbers = numbers
            .filter(|digits| digits.text.starts_with(&code))
            .filter_map(|digits| international(&digits));
        numbers.find(|number| number.quality > Quality::Unknown).map(|number| number.e164)
    }

    /// Returns `true` if the country has that national number, or may assign it. A number as long
    /// as a subscriber's may be new. Other numbers must belong to a service, because a local number
    /// without its area is shorter.
    fn is_assignable(&self, national: &str) -> bool {
        let is_new = self.lengths.contains(&national.len())
            && self.numbers.as_ref().is_some_and(|numbers| numbers.is_match(national));
        is_new || self.services.iter().any(|numbers| numbers.is_match(national))
    }

    /// Returns a subscriber's number with the country's own code, in a country where a trunk prefix
    /// would come first at home: `4915112345678` in Germany.
    fn own_subscriber(&self, digits: &Digits) -> Option<String> {
        let trunk = self.trunk_prefix.as_deref().filter(|trunk| !digits.text.starts_with(trunk))?;
        let national = digits.text.strip_prefix(&self.code.to_string())?;
        let is_subscriber =
            trunk != self.code.to_string() && self.is_subscriber(national) && self.is_assignable(national);
        is_subscriber.then(|| format!("+{}", digits.text))
    }

    /// Returns `true` for a landline or mobile number.
    fn is_subscriber(&self, national: &str) -> bool {
        self.subscribers.iter().any(|numbers| numbers.is_match(national))
    }

    /// Returns the national number without its trunk prefix, in all variants.
    fn without_trunk(&self, national: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(captures) = self.trunk.as_ref().and_then(|trunk| trunk.captures(national)) {
            let end = captures.get(0).map_or(0, |all| all.end());
            let is_group_set = captures.len() > 1 && captures.iter().skip(1).flatten().next().is_some();
            if let (Some(rule), true) = (&self.trunk_replacement, is_group_set) {
                let mut replaced = String::new();
                captures.expand(rule, &mut replaced);
                found.push(format!("{replaced}{}", &national[end..]));
            }
            found.push(national[end..].to_owned());
        }
        let former = FORMER_TRUNK_PREFIXES.iter().find(|(code, _)| *code == self.code);
        let former = former.map(|(_, prefixes)| *prefixes).unwrap_or_default();
        let prefixes = self.trunk_prefix.iter().map(String::as_str).chain(former.iter().copied());
        found.extend(prefixes.filter_map(|prefix| national.strip_prefix(prefix)).map(str::to_owned));
        found
    }
}

fn patterns(kinds: &[Option<&Descriptor>], compile: impl Fn(&str) -> Option<Regex>) -> Vec<Regex> {
    kinds.iter().flatten().filter_map(|kind| compile(kind.national_number().as_str())).collect()
}

/// Returns the number after `00`, which most countries dial, if a country has it.
pub(super) fn after_default_prefix(digits: &Digits) -> Option<String> {
    let rest = digits
        .text
        .starts_with(DEFAULT_INTERNATIONAL_PREFIX)
        .then(|| digits.after(DEFAULT_INTERNATIONAL_PREFIX.len()))?;
    best_candidate(international(&rest).into_iter().collect())
}

/// Parses digits that begin with a country code. Drops a trunk prefix after it: `(0)` in countries
/// that use it, and others if the number exists only without. Numbers that match no plan are kept,
/// because plans grow.
pub(super) fn international(digits: &Digits) -> Option<Candidate> {
    let text = &digits.text;
    if text.starts_with('0') {
        return None;
    }
    let unknown = || {
        E164_DIGITS
            .contains(&text.len())
            .then(|| Candidate { e164: format!("+{text}"), quality: Quality::Unknown })
    };
    let Some((code, plans)) = plans_of(text) else { return unknown() };
    let length = code.to_string().len();
    let national = text.get(length..)?;
    let exists = |national: &str| plans.iter().any(|plan| plan.is_assignable(national));
    let candidate = |national: &str, quality| {
        let e164 = format!("+{code}{national}");
        E164_DIGITS.contains(&(e164.len() - 1)).then_some(Candidate { e164, quality })
    };
    if let Some(prefix) = digits.in_brackets_at(length) {
        let without = national.get(prefix.len()..).unwrap_or_default();
        let is_trunk = plans.iter().any(|plan| plan.trunk_prefix.as_deref() == Some(prefix));
        let is_zero = prefix == "0";
        let is_subscriber = |national: &str| plans.iter().any(|plan| plan.is_subscriber(national));
        if is_trunk && (exists(without) || !exists(national))
            || is_zero && exists(without) && !exists(national)
            || is_zero && is_subscriber(without) && !is_subscriber(national)
        {
            return candidate(without, if exists(without) { Quality::Exact } else { Quality::Unknown });
        }
    }
    if exists(national) {
        return candidate(national, Quality::Exact);
    }
    let zero = national.strip_prefix('0').map(str::to_owned);
    let repaired = plans.iter().flat_map(|plan| plan.without_trunk(national)).chain(zero);
    match repaired.into_iter().find(|national| exists(national)) {
        Some(national) => candidate(&national, Quality::Repaired),
        None => unknown(),
    }
}

/// Returns the country code that digits begin with, and the plans of its countries.
fn plans_of(digits: &str) -> Option<(u16, Vec<Arc<NumberingPlan>>)> {
    // Country codes are prefix-free.
    (1..=MAX_CODE_DIGITS).find_map(|length| {
        let code: u16 = digits.get(..length)?.parse().ok()?;
        let regions = DATABASE.region(&code)?;
        let plans: Vec<_> = regions
            .into_iter()
            .filter_map(NumberingPlan::of_country)
            .filter(|plan| plan.code == code)
            .collect();
        (!plans.is_empty()).then_some((code, plans))
    })
}

fn best_candidate(candidates: Vec<Candidate>) -> Option<String> {
    let mut candidates = candidates;
    // Sorting is stable: among equals the country's own prefix wins.
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.quality));
    candidates.into_iter().find(|found| found.quality > Quality::Unknown).map(|found| found.e164)
}
