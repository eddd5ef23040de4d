//! Phrases that mail programs write around quoted and forwarded e-mails, in all known languages.
//! Sources: the translations of Evolution and Roundcube, and the output of Gmail, Outlook, Apple
//! Mail, Thunderbird and Yahoo.
//!
//! The phrases only add to the evidence in the form of a line. In a language that is missing here,
//! history is recognized by dates, addresses and colons.

/// Verbs of introductions, in lower case: "… wrote:".
pub(super) const INTRODUCTION_VERBS: &str = "
wrote | writes | schrieb | schreibt | geschrieben | schreift | a écrit | écrit | ha scritto | scrive
escribió | escribiu | escribe | escreveu | va escriure | missatge de | escriguèt | ha scribite | al scrivè | schreef
geschreven | skreau | skryf | geskryf | skrev | skreiv | skrifaði | skrivaði | følgende | följande
kirjoitti | kirjutas | napsal | píše | napísal | napisał | napisana przez | pisze | nadesłał | napisal | napisao | napisaŭ
piše | je pisal | ezt írta | a scris | rakstīja | rašė | shkroi | ka shkruar | писал | написа | напиша
напісаў | пишет | пише | иаҩҩоит | бичсэн | έγραψε | yazdı | yazmış | yazıb | yozgan | nivîsî | كتب | نوشت | لکھا
يازدى | כתב | מאת | دەنووسێ | लिखा | लिहिले | लिहीले | লিখেছেন | লিখেছিল | લખ્યું | લખાયેલ | ਲਿਖਿਆ
எழுதியது | వ్రాశారు | ಬರೆದಿದ್ದಾರೆ | എഴുതി | ලියන | เขียน | viết | menulis | sumulat | isinulat | aliandika
ubhale | գրել | գրեց | დაწერა | წერდა | ysgrifennodd | scríobh | idatzi du | skribis | bet skrivet | សរសេរ | ጽፏል
写道 | 寫道 | 寫到 | 提到 | 来信 | 書きました | のメール | のメッセージ | のコメント | 작성 | 쓴 내용 | 님이";

