//! Numbers in many notations, each with its source.

use phonenumber::metadata::DATABASE;

use super::*;
use crate::phone::numbering_plan::E164_DIGITS;

fn read(given: &str, country: &str) -> Option<String> {
    normalize_phone(given, country)
}

#[test]
fn parses_usual_notations_to_one_number() {
    for phone in ["+1 (555) 123-4567", "(555) 123-4567", "555.123.4567", "1-555-123-4567", "001 555 123 4567"]
    {
        assert_eq!(normalize_phone(phone, "US").as_deref(), Some("+15551234567"), "{phone}");
    }
    assert_eq!(normalize_phone("020 7946 0018", "GB").as_deref(), Some("+442079460018"));
    assert_eq!(normalize_phone("+1234567890", "US").as_deref(), Some("+1234567890"));
}

#[test]
fn returns_none_for_texts_that_are_not_numbers() {
    for phone in ["", "hello", "123", "+12", "' OR 1=1 --", "+1 555 CALL NOW"] {
        assert_eq!(normalize_phone(phone, "US"), None, "{phone}");
    }
    // With its country code it is longer than E.164 allows.
    assert_eq!(normalize_phone("555) 123-45674567", "GB"), None);
}

/// International prefixes as they are dialled (ITU Operational Bulletin, "Dialling procedures"),
/// before a number in Paris.
const INTERNATIONAL_PREFIXES: [(&str, &str); 44] = [
    ("AT", "00"),
    ("DE", "00"),
    ("GB", "00"),
    ("IT", "00"),
    ("ES", "00"),
    ("CH", "00"),
    ("TR", "00"),
    ("IN", "00"),
    ("CN", "00"),
    ("NZ", "00"),
    ("ZA", "00"),
    ("AR", "00"),
    ("MX", "00"),
    ("PE", "00"),
    ("NG", "009"),
    ("KE", "000"),
    ("TZ", "000"),
    ("UG", "000"),
    ("US", "011"),
    ("CA", "011"),
    ("JM", "011"),
    ("DO", "011"),
    ("PR", "011"),
    ("AU", "0011"),
    ("SG", "001"),
    ("SG", "002"),
    ("HK", "001"),
    ("HK", "0059"),
    ("TH", "001"),
    ("TH", "009"),
    ("KR", "001"),
    ("KR", "00700"),
    ("TW", "002"),
    ("MN", "001"),
    ("KH", "001"),
    ("ID", "008"),
    ("ID", "009"),
    ("JP", "010"),
    ("RU", "8~10"),
    ("KZ", "8~10"),
    ("BY", "8~10"),
    ("TM", "810"),
    ("IL", "012"),
    ("GY", "001"),
];

/// Codes of carriers that are dialled with the international prefix.
const CARRIER_PREFIXES: [(&str, &str); 19] = [
    ("BR", "0014"),
    ("BR", "0015"),
    ("BR", "0021"),
    ("BR", "0031"),
    ("BR", "0041"),
    ("CO", "009"),
    ("CO", "007"),
    ("CL", "1230"),
    ("CL", "1710"),
    ("FI", "990"),
    ("FI", "99533"),
    ("AU", "0018"),
    ("JP", "0033 010"),
    ("JP", "001-010"),
    ("JP", "0061-010"),
    ("UA", "8~10"),
    ("UZ", "8~10"),
    ("GE", "8~10"),
    ("AM", "810"),
];

#[test]
fn understands_international_prefixes_of_every_country() {
    for (country, prefix) in INTERNATIONAL_PREFIXES.into_iter().chain(CARRIER_PREFIXES) {
        for rest in [" 33 1 42 68 53 00", "-33-1-42685300", "33142685300", " 33 (0)1 42 68 53 00"] {
            let given = format!("{prefix}{rest}");
            assert_eq!(read(&given, country).as_deref(), Some("+33142685300"), "{given} in {country}");
        }
    }
    // If two prefixes lead to a number, the one written apart wins, otherwise the country's own.
    assert_eq!(read("00 81 90 1234 5678", "ID").as_deref(), Some("+819012345678"));
    assert_eq!(read("008 1 901 234 5678", "ID").as_deref(), Some("+19012345678"));
    assert_eq!(read("00-91-98765-43210", "KH").as_deref(), Some("+919876543210"));
    assert_eq!(read("00819012345678", "ID").as_deref(), Some("+19012345678"));
    // People abroad write a `+` before what they dial at home.
    assert_eq!(read("+0033 1 42 68 53 00", "DE").as_deref(), Some("+33142685300"));
    assert_eq!(read("+011 33 1 42 68 53 00", "US").as_deref(), Some("+33142685300"));
}

