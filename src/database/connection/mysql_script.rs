//! A transaction of MySQL as one text: one round trip instead of one for each statement, one for
//! the begin and one for the commit.

use crate::database::sql::statement::{Param, Statement};
use crate::hex::to_hex;

/// Maximum size of the statements and their parameters, in bytes. Larger transactions are sent
/// statement by statement, because hexadecimal text doubles the parameters.
const MAX_BYTES: usize = 64 << 10;

/// Returns the transaction as one text, or `None` if it is too large or has parameters that no
/// literal can express.
pub(super) fn transaction_script(statements: &[Statement]) -> Option<String> {
    if statements.iter().map(Statement::size).sum::<usize>() > MAX_BYTES {
        return None;
    }
    let mut script = String::from("START TRANSACTION;");
    for statement in statements {
        let mut parts = statement.sql.split('?');
        // A question mark that is no placeholder would shift the parameters.
        if statement.sql.matches('?').count() != statement.params.len() {
            return None;
        }
        script.push_str(parts.next()?);
        for (param, part) in statement.params.iter().zip(parts) {
            script.push_str(&literal(param)?);
            script.push_str(part);
        }
        script.push(';');
    }
    script.push_str("COMMIT");
    Some(script)
}

/// Returns a parameter as a literal. Hexadecimal digits need no escapes under any SQL mode.
fn literal(param: &Param) -> Option<String> {
    match param {
        Param::Text(None) => Some("NULL".to_owned()),
        Param::Text(Some(text)) => Some(format!("_utf8mb4 X'{}'", to_hex(text.as_bytes()))),
        Param::Bytes(bytes) => Some(format!("X'{}'", to_hex(bytes))),
        Param::Texts(_) | Param::ByteArrays(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, params: Vec<Param>) -> Statement {
        Statement { params, ..Statement::plain(sql) }
    }

    #[test]
    fn writes_parameters_as_literals() {
        let text = |text: &str| Param::Text(Some(text.to_owned()));
        let statements = [
            statement("INSERT INTO a VALUES (?, ?, ?)", vec![text("a'\\"), Param::Text(None), text("")]),
            statement("INSERT INTO b VALUES (?)", vec![Param::Bytes(vec![0, 255])]),
        ];
        assert_eq!(
            transaction_script(&statements).unwrap(),
            "START TRANSACTION;INSERT INTO a VALUES (_utf8mb4 X'61275c', NULL, _utf8mb4 X'');\
             INSERT INTO b VALUES (X'00ff');COMMIT"
        );
    }

    #[test]
    fn leaves_other_transactions_alone() {
        let large = Param::Bytes(vec![0; MAX_BYTES]);
        assert_eq!(transaction_script(&[statement("INSERT INTO a VALUES (?)", vec![large])]), None);
        assert_eq!(transaction_script(&[statement("SELECT '?'", vec![])]), None);
        assert_eq!(transaction_script(&[statement("SELECT ?", vec![Param::Texts(vec![])])]), None);
    }
}
