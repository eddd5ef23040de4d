//! The tables as data, their options and the layout of existing tables.

pub(crate) mod introspect;
pub(crate) mod table_options;
pub(crate) mod tables;
