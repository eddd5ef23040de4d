use super::*;

#[test]
fn breaks_lines_where_they_are_displayed() {
    for (html, text) in [
        ("<p>Hello <b>you</b></p><style>x{}</style>", "Hello you"),
        ("<div>a</div><div><br></div><div>b&nbsp;&lt;c&gt; &#128077;</div>", "a\n\nb <c> 👍"),
        ("<ul><li>one<li>two</ul>x < y", "- one\n- two\nx < y"),
        ("a<br>&gt; 500", "a\n > 500"),
        ("<table><tr><td>Guests</td><td>12</td></tr></table>", "Guests 12"),
        ("a<blockquote type=\"cite\">b<br>c<blockquote>d</blockquote></blockquote>e", "a\n> b\n> c\n>> d\ne"),
        ("<blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px\">mine</blockquote>", "mine"),
        ("<div style=\"display:none\">preheader</div>seen<!-- not > this --><br/>", "seen"),
        ("<pre>a\n  b</pre><img alt=\"🎉\"><img alt=\"Logo of Acme\">", "a\n  b\n🎉"),
        ("<a title=\"a > b\" href='x'>link</a><title>no</title>", "link"),
        ("<script>if (a</b) x</script>y<p", "y"),
    ] {
        assert_eq!(to_text(html).text.trim(), text, "{html}");
    }
}

#[test]
fn marks_where_history_begins() {
    let outlook = to_text("Ja.<div id=\"x_appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">От: …</div>");
    assert_eq!(outlook.history, Some(1));
    let gmail = to_text(
        "Ja.<div class=\"gmail_quote\"><div class=\"gmail_attr\">x</div><blockquote>y</blockquote></div>",
    );
    assert_eq!((gmail.history, gmail.introductions.as_slice()), (None, &[1][..]));
}

#[test]
fn converts_hostile_html_in_linear_time() {
    for html in [
        "<div>".repeat(200_000),
        "<a b=\"".repeat(100_000),
        "<p".repeat(300_000),
        "&".repeat(500_000),
        "<script></".repeat(100_000),
        "<!--".repeat(100_000),
        "</p>".repeat(200_000),
    ] {
        let _ = to_text(&html);
    }
}
