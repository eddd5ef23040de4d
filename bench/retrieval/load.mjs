// Many memories for the measurement of speed: texts of the generated set, enlarged with rare words so that the vocabulary grows as
// that of real conversations does. Equal numbers are equal memories.
import { generate } from './generate.mjs'

const VOCABULARY = 20_000
const CONVERSATION_LENGTH = 20
const RARE_WORDS = 4
const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu']
const EPOCH = Date.UTC(2025, 0, 1)
const now = new Date(Date.UTC(2026, 0, 1))
const { memories: TEXTS, questions: QUESTIONS } = generate({ now })

/** The customer with a number. */
export const customerOf = (n) => ({ id: `customer-${n}` })

/** Yields batches of memories. Conversations of 20 belong to the customers in turn. */
export function* loads({ count, customers, size = 1_000 }) {
  for (let n = 0; n < count; n += size) {
    yield Array.from({ length: Math.min(size, count - n) }, (_, i) => memory(n + i, customers))
  }
}

/** Memory `n` of a set with that number of customers. */
export function memory(n, customers = 1) {
  const conversation = Math.floor(n / CONVERSATION_LENGTH)
  const rare = Array.from({ length: RARE_WORDS }, (_, i) => rareWord(n * RARE_WORDS + i)).join(' ')
  return {
    id: `load-${n}`,
    content: `${TEXTS[mixed(n) % TEXTS.length].content} ${rare}`,
    timestamp: new Date(EPOCH + n * 20_000),
    type: 'conversation',
    importance: 5,
    channel: 'sms',
    role: n % 2 ? 'assistant' : 'user',
    sessionMetadata: {
      conversationId: `conversation-${conversation}`,
      customerId: customerOf(conversation % customers).id,
    },
  }
}

/** Question `n`: one of the set, with a rare word in each third. */
export function question(n) {
  const { question } = QUESTIONS[mixed(n) % QUESTIONS.length]
  return n % 3 ? question : `${question} ${rareWord(n)}`
}

/** A word of the vocabulary. Few of the words are frequent, as in any language. */
function rareWord(n) {
  const share = mixed(n) / 2 ** 32
  let place = Math.floor(VOCABULARY ** share)
  let word = ''
  for (let i = 0; i < 4; i++) {
    word += SYLLABLES[place % SYLLABLES.length]
    place = Math.floor(place / SYLLABLES.length)
  }
  return word
}

/** Returns a number below 2³² that depends on `n` only. */
function mixed(n) {
  let hash = Math.imul(n ^ (n >>> 16), 0x45d9f3b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 16)) >>> 0
}
