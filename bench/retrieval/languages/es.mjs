export default {
  code: 'es',
  names: ['García', 'Fernández', 'Romero', 'Navarro', 'Ibáñez', 'Castillo', 'Muñoz', 'Ortega', 'Vidal'],
  stopWords:
    'a al ante como con cual cuando de del desde donde el ella en es esta este esto fue ha había han hay la las le les lo los me mi muy no nos o para pero por porque que quien quién qué se ser si sin sobre son su sus también te un una usted y ya yo',
  talk: [
    'Buenos días, ¿en qué puedo ayudarle?',
    'Muchas gracias, que tenga un buen día.',
    'Un momento, por favor, lo estoy mirando.',
    '¿Me lo puede deletrear?',
    'No, eso era todo, gracias.',
    'De acuerdo, hasta entonces.',
  ],
  callback: {
    turns: [
      'user! Soy {name}. Devuélvame la llamada al {phone}, por favor.',
      'agent Le llamaremos esta tarde.',
    ],
    question: '¿A quién se localiza en el {asked}?',
  },
  move: {
    turns: [
      'user Habla {name}, tengo que aplazar mi cita.',
      'agent ¿Cuándo le vendría bien?',
      'user! {item}',
      'agent Lo he cambiado en el calendario.',
    ],
    question: '¿Qué nueva hora propuso {name}?',
    items: [
      'El jueves después de las cuatro.',
      'El lunes a las nueve de la mañana.',
      'El viernes, pero solo antes del mediodía.',
    ],
  },
  dated: {
    turns: ['user! Otra vez {name}. {topic}', 'agent Gracias por avisarnos.'],
    onDate: '¿Por qué llamó {name} el {date}?',
    lastWeek: '¿Qué nos comunicó {name} la semana pasada?',
  },
  businesses: {
    dental: {
      topics: [
        'Se me ha caído el empaste de atrás.',
        'Me sangran las encías desde la operación.',
        'En la factura aparece una radiografía que no me hicieron.',
      ],
      scenarios: [
        {
          turns: [
            'user Hola, soy {name}, llamo por mi corona.',
            'agent ¿Qué tono debe tener?',
            'user! {item}, por favor.',
            'agent El laboratorio empieza mañana.',
          ],
          questions: ['¿Qué color eligió {name} para la corona?'],
          items: [['Un marfil cálido'], ['El blanco más claro'], ['Un poco amarillento']],
        },
        {
          turns: [
            'user! Antes de que me pongan una inyección: no tolero {item}. Me llamo {name}.',
            'agent Lo he anotado en su ficha.',
          ],
          questions: ['¿Qué alergia tiene {name}?', '¿Qué paciente no debe entrar en contacto con {asked}?'],
          items: [
            ['la penicilina', 'penicilina'],
            ['los guantes de látex', 'el látex'],
            ['el ibuprofeno', 'ibuprofeno'],
          ],
        },
        {
          turns: [
            'user Soy {name}. ¿Cuánto tendría que pagar por {item}?',
            'agent! Con su seguro son {n} euros.',
            'user Me parece bien.',
          ],
          questions: ['¿Qué precio tiene {asked} para {name}?'],
          items: [
            ['un blanqueamiento', 'blanquear los dientes'],
            ['una férula de noche', 'la férula contra el bruxismo'],
            ['una limpieza profesional', 'la eliminación del sarro'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'Se ha vuelto a encender el testigo del motor.',
        'Alguien ha rayado la puerta en el aparcamiento.',
        'La llave de repuesto no abre el maletero.',
      ],
      scenarios: [
        {
          turns: [
            'user Aquí {name}. Pueden cambiar el parachoques.',
            'agent ¿Cómo lo pintamos?',
            'user! {item}.',
            'agent Bien, pedimos la pintura.',
          ],
          questions: ['¿Qué color quiere {name} para el parachoques nuevo?'],
          items: [['Verde oscuro'], ['El mismo plateado de antes'], ['Negro mate']],
        },
        {
          turns: ['user! Aquí {name}. Mi coche {item}.', 'agent Tráigalo mañana a las ocho, por favor.'],
          questions: ['¿Qué le pasa al vehículo de {name}?', '¿Qué cliente tiene un vehículo que {asked}?'],
          items: [
            ['chirría cuando freno', 'hace ruido al frenar'],
            ['pierde aceite', 'gotea aceite en el suelo'],
            ['no arranca cuando hace frío', 'falla al arrancar con el frío'],
          ],
        },
        {
          turns: [
            'user Mi matrícula es {plate}.',
            'agent ¿Qué hacemos con el coche?',
            'user! {item}.',
            'agent Estará listo el miércoles.',
          ],
          questions: ['¿Qué trabajo se encargó para el vehículo {askedPlate}?'],
          items: [
            ['Poner los neumáticos de invierno'],
            ['Cambiar el tubo de escape'],
            ['Recargar el aire acondicionado'],
          ],
        },
      ],
    },
    law: {
      topics: [
        'La otra parte ha ofrecido pagar la mitad.',
        'El juzgado ha trasladado la vista a otra sala.',
        'He encontrado la carta del banco que faltaba.',
      ],
      scenarios: [
        {
          turns: [
            'user Soy {name}, quisiera presentar una demanda.',
            'agent ¿Quién es la parte contraria?',
            'user! {item}.',
            'agent Comprobaremos si hay conflicto de intereses.',
          ],
          questions: ['¿Contra quién quiere ir a juicio {name}?'],
          items: [['Mi antigua empresa'], ['El dueño de mi piso'], ['Una agencia de viajes']],
        },
        {
          turns: ['user! Aquí {name}. Lo he pensado: {item}.', 'agent Se lo diré al abogado.'],
          questions: ['¿Qué ha decidido hacer {name}?', '¿Quién quiere {asked}?'],
          items: [
            ['acepto el acuerdo', 'llegar a un acuerdo'],
            ['recurrimos la sentencia', 'impugnar la sentencia'],
            ['retiro la denuncia', 'abandonar la denuncia'],
          ],
        },
        {
          turns: [
            'user Aquí {name}. ¿Qué debo llevar a la reunión?',
            'agent! Traiga {item}, por favor.',
            'user De acuerdo, lo haré.',
          ],
          questions: ['¿Qué documentos necesita {name} para la consulta?'],
          items: [
            ['el contrato de trabajo y las tres últimas nóminas'],
            ['el contrato de alquiler y fotos de los daños'],
            ['el parte del accidente y la factura del hospital'],
          ],
        },
      ],
    },
  },
}
