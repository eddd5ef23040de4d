export default {
  code: 'it',
  names: ['Rossi', 'Esposito', 'Colombo', 'Marchetti', 'Ferrara', 'Gallo', 'Bianchi', 'Conti', 'Leone'],
  stopWords:
    'a ad al alla alle anche che chi ci come con cosa da dal dalla dei del della delle di dove e è ed gli ha hanno ho i il in io la le lei lo ma mi mio mia nel nella non o per perché più quale quali quando se si sono su sua suo tra un una uno vi',
  talk: [
    'Buongiorno, come posso aiutarla?',
    'Grazie mille e buona giornata.',
    'Un attimo per favore, controllo.',
    'Me lo può dire lettera per lettera?',
    'No, era tutto, grazie.',
    'Va bene, a presto.',
  ],
  callback: {
    turns: ['user! Sono {name}. Mi richiami al {phone}, per favore.', 'agent La chiameremo nel pomeriggio.'],
    question: 'Chi si può raggiungere al {asked}?',
  },
  move: {
    turns: [
      'user Parla {name}, devo rimandare il mio appuntamento.',
      'agent Quando le andrebbe bene?',
      'user! {item}',
      'agent L’ho cambiato in agenda.',
    ],
    question: 'Quale nuovo orario ha proposto {name}?',
    items: [
      'Giovedì dopo le quattro.',
      'Lunedì mattina alle nove.',
      'Venerdì, ma solo prima di mezzogiorno.',
    ],
  },
  dated: {
    turns: ['user! Sono di nuovo {name}. {topic}', 'agent Grazie di averci avvisato.'],
    onDate: 'Per quale motivo ha chiamato {name} il {date}?',
    lastWeek: 'Che cosa ci ha comunicato {name} la settimana scorsa?',
  },
  businesses: {
    dental: {
      topics: [
        'Mi è caduta l’otturazione in fondo.',
        'Le gengive sanguinano dall’intervento.',
        'Nella fattura c’è una radiografia che non ho fatto.',
      ],
      scenarios: [
        {
          turns: [
            'user Buongiorno, sono {name}, è per la mia corona.',
            'agent Che tonalità deve avere?',
            'user! {item}, per favore.',
            'agent Il laboratorio comincia domani.',
          ],
          questions: ['Quale colore ha scelto {name} per la corona?'],
          items: [['Un avorio caldo'], ['Il bianco più chiaro'], ['Leggermente giallino']],
        },
        {
          turns: [
            'user! Prima di farmi una puntura: non tollero {item}. Mi chiamo {name}.',
            'agent L’ho annotato nella sua cartella.',
          ],
          questions: ['Quale allergia ha {name}?', 'Quale paziente non deve venire a contatto con {asked}?'],
          items: [
            ['la penicillina', 'la penicillina'],
            ['i guanti di lattice', 'il lattice'],
            ['l’ibuprofene', 'l’ibuprofene'],
          ],
        },
        {
          turns: [
            'user Sono {name}. Quanto dovrei pagare per {item}?',
            'agent! Con la sua assicurazione sono {n} euro.',
            'user Va bene.',
          ],
          questions: ['Che prezzo ha {asked} per {name}?'],
          items: [
            ['uno sbiancamento', 'sbiancare i denti'],
            ['un bite notturno', 'il bite contro il bruxismo'],
            ['una pulizia professionale', 'la rimozione del tartaro'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Si è riaccesa la spia del motore.',
        'Qualcuno ha graffiato la portiera nel parcheggio.',
        'La chiave di riserva non apre il bagagliaio.',
      ],
      scenarios: [
        {
          turns: [
            'user Qui {name}. Potete sostituire il paraurti.',
            'agent Come dobbiamo verniciarlo?',
            'user! {item}.',
            'agent Bene, ordiniamo la vernice.',
          ],
          questions: ['Che colore vuole {name} per il nuovo paraurti?'],
          items: [['Verde scuro'], ['Lo stesso argento di prima'], ['Nero opaco']],
        },
        {
          turns: [
            'user! Qui {name}. La mia macchina {item}.',
            'agent La porti domani alle otto, per favore.',
          ],
          questions: ['Che problema ha il veicolo di {name}?', 'Quale cliente ha un veicolo che {asked}?'],
          items: [
            ['stride quando freno', 'fa rumore in frenata'],
            ['perde olio', 'lascia gocce d’olio per terra'],
            ['non parte quando fa freddo', 'non si avvia con il freddo'],
          ],
        },
        {
          turns: [
            'user La mia targa è {plate}.',
            'agent Che cosa dobbiamo fare alla macchina?',
            'user! {item}.',
            'agent Sarà pronta mercoledì.',
          ],
          questions: ['Quale lavoro è stato ordinato per il veicolo {askedPlate}?'],
          items: [['Montare le gomme invernali'], ['Cambiare la marmitta'], ['Ricaricare il climatizzatore']],
        },
      ],
    },
    law: {
      topics: [
        'La controparte ha offerto di pagare la metà.',
        'Il tribunale ha spostato l’udienza in un’altra aula.',
        'Ho trovato la lettera della banca che mancava.',
      ],
      scenarios: [
        {
          turns: [
            'user Sono {name}, vorrei fare causa.',
            'agent Chi è la controparte?',
            'user! {item}.',
            'agent Verificheremo se c’è un conflitto di interessi.',
          ],
          questions: ['Contro chi vuole andare in tribunale {name}?'],
          items: [
            ['Il mio ex datore di lavoro'],
            ['Il proprietario del mio appartamento'],
            ['Un’agenzia di viaggi'],
          ],
        },
        {
          turns: ['user! Qui {name}. Ci ho pensato: {item}.', 'agent Lo dirò all’avvocato.'],
          questions: ['Che cosa ha deciso di fare {name}?', 'Chi vuole {asked}?'],
          items: [
            ['accetto la transazione', 'arrivare a una transazione'],
            ['facciamo appello contro la sentenza', 'impugnare la sentenza'],
            ['ritiro la denuncia', 'rinunciare alla denuncia'],
          ],
        },
        {
          turns: [
            'user Qui {name}. Che cosa devo avere con me per il colloquio?',
            'agent! Porti {item}, per favore.',
            'user Va bene, lo farò.',
          ],
          questions: ['Di quali documenti ha bisogno {name} per la consulenza?'],
          items: [
            ['il contratto di lavoro e le ultime tre buste paga'],
            ['il contratto di affitto e le foto dei danni'],
            ['il verbale dell’incidente e la fattura dell’ospedale'],
          ],
        },
      ],
    },
  },
}
