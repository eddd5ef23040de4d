//! Links between the identifiers of one person, as memories: one memory for each identifier, which
//! belongs to it and is exported and erased with it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::hex::to_hex;
use crate::phone::phone_identity;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryType};
use crate::types::visibility::{is_owned_by, owner_fields};

/// Start of the id of each memory of links.
const ID_PREFIX: &str = "person-links-";
/// Field of `metadata` with the links.
const FIELD: &str = "person";
const CONTENT: &str = "Identifiers of the same person";
/// Importance of the memories of links: the highest, so that they are kept.
const IMPORTANCE: i32 = 10;

/// One identifier of a person.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Identifier {
    /// The developer's own id.
    Id(String),
    /// Lower-case e-mail address.
    Email(String),
    /// E.164 phone number.
    Phone(String),
}

/// The proof of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Proof {
    /// The developer has merged the two.
    Developer,
    /// A conversation had both as its customer.
    Conversation,
}

/// A link to another identifier of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Other identifier.
    pub identifier: Identifier,
    /// Proof.
    pub proof: Proof,
}

/// The links of one identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersonLinks {
    /// Other identifiers of the person.
    pub linked: Vec<Link>,
    /// Identifiers from which the developer has split this one.
    pub apart: Vec<Identifier>,
    /// Several people have used the identifier, so no conversation links it.
    pub is_shared: bool,
}

impl Identifier {
    /// Returns the identifiers of a customer on the line, without the linked ones.
    pub fn all_of(customer: &Customer) -> Vec<Self> {
        let Customer { id, email, phone, .. } = customer;
        let all = [id.clone().map(Self::Id), email.clone().map(Self::Email), phone.clone().map(Self::Phone)];
        all.into_iter().flatten().collect()
    }

    /// Returns the key, the same for all spellings of a phone number.
    pub fn key(&self) -> String {
        match self {
            Self::Id(id) => format!("id:{id}"),
            Self::Email(email) => format!("email:{email}"),
            Self::Phone(phone) => format!("phone:{}", phone_identity(phone)),
        }
    }

    /// Returns `true` if both are ids, e-mail addresses or phone numbers.
    pub fn is_same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Returns the customer who has only this identifier.
    pub fn customer(&self) -> Customer {
        let nobody = Customer::default();
        match self {
            Self::Id(id) => Customer { id: Some(id.clone()), ..nobody },
            Self::Email(email) => Customer { email: Some(email.clone()), ..nobody },
            Self::Phone(phone) => Customer { phone: Some(phone.clone()), ..nobody },
        }
    }

    /// Returns the id of the memory with the links of this identifier.
    pub fn links_id(&self) -> String {
        format!("{ID_PREFIX}{}", to_hex(&Sha256::digest(self.key().as_bytes())))
    }
}

impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl PersonLinks {
    /// Reads the links of an identifier from its memory. Returns `None` for a memory of anything else.
    pub fn of(memory: &Memory, identifier: &Identifier) -> Option<Self> {
        let is_its = is_person_links(memory)
            && memory.id == identifier.links_id()
            && is_owned_by(memory, &identifier.customer());
        let links = memory.meta(FIELD).filter(|_| is_its)?;
        serde_json::from_value(links.clone()).ok()
    }

    /// Returns the memory with the links of an identifier.
    pub fn memory(&self, identifier: &Identifier) -> Memory {
        let metadata =
            Map::from_iter([(FIELD.to_owned(), serde_json::to_value(self).unwrap_or(Value::Null))]);
        Memory {
            id: identifier.links_id(),
            importance: Some(IMPORTANCE),
            session_metadata: Some(owner_fields(&identifier.customer()).into()),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::System, CONTENT)
        }
    }

    /// Returns the link to an identifier, if any.
    pub fn link_to(&self, other: &Identifier) -> Option<&Link> {
        self.linked.iter().find(|link| link.identifier == *other)
    }
}

/// Returns `true` if a memory has the links of an identifier.
pub fn is_person_links(memory: &Memory) -> bool {
    memory.kind == MemoryType::System && memory.id.starts_with(ID_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_survive_their_memory() {
        let phone = Identifier::Phone("+5491123456789".into());
        let links = PersonLinks {
            linked: vec![Link { identifier: Identifier::Email("a@x.y".into()), proof: Proof::Developer }],
            apart: vec![Identifier::Id("7".into())],
            is_shared: false,
        };
        let memory = links.memory(&phone);
        assert_eq!(PersonLinks::of(&memory, &phone), Some(links));
        assert_eq!(PersonLinks::of(&memory, &Identifier::Email("a@x.y".into())), None);
        // Another spelling of the number.
        assert_eq!(Identifier::Phone("+541123456789".into()), phone);
    }
}
