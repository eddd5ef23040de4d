//! The topic of a question: its terms without the words that questions of any topic have.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::terms::terms_iter;

/// Words of any topic, beside the stop words. They change how questions are compared with documents,
/// and no index.
#[rustfmt::skip]
const WORDS_OF_ANY_TOPIC: [(&str, &str); 11] = [
    ("English",
        "about actually again all also always am any anyone anything around ask because being best both bring cannot come \
         dear different dont either else ever every exactly find first get give go going good great hello hey hi if im \
         into just know let like long look make many may maybe me might mine more much must my need next no \
         not now off ok okay one only other our out over own please possible question quick quickly really right say see \
         should so some someone something soon sorry still such sure take tell than thank thanks then there these thing \
         think those through too try under until up us use usually very want wanted way well whats without wonder \
         wondering yes yet your yours"),
    ("German",
        "aber alle allem also am an auch auf aus bei beim bin bis bitte brauche brauchen da danke dann dass daß dein dir \
         dich doch du dürfen darf es etwas euch euer eure für gegen geht gerne gern gibt gut guten habt hallo hätte hier \
         ihm ihn ihr ihre ihren ihnen ihrem im in ins irgendwie irgendwelche ja jetzt kann kannst können könnte könnten \
         könnt kein keine man mehr mein meine meinen meiner mich mir möchte muss müssen nach nicht noch nun nur ob \
         oft schon sehr sein sich sie so soll sollte sonst über überhaupt um uns unser vielen viel viele vielleicht vom \
         vor war warst was weil wenn werden wird wissen weiß will wir wo wollte wollen würde würden zu zum zur"),
    ("French",
        "ai aimerais alors as au aucun aussi autre aux avez avoir avons beaucoup bien bonjour bonsoir ce cela ces cet \
         cette chez combien dans de des dois donc encore en est-ce être êtes faire fait faut faudrait ici ils jai jamais \
         leur lui ma mais me merci mes moi mon ne non nos notre on oui par pas peu peut peux plaît plus pour pourrais \
         pourriez pouvez pouvoir puis-je quelque sa salut sans se ses si son sous suis sur ta te tes toi ton toujours \
         tous tout toute trop va vers veux voir vos votre voudrais y"),
    ("Spanish",
        "además ahora al algo alguien algún alguna algunos allí aquí así aún bien buenas buenos cada casi cómo cuál \
         cuánta cuántas cuánto cuántos da de desde días dónde ella ellos en entre esa ese eso está están estar estas este \
         esto estoy favor gracias gustaría ha hace hacer haber han hasta hay hola le les luego más me mi mis mucho muy \
         nada necesito ni no nos nosotros nuestro o otra otro para pero poco podría podrían poder puede pueden puedo pues \
         quería quiero qué quién saber se según ser si sí sin sobre soy su sus también tan tengo tenéis tiene tienen te \
         toda todas todo todos tu tus usted ustedes va vale voy y ya yo"),
    ("Portuguese",
        "ainda algum alguma ao aos aqui até bem boa bom cada da das de dele depois desde do dos e ela ele eles em então \
         entre essa esse está estão estar este estou eu fazer gostaria há isso isto já lá lhe mais mas me mesmo meu meus \
         minha muito na não nas no nos nossa nosso num obrigada obrigado olá ou outra outro para pela pelo pode podem \
         poderia posso pouco pra precisa preciso quanta quanto quantos quero saber se sem seu seus si sim só sobre sua \
         suas também tem têm tenho ter toda todo tudo vai vocês você vou"),
    ("Italian",
        "abbiamo ad adesso ai al alla alle allora alcuni anche ancora avere avete avrei bene buona buongiorno cè cera che \
         ci cioè cosa così cui da dal dalla degli dei del della delle deve devo di dopo è ecco ed essere fa fare fra già \
         grazie ha hai hanno ho i in io la lei li loro ma mai me mi mio mia miei molto nei nel nella no noi non nostro \
         o ogni oppure per perché però piacere più poco poi possibile posso potete potrei può puoi qualche qualcosa \
         quanta quante quanti quanto quella quello quest questa queste questi questo qui sa sapere se sei senza si siete \
         solo sto stata stato su sua sul sulla suo tra tutti tutto un va vi voi vorrei vostra vostro"),
    ("Dutch",
        "aan af al alle als alstublieft altijd andere ben bent bij daar dag dan dank dat de deze die dit doe doen door \
         dus een eens er gaan gaat geen goed goede graag had hallo heb hebben hebt heeft hem hier hij hun iets iemand in is \
         ja je jij jullie jouw kan kun kunnen kunt maar maken me meer mij mijn moet moeten mag mogen na naar nee niet nog \
         nu of om ons onze ook op over te tot u uit uw veel vraag voor want wat we wel wie wil wilde willen wilt word \
         worden wordt zal ze zeer zich zo zonder zou zouden"),
    ("Polish",
        "albo ale bardzo bez być będzie była było bym chcę chciałabym chciałbym ci co coś czy cześć dla do dobry dzień \
         dzięki dziękuję gdy gdzie go i ich ile im innych ja jak jaka jaki jakie jakieś jest jestem jeszcze jeśli już \
         kiedy kto która które który ma macie mam mamy mi mnie mogę może można możecie moja moje mój mu my na nad nam nas \
         nie nic niż o od on ona oni oraz po pod potrzebuję państwo proszę przed przez przy są się skąd sobie ta \
         tak także tam te tego tej tel ten też to trzeba tu tylko u w was wasz wy z za ze żeby"),
    ("Turkish",
        "acaba ama ayrıca bana bazı belki ben benim bile biz bizim bunu böyle çok da daha de değil diye en eğer fakat \
         gibi hem her hiç için içinde iyi kaç kadar kendi ki lazım lütfen mi mı mu mü misiniz mısınız merhaba musunuz \
         müsünüz nasıl olan olarak oldu olur olacak olsa o ona onu orada öyle sadece selam size siz sizin sonra şey şimdi \
         şu teşekkürler tüm üzere var veya ya yani yok yoksa yapabilir istiyorum edebilir eder"),
    ("Russian",
        "а без более бы быть вам вами вас ваш ваша ваше ваши во вот все всё вы да для до добрый день его ее если есть еще \
         ещё же за здесь здравствуйте и из или им их к какой какое каком ко ли лучше меня мне много мной могу могли можно \
         мой моя моё мы нам нас наш нет ни но ну о об он она они очень по подскажите пожалуйста при привет про раз с со \
         свой себя сейчас сколько скажите спасибо так также там тебя то тоже только тот ты у уже хочу хотела хотел хотелось \
         чем через чтобы эта эти этот я"),
    ("Arabic",
        "ما ماذا هل متى أين كيف كم لماذا من في على إلى عن مع هذا هذه ذلك التي الذي أن إن كان هو هي أنا نحن أنتم لدي لديكم لديك \
         عندكم عندي يمكن يمكنني أريد أود لو سمحت فضلك شكرا مرحبا السلام عليكم أي كل لا نعم أو ثم قد لكم لي بعد قبل أيضا"),
];