#[test]
fn understands_00_where_another_prefix_is_dialled() {
    for country in ["US", "JP", "AU", "SG", "HK", "TH", "KR", "TW", "RU", "KE", "BR", "??"] {
        for (given, wanted) in [
            ("0033 1 42 68 53 00", "+33142685300"),
            ("0044 20 7946 0018", "+442079460018"),
            ("0049 30 12345678", "+493012345678"),
            ("0061 2 9876 5432", "+61298765432"),
            ("0086 10 1234 5678", "+861012345678"),
        ] {
            assert_eq!(read(given, country).as_deref(), Some(wanted), "{given} in {country}");
        }
    }
}

#[test]
fn parses_example_numbers_of_every_country_at_home_and_abroad() {
    let mut countries = 0;
    for metadata in DATABASE.iter().filter(|metadata| metadata.id() != "001") {
        let descriptors = metadata.descriptors();
        let kinds = [descriptors.fixed_line(), descriptors.mobile()];
        let examples = kinds.into_iter().flatten().filter_map(|kind| kind.example());
        for example in examples.filter(|example| *example != "NA") {
            let (country, code) = (metadata.id(), metadata.country_code());
            let e164 = format!("+{code}{example}");
            let wanted = if E164_DIGITS.contains(&(e164.len() - 1)) {
                Some(spellings::dialled_spelling(&e164))
            } else {
                None
            };
            assert_eq!(read(&e164, country), wanted, "{e164}");
            if wanted.is_none() {
                continue;
            }
            assert_eq!(read(&format!("00{code} {example}"), "??"), wanted, "00{code} {example}");
            // Short numbers without a trunk prefix could be short codes.
            if example.len() >= 7 || metadata.national_prefix().is_none() {
                assert_eq!(read(example, country), wanted, "{example} in {country}");
            }
            if let Some(trunk) = metadata.national_prefix() {
                let given = format!("{trunk} {example}");
                assert_eq!(read(&given, country), wanted, "{given} in {country}");
                let given = format!("+{code} ({trunk}) {example}");
                assert_eq!(read(&given, "US"), wanted, "{given}");
            }
            countries += 1;
        }
    }
    assert!(countries > 400, "{countries}");
}

