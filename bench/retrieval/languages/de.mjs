export default {
  code: 'de',
  names: ['Weber', 'Schneider', 'Yılmaz', 'Hoffmann', 'Köhler', 'Brandt', 'Lehmann', 'Vogel', 'Neumann'],
  stopWords:
    'aber als am an auch auf aus bei bin bitte da das dass dem den der des die ein eine einem einen einer er es für hat habe haben ich ihr ihre im in ist man mein meine mit nach nicht oder sein sich sie sind so und uns von war was welche welchen welches wenn wer wie wir wird zu zum zur',
  talk: [
    'Guten Morgen, wie kann ich helfen?',
    'Vielen Dank und einen schönen Tag noch.',
    'Einen Moment bitte, ich sehe nach.',
    'Können Sie das bitte buchstabieren?',
    'Nein, das war alles, danke.',
    'In Ordnung, bis dann.',
  ],
  callback: {
    turns: [
      'user! {name} am Apparat. Bitte rufen Sie mich unter {phone} zurück.',
      'agent Wir melden uns heute Nachmittag.',
    ],
    question: 'Wer ist unter {asked} zu erreichen?',
  },
  move: {
    turns: [
      'user Hier ist {name}, ich muss meinen Termin verschieben.',
      'agent Wann würde es Ihnen stattdessen passen?',
      'user! {item}',
      'agent Ich habe es im Kalender geändert.',
    ],
    question: 'Welchen neuen Zeitpunkt hat {name} vorgeschlagen?',
    items: ['Donnerstag nach vier.', 'Montag früh um neun.', 'Freitag, aber nur vormittags.'],
  },
  dated: {
    turns: ['user! Hier noch einmal {name}. {topic}', 'agent Danke, dass Sie Bescheid geben.'],
    onDate: 'Weswegen hat {name} am {date} angerufen?',
    lastWeek: 'Was hat {name} letzte Woche mitgeteilt?',
  },
  businesses: {
    dental: {
      topics: [
        'Die Füllung hinten ist herausgefallen.',
        'Mein Zahnfleisch blutet seit dem Eingriff.',
        'Auf der Rechnung steht eine Röntgenaufnahme, die nicht gemacht wurde.',
      ],
      scenarios: [
        {
          turns: [
            'user Guten Tag, {name}, es geht um meine Krone.',
            'agent Welchen Farbton soll sie haben?',
            'user! {item}, bitte.',
            'agent Das Labor fängt morgen an.',
          ],
          questions: ['Welche Farbe hat {name} für die Krone gewählt?'],
          items: [['Ein warmes Elfenbein'], ['Das hellste Weiß'], ['Leicht gelblich']],
        },
        {
          turns: [
            'user! Bevor Sie mir eine Spritze geben: {item} vertrage ich nicht. Mein Name ist {name}.',
            'agent Ich habe es in der Akte notiert.',
          ],
          questions: ['Welche Allergie hat {name}?', 'Wer darf nicht mit {asked} in Berührung kommen?'],
          items: [
            ['Penicillin', 'Penicillin'],
            ['Latexhandschuhe', 'Latex'],
            ['Ibuprofen', 'Ibuprofen'],
          ],
        },
        {
          turns: [
            'user Hier {name}. Was müsste ich für {item} zahlen?',
            'agent! Mit Ihrer Versicherung kommt es auf {n} Euro.',
            'user Das ist in Ordnung.',
          ],
          questions: ['Wie teuer ist {asked} für {name}?'],
          items: [
            ['ein Bleaching', 'die Zahnaufhellung'],
            ['eine Knirscherschiene', 'die Schiene gegen das Knirschen'],
            ['eine professionelle Reinigung', 'die Entfernung von Zahnstein'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Die Motorkontrollleuchte ist wieder an.',
        'Jemand hat auf dem Parkplatz die Tür zerkratzt.',
        'Der Ersatzschlüssel öffnet den Kofferraum nicht.',
      ],
      scenarios: [
        {
          turns: [
            'user {name} hier. Die Stoßstange können Sie austauschen.',
            'agent Wie sollen wir sie lackieren?',
            'user! {item}.',
            'agent Gut, wir bestellen den Lack.',
          ],
          questions: ['Welche Farbe möchte {name} für die neue Stoßstange?'],
          items: [['Dunkelgrün'], ['Dasselbe Silber wie vorher'], ['Mattschwarz']],
        },
        {
          turns: [
            'user! {name} hier. Mein Auto {item}.',
            'agent Bringen Sie es bitte morgen um acht vorbei.',
          ],
          questions: ['Was stimmt mit dem Fahrzeug von {name} nicht?', 'Wessen Fahrzeug {asked}?'],
          items: [
            ['quietscht, wenn ich bremse', 'macht beim Bremsen Geräusche'],
            ['verliert Öl', 'tropft Öl auf den Boden'],
            ['springt bei Kälte nicht an', 'startet im Kalten nicht'],
          ],
        },
        {
          turns: [
            'user Mein Kennzeichen ist {plate}.',
            'agent Was sollen wir an dem Auto machen?',
            'user! {item}.',
            'agent Es ist am Mittwoch fertig.',
          ],
          questions: ['Welche Arbeit wurde für den Wagen {askedPlate} bestellt?'],
          items: [['Winterreifen aufziehen'], ['Den Auspuff erneuern'], ['Die Klimaanlage befüllen']],
        },
      ],
    },
    law: {
      topics: [
        'Die Gegenseite hat angeboten, die Hälfte zu zahlen.',
        'Das Gericht hat die Verhandlung in einen anderen Saal verlegt.',
        'Ich habe den fehlenden Brief der Bank gefunden.',
      ],
      scenarios: [
        {
          turns: [
            'user Hier spricht {name}, ich möchte klagen.',
            'agent Wer ist die Gegenpartei?',
            'user! {item}.',
            'agent Wir prüfen, ob ein Interessenkonflikt besteht.',
          ],
          questions: ['Gegen wen will {name} vor Gericht ziehen?'],
          items: [['Mein früherer Arbeitgeber'], ['Der Vermieter meiner Wohnung'], ['Ein Reisebüro']],
        },
        {
          turns: ['user! {name} hier. Ich habe es mir überlegt: {item}.', 'agent Ich sage es der Anwältin.'],
          questions: ['Wozu hat sich {name} entschlossen?', 'Wer will {asked}?'],
          items: [
            ['Ich nehme den Vergleich an', 'sich vergleichen'],
            ['Wir legen gegen das Urteil Berufung ein', 'das Urteil anfechten'],
            ['Ich ziehe die Anzeige zurück', 'die Anzeige zurückziehen'],
          ],
        },
        {
          turns: [
            'user {name} hier. Was soll ich zu dem Gespräch mitnehmen?',
            'agent! Bringen Sie bitte {item} mit.',
            'user Gut, das mache ich.',
          ],
          questions: ['Welche Unterlagen braucht {name} für die Beratung?'],
          items: [
            ['den Arbeitsvertrag und die letzten drei Lohnabrechnungen'],
            ['den Mietvertrag und Fotos von dem Schaden'],
            ['den Unfallbericht und die Rechnung vom Krankenhaus'],
          ],
        },
      ],
    },
  },
}