/// Separators above a forwarded e-mail, between dashes or alone, in lower case.
pub(super) const FORWARDED: &str = "
forwarded message | forwarded mail | forwarded email | forwarded by | begin forwarded message
weitergeleitete nachricht | weitergeleitete e-mail | anfang der weitergeleiteten nachricht
anfang der weitergeleiteten e-mail | message transféré | message transmis | courriel transféré
début du message réexpédié | début du message transféré | messaggio inoltrato | inizio messaggio inoltrato
mensaje reenviado | inicio del mensaje reenviado | mensagem encaminhada | mensagem reencaminhada
início da mensagem encaminhada | início da mensagem reencaminhada | missatge reenviat
inici del missatge reenviat | mensaxe reencamiñada | mensax reunviáu | messatge transferit
birbidalitako mezua | mesaj redirecționat | mesaj înaintat | mesaj redirecţionat
începe mesajul redirecționat | doorgestuurd bericht | begin doorgestuurd bericht | aangestuurde boodskap
videresendt meddelelse | videresendt besked | videresendt brev | start på videresendt besked
videresendt melding | vidaresendt melding | vidarebefordrat meddelande | vidarebefordrat mejl
vidarebefordrat brev | välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa
välitetty viesti / fwd.msg | framsend skilaboð | áframsend skilaboð | edastatud sõnum | edastatud kiri
edasisaadetud kiri | pārsūtīta vēstule | pārsūtīts ziņojums | persiųstas laiškas | persiųstas pranešimas
przekazana wiadomość | wiadomość przekazywana | przekazywana wiadomość | treść przekazanej wiadomości
początek przekazywanej wiadomości | přeposlaná zpráva | začátek přeposílané zprávy | preposlaná správa
ďalej odoslaná správa | začiatok preposlanej správy | preposlaná správa --- forwarded message
posredovano sporočilo | začetek posredovanega sporočila | proslijeđena poruka | prosleđena poruka
započni proslijeđenu poruku | továbbított üzenet | továbbított levél | továbbított levél kezdete
mesazhi i përcjellë | προωθημένο μήνυμα | έναρξη προωθημένου μηνύματος | пересылаемое сообщение
перенаправленное сообщение | пересланное сообщение | пересылаемое письмо
начало переадресованного сообщения | переслане повідомлення | перенаправлене повідомлення
початок листа, що пересилається | перасланае паведамленне | препратено писмо | препратено съобщение
начало на препратеното съобщение | препратена порака | прослеђена порука | yönlendirilmiş ileti
iletilmiş mesaj | iletilen ileti | iletilen mesaj | i̇letilmiş mesaj | i̇letilen i̇leti | i̇leti başlangıcı
ileti başlangıcı | yönlendirilmiş i̇leti | ötürülülən məktub | yönləndirilmiş mesaj | رسالة ممررة
رسالة ممرّرة | رسالة معاد توجيهها | الرسالة المعاد توجيهها | بداية الرسالة المعاد توجيهها | پیام ارجاعی
پیام ارجاع داده شده | پیام هدایت شده | הודעה מועברת | הודעה שהועברה | התחלת ההודעה שהועברה | अग्रेषित संदेश
ফরওয়ার্ড করা বার্তা | આગળ ધપાવાયેલ સંદેશો | ਅੱਗੇ ਭੇਜਿਆ ਸੁਨੇਹਾ | அனுப்பும் செய்தி | ముందుకు పంపబడిన సందేశం
ข้อความส่งต่อ | ข้อความที่ส่งต่อ | เริ่มข้อความที่ส่งต่อ | thư đã chuyển tiếp | thư chuyển tiếp
tin nhắn được chuyển tiếp | bắt đầu thư được chuyển tiếp | pesan terusan | pesan yang diteruskan
isi pesan asli | mulai pesan terusan | mesej dimajukan | mesej yang dimajukan | plusendita mesaĝo
neges yrrwyd ymlaen | teachtaireacht curtha ar aghaidh | 転送メッセージ | 転送されたメッセージ | 転送するメッセージ | 転送メール | ここから転送
전달한 메시지 | 전달된 메시지 | 전달된 메일 | 전달된 편지 | 转发的信息 | 转发的邮件 | 转发邮件 | 转发邮件信息 | 转发的邮件信息 | 转发消息 | 已转发的邮件 | 开始转发的邮件
weitergeleitete mail | edelleen lähetetty viesti | dále přeposílaná zpráva | začátek přeposlané zprávy | továbbított üzenet kezdete
începutul mesajului redirecționat | αρχή προωθημένου μηνύματος | رسالة مُعاد توجيهها | بدء الرسالة المُعاد توجيهها | تمت إعادة توجيه الرسالة
תחילת ההודעה שהועברה | पीछे भेजा गया संदेश | เริ่มต้นข้อความที่ส่งต่อ | mulai pesan yang diteruskan | 已转发消息 | 已轉寄郵件
下面是被转发的邮件 | 以下是转寄的邮件 | 以下是被轉寄的郵件 | 以下為轉寄的郵件 | pārsūtītā ziņa | mensaxe reenviada | پیام هدایتشده
以下是转发的邮件 | 轉寄的郵件 | 轉遞的郵件 | 轉寄郵件 | 轉發郵件 | 轉寄信件 | 開始轉寄郵件 | 已轉寄的郵件 | 以下是轉寄的郵件";

