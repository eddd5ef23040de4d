use super::span::DAY_MS;
use super::*;

/// Questions on 16 September 2026, the years of the memories, and the first days and lengths of the
/// spans.
type Row = (&'static str, &'static [i16], &'static [(&'static str, i64)]);
#[rustfmt::skip]
const SPANS: [Row; 28] = [
    ("What did she say?", &[], &[]),
    ("on 2026-03-04, not 2026-13-01", &[], &[("2026-03-04", 1)]),
    ("x2026-03-04 2026-03-04x 2026-03-044", &[], &[]),
    ("2026-03-04T10:00 2026-03-04-05", &[], &[("2026-03-04", 1)]),
    ("٢٠٢٦-٠٣-٠٤", &[], &[("2026-03-04", 1)]),
    ("in May", &[], &[("2026-05-01", 31)]),
    ("may I come in march?", &[], &[("2026-03-01", 31)]),
    ("in November", &[], &[("2025-11-01", 30)]),
    ("In May 2024 or June, 2025", &[], &[("2024-05-01", 31), ("2025-06-01", 30)]),
    ("March 3rd, 2025", &[], &[("2025-03-03", 1)]),
    ("3. März", &[], &[("2026-03-03", 1)]),
    ("el 3 de marzo de 2026", &[], &[("2026-03-03", 1)]),
    ("le 14 juillet 1999", &[], &[("1999-07-14", 1)]),
    ("Feb 30 2026", &[], &[]),
    ("29 Feb 2024", &[], &[("2024-02-29", 1)]),
    ("February 2024", &[], &[("2024-02-01", 29)]),
    ("Dec 32", &[], &[("2025-12-01", 31)]),
    ("May 1800", &[], &[("2026-05-01", 31)]),
    ("in May", &[2024, 2025], &[("2024-05-01", 31), ("2025-05-01", 31)]),
    ("29 Feb", &[2023, 2024], &[("2024-02-29", 1)]),
    ("on May 3 2023", &[2024, 2025], &[("2023-05-03", 1)]),
    ("Mar. 5", &[], &[("2026-03-05", 1)]),
    ("mars et Mars", &[], &[("2026-03-01", 31)]),
    ("was es gestern oder hier, ayer?", &[], &[("2026-09-15", 1), ("2026-09-15", 1), ("2026-09-15", 1)]),
    ("Yesterday, LAST  week or this-week", &[], &[("2026-09-15", 1), ("2026-09-07", 7), ("2026-09-14", 7)]),
    ("hierher, thishier, hier_", &[], &[]),
    ("août AOÛT", &[], &[("2026-08-01", 31), ("2026-08-01", 31)]),
    ("August 7 and the 9th of Sept", &[], &[("2026-08-07", 1)]),
];

#[test]
fn questions_name_times() {
    for (question, years, expected) in SPANS {
        let expected: Vec<_> = expected.iter().map(|(day, count)| ((*day).to_owned(), *count)).collect();
        assert_eq!(spans(question, years), expected, "{question}");
    }
}

fn now(text: &str) -> ZonedDateTime {
    text.parse().unwrap()
}

/// Returns the spans as their first day and number of days, in UTC.
fn spans(question: &str, years: &[i16]) -> Vec<(String, i64)> {
    let spans = time_spans(question, &now("2026-09-16T10:00[UTC]"), years);
    let first = |span: &TimeSpan| {
        jiff::Timestamp::from_millisecond(span.from).unwrap().to_string().replace("T00:00:00Z", "")
    };
    spans.iter().map(|span| (first(span), (span.to - span.from) / DAY_MS)).collect()
}

#[test]
fn days_begin_at_local_midnights() {
    let spans = |text: &str, now_text: &str| time_spans(text, &now(now_text), &[]);
    let berlin = spans("in March 2026", "2026-09-16T10:00[Europe/Berlin]");
    // Clocks are put forward in this month.
    assert_eq!(berlin, [TimeSpan { from: 1_772_319_600_000, to: 1_774_994_400_000 }]);
    // It is the 17th in Tokyo already.
    let tokyo = spans("yesterday", "2026-09-17T01:00[Asia/Tokyo]");
    assert_eq!(tokyo, [TimeSpan { from: 1_789_484_400_000, to: 1_789_570_800_000 }]);
    // This midnight was skipped in Beirut.
    let beirut = spans("2026-03-28 or 2026-03-27", "2026-09-16T10:00[Asia/Beirut]");
    assert_eq!((beirut[0].to - beirut[0].from) / 3_600_000, 24);
    assert_eq!(beirut[1].to, beirut[0].from);
}

#[test]
fn times_match_during_and_around() {
    let asked = [TimeSpan { from: 100 * DAY_MS, to: 101 * DAY_MS }];
    for (day, matches) in [(96, 0.0), (97, 0.5), (99, 0.5), (100, 1.0), (107, 1.0), (108, 0.5), (130, 0.5)] {
        assert_eq!(time_match(day * DAY_MS, &asked), matches, "{day}");
    }
    assert_eq!(time_match(131 * DAY_MS, &asked), 0.0);
    assert_eq!(time_match(0, &[]), 0.0);
    assert_eq!(time_match(i64::MAX, &[TimeSpan { from: i64::MIN, to: i64::MAX }]), 0.0);
}
