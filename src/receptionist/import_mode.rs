//! Modes of the import of the TypeScript SDK's data.

/// Import mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImportMode {
    /// Imports; the tables are up to date.
    Import,
    /// Only counts; the tables are up to date.
    DryRun,
    /// Only counts; tables may be missing and are not created.
    DryRunBeforeMigration,
}
