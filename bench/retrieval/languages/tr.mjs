export default {
  code: 'tr',
  names: ['Demir', 'Çelik', 'Şahin', 'Öztürk', 'Aydın', 'Koç', 'Güneş', 'Arslan', 'Polat'],
  stopWords:
    'acaba ama bana bu bir biz ben benim da daha de değil diye en gibi hangi hem her için ile ise kaç kadar ki kim kimin mi mı mu mü ne neden nasıl nerede o olan olarak onu sen siz sizi şu ve veya ya',
  talk: [
    'Günaydın, nasıl yardımcı olabilirim?',
    'Çok teşekkürler, iyi günler.',
    'Bir saniye lütfen, bakıyorum.',
    'Harf harf söyler misiniz?',
    'Hayır, hepsi bu kadar, sağ olun.',
    'Tamam, görüşmek üzere.',
  ],
  callback: {
    turns: [
      'user! Ben {name}. Lütfen beni {phone} numarasından geri arayın.',
      'agent Sizi öğleden sonra arayacağız.',
    ],
    question: '{asked} numarasından kime ulaşılır?',
  },
  move: {
    turns: [
      'user Ben {name}, randevumu ertelemem gerekiyor.',
      'agent Size ne zaman uygun olur?',
      'user! {item}',
      'agent Takvimde değiştirdim.',
    ],
    question: '{name} hangi yeni saati önerdi?',
    items: ['Perşembe dörtten sonra.', 'Pazartesi sabah dokuzda.', 'Cuma, ama yalnızca öğleden önce.'],
  },
  dated: {
    turns: ['user! Yine ben, {name}. {topic}', 'agent Haber verdiğiniz için teşekkürler.'],
    onDate: '{name} {date} günü neden aradı?',
    lastWeek: '{name} geçen hafta bize ne bildirdi?',
  },
  businesses: {
    dental: {
      topics: [
        'Arkadaki dolgu düştü.',
        'Ameliyattan beri diş etlerim kanıyor.',
        'Faturada çekilmeyen bir röntgen var.',
      ],
      scenarios: [
        {
          turns: [
            'user Merhaba, ben {name}, kaplamam için arıyorum.',
            'agent Hangi tonda olsun?',
            'user! {item}, lütfen.',
            'agent Laboratuvar yarın başlıyor.',
          ],
          questions: ['{name} kaplama için hangi rengi seçti?'],
          items: [['Sıcak bir fildişi'], ['En açık beyaz'], ['Hafif sarımsı']],
        },
        {
          turns: [
            'user! Bana iğne yapmadan önce: {item} bana dokunuyor. Adım {name}.',
            'agent Dosyanıza yazdım.',
          ],
          questions: ['{name} adlı hastanın hangi alerjisi var?', 'Hangi hasta {asked} ile temas etmemeli?'],
          items: [
            ['penisilin', 'penisilin'],
            ['lateks eldiven', 'lateks'],
            ['ibuprofen', 'ibuprofen'],
          ],
        },
        {
          turns: [
            'user Ben {name}. {item} için ne kadar ödemem gerekir?',
            'agent! Sigortanızla {n} avro tutuyor.',
            'user Olur.',
          ],
          questions: ['{name} için {asked} ücreti nedir?'],
          items: [
            ['Beyazlatma', 'dişleri beyazlatmanın'],
            ['Gece plağı', 'gıcırdatmaya karşı plağın'],
            ['Profesyonel temizlik', 'diş taşını almanın'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Motor ikaz lambası yine yanıyor.',
        'Otoparkta birisi kapıyı çizmiş.',
        'Yedek anahtar bagajı açmıyor.',
      ],
      scenarios: [
        {
          turns: [
            'user Ben {name}. Tamponu değiştirebilirsiniz.',
            'agent Nasıl boyayalım?',
            'user! {item}.',
            'agent Tamam, boyayı sipariş ediyoruz.',
          ],
          questions: ['{name} yeni tampon için hangi rengi istiyor?'],
          items: [['Koyu yeşil'], ['Önceki gümüş renk'], ['Mat siyah']],
        },
        {
          turns: ['user! Ben {name}. Arabam {item}.', 'agent Lütfen yarın sekizde getirin.'],
          questions: ['{name} adlı müşterinin aracının sorunu nedir?', 'Kimin aracı {asked}?'],
          items: [
            ['fren yapınca gıcırdıyor', 'frende ses çıkarıyor'],
            ['yağ kaçırıyor', 'yere yağ damlatıyor'],
            ['soğukta çalışmıyor', 'soğuk havada marş almıyor'],
          ],
        },
        {
          turns: [
            'user Plakam {plate}.',
            'agent Arabaya ne yapalım?',
            'user! {item}.',
            'agent Çarşamba günü hazır olur.',
          ],
          questions: ['{askedPlate} plakalı araç için hangi iş sipariş edildi?'],
          items: [['Kış lastiklerini takın'], ['Egzozu değiştirin'], ['Klimaya gaz doldurun']],
        },
      ],
    },
    law: {
      topics: [
        'Karşı taraf yarısını ödemeyi teklif etti.',
        'Mahkeme duruşmayı başka bir salona aldı.',
        'Bankadan gelen kayıp mektubu buldum.',
      ],
      scenarios: [
        {
          turns: [
            'user Ben {name}, dava açmak istiyorum.',
            'agent Karşı taraf kim?',
            'user! {item}.',
            'agent Çıkar çatışması olup olmadığına bakacağız.',
          ],
          questions: ['{name} kime karşı mahkemeye gitmek istiyor?'],
          items: [['Eski işverenim'], ['Dairemin sahibi'], ['Bir seyahat acentesi']],
        },
        {
          turns: ['user! Ben {name}. Düşündüm: {item}.', 'agent Avukata ileteceğim.'],
          questions: ['{name} ne yapmaya karar verdi?', 'Kim {asked} istiyor?'],
          items: [
            ['uzlaşmayı kabul ediyorum', 'uzlaşmak'],
            ['kararı temyiz ediyoruz', 'karara itiraz etmek'],
            ['şikâyetimi geri çekiyorum', 'şikâyetinden vazgeçmek'],
          ],
        },
        {
          turns: [
            'user Ben {name}. Görüşmeye gelirken yanımda ne olsun?',
            'agent! Lütfen {item} getirin.',
            'user Tamam, öyle yaparım.',
          ],
          questions: ['{name} danışma için hangi belgelere ihtiyaç duyuyor?'],
          items: [
            ['iş sözleşmesini ve son üç maaş bordrosunu'],
            ['kira sözleşmesini ve hasarın fotoğraflarını'],
            ['kaza tutanağını ve hastane faturasını'],
          ],
        },
      ],
    },
  },
}
