//! The rules by which identifiers become one person, and are split again.

use std::collections::BTreeMap;

use crate::types::person_links::{Identifier, Link, PersonLinks, Proof};

/// Maximum number of identifiers of one person.
pub(super) const MAX_IDENTIFIERS: usize = 10;

/// The links of some identifiers. Those of all identifiers that are linked to them are here too.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct People {
    links: BTreeMap<String, (Identifier, PersonLinks)>,
}

impl People {
    /// Adds the links of an identifier.
    pub fn add(&mut self, identifier: Identifier, links: PersonLinks) {
        self.links.insert(identifier.key(), (identifier, links));
    }

    /// Returns the links of an identifier, empty if it has none.
    pub fn of(&self, identifier: &Identifier) -> PersonLinks {
        self.links.get(&identifier.key()).map(|(_, links)| links.clone()).unwrap_or_default()
    }

    /// Returns the identifiers that are mentioned by others, but were not added.
    pub fn missing(&self) -> Vec<Identifier> {
        let mut missing: Vec<Identifier> = Vec::new();
        for (_, links) in self.links.values() {
            let mentioned = links.linked.iter().map(|link| &link.identifier).chain(&links.apart);
            for other in mentioned {
                if !self.links.contains_key(&other.key()) && !missing.contains(other) {
                    missing.push(other.clone());
                }
            }
        }
        missing
    }

    /// Returns these identifiers and those that are linked to them.
    pub fn members(&self, of: &[Identifier]) -> Vec<Identifier> {
        let mut members: Vec<Identifier> = Vec::new();
        let linked = of.iter().flat_map(|one| self.of(one).linked.into_iter().map(|link| link.identifier));
        for one in of.iter().cloned().chain(linked) {
            if !members.contains(&one) {
                members.push(one);
            }
        }
        members
    }

    /// Returns these identifiers and those that the developer has merged with them.
    pub fn merged(&self, of: &[Identifier]) -> Vec<Identifier> {
        let mut members = of.to_vec();
        let links = of.iter().flat_map(|one| self.of(one).linked);
        for link in links.filter(|link| link.proof == Proof::Developer) {
            if !members.contains(&link.identifier) {
                members.push(link.identifier);
            }
        }
        members
    }

    /// Makes one person of these identifiers and of all that are linked to them, as the developer
    /// says. Returns `false` and changes nothing if that would be too many.
    pub fn merge(&mut self, given: &[Identifier]) -> bool {
        let members = self.members(given);
        if members.len() > MAX_IDENTIFIERS {
            return false;
        }
        for one in &members {
            for other in members.iter().filter(|other| *other != one) {
                // What a conversation has proven before stays so, unless the developer now names both.
                let is_named = given.contains(one) && given.contains(other);
                self.join(one, other, Proof::Developer, is_named);
            }
        }
        for one in given {
            self.links_of(one).is_shared = false;
        }
        true
    }

    /// Makes one person of the identifiers that one conversation had together. A split by the
    /// developer stays. An identifier that another person has used too is not linked.
    pub fn link(&mut self, together: &[Identifier]) {
        for one in together {
            let linked = self.of(one).linked.into_iter();
            let contradicts = |link: &Link| {
                together.iter().any(|other| other.is_same_kind(&link.identifier) && *other != link.identifier)
            };
            if linked.filter(|link| link.proof == Proof::Conversation).any(|link| contradicts(&link)) {
                self.share(one);
            }
        }
        let free: Vec<Identifier> = together.iter().filter(|one| !self.of(one).is_shared).cloned().collect();
        let members = self.members(&free);
        let is_ambiguous = |one: &Identifier| {
            members.iter().any(|other| other.is_same_kind(one) && other != one)
                || members.iter().any(|other| self.of(one).apart.contains(other))
        };
        if free.len() < 2 || members.len() > MAX_IDENTIFIERS || members.iter().any(is_ambiguous) {
            return;
        }
        for one in &members {
            for other in members.iter().filter(|other| *other != one) {
                self.join(one, other, Proof::Conversation, false);
            }
        }
    }

    /// Returns `true` if [`Self::link`] may have something to do.
    pub fn is_unlinked(&self, together: &[Identifier]) -> bool {
        let pairs = together.iter().flat_map(|one| together.iter().map(move |other| (one, other)));
        pairs.filter(|(one, other)| one != other).any(|(one, other)| {
            let (links, back) = (self.of(one), self.of(other));
            links.link_to(other).is_none()
                && !links.apart.contains(other)
                && !links.is_shared
                && !back.is_shared
        })
    }

