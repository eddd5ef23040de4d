export default {
  code: 'pl',
  names: [
    'Nowak',
    'Wiśniewska',
    'Zieliński',
    'Kamińska',
    'Dąbrowski',
    'Mazur',
    'Jankowska',
    'Wróbel',
    'Sikora',
  ],
  stopWords:
    'a ale co czy dla do gdzie go i ich jak jaka jaki jakie jakiego jest już kiedy kto która które który ma mam mi mnie moja moje mój może na nad nie nim o od oraz po pod proszę przed przez przy się są ta tak tam te tego tej ten to tu tym u w we z za ze że',
  talk: [
    'Dzień dobry, w czym mogę pomóc?',
    'Bardzo dziękuję i miłego dnia.',
    'Chwileczkę, już sprawdzam.',
    'Czy może pan to przeliterować?',
    'Nie, to wszystko, dziękuję.',
    'Dobrze, do zobaczenia.',
  ],
  callback: {
    turns: ['user! Mówi {name}. Proszę oddzwonić pod numer {phone}.', 'agent Zadzwonimy dziś po południu.'],
    question: 'Kto jest dostępny pod numerem {asked}?',
  },
  move: {
    turns: [
      'user Tu {name}, muszę przełożyć wizytę.',
      'agent Kiedy by pasowało?',
      'user! {item}',
      'agent Zmieniłam to w kalendarzu.',
    ],
    question: 'Jaki nowy termin zaproponował klient {name}?',
    items: [
      'W czwartek po szesnastej.',
      'W poniedziałek o dziewiątej rano.',
      'W piątek, ale tylko przed południem.',
    ],
  },
  dated: {
    turns: ['user! Znowu {name}. {topic}', 'agent Dziękujemy za informację.'],
    onDate: 'W jakiej sprawie dzwonił klient {name} dnia {date}?',
    lastWeek: 'Co zgłosił klient {name} w zeszłym tygodniu?',
  },
  businesses: {
    dental: {
      topics: [
        'Wypadła mi plomba z tyłu.',
        'Od zabiegu krwawią mi dziąsła.',
        'Na rachunku jest zdjęcie rentgenowskie, którego nie robiono.',
      ],
      scenarios: [
        {
          turns: [
            'user Dzień dobry, tu {name}, chodzi o moją koronę.',
            'agent Jaki odcień ma mieć?',
            'user! {item}, poproszę.',
            'agent Laboratorium zaczyna jutro.',
          ],
          questions: ['Jaki kolor korony wybrał pacjent {name}?'],
          items: [['Ciepła kość słoniowa'], ['Najjaśniejsza biel'], ['Lekko żółtawy']],
        },
        {
          turns: [
            'user! Zanim dostanę zastrzyk: nie toleruję {item}. Nazywam się {name}.',
            'agent Zapisałam to w karcie.',
          ],
          questions: [
            'Na co uczulony jest pacjent {name}?',
            'Który pacjent nie może mieć kontaktu z substancją: {asked}?',
          ],
          items: [
            ['penicyliny', 'penicylina'],
            ['rękawiczek lateksowych', 'lateks'],
            ['ibuprofenu', 'ibuprofen'],
          ],
        },
        {
          turns: [
            'user Mówi {name}. Ile musiałbym zapłacić za {item}?',
            'agent! Z pana ubezpieczeniem wychodzi {n} euro.',
            'user To mi odpowiada.',
          ],
          questions: ['Jaka jest cena za {asked} dla pacjenta {name}?'],
          items: [
            ['wybielanie', 'rozjaśnienie zębów'],
            ['szynę na noc', 'szynę przeciw zgrzytaniu'],
            ['profesjonalne czyszczenie', 'usunięcie kamienia'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Kontrolka silnika znowu się świeci.',
        'Ktoś porysował drzwi na parkingu.',
        'Zapasowy kluczyk nie otwiera bagażnika.',
      ],
      scenarios: [
        {
          turns: [
            'user Tu {name}. Można wymienić zderzak.',
            'agent Jak go polakierować?',
            'user! {item}.',
            'agent Dobrze, zamawiamy lakier.',
          ],
          questions: ['Jaki kolor nowego zderzaka chce klient {name}?'],
          items: [['Ciemnozielony'], ['Ten sam srebrny co wcześniej'], ['Czarny mat']],
        },
        {
          turns: ['user! Tu {name}. Mój samochód {item}.', 'agent Proszę przyjechać jutro o ósmej.'],
          questions: ['Co się dzieje z pojazdem klienta {name}?', 'Czyj pojazd {asked}?'],
          items: [
            ['piszczy, kiedy hamuję', 'hałasuje przy hamowaniu'],
            ['gubi olej', 'kapie olejem na ziemię'],
            ['nie zapala, gdy jest zimno', 'nie rusza na zimnie'],
          ],
        },
        {
          turns: [
            'user Mój numer rejestracyjny to {plate}.',
            'agent Co mamy zrobić z samochodem?',
            'user! {item}.',
            'agent Będzie gotowy w środę.',
          ],
          questions: ['Jaką pracę zlecono dla pojazdu {askedPlate}?'],
          items: [['Założyć opony zimowe'], ['Wymienić tłumik'], ['Napełnić klimatyzację']],
        },
      ],
    },
    law: {
      topics: [
        'Druga strona zaproponowała zapłatę połowy.',
        'Sąd przeniósł rozprawę do innej sali.',
        'Znalazłem brakujące pismo z banku.',
      ],
      scenarios: [
        {
          turns: [
            'user Mówi {name}, chcę złożyć pozew.',
            'agent Kto jest stroną przeciwną?',
            'user! {item}.',
            'agent Sprawdzimy, czy nie ma konfliktu interesów.',
          ],
          questions: ['Przeciwko komu klient {name} chce iść do sądu?'],
          items: [['Mój były pracodawca'], ['Właściciel mojego mieszkania'], ['Biuro podróży']],
        },
        {
          turns: ['user! Tu {name}. Przemyślałem to: {item}.', 'agent Przekażę to adwokatowi.'],
          questions: ['Co postanowił klient {name}?', 'Kto chce {asked}?'],
          items: [
            ['zgadzam się na ugodę', 'zawrzeć ugodę'],
            ['składamy apelację od wyroku', 'zaskarżyć wyrok'],
            ['wycofuję skargę', 'zrezygnować ze skargi'],
          ],
        },
        {
          turns: [
            'user Tu {name}. Co mam mieć ze sobą na spotkaniu?',
            'agent! Proszę przynieść {item}.',
            'user Dobrze, tak zrobię.',
          ],
          questions: ['Jakich dokumentów potrzebuje {name} na konsultację?'],
          items: [
            ['umowę o pracę i trzy ostatnie paski wypłaty'],
            ['umowę najmu i zdjęcia szkód'],
            ['protokół wypadku i rachunek ze szpitala'],
          ],
        },
      ],
    },
  },
}
