//! Parameters about encryption in URLs, in the syntax of libpq, node-postgres, mysql2, MySQL's own
//! clients and Prisma.

use crate::database::connection::settings::server_url::{parse_bool, refuse};
use crate::error::Result;

/// The encryption mode of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TlsMode {
    Disabled,
    /// Only if the server requires it.
    Allowed,
    /// Only if the server supports it.
    Preferred,
    /// With any certificate.
    Required,
    /// With a certificate of a trusted authority.
    VerifyCa,
    /// With a certificate of a trusted authority for that host.
    VerifyFull,
}

impl TlsMode {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Self::Disabled,
            "allow" => Self::Allowed,
            "prefer" | "preferred" => Self::Preferred,
            "require" | "required" => Self::Required,
            "verify-ca" => Self::VerifyCa,
            "verify-full" | "verify-identity" => Self::VerifyFull,
            _ => return None,
        })
    }
}

/// Refuses a parameter that names a PEM file if it cannot be read. The value may also be the PEM
/// text itself.
pub(super) fn check_file(name: &str, value: &str) -> Result<()> {
    if value.trim_start().starts_with("-----BEGIN") || std::fs::File::open(value).is_ok() {
        return Ok(());
    }
    refuse(name, "names a file that cannot be read")
}

/// The parameters read so far.
#[derive(Default)]
pub(super) struct UrlTlsParameters {
    mode: Option<TlsMode>,
    off: bool,
    verified: bool,
    unverified: bool,
    root: bool,
}

impl UrlTlsParameters {
    /// Reads `sslmode`, `ssl`, `sslaccept` and similar parameters. Returns `false` for any other.
    pub fn read(&mut self, name: &str, value: &str) -> Result<bool> {
        match name {
            "sslmode" | "ssl-mode" | "sslMode" | "ssl" | "sslaccept" if value == "no-verify" => {
                self.unverified = true
            }
            "sslmode" | "ssl-mode" | "sslMode" => match TlsMode::of(value) {
                Some(mode) => self.mode = Some(mode),
                None => {
                    return refuse(
                        name,
                        "must be disable, allow, prefer, require, verify-ca, verify-full or no-verify; for MySQL DISABLED, \
                         PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY",
                    );
                }
            },
            "ssl" => match (value, TlsMode::of(value)) {
                ("true" | "1", _) => self.verified = true,
                ("false" | "0" | "", _) => self.off = true,
                (_, Some(mode)) => self.mode = Some(mode),
                (_, None) => {
                    return refuse(
                        name,
                        "must be true, false or no-verify; on MySQL JSON such as {\"rejectUnauthorized\":true} too",
                    );
                }
            },
            "sslaccept" if value == "strict" => self.verified = true,
            "sslaccept" if value == "accept_invalid_certs" => self.unverified = true,
            "sslaccept" => return refuse(name, "must be strict or accept_invalid_certs"),
            "requiressl" if parse_bool(value) == Some(true) => {
                self.mode = self.mode.or(Some(TlsMode::Required))
            }
            "requiressl" => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Records a trusted authority. For `system`, the machine's, libpq requires verified hosts.
    pub fn trusts(&mut self, authority: &str) {
        if authority == "system" { self.verified = true } else { self.root = true }
    }

    /// Returns the strictest of the modes, `None` without one. A given authority implies
    /// verification, as in libpq and node-postgres.
    pub fn decide(&self) -> Result<Option<TlsMode>> {
        let off = self.off || self.mode == Some(TlsMode::Disabled);
        let demanded = self.verified || self.unverified || self.mode >= Some(TlsMode::Required);
        if off && demanded || self.unverified && self.mode >= Some(TlsMode::VerifyCa) {
            return refuse("ssl", "and another parameter about encryption contradict each other");
        }
        Ok(match self.mode {
            _ if off => Some(TlsMode::Disabled),
            _ if self.unverified => Some(TlsMode::Required),
            mode if self.verified => mode.max(Some(TlsMode::VerifyFull)),
            None if self.root => Some(TlsMode::VerifyFull),
            Some(TlsMode::Required) if self.root => Some(TlsMode::VerifyCa),
            mode => mode,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(parameters: &str) -> Result<Option<TlsMode>> {
        let mut read = UrlTlsParameters::default();
        for (name, value) in crate::database::connection::settings::server_url::parameters(parameters) {
            match name.as_str() {
                "sslrootcert" => read.trusts(&value),
                name => assert!(read.read(name, &value)?, "{name}"),
            }
        }
        read.decide()
    }

    #[test]
    fn verifies_certificates_as_the_drivers_do() {
        use TlsMode::{Allowed, Disabled, Preferred, Required, VerifyCa, VerifyFull};
        for (parameters, expected) in [
            ("", None),
            // node-postgres and postgres.js.
            ("ssl=true", Some(VerifyFull)),
            ("ssl=1", Some(VerifyFull)),
            ("ssl=false", Some(Disabled)),
            ("ssl=0", Some(Disabled)),
            ("ssl=no-verify", Some(Required)),
            ("sslmode=no-verify", Some(Required)),
            ("ssl=true&sslmode=no-verify", Some(Required)),
            ("ssl=true&sslmode=require", Some(VerifyFull)),
            ("ssl=require", Some(Required)),
            ("ssl=verify-full", Some(VerifyFull)),
            // libpq, 34.19.
            ("sslmode=disable", Some(Disabled)),
            ("sslmode=allow", Some(Allowed)),
            ("sslmode=prefer", Some(Preferred)),
            ("sslmode=require", Some(Required)),
            ("sslmode=require&sslrootcert=ca.pem", Some(VerifyCa)),
            ("sslmode=verify-ca", Some(VerifyCa)),
            ("sslmode=verify-full", Some(VerifyFull)),
            ("sslrootcert=system", Some(VerifyFull)),
            ("sslrootcert=ca.pem", Some(VerifyFull)),
            ("requiressl=1", Some(Required)),
            // MySQL's clients, DigitalOcean's and Aiven's URLs, Prisma and PlanetScale.
            ("ssl-mode=REQUIRED", Some(Required)),
            ("ssl-mode=VERIFY_CA", Some(VerifyCa)),
            ("ssl-mode=VERIFY_IDENTITY", Some(VerifyFull)),
            ("ssl-mode=DISABLED", Some(Disabled)),
            ("ssl-mode=PREFERRED", Some(Preferred)),
            ("sslMode=VERIFY_IDENTITY", Some(VerifyFull)),
            ("sslaccept=strict", Some(VerifyFull)),
            ("sslmode=require&sslaccept=accept_invalid_certs", Some(Required)),
        ] {
            assert_eq!(decide(parameters).unwrap(), expected, "{parameters}");
        }
    }

    #[test]
    fn refuses_ambiguous_parameters_by_name() {
        for parameters in [
            "sslmode=on",
            "sslmode=secret",
            "ssl=maybe",
            "sslaccept=all",
            "ssl=true&sslmode=disable",
            "ssl=false&sslmode=verify-full",
            "ssl=no-verify&sslmode=verify-full",
            "ssl=false&sslrootcert=system",
        ] {
            let message = decide(parameters).unwrap_err().to_string();
            assert!(message.contains("`ssl") && !message.contains("secret"), "{parameters}: {message}");
        }
    }
}
