// Generated live calls: callers who interrupt, pause, press keys and hang up at any moment, models that fail, and lines that break.
// GENERATED_CALLS sets their number on each database.
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import test from 'ava'
import { callLive, startLive } from '../support/channels/live-harness.mjs'
import { openDatabases } from '../support/databases.mjs'

const COUNT = Number(process.env.GENERATED_CALLS ?? 60)
const AT_ONCE = 20
const SPEED = 25
const REPLIES = [
  'Sure.',
  'One moment please, I look it up for you. We are open on Mondays, Tuesdays and Fridays. Is that all?',
  'Yes! A check is ten euros, a check of two is twenty, and whatever else you need is free of charge for you.',
]

const {
  databases: { SQLite, PostgreSQL },
  close,
} = await openDatabases()
test.after.always(close)

/** A generator of numbers from 0 up to 1 (mulberry32). */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** What a caller does in the middle of a reply. */
const ACTS = {
  listens: (line) => line.quiet(),
  interrupts: async (line, pause) => {
    await wait(pause)
    await line.say('No, wait, something else please')
    await line.quiet()
  },
  'makes a noise': async (line, pause) => {
    await wait(pause)
    await line.say('', { takes: 200 })
  },
  'presses keys': async (line, pause) => {
    await wait(pause)
    await line.press('12#')
    await line.quiet()
  },
  'says mhm': async (line, pause) => {
    await wait(pause)
    await line.say('Mhm.', { interrupts: false })
  },
  'hangs up': async (line, pause) => {
    await wait(pause)
    line.hangUp()
  },
  'loses the line': async (line, pause) => {
    await wait(pause)
    line.drop()
  },
  'sends rubbish': async (line) => {
    line.sendRaw('{"type":')
    line.sendRaw('{"type":"prompt","voicePrompt":7}')
    await line.quiet()
  },
}

async function play(t, base, seed) {
  const random = generator(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const { line, after, id, phone } = await callLive(t, base, {
    speed: SPEED,
    from: `+1555${1_000_000 + seed}`,
  })
  const did = []
  const closed = once(line, 'closed')
  for (let turn = 0; turn < 4 && !line.closed; turn++) {
    const act = pick(Object.keys(ACTS))
    did.push(act)
    if (random() < 0.8) await line.say(`Question ${turn} of call ${seed}`, { finals: pick([1, 1, 2, 3]) })
    // A line that is closed meanwhile is never quiet.
    const pause = random() * 300
    await Promise.race([ACTS[act](line, pause), closed, wait(2_500)])
  }
  line.hangUp()
  await closed
  await after
  if (!phone.over) await phone.hangUp({ CallDuration: '3' })
  return { id, line, did }
}

const characters = (text) => text.replace(/\s/g, '')

/** Returns `true` if a text is part of what was sent, in order. */
function isSent(heard, sent) {
  let at = 0
  for (const character of heard) {
    at = sent.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}

for (const [name, open] of Object.entries({ SQLite, PostgreSQL }).filter(([, open]) => open)) {
  test(`${name}: ${COUNT} generated calls are recorded as they were heard, and none is mute`, async (t) => {
    t.timeout(COUNT * 2_000 + 120_000)
    const scene = await open()
    const random = generator(COUNT)
    const script = ({ messages }) => {
      if (messages[0].content.startsWith('Summarize')) return 'A call.'
      if (random() < 0.1) return { status: 500 }
      return { text: REPLIES[Math.floor(random() * REPLIES.length)], delay: random() < 0.3 ? 200 : 0 }
    }
    const { receptionist, base } = await startLive(t, script, {
      database: scene.database,
      logger: () => {},
    })
    for await (const piece of receptionist.text.stream({ prompt: 'Hello' })) t.truthy(piece)
    const calls = []
    for (let at = 0; at < COUNT; at += AT_ONCE) {
      const seeds = Array.from({ length: Math.min(AT_ONCE, COUNT - at) }, (_, number) => at + number)
      calls.push(...(await Promise.all(seeds.map((seed) => play(t, base, seed)))))
    }
    for (const { id, line, did } of calls) {
      const told = `${id}: ${did.join(', ')}`
      const frames = line.frames.filter(({ from }) => from === 'app').map(({ frame }) => frame)
      const sent = characters(
        [line.attributes.welcomeGreeting, ...frames.map(({ token }) => token ?? '')].join(''),
      )
      const messages = await receptionist.agent.memory.search({ conversationId: id, type: 'conversation' })
      for (const { role, content, metadata } of messages.filter(({ role }) => role === 'assistant')) {
        t.is(role, 'assistant')
        if (metadata?.interrupted) t.true(isSent(characters(content), sent), `${told}: ${content}`)
      }
      const isCut = did.some((act) => act === 'hangs up' || act === 'loses the line')
      t.true(frames.length > 0 || isCut, `mute: ${told}`)
    }
    await receptionist.dispose()
    const logs = await scene.query(`SELECT conversation_id FROM ${scene.table('call_logs')}`)
    const ids = logs.map((row) => row.conversation_id ?? Object.values(row)[0])
    t.deepEqual(ids.toSorted(), calls.map(({ id }) => id).toSorted())
  })
}
