//! Keywords in content: patterns that mean the same under any collation.

use std::collections::HashSet;

use crate::case_folding;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::StatementBuilder;

/// Maximum number of characters of one keyword that MySQL folds with REPLACE. Deeper nesting
/// overflows MariaDB's stack.
const MYSQL_REPLACEMENTS: usize = 200;

impl Dialect {
    /// Adds the condition that `content` has the keyword as `keyword` defines it, under any
    /// collation.
    pub(crate) fn content_has(self, builder: &mut StatementBuilder, word: &str) {
        let (operator, pattern) = match self {
            Self::Postgres => ("content ~", regular_expression(word)),
            Self::MySql => return content_has_mysql(builder, word),
            Self::Sqlite => ("content GLOB", glob(word)),
        };
        let pattern = builder.bind(pattern);
        builder.push(&format!("{operator} {pattern}"));
    }
}

/// Folds the keyword's characters in the content, one by one, and searches for the bytes. A regular
/// expression is not an option: on content of some hundred kilobytes MySQL aborts it
/// (`regexp_time_limit`), and with it the whole query.
fn content_has_mysql(builder: &mut StatementBuilder, word: &str) {
    let folded = case_folding::fold_text(word);
    let mut replacements = Vec::new();
    let mut seen = HashSet::new();
    for c in folded.chars().filter(|c| seen.insert(*c)) {
        replacements.extend(case_folding::variants(c).into_iter().skip(1).map(|variant| (variant, c)));
    }
    if replacements.len() > MYSQL_REPLACEMENTS {
        let pattern = builder.bind(regular_expression(word));
        builder.push(&format!("CONVERT(content USING utf8mb4) COLLATE utf8mb4_bin REGEXP {pattern}"));
        return;
    }
    builder.push("INSTR(").push(&"REPLACE(".repeat(replacements.len()));
    builder.push("CAST(CONVERT(content USING utf8mb4) AS BINARY)");
    for (variant, c) in replacements {
        let (variant, c) = (builder.bind(variant.to_string()), builder.bind(c.to_string()));
        builder.push(&format!(", {variant}, {c})"));
    }
    let folded = builder.bind(folded);
    builder.push(&format!(", {folded}) > 0"));
}

/// Returns a regular expression that finds the keyword. Character classes make it independent of
/// the collation.
fn regular_expression(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() * 4);
    for c in word.chars() {
        let variants = case_folding::variants(c);
        if variants.len() > 1 {
            pattern.push('[');
            pattern.extend(variants);
            pattern.push(']');
        } else {
            if c.is_ascii_punctuation() {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    pattern
}

/// Returns a SQLite GLOB pattern that finds the keyword.
fn glob(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() * 4 + 2);
    pattern.push('*');
    for c in word.chars() {
        let variants = case_folding::variants(c);
        if variants.len() > 1 || matches!(c, '*' | '?' | '[') {
            pattern.push('[');
            pattern.extend(variants);
            pattern.push(']');
        } else {
            pattern.push(c);
        }
    }
    pattern.push('*');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::sql::statement::Param;

    #[test]
    fn patterns_escape_wildcards() {
        assert_eq!(glob("50%*[x]"), "*50%[*][[][xX]]*");
        assert_eq!(regular_expression("a.b%_"), "[aA]\\.[bB]\\%\\_");
    }

    #[test]
    fn mysql_folds_each_character_of_a_keyword_once() {
        let mut builder = StatementBuilder::new(Dialect::MySql, "");
        Dialect::MySql.content_has(&mut builder, "Aa%");
        let statement = builder.finish();
        let content = "CAST(CONVERT(content USING utf8mb4) AS BINARY)";
        assert_eq!(statement.sql, format!("INSTR(REPLACE({content}, ?, ?), ?) > 0"));
        assert_eq!(statement.params, ["A", "a", "aa%"].map(|text| Param::Text(Some(text.into()))));
    }
}