    /// Splits an identifier from its person. Later conversations do not link it again.
    pub fn split(&mut self, one: &Identifier) {
        for Link { identifier: other, .. } in self.of(one).linked {
            self.separate(one, &other);
            self.links_of(one).apart.push(other.clone());
            self.links_of(&other).apart.push(one.clone());
        }
    }

    /// Removes every mention of an identifier from the links of the others.
    pub fn erase(&mut self, one: &Identifier) {
        for (_, links) in self.links.values_mut() {
            links.linked.retain(|link| link.identifier != *one);
            links.apart.retain(|other| other != one);
        }
    }

    /// Returns what differs from `before`.
    pub fn changes_since(&self, before: &Self) -> Vec<(&Identifier, &PersonLinks)> {
        let changed = self.links.iter().filter(|(key, now)| {
            let before = before.links.get(*key).map(|(_, links)| links);
            before.map_or(now.1 != PersonLinks::default(), |before| *before != now.1)
        });
        changed.map(|(_, (identifier, links))| (identifier, links)).collect()
    }

    /// Removes the links that conversations have proven, of an identifier of several people.
    fn share(&mut self, one: &Identifier) {
        for link in self.of(one).linked {
            if link.proof == Proof::Conversation {
                self.separate(one, &link.identifier);
            }
        }
        self.links_of(one).is_shared = true;
    }

    fn separate(&mut self, one: &Identifier, other: &Identifier) {
        self.links_of(one).linked.retain(|link| link.identifier != *other);
        self.links_of(other).linked.retain(|link| link.identifier != *one);
    }

    fn join(&mut self, one: &Identifier, other: &Identifier, proof: Proof, replaces: bool) {
        let links = self.links_of(one);
        links.apart.retain(|apart| apart != other);
        match links.linked.iter_mut().find(|link| link.identifier == *other) {
            Some(link) if replaces => link.proof = proof,
            Some(_) => {}
            None => links.linked.push(Link { identifier: other.clone(), proof }),
        }
    }

    fn links_of(&mut self, one: &Identifier) -> &mut PersonLinks {
        &mut self.links.entry(one.key()).or_insert_with(|| (one.clone(), PersonLinks::default())).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(name: &str) -> Identifier {
        Identifier::Email(format!("{name}@x.y"))
    }

    fn phone(n: usize) -> Identifier {
        Identifier::Phone(format!("+1555123456{n}"))
    }

    fn id(id: &str) -> Identifier {
        Identifier::Id(id.into())
    }

    #[test]
    fn persons_are_merged_and_split() {
        let mut people = People::default();
        assert!(people.merge(&[email("anna"), phone(1)]));
        assert!(people.merge(&[phone(2), phone(1)]));
        assert_eq!(people.members(&[email("anna")]), [email("anna"), phone(1), phone(2)]);
        people.split(&phone(1));
        assert_eq!(people.members(&[email("anna")]), [email("anna"), phone(2)]);
        assert_eq!(people.members(&[phone(1)]), [phone(1)]);
        // A conversation does not undo the split, and the developer does.
        people.link(&[phone(1), email("anna")]);
        assert_eq!(people.members(&[phone(1)]), [phone(1)]);
        assert!(!people.is_unlinked(&[phone(1), email("anna")]));
        assert!(people.merge(&[phone(1), email("anna")]));
        assert_eq!(people.members(&[phone(1)]).len(), 3);
    }

    #[test]
    fn a_conversation_links_one_of_each_kind() {
        let mut people = People::default();
        people.link(&[email("anna"), phone(1)]);
        people.link(&[email("anna"), id("7")]);
        assert_eq!(people.members(&[phone(1)]).len(), 3);
        assert_eq!(people.merged(&[phone(1)]), [phone(1)]);
    }

    #[test]
    fn an_identifier_of_two_people_is_linked_to_none() {
        let mut people = People::default();
        people.link(&[id("anna"), phone(1)]);
        people.link(&[id("bob"), phone(1)]);
        for one in [id("anna"), id("bob"), phone(1)] {
            assert_eq!(people.members(std::slice::from_ref(&one)), [one]);
        }
        people.link(&[id("anna"), phone(1)]);
        assert_eq!(people.members(&[phone(1)]), [phone(1)]);
        // What the developer has merged stays.
        assert!(people.merge(&[id("anna"), phone(1)]));
        people.link(&[id("bob"), phone(1)]);
        assert_eq!(people.members(&[phone(1)]), [phone(1), id("anna")]);
    }
}