/// Separators above the e-mail that is answered, between dashes, in lower case.
pub(super) const ORIGINAL: &str = "
original message | original mail | original email | original-message | reply message | replied message
ursprüngliche nachricht | originalnachricht | original-nachricht | ursprüngliche mail | message d'origine
message d’origine | message original | message initial | courriel original | mensaje original
mensagem original | missatge original | mensaxe orixinal | mensax orixinal | messaggio originale
messaggio originario | messatge d'origina | jatorrizko mezua | mesaj original | mesajul original
oorspronkelijk bericht | oorspronkelijke bericht | origineel bericht | orgineel bericht
oarspronklik berjocht | oorspronklike boodskap | oprindelig meddelelse | oprindelig besked | original besked
original meddelelse | oprindeligt brev | opprinnelig melding | opphavleg melding | opprinneleg melding
ursprungligt meddelande | originalmeddelande | ursprungligt mejl | alkuperäinen viesti | upprunaleg skilaboð
upphaflegt skeyti | esialgne kiri | algne sõnum | algupärane sõnum | sākotnējā vēstule
sākotnējais ziņojums | originalus laiškas | pradinis laiškas | wiadomość oryginalna | oryginalna wiadomość
původní zpráva | původní e-mail | pôvodná správa | izvirno sporočilo | izvorno sporočilo | izvorna poruka
originalna poruka | eredeti üzenet | eredeti levél | mesazhi origjinal | mesazhi orgjinal | αρχικό μήνυμα
исходное сообщение | исходное письмо | оригинальное сообщение | оригінальне повідомлення
арыгінальнае паведамленне | оригинално писмо | оригинално съобщение | оригинална порака | оригинална порука
özgün ileti | özgün i̇leti | orijinal mesaj | orijinal ileti | orijinal məktub | asl xat | الرسالة الأصلية
الرسالة الأساسية | رسالة أصلية | پیام اصلی | הודעה מקורית | ההודעה המקורית | मूल संदेश | मौलिक संदेश
মূল বার্তা | મૂળ સંદેશો | ਅਸਲੀ ਸੁਨੇਹਾ | மூல செய்தி | ಮೂಲ ಸಂದೇಶ | ข้อความเดิม | ข้อความต้นฉบับ | thư gốc
tin nhắn gốc | pesan asli | mesej asal | origina mesaĝo | neges wreiddiol | bunteachtaireacht | 元のメッセージ
オリジナルのメッセージ | オリジナルメッセージ | 元のメール | 원본 메시지 | 원본 메일 | 원본 이메일 | 원래 메시지 | 원본메시지 | 原始邮件 | 原始信息 | 原始郵件 | 原始訊息
原邮件 | 回复的原邮件 | 邮件原件 | 原來的郵件 | originele bericht | originala mesaĝo | ორიგინალი შეტყობინება
առաջին հաղորդագրությունը | kemennadenn orin | peyama orîjînal";

/// Labels of the sender, in lower case.
pub(super) const FROM: &str = "
from | sender | von | absender | de | expéditeur | da | mittente | remitente | remetente | remitent | de la
expeditor | expeditorul | van | afzender | fan | fra | frå | frá | afsender | avsender | avsendar | från
avsändare | lähettäjä | saatja | kellelt | no | sūtītājs | nuo | siuntėjas | od | odesílatel | odosielateľ
nadawca | pošiljatelj | pošiljalac | šalje | feladó | nga | dërguesi | από | αποστολέας | от | отправитель
від | від кого | відправник | ад | подател | од | праќач | пошиљалац | kimden | gönderen | gönderici
kimdən | göndərən | kimdan | кімнен | хэнээс | من | المرسل | از | فرستنده | מאת | מ | प्रेषक | भेजने वाला
से | প্রেরক | থেকে | இருந்து | அனுப்புனர் | ఎవరి నుండి | ಇಂದ | ผู้ส่ง | จาก | từ | người gửi | gửi từ | dari
pengirim | daripada | mula kay | kutoka | nork | igorlea | sendanto | oddi wrth | ó | seolaí | eus | vun
გამგზავნი | ვისგან | ուղարկող | ումից | 差出人 | 発信者 | 送信者 | 送信元 | 보낸 사람 | 보낸사람 | 보낸이 | 发件人 | 发送人 | 寄件者 | 寄件人
發件人 | ពី | អ្នកផ្ញើ";