/// Numbers with a trunk prefix, as people write them.
const TRUNKS: [(&str, &str, &str, &str); 58] = [
    ("+43 (0)1 58858", "AT", "+43158858", "letterheads in Austria"),
    ("+44 (0)20 7946 0018", "US", "+442079460018", "letterheads in Britain"),
    ("+44(0)20-7946-0018", "US", "+442079460018", "without spaces"),
    ("+44 [0] 20 7946 0018", "US", "+442079460018", "other brackets"),
    ("+44\u{ff08}0\u{ff09}20 7946 0018", "US", "+442079460018", "brackets of a Japanese keyboard"),
    ("(+44) (0)20 7946 0018", "US", "+442079460018", "the code in brackets"),
    ("+44 020 7946 0018", "US", "+442079460018", "without brackets"),
    ("+44 (020) 7946 0018", "US", "+442079460018", "the area in brackets"),
    ("0044 (0)20 7946 0018", "DE", "+442079460018", "after 00"),
    ("+353 (0) 1 679 2222", "US", "+35316792222", "letterheads in Ireland"),
    ("+49 (0) 30 12345678", "US", "+493012345678", "DIN 5008 forbids it, people do it"),
    ("+49-(0)30-12345678", "US", "+493012345678", "dashes"),
    ("+49/(0)30/12345678", "US", "+493012345678", "slashes"),
    ("+41 (0)44 668 18 00", "US", "+41446681800", "Switzerland"),
    ("+31 (0)20 123 4567", "US", "+31201234567", "Netherlands"),
    ("+32 (0)2 123 45 67", "US", "+3221234567", "Belgium"),
    ("+33 (0)1 42 68 53 00", "US", "+33142685300", "France"),
    ("+46 (0)8 123 456 78", "US", "+46812345678", "Sweden"),
    ("+61 (0)2 9876 5432", "US", "+61298765432", "Australia"),
    ("+64 (0)9 123 4567", "US", "+6491234567", "New Zealand"),
    ("+81 (0)3-1234-5678", "US", "+81312345678", "Japan"),
    ("+82 (0)2-312-3456", "US", "+8223123456", "Korea"),
    ("+972 (0)2-123-4567", "US", "+97221234567", "Israel"),
    ("+27 (0)11 978 5313", "US", "+27119785313", "South Africa"),
    ("+7 (8) 495 123-45-67", "US", "+74951234567", "Russia, whose trunk prefix is 8"),
    ("+36 (06) 1 234 5678", "US", "+3612345678", "Hungary, whose trunk prefix is 06"),
    ("+34 (0)91 123 45 67", "US", "+34911234567", "Spain, which has none"),
    ("+1 (1) 212 555 0123", "US", "+12125550123", "North America"),
    ("+39 06 6982 1234", "US", "+390669821234", "Italy keeps its 0"),
    ("+39 (0)6 6982 1234", "US", "+390669821234", "Italy, in brackets"),
    ("+39 (0)331 123456", "US", "+390331123456", "Italy, where the rest would be a mobile number"),
    ("06 6982 1234", "IT", "+390669821234", "Italy, at home"),
    ("+378 0549 886377", "US", "+3780549886377", "San Marino keeps its 0"),
    ("+225 01 23 45 67 89", "US", "+2250123456789", "C\u{f4}te d'Ivoire keeps its 0"),
    ("01 58858", "AT", "+43158858", "at home"),
    ("030 12345678", "DE", "+493012345678", "at home"),
    ("8 (495) 123-45-67", "RU", "+74951234567", "at home, trunk prefix 8"),
    ("06 1 234 5678", "HU", "+3612345678", "at home, trunk prefix 06"),
    ("8 612 34567", "LT", "+37061234567", "at home, the former trunk prefix"),
    ("0 15 11 98765-4321", "BR", "+5511987654321", "Brazil with a carrier's code"),
    ("0xx11 98765-4321", "BR", "+5511987654321", "Brazil, the place of a carrier's code"),
    ("+55 (0xx11) 98765-4321", "US", "+5511987654321", "Brazil, the same from abroad"),
    ("+55 0**11 98765-4321", "US", "+5511987654321", "Brazil, the same with asterisks"),
    ("+39 (0)333 123 4567", "US", "+393331234567", "Italy, where no area is called 0333"),
    ("0 512 345 678", "PL", "+48512345678", "Poland before 2010"),
    ("0 601 123 456", "CZ", "+420601123456", "Czechia before 2002"),
    ("8 050 123 45 67", "UA", "+380501234567", "Ukraine before 2009"),
    ("80 50 123 45 67", "UA", "+380501234567", "Ukraine before 2009"),
    ("(11) 98765-4321", "BR", "+5511987654321", "Brazil"),
    ("011 15 2345-6789", "AR", "+5491123456789", "Argentina, mobile"),
    ("01 81 1234 5678", "MX", "+528112345678", "Mexico before 2019"),
    ("044 81 1234 5678", "MX", "+528112345678", "Mexico before 2019, mobile"),
    ("+52 1 81 1234 5678", "MX", "+528112345678", "Mexico before 2019, from abroad"),
    ("091 98765 43210", "IN", "+919876543210", "India, a zero before the code"),
    ("092 300 1234567", "PK", "+923001234567", "Pakistan, a zero before the code"),
    ("020 100 123 4567", "EG", "+201001234567", "Egypt, a zero before the code"),
    ("4915112345678", "DE", "+4915112345678", "the code without +"),
    ("44 20 7946 0018", "GB", "+442079460018", "the code without +"),
];

#[test]
fn removes_trunk_prefixes_that_are_not_part_of_the_number() {
    for (given, country, wanted, source) in TRUNKS {
        assert_eq!(read(given, country).as_deref(), Some(wanted), "{given} in {country}: {source}");
    }
}

