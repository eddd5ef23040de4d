//! Consent to messages: the last STOP or START of each customer, kept forever.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::channels::sms::legacy_consent::LegacyConsent;
use crate::database::{Entry, EntryKind, OPTED_OUT};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::phone::phone_spellings;
use crate::types::memory::now;

const OPTED_IN: &str = "in";

/// A store of opt-outs in the inbox.
pub struct Consent {
    inbox: Arc<dyn Inbox>,
}

impl Consent {
    /// Creates a store in that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox }
    }

    /// Returns `true` if the customer's last keyword was STOP, under any spelling of the number.
    pub async fn has_opted_out(&self, customer: &str) -> Result<bool> {
        Ok(self.latest_entry(customer).await?.is_some_and(|entry| entry.is_opt_out()))
    }

    /// Returns the customer's last keyword, under any spelling of the number.
    async fn latest_entry(&self, customer: &str) -> Result<Option<Entry>> {
        let mut newest: Option<Entry> = None;
        for spelling in phone_spellings(customer) {
            let noted = self.inbox.get(&key(&spelling)).await?;
            newest = newest.into_iter().chain(noted).max_by_key(|entry| entry.touched_at);
        }
        Ok(newest)
    }

    /// Records STOP or START.
    pub async fn record(&self, customer: &str, opted_out: bool) -> Result<()> {
        self.record_at(customer, opted_out, now()).await
    }

    /// Returns `true` if a keyword sent to the TypeScript SDK changes the consent. It does not if a
    /// newer one is known.
    pub async fn is_newer(&self, word: &LegacyConsent) -> Result<bool> {
        Ok(match self.latest_entry(&word.customer).await? {
            Some(entry) => entry.touched_at < word.at && entry.is_opt_out() != word.opted_out,
            None => word.opted_out,
        })
    }

    /// Imports a keyword sent to the TypeScript SDK unless a newer one is known. Returns `true` if
    /// it did.
    pub async fn adopt(&self, word: LegacyConsent) -> Result<bool> {
        let is_newer = self.is_newer(&word).await?;
        if is_newer {
            self.record_at(&word.customer, word.opted_out, word.at).await?;
        }
        Ok(is_newer)
    }

    async fn record_at(&self, customer: &str, opted_out: bool, at: DateTime<Utc>) -> Result<()> {
        let word = if opted_out { OPTED_OUT } else { OPTED_IN }.to_owned();
        let entry = Entry::recorded(EntryKind::OptOut, key(customer), word);
        self.inbox.put(entry.for_customer(customer.to_owned()).at(at)).await
    }
}

fn key(customer: &str) -> String {
    format!("opt-out:sms:{customer}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;

    /// Stores an opt-out as it was before numbers had one spelling.
    async fn noted_before(inbox: &dyn Inbox, customer: &str) {
        let entry = Entry::recorded(EntryKind::OptOut, key(customer), OPTED_OUT.to_owned());
        let yesterday = now() - TimeDelta::days(1);
        inbox.put(entry.for_customer(customer.to_owned()).at(yesterday)).await.unwrap();
    }

    #[tokio::test]
    async fn stop_holds_under_every_spelling_of_a_number() {
        for (written, identity) in [
            ("+5218112345678", "+528112345678"),
            ("+5491123456789", "+541123456789"),
            ("+553187654321", "+5531987654321"),
        ] {
            let inbox: Arc<dyn Inbox> = Arc::new(InMemoryInbox::default());
            noted_before(inbox.as_ref(), written).await;
            let consent = Consent::new(inbox);
            assert!(consent.has_opted_out(identity).await.unwrap(), "{written}");
            consent.record(identity, false).await.unwrap();
            assert!(!consent.has_opted_out(identity).await.unwrap(), "the last word of {written} counts");
        }
        let consent = Consent::new(Arc::new(InMemoryInbox::default()));
        assert!(!consent.has_opted_out("+528112345678").await.unwrap());
    }
    #[tokio::test]
    async fn imports_keywords_under_every_spelling_of_a_number() {
        for (written, identity) in [
            ("+5218112345678", "+528112345678"),
            ("+5491123456789", "+541123456789"),
            ("+553187654321", "+5531987654321"),
        ] {
            let said = |opted_out, days| LegacyConsent {
                customer: identity.to_owned(),
                opted_out,
                at: now() - TimeDelta::days(days),
            };
            let inbox: Arc<dyn Inbox> = Arc::new(InMemoryInbox::default());
            noted_before(inbox.as_ref(), written).await;
            let consent = Consent::new(inbox);
            assert!(!consent.adopt(said(false, 2)).await.unwrap(), "STOP of {written} is newer");
            assert!(!consent.adopt(said(true, 0)).await.unwrap(), "STOP of {written} is known");
            assert!(consent.has_opted_out(identity).await.unwrap());
            assert!(consent.adopt(said(false, 0)).await.unwrap(), "START of {written} is newer");
            assert!(!consent.has_opted_out(identity).await.unwrap());
        }
    }
}