/// Labels of the date, in lower case.
pub(super) const DATE: &str = "
sent | date | sent at | gesendet | gesendet am | datum | envoyé | envoyé le | inviato | inviato il | data
enviado | enviado el | enviada em | enviado em | enviada | fecha | enviat | enviat el | dată | trimis
data trimiterii | verzonden | verstuurd | sendt | dato | skickat | lähetetty | päivämäärä | päiväys
saadetud | kuupäev | nosūtīts | datums | išsiųsta | odesláno | odoslané | dátum | wysłano | wysłane
poslano | poslato | elküldve | dërguar | datë | στάλθηκε | ημερομηνία | αποστολή | отправлено | дата
надіслано | відправлено | дасланы | адпраўлена | изпратено | испратено | послато | датум | tarih
gönderildi | gönderilen | gönderme tarihi | göndərildi | tarix | sana | تاريخ الإرسال | تم الإرسال | التاريخ
أرسلت | مرسل | تاریخ | ارسال شده | נשלח | תאריך | भेजा गया | दिनांक | तारीख | প্রেরিত | তারিখ | தேதி | ส่ง
ส่งเมื่อ | วันที่ | ngày | đã gửi | ngày gửi | gửi | dikirim | terkirim | tanggal | dihantar | tarikh
ipinadala | bidalia | noiz | sendita | anfonwyd | dyddiad | dáta | gönderilme zamanı | თარიღი | գաղափար
ամսաթիվ | 送信日時 | 送信日 | 日付 | 日時 | 보낸 날짜 | 보낸날짜 | 날짜 | 보냄 | 发送时间 | 发送日期 | 日期 | 时间 | 寄件日期 | 傳送時間 | 傳送日期 | 發送時間
огноо";

/// Labels of the recipients, in lower case.
pub(super) const TO: &str = "
to | cc | an | kopie | à | a | pour | destinataire | copie à | destinatario | para | destinatário | per a
catre | către | destinatar | destinatarul | aan | ontvanger | oan | til | modtager | mottaker | kopi | till
mottagare | kopia | vastaanottaja | kopio | saaja | kellele | kam | saņēmējs | komu | pre | adresát | kópia
do | dw | adresat | za | prima | primatelj | primalac | címzett | másolat | másolatot kap | për | drejtuar
προς | παραλήπτης | κοιν. | κοινοποίηση | кому | копия | копія | каму | до | за | примач | kime | alıcı
bilgi | kimə | kimga | إلى | الى | نسخة | به | رونوشت | אל | עותק | לידיעה | प्रति | को | सेवा में | প্রাপক
பெறுநர் | பெறுனர் | ถึง | ผู้รับ | สำเนา | đến | tới | người nhận | kepada | kpd | penerima | untuk | sa
kwa | nori | ricevanto | derbynydd | chuig | da | un | ვის | ստացող | ում | 宛先 | 받는 사람 | 받는사람 | 받는이 | 참조
收件人 | 抄送 | 收件者 | 副本 | хэнд";

/// Labels of the subject, in lower case.
pub(super) const SUBJECT: &str = "
subject | betreff | objet | sujet | oggetto | asunto | assunto | assumpte | asuntu | subiect | subiectul
onderwerp | ûnderwerp | emne | ämne | efni | evni | titill | aihe | teema | pealkiri | temats | tēma | tema
předmět | predmet | temat | zadeva | naslov | tárgy | subjekt | subjekti | θέμα | тема | тэма | относно
заглавие | предмет | наслов | konu | mövzu | mavzu | الموضوع | موضوع | נושא | הנדון | विषय | विशय | বিষয়
தலைப்பு | பொருள் | ವಿಷಯ | വിഷയം | เรื่อง | หัวเรื่อง | หัวจดหมาย | chủ đề | tiêu đề | perihal | subjek
judul | paksa | mada | gaia | temo | pwnc | ábhar | ábhair | sujed | თემა | სათაური | թեմա | վերնագիր | 件名
제목 | 主题 | 主旨 | 主題 | гарчиг | тақырып";

/// Beginnings of separators of forwarded e-mails that continue with the sender or the subject, in
/// lower case.
pub(super) const FORWARDS: &str = "
forwarded | weitergeleitet | transféré par | transmis par | reenviado | encaminhad | reencaminhad | inoltrat | doorgestuurd
videresend | vidaresend | vidarebefordra | edelleen lähetetty | edelleenlähetetty | przekazan | przesłan | přeposlan | preposlan
továbbított | redirecționat | препратен | пересл | пересыл | προωθημέν | yönlendirilmiş | iletil | reenviad | mensaxe reenviad";

