// PostgreSQL: every contender writes and reads the same messages, each in its own database.
import pg from 'pg'
import { createDatabase } from '../../__test__/support/databases/postgres.mjs'
import { openDatabase } from '../contenders/storages.mjs'
import * as langgraph from '../contenders/langgraph.mjs'
import * as mastra from '../contenders/mastra.mjs'
import * as rawPg from '../contenders/raw-pg.mjs'
import * as voltagent from '../contenders/voltagent.mjs'
import { measure } from '../measure.mjs'
import { CONVERSATION_LENGTH, IDLE_LENGTH, batches, idOf, messageOf } from '../rows.mjs'

const OPENERS = [openDatabase('ours'), openDatabase('SDK 0.1.22'), rawPg.open]
const PEERS = [mastra.open, langgraph.open, voltagent.open]

export async function run({ report, quick }) {
  await compare({
    report,
    rounds: quick ? 7 : 21,
    count: quick ? 20_000 : 100_000,
    openers: [...OPENERS, ...PEERS],
  })
  if (!quick) await compare({ report, rounds: 11, count: 1_000_000, openers: OPENERS })
}

async function compare({ report, rounds, count, openers }) {
  const group = `PostgreSQL, ${count.toLocaleString('en')} rows`
  const databases = []
  const contenders = []
  try {
    for (const open of openers) {
      const database = await createDatabase()
      if (!database) return console.log('PostgreSQL: no server, not measured')
      databases.push(database)
      // Without TLS for every contender, as is node-postgres' default; native connections would use
      // the TLS of the server.
      contenders.push(await open(`${database.url}?sslmode=disable`))
    }
    for (const contender of contenders) {
      console.log(`${group}: filling ${contender.name} …`)
      for (const batch of batches(count, 1_000)) await contender.saveBatch(batch)
    }
    for (const { url } of databases) await vacuum(url)
    await reads({ report, group, rounds, count, contenders })
    await writes({ report, group, rounds, count, contenders })
  } finally {
    for (const contender of contenders) await contender.close()
    for (const database of databases) await database.drop()
  }
}

async function vacuum(connectionString) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query('VACUUM ANALYZE')
  await client.end()
}

async function reads({ report, group, rounds, count, contenders }) {
  const conversations = Math.floor((count - IDLE_LENGTH) / CONVERSATION_LENGTH)
  // The same pseudo-random numbers for every contender.
  const random = (round, i) => (round * 7_919 + i * 104_729) % conversations
  const REPEATED = 10
  const repeat = (operation) => async () => {
    for (let i = 0; i < REPEATED; i++) await operation(i)
  }
  const each = async (work, run) => {
    const figures = await measure(contenders, (contender, round) => run(contender, round), rounds)
    report.add({
      group,
      work,
      figures: Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, ms / REPEATED])),
    })
  }
  await each('history of 100, a recent conversation', (contender, round) =>
    repeat((i) => contender.history(`conv_${conversations - 2 - ((round + i) % 20)}`)),
  )
  await each('history of 100, a random conversation', (contender, round) =>
    repeat((i) => contender.history(`conv_${random(round, i)}`)),
  )
  await each(`newest 20 of an idle conversation of ${IDLE_LENGTH.toLocaleString('en')}`, (contender) =>
    repeat(() => contender.newest('idle')),
  )
  await each(
    'get',
    (contender, round) =>
      contender.get && repeat((i) => contender.get(idOf(random(round, i) * CONVERSATION_LENGTH))),
  )
}

async function writes({ report, group, rounds, count, contenders }) {
  let next = count
  const take = (size, conversationOf) =>
    Array.from({ length: size }, (_, i) => messageOf(conversationOf(i), next++))
  const ONE_BY_ONE = 20
  const alone = await measure(
    contenders,
    (contender, round) => {
      const messages = take(ONE_BY_ONE, () => `new_${round}`)
      return async () => {
        for (const message of messages) await contender.save(message)
      }
    },
    rounds,
  )
  report.add({
    group,
    work: 'save, one at a time',
    figures: Object.fromEntries(Object.entries(alone).map(([name, ms]) => [name, ms / ONE_BY_ONE])),
  })
  report.add({
    group,
    work: '64 saves at once',
    figures: await measure(
      contenders.filter(({ deadlocks }) => !deadlocks),
      (contender, round) => {
        const messages = take(64, (i) => `open_${round}_${i}`)
        return () => Promise.all(messages.map((message) => contender.save(message)))
      },
      rounds,
    ),
  })
  report.add({
    group,
    work: 'saveBatch(1,000)',
    figures: await measure(
      contenders,
      (contender, round) => {
        const messages = take(1_000, () => `batch_${round}`)
        return () => contender.saveBatch(messages)
      },
      Math.ceil(rounds / 2),
    ),
  })
  const able = contenders.filter(({ name }) => name === 'ours' || name === 'raw pg')
  report.add({
    group,
    work: 'saveBatch(100,000) in one call (the SDK fails above 7,281)',
    figures: await measure(
      able,
      (contender) => {
        const messages = take(100_000, (i) => `large_${i % 100}`)
        return () => contender.saveBatch(messages)
      },
      1,
    ),
  })
}
