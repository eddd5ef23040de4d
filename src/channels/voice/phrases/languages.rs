//! The phrases by language.

/// The phrases in a language.
#[derive(Debug)]
pub(super) struct Translation {
    pub greeting: &'static str,
    /// With `{name}`.
    pub named_greeting: &'static str,
    /// With `{name}` and `{company}`.
    pub company_greeting: &'static str,
    pub no_input: &'static str,
    pub goodbye: &'static str,
    pub no_match: &'static str,
    pub fillers: [&'static str; 3],
    pub apology: &'static str,
    pub limit: &'static str,
}

pub(super) const ENGLISH: Translation = Translation {
    greeting: "Hello! How can I help you?",
    named_greeting: "Hello, this is {name}. How can I help you?",
    company_greeting: "Hello, this is {name} from {company}. How can I help you?",
    no_input: "Are you still there?",
    goodbye: "I can't hear you. Please call again. Goodbye.",
    no_match: "Sorry, I didn't catch that. Could you say it again?",
    fillers: [
        "One moment, please.",
        "Let me check that for you.",
        "I'm still looking, thank you for waiting.",
    ],
    apology: "I'm sorry, I can't answer right now. Please try again in a little while.",
    limit: "You have called very often. Please try again in an hour. Goodbye.",
};

/// The phrases by the primary subtags of their language (ISO 639-1, ISO 639-3).
pub(super) const LANGUAGES: [(&[&str], Translation); 12] = [
    (&["en", "eng"], ENGLISH),
    (
        &["ar", "arb", "ara"],
        Translation {
            greeting: "مرحبًا! كيف يمكنني مساعدتك؟",
            named_greeting: "مرحبًا، معك {name}. كيف يمكنني مساعدتك؟",
            company_greeting: "مرحبًا، معك {name} من {company}. كيف يمكنني مساعدتك؟",
            no_input: "هل ما زلت معي؟",
            goodbye: "لا أستطيع سماعك. من فضلك اتصل مرة أخرى. مع السلامة.",
            no_match: "عذرًا، لم أفهم ذلك. هل يمكنك إعادته؟",
            fillers: ["لحظة من فضلك.", "دعني أتحقق من ذلك.", "ما زلت أبحث، شكرًا على انتظارك."],
            apology: "عذرًا، لا أستطيع الإجابة الآن. من فضلك حاول مرة أخرى بعد قليل.",
            limit: "لقد اتصلت مرات كثيرة. من فضلك حاول بعد ساعة. مع السلامة.",
        },
    ),
    (
        &["de", "deu"],
        Translation {
            greeting: "Guten Tag! Wie kann ich Ihnen helfen?",
            named_greeting: "Guten Tag, hier ist {name}. Wie kann ich Ihnen helfen?",
            company_greeting: "Guten Tag, hier ist {name} von {company}. Wie kann ich Ihnen helfen?",
            no_input: "Sind Sie noch da?",
            goodbye: "Ich kann Sie nicht hören. Bitte rufen Sie noch einmal an. Auf Wiederhören.",
            no_match: "Entschuldigung, das habe ich nicht verstanden. Können Sie es bitte wiederholen?",
            fillers: [
                "Einen Moment, bitte.",
                "Ich sehe für Sie nach.",
                "Ich suche noch, danke für Ihre Geduld.",
            ],
            apology: "Es tut mir leid, ich kann gerade nicht antworten. Bitte versuchen Sie es in Kürze noch einmal.",
            limit: "Sie haben sehr oft angerufen. Bitte versuchen Sie es in einer Stunde wieder. Auf Wiederhören.",
        },
    ),
    (
        &["es", "spa"],
        Translation {
            greeting: "¡Hola! ¿En qué puedo ayudarle?",
            named_greeting: "Hola, soy {name}. ¿En qué puedo ayudarle?",
            company_greeting: "Hola, soy {name} de {company}. ¿En qué puedo ayudarle?",
            no_input: "¿Sigue ahí?",
            goodbye: "No le oigo. Por favor, vuelva a llamar. Adiós.",
            no_match: "Perdone, no le he entendido. ¿Puede repetirlo?",
            fillers: ["Un momento, por favor.", "Déjeme comprobarlo.", "Sigo buscando, gracias por esperar."],
            apology: "Lo siento, ahora mismo no puedo responder. Por favor, inténtelo de nuevo dentro de un rato.",
            limit: "Ha llamado muchas veces. Por favor, inténtelo de nuevo dentro de una hora. Adiós.",
        },
    ),
    (
        &["fr", "fra"],
        Translation {
            greeting: "Bonjour ! Comment puis-je vous aider ?",
            named_greeting: "Bonjour, ici {name}. Comment puis-je vous aider ?",
            company_greeting: "Bonjour, ici {name} de {company}. Comment puis-je vous aider ?",
            no_input: "Êtes-vous toujours là ?",
            goodbye: "Je ne vous entends pas. Merci de rappeler. Au revoir.",
            no_match: "Excusez-moi, je n'ai pas compris. Pouvez-vous répéter ?",
            fillers: [
                "Un instant, s'il vous plaît.",
                "Je vérifie pour vous.",
                "Je cherche encore, merci de patienter.",
            ],
            apology: "Je suis désolé, je ne peux pas répondre pour le moment. Merci de réessayer dans un instant.",
            limit: "Vous avez appelé très souvent. Merci de réessayer dans une heure. Au revoir.",
        },
    ),
    (
        &["it", "ita"],
        Translation {
            greeting: "Buongiorno! Come posso aiutarla?",
            named_greeting: "Buongiorno, sono {name}. Come posso aiutarla?",
            company_greeting: "Buongiorno, sono {name} di {company}. Come posso aiutarla?",
            no_input: "È ancora in linea?",
            goodbye: "Non la sento. La prego di richiamare. Arrivederci.",
            no_match: "Mi scusi, non ho capito. Può ripetere?",
            fillers: [
                "Un attimo, per favore.",
                "Verifico subito.",
                "Sto ancora cercando, grazie per l'attesa.",
            ],
            apology: "Mi dispiace, in questo momento non posso rispondere. La prego di riprovare tra poco.",
            limit: "Ha chiamato molte volte. La prego di riprovare tra un'ora. Arrivederci.",
        },
    ),
    (
        &["nl", "nld"],
        Translation {
            greeting: "Goedendag! Waarmee kan ik u helpen?",
            named_greeting: "Goedendag, u spreekt met {name}. Waarmee kan ik u helpen?",
            company_greeting: "Goedendag, u spreekt met {name} van {company}. Waarmee kan ik u helpen?",
            no_input: "Bent u er nog?",
            goodbye: "Ik kan u niet horen. Belt u alstublieft nog eens. Tot ziens.",
            no_match: "Sorry, dat heb ik niet verstaan. Kunt u het herhalen?",
            fillers: [
                "Een ogenblik, alstublieft.",
                "Ik kijk het voor u na.",
                "Ik ben nog aan het zoeken, bedankt voor het wachten.",
            ],
            apology: "Het spijt me, ik kan nu niet antwoorden. Probeert u het straks nog eens.",
            limit: "U hebt erg vaak gebeld. Probeert u het over een uur nog eens. Tot ziens.",
        },
    ),
    (
        &["pl", "pol"],
        Translation {
            greeting: "Dzień dobry! W czym mogę pomóc?",
            named_greeting: "Dzień dobry, z tej strony {name}. W czym mogę pomóc?",
            company_greeting: "Dzień dobry, z tej strony {name}, {company}. W czym mogę pomóc?",
            no_input: "Czy jest tam ktoś?",
            goodbye: "Nic nie słyszę. Proszę zadzwonić jeszcze raz. Do widzenia.",
            no_match: "Przepraszam, nie zrozumiałam. Proszę powtórzyć.",
            fillers: ["Chwileczkę.", "Już sprawdzam.", "Jeszcze szukam, dziękuję za cierpliwość."],
            apology: "Przepraszam, w tej chwili nie mogę odpowiedzieć. Proszę spróbować za chwilę.",
            limit: "Bardzo dużo połączeń z tego numeru. Proszę spróbować za godzinę. Do widzenia.",
        },
    ),
    (
        &["pt", "por"],
        Translation {
            greeting: "Olá! Em que posso ajudar?",
            named_greeting: "Olá, aqui fala {name}. Em que posso ajudar?",
            company_greeting: "Olá, aqui fala {name}, da {company}. Em que posso ajudar?",
            no_input: "Ainda está aí?",
            goodbye: "Não consigo ouvir. Por favor, ligue novamente. Até logo.",
            no_match: "Desculpe, não entendi. Pode repetir?",
            fillers: [
                "Um momento, por favor.",
                "Vou verificar.",
                "Ainda estou procurando, obrigado por esperar.",
            ],
            apology: "Lamento, não posso responder agora. Por favor, tente novamente daqui a pouco.",
            limit: "Ligou muitas vezes. Por favor, tente novamente daqui a uma hora. Até logo.",
        },
    ),
    (
        &["ru", "rus"],
        Translation {
            greeting: "Здравствуйте! Чем могу помочь?",
            named_greeting: "Здравствуйте, это {name}. Чем могу помочь?",
            company_greeting: "Здравствуйте, это {name}, компания {company}. Чем могу помочь?",
            no_input: "Вы ещё на линии?",
            goodbye: "Я вас не слышу. Пожалуйста, перезвоните. До свидания.",
            no_match: "Извините, я не расслышала. Повторите, пожалуйста.",
            fillers: ["Одну минуту, пожалуйста.", "Сейчас проверю.", "Я всё ещё ищу, спасибо за ожидание."],
            apology: "Извините, сейчас я не могу ответить. Пожалуйста, попробуйте немного позже.",
            limit: "Вы звонили слишком часто. Пожалуйста, попробуйте через час. До свидания.",
        },
    ),
    (
        &["tr", "tur"],
        Translation {
            greeting: "Merhaba! Size nasıl yardımcı olabilirim?",
            named_greeting: "Merhaba, ben {name}. Size nasıl yardımcı olabilirim?",
            company_greeting: "Merhaba, {company} şirketinden {name}. Size nasıl yardımcı olabilirim?",
            no_input: "Hâlâ orada mısınız?",
            goodbye: "Sizi duyamıyorum. Lütfen tekrar arayın. Hoşça kalın.",
            no_match: "Özür dilerim, anlayamadım. Tekrar eder misiniz?",
            fillers: [
                "Bir dakika, lütfen.",
                "Hemen kontrol ediyorum.",
                "Hâlâ arıyorum, beklediğiniz için teşekkürler.",
            ],
            apology: "Özür dilerim, şu anda cevap veremiyorum. Lütfen biraz sonra tekrar deneyin.",
            limit: "Çok sık aradınız. Lütfen bir saat sonra tekrar deneyin. Hoşça kalın.",
        },
    ),
    (
        &["zh", "cmn", "zho"],
        Translation {
            greeting: "您好！请问有什么可以帮您？",
            named_greeting: "您好，我是{name}。请问有什么可以帮您？",
            company_greeting: "您好，我是{company}的{name}。请问有什么可以帮您？",
            no_input: "您还在吗？",
            goodbye: "我听不到您的声音，请再打过来。再见。",
            no_match: "抱歉，我没听清。您能再说一遍吗？",
            fillers: ["请稍等。", "我帮您查一下。", "我还在查，谢谢您的等待。"],
            apology: "抱歉，我现在无法回答。请稍后再试。",
            limit: "您拨打得太频繁了。请一小时后再试。再见。",
        },
    ),
];
