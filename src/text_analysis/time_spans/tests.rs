use super::*;

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
