//! Certificate authorities trusted in addition to the system's, configured by the environment
//! variables of Node.js.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Environment variable that names a file of extra authorities. Node.js reads it too, so a
/// company's authority is configured once.
const EXTRA_CA_CERTS: &str = "NODE_EXTRA_CA_CERTS";

/// Environment variable that turns off certificate verification in Node.js.
const REJECT_UNAUTHORIZED: &str = "NODE_TLS_REJECT_UNAUTHORIZED";

/// Certificate authorities trusted in addition to the system's.
#[derive(Debug, Default)]
pub struct CertificateAuthorities {
    /// The certificates.
    pub certificates: Vec<CertificateDer<'static>>,
    /// Warning about certificates that could not be loaded.
    warning: Option<String>,
}

impl CertificateAuthorities {
    /// Returns the certificates as PEM text, if there are any.
    pub fn to_pem(&self) -> Option<Vec<u8>> {
        let pem: String = self.certificates.iter().map(pem_of).collect();
        (!pem.is_empty()).then(|| pem.into_bytes())
    }

    /// Reads a file of certificates. Usable certificates are kept, even if others are invalid.
    fn read(file: &OsStr) -> Self {
        let mut authorities = Self::default();
        let reason = match std::fs::read(file) {
            Ok(pem) => authorities.add(&pem).err(),
            Err(error) => Some(match error.kind() {
                ErrorKind::NotFound => "there is no such file".to_owned(),
                kind => kind.to_string(),
            }),
        };
        authorities.warning = reason.map(|reason| {
            let kept = authorities.certificates.len();
            let rest = if kept == 0 { String::new() } else { format!(" The other {kept} are used.") };
            format!(
                "Ignoring extra certs from `{}` ({EXTRA_CA_CERTS}): {reason}.{rest}",
                file.to_string_lossy()
            )
        });
        authorities
    }

    fn add(&mut self, pem: &[u8]) -> Result<(), String> {
        let mut faulty = 0_usize;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let usable = certificate.ok().filter(|found| RootCertStore::empty().add(found.clone()).is_ok());
            match usable {
                Some(certificate) => self.certificates.push(certificate),
                None => faulty += 1,
            }
        }
        match (faulty, self.certificates.len()) {
            (0, 0) => Err("it contains no PEM certificate".to_owned()),
            (0, _) => Ok(()),
            (1, _) => Err("a certificate in it cannot be read".to_owned()),
            (faulty, _) => Err(format!("{faulty} certificates in it cannot be read")),
        }
    }
}

/// Returns the authorities of `NODE_EXTRA_CA_CERTS`, which is read once.
pub fn extra_authorities() -> &'static CertificateAuthorities {
    static READ: OnceLock<CertificateAuthorities> = OnceLock::new();
    READ.get_or_init(|| {
        let file = std::env::var_os(EXTRA_CA_CERTS).filter(|file| !file.is_empty());
        file.map(|file| CertificateAuthorities::read(&file)).unwrap_or_default()
    })
}

/// Returns warnings about TLS environment variables that have no effect or could not be applied.
pub fn warnings() -> Vec<String> {
    let unverified = std::env::var_os(REJECT_UNAUTHORIZED).is_some_and(|value| value == "0").then(|| {
        format!(
            "{REJECT_UNAUTHORIZED}=0 is ignored: the certificates of models, providers and mail servers are always verified. \
             Name the authority that signed them by {EXTRA_CA_CERTS}."
        )
    });
    extra_authorities().warning.iter().cloned().chain(unverified).collect()
}

/// Encodes a certificate as PEM text.
fn pem_of(certificate: &CertificateDer<'_>) -> String {
    let base64 = BASE64_STANDARD.encode(certificate);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).filter_map(|line| str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Self-signed certificate for `CN=extra`, valid until 2126.
    const AUTHORITY: &str = include_str!("authority.pem");

    fn read(content: &str) -> CertificateAuthorities {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        CertificateAuthorities::read(file.path().as_os_str())
    }

    #[test]
    fn reads_usable_certificates_and_warns_about_others() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = &AUTHORITY[..AUTHORITY.len() / 2];
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        for (content, used, warning) in [
            (AUTHORITY.to_owned(), 1, None),
            (AUTHORITY.replace('\n', "\r\n"), 1, None),
            (format!("\u{feff}# Company Root\n{AUTHORITY}"), 1, None),
            (format!("# a comment\n\n{AUTHORITY}\n# another\n{AUTHORITY}"), 2, None),
            (format!("{key}{AUTHORITY}"), 1, None),
            (
                format!("{AUTHORITY}{broken}"),
                1,
                Some("a certificate in it cannot be read. The other 1 are used."),
            ),
            (
                format!("{broken}{AUTHORITY}"),
                1,
                Some("a certificate in it cannot be read. The other 1 are used."),
            ),
            (format!("{broken}{broken}"), 0, Some("2 certificates in it cannot be read.")),
            (cut.to_owned(), 0, Some("a certificate in it cannot be read.")),
            (key.to_owned(), 0, Some("it contains no PEM certificate.")),
            ("hello".to_owned(), 0, Some("it contains no PEM certificate.")),
            (String::new(), 0, Some("it contains no PEM certificate.")),
        ] {
            let authorities = read(&content);
            assert_eq!(authorities.certificates.len(), used, "{content}");
            assert_eq!(authorities.to_pem().is_some(), used > 0, "{content}");
            match (authorities.warning, warning) {
                (None, None) => {}
                (Some(told), Some(expected)) => assert!(told.ends_with(expected), "{told}"),
                (told, _) => panic!("{content}: {told:?}"),
            }
        }
    }

    #[test]
    fn warns_about_a_missing_file() {
        let warning = CertificateAuthorities::read(OsStr::new("/nowhere/ca.pem")).warning.unwrap();
        assert_eq!(
            warning,
            "Ignoring extra certs from `/nowhere/ca.pem` (NODE_EXTRA_CA_CERTS): there is no such file."
        );
    }

    #[test]
    fn pem_round_trips() {
        let authorities = read(AUTHORITY);
        let again = read(str::from_utf8(&authorities.to_pem().unwrap()).unwrap());
        assert_eq!(again.certificates, authorities.certificates);
    }
}
