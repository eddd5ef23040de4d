use super::*;

/// Texts and their terms.
#[rustfmt::skip]
const TERMS: [(&str, &str); 66] = [
    ("", ""),
    ("?! …", ""),
    ("what is it", ""),
    ("What is he allergic to?", "allerg"),
    ("I am allergic to penicillin, please write it down", "am allerg penici pleas write down"),
    ("She went to the dentist's on the 3rd", "go dentis 3"),
    ("Two children lost their teeth", "two child lose tooth"),
    ("the wives' knives", "wife knife"),
    ("generously communicating universities", "genero commun univer"),
    ("appointments cancelled", "appoin cancel"),
    ("3pm 007 000 12:30", "3 pm 7 0 12 30 #0700012"),
    ("Order #1.000,50 €", "order 1 0 50"),
    ("anna.berg@mail.example.org", "anna berg mail exampl org"),
    ("https://example.com/a-b?c=d", "https exampl"),
    ("O'Brien, O’Brien", "brien brien"),
    ("a_b x1y2z3", "1 2 3"),
    ("Ich möchte den Termin am 3. März", "mocht termin am 3 marz"),
    ("STRASSE Straße straße", "strass strass strass"),
    ("Größere Überweisungen", "grosse uberwe"),
    ("Wann haben Sie geöffnet?", "sie geoffn"),
    ("¿Cuánto cuesta la limpieza mañana?", "cuanto cuesta limpie manana"),
    ("Où est l'été, naïve café?", "ete naiv cafe"),
    ("Non è già così", "non gia cosi"),
    ("Приём записан на среду", "прием записа среду"),
    ("какой врач был", "какои врач"),
    ("Ёлка ёжик", "елка ежик"),
    ("Ελλάδα ΟΔΟΣ όδος", "ελλαδα οδος οδος"),
    ("Ἀθῆναι", "αθηναι"),
    ("İSTANBUL ığdır", "istanb ıgdır"),
    ("çocuk nasıl", "cocuk"),
    ("Tiếng Việt được không", "tiếng việt đuợc khong"),
    ("Đặt lịch", "đặt lịch"),
    ("المدرسة والكتاب", "مدرس كتاب"),
    ("مُدَرِّسَة إلى أمـان", "مدرس الي امان"),
    ("لله للبيت سياراتها", "لله بيت سيارات"),
    ("بالسيارة مستشفيات", "سيار مستشفي"),
    ("מה שלוֹם היום", "מה שלוֹם היום"),
    ("हिन्दी नमस्ते", "हिन्दी नमस्ते"),
    ("தமிழ்", "தமிழ்"),
    ("বাংলা", "বাংলা"),
    ("ไทย", "ไทย"),
    ("สวัสดีครับ", "สวั วัส ัสด สดี ดีค ีคร ครั รับ"),
    ("ນະຄອນ", "ນະຄ ະຄອ ຄອນ"),
    ("မြန်မာ", "မြန ြန် န်မ ်မာ"),
    ("ភាសាខ្មែរ", "ភាស ាសា សាខ ាខ្ ខ្ម ្មែ មែរ"),
    ("東京駅", "東京 京駅 東 京 駅"),
    ("東", "東"),
    ("東京tower3階", "東京 東 京 tower 3 階"),
    ("ｶﾞｷﾞ ﾃﾞﾝﾜ", "ガギ ガ ギ デン ンワ デ ン ワ"),
    ("한국어 예약", "한국 국어 한 국 어 예약 예 약"),
    ("北京大学，北京", "北京 京大 大学 北 京 大 学 北京 北 京"),
    ("ＡＢＣ １２３", "abc 123"),
    ("ﬁnance Ⅷ ½ ² ③", "financ viii 1 2 2 3"),
    ("℃ ㎏ ™", "kg tm"),
    ("e\u{301}tude q\u{323}\u{307}", "etud"),
    ("٠٠٧ ٣ ७", "٠٠٧ ٣ ७"),
    ("👩\u{200d}⚕\u{fe0f} 🦷 3\u{fe0f}\u{20e3} 🇩🇪", "3\u{fe0f}"),
    ("call +1 (555) 123-4567", "call 1 555 123 4567 #1234567"),
    ("030/12 34 56 7, 0301234568", "30 12 34 56 7 301234568 #1234567 #1234568"),
    ("555\u{a0}010\u{a0}0199", "555 10 199 #0100199"),
    ("٠١٢٣٤٥٦٧", "٠١٢٣٤٥٦٧ #١٢٣٤٥٦٧"),
    ("123-456", "123 456"),
    ("ẞ ǅ Ⓐ ⅻ", "ss dz xii"),
    ("3\u{591} \u{301}x", "3\u{591}"),
    ("Λ\u{345}ς Σ\u{ad}Σ", "λς σ ς"),
    ("ayayayayayayayayayay", "ayayay"),
];

#[test]
fn texts_have_terms() {
    for (text, expected) in TERMS {
        assert_eq!(terms(text).join(" "), expected, "{text}");
    }
}

#[test]
fn long_texts_are_cut_between_words() {
    for unit in ["Straße 東京 12 ", "Straße\n東京\n", "東京駅。", "ab，"] {
        let text = unit.repeat(3 * MAX_PIECE / unit.len());
        let whole: Vec<String> = PieceTerms::new(fold(&text)).collect();
        assert!(pieces(&text).count() > 30);
        assert_eq!(terms(&text), whole, "{unit}");
    }
}

#[test]
fn texts_without_spaces_are_cut_too() {
    for unit in ["a", "7", "ﷺ", "é", "\u{301}", "𝟘"] {
        let text = unit.repeat(3 * MAX_PIECE / unit.len());
        assert!(pieces(&text).all(|piece| piece.len() <= MAX_PIECE), "{unit}");
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(terms_iter(&text).take(2).count() <= 2);
    }
}
