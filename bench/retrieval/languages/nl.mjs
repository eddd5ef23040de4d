export default {
  code: 'nl',
  names: ['De Vries', 'Jansen', 'Bakker', 'Visser', 'Mulder', 'Smit', 'Hendriks', 'Dijkstra', 'Peeters'],
  stopWords:
    'aan af als bij dan dat de den der deze die dit door een en er gaat had heb hebben heeft het hij hoe ik in is je kan me met mijn na naar niet nog nu of om onze ook op over te tot u uit uw van voor waar wat we welk welke wie wij wil wilt worden wordt ze zich zijn zo',
  talk: [
    'Goedemorgen, waarmee kan ik u helpen?',
    'Hartelijk dank en een fijne dag.',
    'Een ogenblik, ik kijk het even na.',
    'Kunt u dat voor mij spellen?',
    'Nee, dat was alles, bedankt.',
    'Prima, tot dan.',
  ],
  callback: {
    turns: [
      'user! U spreekt met {name}. Belt u mij terug op {phone}, alstublieft.',
      'agent Wij bellen u vanmiddag.',
    ],
    question: 'Wie is bereikbaar op {asked}?',
  },
  move: {
    turns: [
      'user Hier {name}, ik moet mijn afspraak verzetten.',
      'agent Wanneer zou het u wel schikken?',
      'user! {item}',
      'agent Ik heb het in de agenda aangepast.',
    ],
    question: 'Welk nieuw tijdstip heeft {name} voorgesteld?',
    items: ['Donderdag na vieren.', 'Maandagochtend om negen uur.', 'Vrijdag, maar alleen voor de middag.'],
  },
  dated: {
    turns: ['user! Nogmaals {name}. {topic}', 'agent Bedankt dat u het laat weten.'],
    onDate: 'Waarover belde {name} op {date}?',
    lastWeek: 'Wat heeft {name} vorige week gemeld?',
  },
  businesses: {
    dental: {
      topics: [
        'De vulling achterin is eruit gevallen.',
        'Mijn tandvlees bloedt sinds de ingreep.',
        'Op de rekening staat een röntgenfoto die niet gemaakt is.',
      ],
      scenarios: [
        {
          turns: [
            'user Goedendag, {name}, het gaat om mijn kroon.',
            'agent Welke tint moet hij hebben?',
            'user! {item}, graag.',
            'agent Het laboratorium begint morgen.',
          ],
          questions: ['Welke kleur heeft {name} voor de kroon gekozen?'],
          items: [['Warm ivoor'], ['Het lichtste wit'], ['Een beetje gelig']],
        },
        {
          turns: [
            'user! Voordat u mij een prik geeft: {item} verdraag ik niet. Mijn naam is {name}.',
            'agent Ik heb het in uw dossier gezet.',
          ],
          questions: [
            'Welke allergie heeft {name}?',
            'Welke patiënt mag niet in aanraking komen met {asked}?',
          ],
          items: [
            ['penicilline', 'penicilline'],
            ['latexhandschoenen', 'latex'],
            ['ibuprofen', 'ibuprofen'],
          ],
        },
        {
          turns: [
            'user Met {name}. Wat zou ik moeten betalen voor {item}?',
            'agent! Met uw verzekering komt het op {n} euro.',
            'user Dat is goed.',
          ],
          questions: ['Hoe duur is {asked} voor {name}?'],
          items: [
            ['een bleekbehandeling', 'het bleken van de tanden'],
            ['een nachtbeugel', 'de beugel tegen knarsen'],
            ['een professionele reiniging', 'het verwijderen van tandsteen'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Het motorlampje brandt weer.',
        'Iemand heeft op de parkeerplaats een kras in het portier gemaakt.',
        'De reservesleutel opent de kofferbak niet.',
      ],
      scenarios: [
        {
          turns: [
            'user Met {name}. U kunt de bumper vervangen.',
            'agent Hoe moeten we hem spuiten?',
            'user! {item}.',
            'agent Goed, we bestellen de lak.',
          ],
          questions: ['Welke kleur wil {name} voor de nieuwe bumper?'],
          items: [['Donkergroen'], ['Hetzelfde zilver als eerst'], ['Matzwart']],
        },
        {
          turns: ['user! Met {name}. Mijn auto {item}.', 'agent Brengt u hem morgen om acht uur langs.'],
          questions: [
            'Wat mankeert er aan het voertuig van {name}?',
            'Welke klant heeft een voertuig dat {asked}?',
          ],
          items: [
            ['piept als ik rem', 'lawaai maakt bij het remmen'],
            ['verliest olie', 'olie op de grond druppelt'],
            ['start niet als het koud is', 'bij kou niet wil starten'],
          ],
        },
        {
          turns: [
            'user Mijn kenteken is {plate}.',
            'agent Wat moeten we aan de auto doen?',
            'user! {item}.',
            'agent Hij is woensdag klaar.',
          ],
          questions: ['Welk werk is besteld voor het voertuig {askedPlate}?'],
          items: [['Winterbanden monteren'], ['De uitlaat vervangen'], ['De airconditioning bijvullen']],
        },
      ],
    },
    law: {
      topics: [
        'De tegenpartij heeft aangeboden de helft te betalen.',
        'De rechtbank heeft de zitting naar een andere zaal verplaatst.',
        'Ik heb de ontbrekende brief van de bank gevonden.',
      ],
      scenarios: [
        {
          turns: [
            'user U spreekt met {name}, ik wil een rechtszaak beginnen.',
            'agent Wie is de tegenpartij?',
            'user! {item}.',
            'agent Wij gaan na of er een belangenconflict is.',
          ],
          questions: ['Tegen wie wil {name} naar de rechter stappen?'],
          items: [['Mijn vorige werkgever'], ['De verhuurder van mijn woning'], ['Een reisbureau']],
        },
        {
          turns: [
            'user! Met {name}. Ik heb erover nagedacht: {item}.',
            'agent Ik geef het door aan de advocaat.',
          ],
          questions: ['Wat heeft {name} besloten?', 'Wie wil {asked}?'],
          items: [
            ['ik ga akkoord met de schikking', 'schikken'],
            ['wij gaan tegen het vonnis in beroep', 'het vonnis aanvechten'],
            ['ik trek de aangifte in', 'de aangifte intrekken'],
          ],
        },
        {
          turns: [
            'user Met {name}. Wat moet ik bij me hebben voor het gesprek?',
            'agent! Neemt u {item} mee.',
            'user Goed, dat doe ik.',
          ],
          questions: ['Welke papieren heeft {name} nodig voor het consult?'],
          items: [
            ['het arbeidscontract en de laatste drie loonstroken'],
            ['het huurcontract en foto’s van de schade'],
            ['het ongevalsrapport en de rekening van het ziekenhuis'],
          ],
        },
      ],
    },
  },
}