/// Words of any topic in scripts without spaces, the longest first.
const WORDS_WITHOUT_SPACES: [&str; 44] = [
    "ありますか",
    "でしょうか",
    "できますか",
    "ください",
    "すみません",
    "こんにちは",
    "いくら",
    "どのくらい",
    "あります",
    "できます",
    "ですか",
    "ますか",
    "どこ",
    "いつ",
    "ですが",
    "です",
    "ます",
    "请问一下",
    "谢谢你",
    "请问",
    "可不可以",
    "可以",
    "你们",
    "我们",
    "什么",
    "怎么",
    "多少",
    "哪里",
    "哪些",
    "是不是",
    "有没有",
    "您好",
    "你好",
    "谢谢",
    "能不能",
    "吗",
    "呢",
    "的",
    "了",
    "你",
    "您",
    "我",
    "是",
    "有",
];

/// Returns the terms of a question that tell its topic, in order and without repetitions.
pub fn topic_terms(text: &str) -> Vec<String> {
    static TERMS: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| WORDS_OF_ANY_TOPIC.iter().flat_map(|(_, words)| terms_iter(words)).collect());
    let mut text = text.to_owned();
    for word in WORDS_WITHOUT_SPACES {
        if text.contains(word) {
            text = text.replace(word, " ");
        }
    }
    let mut seen = FxHashSet::default();
    terms_iter(&text).filter(|term| !TERMS.contains(term) && seen.insert(term.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_told_in_all_languages() {
        for (text, topic) in [
            ("", ""),
            ("Is there parking?", "park"),
            ("Could you please tell me how much a gold crown is?", "gold crown"),
            ("Haben Sie eigentlich einen Parkplatz?", "eigent parkpl"),
            ("Gibt es bei Ihnen Parkplätze?", "parkpl"),
            ("Est-ce que vous avez un parking ?", "park"),
            ("¿Tienen ustedes aparcamiento?", "aparca"),
            ("Vocês têm estacionamento?", "estaci"),
            ("Avete un parcheggio?", "parche"),
            ("Hebben jullie parkeerplaatsen?", "parkee"),
            ("Czy macie parking?", "park"),
            ("Otoparkınız var mı?", "otopar"),
            ("У вас есть парковка?", "парков"),
            ("هل لديكم موقف؟", "موقف"),
            ("请问你们有停车位吗？", "停车 车位 停 车 位"),
            ("駐車場はありますか？", "駐車 車場 場は 駐 車 場 は"),
            ("Crown, crown and crown?", "crown"),
        ] {
            assert_eq!(topic_terms(text).join(" "), topic, "{text}");
        }
    }
}