const MARKS: [(&str, &str, &str, &str); 42] = [
    ("\u{202d}+1 (555) 765-0002\u{202c}", "US", "+15557650002", "iOS contacts, LRO and PDF"),
    ("\u{202a}+1 (555) 765-0002\u{202c}", "US", "+15557650002", "LRE"),
    ("\u{2066}+15557650002\u{2069}", "US", "+15557650002", "isolates"),
    (
        "\u{200e}+1\u{200e} 555 765 0002",
        "US",
        "+15557650002",
        "left-to-right marks of Hebrew and Arabic phones",
    ),
    ("\u{200f}+15557650002", "US", "+15557650002", "right-to-left mark"),
    ("\u{61c}+15557650002", "US", "+15557650002", "Arabic letter mark"),
    ("\u{feff}+15557650002", "US", "+15557650002", "byte order mark of CSV files"),
    ("+1555\u{200b}7650002", "US", "+15557650002", "zero width space"),
    ("+1555\u{200c}765\u{200d}0002", "US", "+15557650002", "joiners"),
    ("+1555\u{2060}7650002", "US", "+15557650002", "word joiner"),
    ("+1555\u{ad}765\u{ad}0002", "US", "+15557650002", "soft hyphens of web pages"),
    ("+1\u{a0}555\u{a0}765\u{a0}0002", "US", "+15557650002", "no-break spaces"),
    ("+1\u{202f}555\u{2009}765\u{2007}0002", "US", "+15557650002", "narrow and figure spaces"),
    ("\u{3000}+1\u{3000}555 765 0002", "US", "+15557650002", "ideographic spaces"),
    ("+1\t555\t765 0002\n", "US", "+15557650002", "cells of a spreadsheet"),
    ("+1 555\u{2010}765\u{2010}0002", "US", "+15557650002", "hyphen"),
    ("+1 555\u{2011}765\u{2011}0002", "US", "+15557650002", "no-break hyphen"),
    ("+1 555\u{2012}765\u{2013}0002", "US", "+15557650002", "figure dash, en dash"),
    ("+1 555\u{2014}765\u{2015}0002", "US", "+15557650002", "em dash, horizontal bar"),
    ("+1 555\u{2212}765\u{fe63}0002", "US", "+15557650002", "minus, small hyphen"),
    ("+1 555\u{ff0d}765\u{30fc}0002", "US", "+15557650002", "full-width hyphen, prolonged sound mark"),
    ("+1/555/765/0002", "US", "+15557650002", "slashes"),
    ("+1.555.765.0002", "US", "+15557650002", "dots"),
    ("+1\u{b7}555\u{b7}765\u{b7}0002", "US", "+15557650002", "middle dots"),
    ("+1_555_765_0002", "US", "+15557650002", "underscores"),
    (
        "\u{ff0b}\u{ff18}\u{ff11}\u{ff13}\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}\u{ff18}",
        "JP",
        "+81312345678",
        "full width",
    ),
    (
        "\u{ff10}\u{ff13}\u{ff08}\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff09}\u{ff15}\u{ff16}\u{ff17}\u{ff18}",
        "JP",
        "+81312345678",
        "full width, at home",
    ),
    (
        "+\u{669}\u{667}\u{661}\u{665}\u{660}\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}",
        "AE",
        "+971501234567",
        "Arabic-Indic digits",
    ),
    (
        "\u{6f0}\u{6f9}\u{6f1}\u{6f2} \u{6f3}\u{6f4}\u{6f5} \u{6f6}\u{6f7}\u{6f8}\u{6f9}",
        "IR",
        "+989123456789",
        "Persian digits",
    ),
    (
        "+\u{967}\u{968}\u{967}\u{968}\u{96b}\u{96b}\u{96b}\u{966}\u{967}\u{968}\u{969}",
        "US",
        "+12125550123",
        "Devanagari digits",
    ),
    ("+1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}125550123", "US", "+12125550123", "keycap emoji"),
    ("\u{2795}1 212 555 0123", "US", "+12125550123", "plus emoji"),
    ("\u{fe62}1 212 555 0123", "US", "+12125550123", "small plus"),
    ("tel:+15557650002", "US", "+15557650002", "RFC 3966"),
    ("TEL:+1-555-765-0002", "US", "+15557650002", "RFC 3966, schemes ignore case"),
    ("tel:7650002;phone-context=+1555", "GB", "+15557650002", "RFC 3966, 5.1.5"),
    ("tel:03-331-6005;isub=12345;phone-context=+64", "US", "+6433316005", "libphonenumber's tests"),
    ("tel:020-7946-0018;phone-context=example.com", "GB", "+442079460018", "RFC 3966, a domain as context"),
    ("sms:+15557650002", "US", "+15557650002", "RFC 5724"),
    ("whatsapp:+15557650002", "US", "+15557650002", "Twilio"),
    ("Tel.: +43 1 58858", "US", "+43158858", "a label"),
    ("'+15557650002", "US", "+15557650002", "text cells of spreadsheets"),
];

