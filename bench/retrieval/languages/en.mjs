export default {
  code: 'en',
  names: ['Miller', 'Okafor', 'Thompson', 'Patel', 'Harris', 'Nguyen', 'Walsh', 'Kowalski', 'Bennett'],
  stopWords:
    'a an and are as at be by can could did do does for from had has have he her his how i in is it its me my of on or our she should that the their they this to was we what when where which who whose will with would you your',
  talk: [
    'Good morning, how can I help you?',
    'Thank you very much, have a nice day.',
    'One moment please, I am looking that up.',
    'Could you spell that for me?',
    'No, that was everything, thanks.',
    'Alright, see you then.',
  ],
  callback: {
    turns: [
      'user! {name} speaking. Please ring me back at {phone}.',
      'agent We will call you this afternoon.',
    ],
    question: 'Who can be reached at {asked}?',
  },
  move: {
    turns: [
      'user It is {name}, I have to postpone my appointment.',
      'agent When would it suit you instead?',
      'user! {item}',
      'agent I have changed it in the calendar.',
    ],
    question: 'What new time did {name} suggest?',
    items: ['Thursday after four.', 'Monday morning at nine.', 'Friday, but only before noon.'],
  },
  dated: {
    turns: ['user! {name} again. {topic}', 'agent Thank you for letting us know.'],
    onDate: 'What did {name} call about on {date}?',
    lastWeek: 'What did {name} tell us last week?',
  },
  businesses: {
    dental: {
      topics: [
        'The filling at the back has fallen out.',
        'My gums have been bleeding since the surgery.',
        'The invoice lists an X-ray that I did not have.',
      ],
      scenarios: [
        {
          turns: [
            'user Hello, this is {name}, it is about my crown.',
            'agent Which shade should it have?',
            'user! {item}, please.',
            'agent The laboratory will start tomorrow.',
          ],
          questions: ['What colour did {name} choose for the crown?'],
          items: [['A warm ivory'], ['The lightest white'], ['Slightly yellowish']],
        },
        {
          turns: [
            'user! Before you give me an injection: I cannot tolerate {item}. My name is {name}.',
            'agent I have written it in your file.',
          ],
          questions: [
            'Which allergy does {name} have?',
            'Which patient must not come into contact with {asked}?',
          ],
          items: [
            ['penicillin', 'penicillin'],
            ['latex gloves', 'latex'],
            ['ibuprofen', 'ibuprofen'],
          ],
        },
        {
          turns: [
            'user {name} here. What would I have to pay for {item}?',
            'agent! With your insurance it comes to {n} euros.',
            'user That is fine.',
          ],
          questions: ['How expensive is {asked} for {name}?'],
          items: [
            ['bleaching', 'teeth whitening'],
            ['a night guard', 'the splint against grinding'],
            ['a professional cleaning', 'the removal of tartar'],
          ],
        },
      ],
    },
    garage: {
      topics: [
        'The warning light for the engine is on again.',
        'Somebody has scratched the door in the car park.',
        'The spare key does not open the boot.',
      ],
      scenarios: [
        {
          turns: [
            'user {name} here. You can replace the bumper.',
            'agent How should we paint it?',
            'user! {item}.',
            'agent Good, we are ordering the paint.',
          ],
          questions: ['Which colour does {name} want for the new bumper?'],
          items: [['Dark green'], ['The same silver as before'], ['Matt black']],
        },
        {
          turns: ['user! {name} here. My car {item}.', 'agent Please bring it in tomorrow at eight.'],
          questions: ["What is wrong with {name}'s vehicle?", 'Whose vehicle {asked}?'],
          items: [
            ['squeals when I brake', 'makes a noise when braking'],
            ['is losing oil', 'drips oil onto the ground'],
            ['does not start when it is cold', 'fails to start in the cold'],
          ],
        },
        {
          turns: [
            'user My licence plate is {plate}.',
            'agent What should we do with the car?',
            'user! {item}.',
            'agent It will be ready on Wednesday.',
          ],
          questions: ['Which work was ordered for the vehicle {askedPlate}?'],
          items: [['Fit the winter tyres'], ['Replace the exhaust'], ['Refill the air conditioning']],
        },
      ],
    },
    law: {
      topics: [
        'The other side has offered to pay half.',
        'The court has moved the hearing to another room.',
        'I have found the missing letter from the bank.',
      ],
      scenarios: [
        {
          turns: [
            'user This is {name}, I would like to sue.',
            'agent Who is the opposing party?',
            'user! {item}.',
            'agent We will check for conflicts of interest.',
          ],
          questions: ['Against whom does {name} want to go to court?'],
          items: [['My former employer'], ['The landlord of my flat'], ['A travel agency']],
        },
        {
          turns: ['user! {name} here. I have thought it over: {item}.', 'agent I will tell the lawyer.'],
          questions: ['What has {name} decided to do?', 'Who wants to {asked}?'],
          items: [
            ['I accept the settlement', 'settle'],
            ['we appeal against the judgment', 'challenge the judgment'],
            ['I withdraw the complaint', 'drop the complaint'],
          ],
        },
        {
          turns: [
            'user {name} here. What should I have with me for the meeting?',
            'agent! Please bring {item}.',
            'user Alright, I will.',
          ],
          questions: ['Which papers does {name} need for the consultation?'],
          items: [
            ['the employment contract and the last three payslips'],
            ['the lease and photos of the damage'],
            ['the accident report and the hospital bill'],
          ],
        },
      ],
    },
  },
}
