export default {
  code: 'fr',
  names: ['Dubois', 'Lefèvre', 'Moreau', 'Girard', 'Benali', 'Rousseau', 'Chevalier', 'Perrin', 'Gauthier'],
  stopWords:
    'à a ai au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur lui ma me mes mon ne nous on ou où par pas pour qu que quel quelle quels quelles qui quoi sa se ses son sont sur ta te tu un une vous votre y',
  talk: [
    'Bonjour, que puis-je faire pour vous ?',
    'Merci beaucoup et bonne journée.',
    'Un instant s’il vous plaît, je regarde.',
    'Pouvez-vous l’épeler ?',
    'Non, c’était tout, merci.',
    'Très bien, à bientôt.',
  ],
  callback: {
    turns: [
      'user! Ici {name}. Rappelez-moi au {phone}, s’il vous plaît.',
      'agent Nous vous appellerons cet après-midi.',
    ],
    question: 'Qui peut-on joindre au {asked} ?',
  },
  move: {
    turns: [
      'user C’est {name}, je dois reporter mon rendez-vous.',
      'agent Quand cela vous conviendrait-il ?',
      'user! {item}',
      'agent Je l’ai changé dans l’agenda.',
    ],
    question: 'Quel nouvel horaire {name} a-t-il proposé ?',
    items: [
      'Jeudi après seize heures.',
      'Lundi matin à neuf heures.',
      'Vendredi, mais seulement avant midi.',
    ],
  },
  dated: {
    turns: ['user! C’est encore {name}. {topic}', 'agent Merci de nous avoir prévenus.'],
    onDate: 'Pourquoi {name} a-t-il appelé le {date} ?',
    lastWeek: 'Qu’est-ce que {name} nous a signalé la semaine dernière ?',
  },
  businesses: {
    dental: {
      topics: [
        'Le plombage du fond est tombé.',
        'Mes gencives saignent depuis l’opération.',
        'La facture mentionne une radio que je n’ai pas passée.',
      ],
      scenarios: [
        {
          turns: [
            'user Bonjour, ici {name}, c’est pour ma couronne.',
            'agent Quelle teinte doit-elle avoir ?',
            'user! {item}, s’il vous plaît.',
            'agent Le laboratoire commence demain.',
          ],
          questions: ['Quelle couleur {name} a-t-il choisie pour la couronne ?'],
          items: [['Un ivoire chaud'], ['Le blanc le plus clair'], ['Légèrement jaune']],
        },
        {
          turns: [
            'user! Avant de me faire une piqûre : je ne supporte pas {item}. Je m’appelle {name}.',
            'agent Je l’ai noté dans votre dossier.',
          ],
          questions: [
            'Quelle allergie {name} a-t-il ?',
            'Quel patient ne doit pas être en contact avec {asked} ?',
          ],
          items: [
            ['la pénicilline', 'la pénicilline'],
            ['les gants en latex', 'le latex'],
            ['l’ibuprofène', 'l’ibuprofène'],
          ],
        },
        {
          turns: [
            'user Ici {name}. Combien devrais-je payer pour {item} ?',
            'agent! Avec votre mutuelle, cela fait {n} euros.',
            'user C’est d’accord.',
          ],
          questions: ['Quel est le prix de {asked} pour {name} ?'],
          items: [
            ['un blanchiment', 'blanchir les dents'],
            ['une gouttière de nuit', 'la gouttière contre le grincement'],
            ['un nettoyage professionnel', 'l’élimination du tartre'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Le voyant du moteur est de nouveau allumé.',
        'Quelqu’un a rayé la portière sur le parking.',
        'La clé de secours n’ouvre pas le coffre.',
      ],
      scenarios: [
        {
          turns: [
            'user Ici {name}. Vous pouvez remplacer le pare-chocs.',
            'agent Comment faut-il le peindre ?',
            'user! {item}.',
            'agent Bien, nous commandons la peinture.',
          ],
          questions: ['Quelle couleur {name} veut-il pour le nouveau pare-chocs ?'],
          items: [['Vert foncé'], ['Le même argent qu’avant'], ['Noir mat']],
        },
        {
          turns: [
            'user! Ici {name}. Ma voiture {item}.',
            'agent Amenez-la demain à huit heures, s’il vous plaît.',
          ],
          questions: [
            'Quel est le problème du véhicule de {name} ?',
            'Quel client a un véhicule qui {asked} ?',
          ],
          items: [
            ['grince quand je freine', 'fait du bruit au freinage'],
            ['perd de l’huile', 'laisse couler de l’huile par terre'],
            ['ne démarre pas quand il fait froid', 'refuse de démarrer par temps froid'],
          ],
        },
        {
          turns: [
            'user Mon immatriculation est {plate}.',
            'agent Que devons-nous faire sur la voiture ?',
            'user! {item}.',
            'agent Elle sera prête mercredi.',
          ],
          questions: ['Quel travail a été commandé pour le véhicule {askedPlate} ?'],
          items: [['Monter les pneus d’hiver'], ['Remplacer l’échappement'], ['Recharger la climatisation']],
        },
      ],
    },
    law: {
      topics: [
        'La partie adverse a proposé de payer la moitié.',
        'Le tribunal a déplacé l’audience dans une autre salle.',
        'J’ai retrouvé la lettre de la banque qui manquait.',
      ],
      scenarios: [
        {
          turns: [
            'user Ici {name}, je voudrais porter plainte.',
            'agent Qui est la partie adverse ?',
            'user! {item}.',
            'agent Nous vérifierons s’il y a un conflit d’intérêts.',
          ],
          questions: ['Contre qui {name} veut-il aller au tribunal ?'],
          items: [
            ['Mon ancien employeur'],
            ['Le propriétaire de mon appartement'],
            ['Une agence de voyages'],
          ],
        },
        {
          turns: ['user! Ici {name}. J’ai réfléchi : {item}.', 'agent Je le dirai à l’avocate.'],
          questions: ['Qu’est-ce que {name} a décidé de faire ?', 'Qui veut {asked} ?'],
          items: [
            ['j’accepte la transaction', 'conclure une transaction'],
            ['nous faisons appel du jugement', 'contester le jugement'],
            ['je retire ma plainte', 'abandonner la plainte'],
          ],
        },
        {
          turns: [
            'user Ici {name}. Que dois-je prendre pour l’entretien ?',
            'agent! Apportez {item}, s’il vous plaît.',
            'user D’accord, je le ferai.',
          ],
          questions: ['De quels papiers {name} a-t-il besoin pour la consultation ?'],
          items: [
            ['le contrat de travail et les trois derniers bulletins de salaire'],
            ['le bail et des photos des dégâts'],
            ['le constat d’accident et la facture de l’hôpital'],
          ],
        },
      ],
    },
  },
}