#[test]
fn reads_marks_digits_and_uris() {
    for (given, country, wanted, source) in MARKS {
        assert_eq!(read(given, country).as_deref(), Some(wanted), "{given:?} in {country}: {source}");
    }
}

const REFUSED: [(&str, &str, &str); 37] = [
    ("765-0002", "US", "seven digits without an area"),
    ("555-1234", "US", "seven digits without an area"),
    ("310-1234", "US", "seven digits of Canada's local services"),
    ("123-456-7890", "US", "no area begins with 1"),
    ("012 345 6789", "US", "no area begins with 0"),
    ("555 765 000", "US", "nine digits"),
    ("555 765 0002 3", "US", "eleven digits"),
    ("12345", "DE", "too short"),
    ("0400 123 4567", "GB", "no area begins with 4"),
    ("01 42 68 53", "FR", "eight digits"),
    ("001", "FR", "a prefix only"),
    ("612 34 56", "ES", "seven digits"),
    ("12 34 56 7", "DK", "seven digits"),
    ("9876 5432", "AU", "no area"),
    ("03-1234-567", "JP", "nine digits"),
    ("4123 4567", "MX", "eight digits without an area"),
    ("98765-4321", "BR", "nine digits without an area"),
    ("9123 456", "SG", "seven digits"),
    ("1234 5678", "AU", "no area"),
    ("98765 4321", "IN", "nine digits"),
    ("112", "DE", "an emergency number"),
    ("911", "US", "an emergency number"),
    ("12345", "US", "a short code"),
    ("Amazon", "US", "an alphanumeric sender"),
    ("1-800-FLOWERS", "US", "letters"),
    ("+1 800 FLOWERS", "US", "letters"),
    ("+1 555 765 0002 ext. 12", "US", "an extension, for a person"),
    ("555-765-0002 x12", "US", "an extension, for a person"),
    ("tel:+1-555-765-0002;ext=12", "US", "an extension, for a person"),
    ("sip:+15557650002@example.com", "US", "a SIP address"),
    ("client:+15557650002", "US", "a client of Twilio Voice"),
    ("+15557650002@example.com", "US", "an address"),
    ("+15557650002 +15557650003", "US", "two numbers"),
    ("555 765 0002", "??", "no country"),
    ("+0", "US", "no country code begins with 0"),
    ("+15557650002123456", "US", "longer than E.164"),
    ("\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}\u{b2}", "US", "superscripts"),
];

#[test]
fn rejects_what_cannot_be_a_number() {
    for (given, country, why) in REFUSED {
        assert_eq!(read(given, country), None, "{given} in {country}: {why}");
    }
}

#[test]
fn an_error_says_what_to_write() {
    for (given, country, problem) in [
        ("hello", "US", PhoneError::NotANumber),
        ("765-0002", "US", PhoneError::NotInCountry("US".into())),
        ("1-800-FLOWERS", "US", PhoneError::Letters),
        ("+1 555 765 0002 x12", "US", PhoneError::Extension),
    ] {
        assert_eq!(PhoneNumber::of_person(given, country), Err(problem), "{given}");
    }
    let reason = PhoneError::NotInCountry("AT".into()).reason();
    assert!(reason.contains("AT (`tools.defaultCountry`)") && reason.contains("country code"));
}

