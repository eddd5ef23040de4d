//! Names of the customers whose facts this process has read.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::types::customer::Customer;
use crate::types::person_links::Identifier;

/// Maximum number of names.
const MAX_NAMES: usize = 10_000;

/// The names of customers, by their identifiers on the line.
#[derive(Default)]
pub(super) struct RememberedNames {
    names: Mutex<HashMap<String, String>>,
}

impl RememberedNames {
    /// Returns the name of a customer, if it was read.
    pub fn get(&self, customer: &Customer) -> Option<String> {
        let names = self.names.lock();
        Identifier::all_of(customer).iter().find_map(|one| names.get(&one.key()).cloned())
    }

    /// Remembers the name of a customer, or forgets it.
    pub fn set(&self, customer: &Customer, name: Option<String>) {
        let mut names = self.names.lock();
        if names.len() >= MAX_NAMES {
            names.clear();
        }
        for one in Identifier::all_of(customer) {
            match &name {
                Some(name) => names.insert(one.key(), name.clone()),
                None => names.remove(&one.key()),
            };
        }
    }
}