/// Pronouns of the writer and the reader, which introductions by programs never contain: "you
/// wrote". Words that are also names or weekdays are left out.
pub(super) const PERSONAL_PRONOUNS: &str = "
I | you | your | we | our | my | ich | wir | sie | ihr | ihre | ihnen | mir | uns | mein | meine | unser | unsere | Ich | Wir
Sie | Ihr | Ihre | Ihnen | vous | votre | vos | nous | notre | j'ai | j’ai | usted | ustedes | sus | yo | nosotros | nuestro | nuestra
lei | noi | nostro | nostra | voi | vostro | vostra | você | vocês | nós | nosso | nossa | seu | sua | uw | wij | jullie | mijn | onze
jeg | dere | deres | jag | vår | minä | teidän | meidän | państwo | państwa | mój | moja | nasz | jste | jsem | jsme | váš | ste | som
sme | sem | smo | sam | önök | önöktől | dumneavoastră | вы | ваш | вам | мы | мой | наш | ви | вие | вас | я | ние | εσείς | σας | εγώ
μας | siz | biz | sizin | benim | אני | אתם | אנחנו";

/// Beginnings of signature lines of phones and mail programs, in lower case.
pub(super) const SENT_FROM: &str = "
sent from | sent with | sent via | sent using | get outlook | get bluemail | gesendet | von mein | diese nachricht wurde von mein | holen sie sich outlook
outlook für | envoyé d | envoyé avec | envoyé via | envoyé à partir | obtenir outlook | télécharger outlook | enviado de | enviado do
enviado con | enviado com | enviado a partir | enviado pel | enviado via | enviado vía | obtener outlook | obter o outlook
obter outlook | inviato da | inviato dal | inviato con | ottieni outlook | scarica outlook | verzonden | verstuurd | outlook voor
sendt fra | sendt med | hent outlook | få outlook | skickat från | skickat med | hämta outlook | skaffa outlook | lähetetty | hanki outlook
wysłan | pobierz outlook | pobierz program outlook | odesláno | odoslané | získejte outlook | získat outlook | elküldve | trimis de
poslano s | poslano z | poslano iz | poslato sa | изпратено от | στάλθηκε από | εστάλη από | отправлено с | отправлено из
надіслано з | відправлено з | получить outlook | أرسل | أُرسل | مرسل من | تم الإرسال من | נשלח | ارسال شده از | ส่งจาก
đã gửi từ | được gửi từ | gửi từ | dikirim dari | dihantar dari | 发自 | 來自我的 | 從我的 | 寄自 | 來自 | 获取 outlook | 取得 outlook
enviat des | saadetud minu | nosūtīts no | išsiųsta iš | sent úr";

/// Ends of such lines in languages that put the verb last, in lower case.
pub(super) const SENT_FROM_AT_END: &str = "
küldve | küldött üzenet | gönderildi | edinin | से भेजा गया | से भेजा | から送信 | から送信されました | より送信 | を入手 | 에서 보냄 | 에서 보낸 메일
傳送 | 寄出 | bidalia";

/// Devices and programs that such lines name, in lower case.
pub(super) const DEVICES: &str = "
iphon | ipad | ipod | android | galaxy | samsung | huawei | xiaomi | redmi | oppo | oneplus | pixel | blackberry | nokia | motorola | xperia
outlook | yahoo | aol mail | gmx | web.de | t-online | proton | k-9 | k9 | aqua mail | bluemail | fairemail | mailbird | spark | airmail
superhuman | gmail | mail for windows | mail für windows | smartphone | handy | mobile device | mobile phone | mobilgerät | mobiltelefon
téléphone | móvil | celular | windows phone | mail.ru | яндекс";

/// Returns the phrases of one of these lists. They are separated by bars and line breaks.
pub(super) fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(['|', '\n']).map(str::trim).filter(|word| !word.is_empty())
}