#[test]
fn separates_extensions_from_numbers() {
    for given in [
        "+1 555 765 0002 ext. 12",
        "+1 555 765 0002 x12",
        "+1 555 765 0002x12",
        "+1 555 765 0002 extension 12",
        "+1 555 765 0002 extn:12",
        "+1 555 765 0002 EXT 12",
        "+1 555 765 0002 \u{ff58}12",
        "+1 555 765 0002 #12",
        "+1 555 765 0002 (ext 12)",
        "+1 555 765 0002, ext. 12",
        "+1 555 765 0002 poste 12",
        "+1 555 765 0002 anexo 12",
        "+1 555 765 0002 int. 12",
        "+1 555 765 0002 \u{434}\u{43e}\u{431}. 12",
        "+15557650002,,12#",
        "+15557650002;12",
        "tel:+1-555-765-0002;ext=12",
    ] {
        let number = PhoneNumber::read(given, "US").unwrap();
        assert_eq!(
            (number.e164.as_str(), number.extension.as_deref()),
            ("+15557650002", Some("12")),
            "{given}"
        );
    }
}

/// Spellings of one line each (Meta, "Phone numbers"; IFT's numbering plan of 2019; Anatel's ninth
/// digit; ENACOM).
const ONE_LINE: [(&[&str], &str); 12] = [
    (&["+528112345678", "+5218112345678", "+52 1 81 1234 5678", "whatsapp:+5218112345678"], "Monterrey"),
    (&["+525512345678", "+5215512345678"], "Mexico City"),
    (&["+523312345678", "+5213312345678"], "Guadalajara"),
    (&["+529981234567", "+5219981234567"], "Canc\u{fa}n"),
    (&["+541123456789", "+5491123456789", "+54 9 11 2345-6789"], "Buenos Aires"),
    (&["+543512345678", "+5493512345678"], "C\u{f3}rdoba"),
    (&["+542214123456", "+5492214123456"], "La Plata"),
    (&["+5511987654321", "+551187654321"], "S\u{e3}o Paulo"),
    (&["+5531987654321", "+553187654321"], "Belo Horizonte"),
    (&["+5521998765432", "+552198765432"], "Rio de Janeiro"),
    (&["+5571976543210", "+557176543210"], "Salvador"),
    (&["+5585965432109", "+558565432109"], "Fortaleza"),
];

/// Numbers that are two different lines.
const TWO_LINES: [(&str, &str, &str); 10] = [
    ("+528112345678", "+528112345679", "another number"),
    ("+5218112345678", "+528112345679", "another number"),
    ("+551132345678", "+5511932345678", "a landline and a mobile number of Brazil"),
    ("+551152345678", "+5511952345678", "a landline and a mobile number of Brazil"),
    ("+12125550123", "+112125550123", "North America has no 1 in its numbers"),
    ("+5491123456789", "+541123456780", "another number"),
    ("+393312345678", "+3903312345678", "Italy's 0 is part of the number"),
    ("+59891234567", "+598991234567", "Uruguay"),
    ("+56912345678", "+5612345678", "Chile"),
    ("+5731234567890", "+573123456789", "Colombia"),
];

#[test]
fn whatsapp_spellings_are_one_line() {
    for (spellings, place) in ONE_LINE {
        let numbers: Vec<String> = spellings.iter().map(|given| read(given, "US").unwrap()).collect();
        for number in &numbers {
            assert!(is_same_phone(number, &numbers[0]), "{place}: {number} and {}", numbers[0]);
            let all = phone_spellings(number);
            let plain: Vec<&&str> =
                spellings.iter().filter(|given| given.starts_with('+') && !given.contains(' ')).collect();
            assert!(plain.iter().all(|given| all.contains(&given.to_string())), "{place}: {all:?}");
        }
    }
    for (one, other, why) in TWO_LINES {
        assert!(!is_same_phone(one, other), "{one} and {other}: {why}");
        assert!(!phone_spellings(one).contains(&other.to_owned()), "{one} and {other}: {why}");
    }
    for (given, e164, written) in [
        ("+5218112345678", "+528112345678", "+5218112345678"),
        ("+553187654321", "+5531987654321", "+553187654321"),
        ("+5491123456789", "+5491123456789", "+5491123456789"),
        ("+44 (0)20 7946 0018", "+442079460018", "+442079460018"),
    ] {
        let number = PhoneNumber::read(given, "US").unwrap();
        assert_eq!((number.e164.as_str(), number.written.as_str()), (e164, written), "{given}");
    }
}
