export default {
  code: 'pt',
  names: ['Silva', 'Carvalho', 'Ribeiro', 'Teixeira', 'Nogueira', 'Azevedo', 'Fonseca', 'Barbosa', 'Pinto'],
  stopWords:
    'a ao aos as com como da das de do dos e é ela ele em era essa esse esta está este eu foi há isso já lhe mais mas me meu minha na não nas no nos o os ou para pela pelo por qual quais quando que quem se sem ser seu sua são também te tem um uma você',
  talk: [
    'Bom dia, em que posso ajudar?',
    'Muito obrigada e um bom dia.',
    'Um momento, por favor, estou a verificar.',
    'Pode soletrar, por favor?',
    'Não, era só isso, obrigado.',
    'Está bem, até lá.',
  ],
  callback: {
    turns: ['user! Fala {name}. Ligue-me de volta para {phone}, por favor.', 'agent Ligamos-lhe esta tarde.'],
    question: 'Quem se consegue contactar pelo {asked}?',
  },
  move: {
    turns: [
      'user É {name}, tenho de adiar a minha consulta.',
      'agent Quando lhe daria jeito?',
      'user! {item}',
      'agent Já alterei na agenda.',
    ],
    question: 'Que novo horário sugeriu {name}?',
    items: [
      'Quinta-feira depois das quatro.',
      'Segunda-feira às nove da manhã.',
      'Sexta-feira, mas só antes do meio-dia.',
    ],
  },
  dated: {
    turns: ['user! É {name} outra vez. {topic}', 'agent Obrigada por nos avisar.'],
    onDate: 'Porque é que {name} ligou no dia {date}?',
    lastWeek: 'O que nos comunicou {name} na semana passada?',
  },
  businesses: {
    dental: {
      topics: [
        'Caiu-me o chumbo do dente de trás.',
        'As gengivas sangram desde a cirurgia.',
        'Na fatura aparece uma radiografia que não fiz.',
      ],
      scenarios: [
        {
          turns: [
            'user Olá, fala {name}, é por causa da minha coroa.',
            'agent Que tom deve ter?',
            'user! {item}, por favor.',
            'agent O laboratório começa amanhã.',
          ],
          questions: ['Que cor escolheu {name} para a coroa?'],
          items: [['Um marfim quente'], ['O branco mais claro'], ['Ligeiramente amarelado']],
        },
        {
          turns: [
            'user! Antes de me dar uma injeção: não tolero {item}. O meu nome é {name}.',
            'agent Anotei na sua ficha.',
          ],
          questions: ['Que alergia tem {name}?', 'Que paciente não pode entrar em contacto com {asked}?'],
          items: [
            ['a penicilina', 'a penicilina'],
            ['as luvas de látex', 'o látex'],
            ['o ibuprofeno', 'o ibuprofeno'],
          ],
        },
        {
          turns: [
            'user Fala {name}. Quanto teria de pagar por {item}?',
            'agent! Com o seu seguro são {n} euros.',
            'user Está bem.',
          ],
          questions: ['Qual é o preço de {asked} para {name}?'],
          items: [
            ['um branqueamento', 'branquear os dentes'],
            ['uma goteira noturna', 'a goteira contra o bruxismo'],
            ['uma limpeza profissional', 'a remoção do tártaro'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'A luz do motor voltou a acender.',
        'Alguém riscou a porta no parque de estacionamento.',
        'A chave suplente não abre a bagageira.',
      ],
      scenarios: [
        {
          turns: [
            'user Aqui {name}. Podem substituir o para-choques.',
            'agent Como o devemos pintar?',
            'user! {item}.',
            'agent Bem, vamos encomendar a tinta.',
          ],
          questions: ['Que cor quer {name} para o novo para-choques?'],
          items: [['Verde escuro'], ['O mesmo prateado de antes'], ['Preto mate']],
        },
        {
          turns: ['user! Aqui {name}. O meu carro {item}.', 'agent Traga-o amanhã às oito, por favor.'],
          questions: ['Que problema tem o veículo de {name}?', 'Que cliente tem um veículo que {asked}?'],
          items: [
            ['chia quando travo', 'faz barulho a travar'],
            ['perde óleo', 'pinga óleo no chão'],
            ['não pega quando está frio', 'não arranca com o frio'],
          ],
        },
        {
          turns: [
            'user A minha matrícula é {plate}.',
            'agent O que devemos fazer ao carro?',
            'user! {item}.',
            'agent Fica pronto na quarta-feira.',
          ],
          questions: ['Que trabalho foi encomendado para o veículo {askedPlate}?'],
          items: [['Montar os pneus de inverno'], ['Trocar o escape'], ['Recarregar o ar condicionado']],
        },
      ],
    },
    law: {
      topics: [
        'A outra parte ofereceu-se para pagar metade.',
        'O tribunal mudou a audiência para outra sala.',
        'Encontrei a carta do banco que faltava.',
      ],
      scenarios: [
        {
          turns: [
            'user Fala {name}, gostaria de processar alguém.',
            'agent Quem é a parte contrária?',
            'user! {item}.',
            'agent Vamos verificar se há conflito de interesses.',
          ],
          questions: ['Contra quem quer {name} ir a tribunal?'],
          items: [['O meu antigo patrão'], ['O senhorio do meu apartamento'], ['Uma agência de viagens']],
        },
        {
          turns: ['user! Aqui {name}. Pensei no assunto: {item}.', 'agent Vou dizer à advogada.'],
          questions: ['O que decidiu {name} fazer?', 'Quem quer {asked}?'],
          items: [
            ['aceito o acordo', 'chegar a um acordo'],
            ['recorremos da sentença', 'contestar a sentença'],
            ['retiro a queixa', 'desistir da queixa'],
          ],
        },
        {
          turns: [
            'user Aqui {name}. O que devo ter comigo na reunião?',
            'agent! Traga {item}, por favor.',
            'user Está bem, assim farei.',
          ],
          questions: ['De que documentos precisa {name} para a consulta?'],
          items: [
            ['o contrato de trabalho e os últimos três recibos de vencimento'],
            ['o contrato de arrendamento e fotografias dos danos'],
            ['o auto do acidente e a fatura do hospital'],
          ],
        },
      ],
    },
  },
}
