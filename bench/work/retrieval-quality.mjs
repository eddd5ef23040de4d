// Quality of retrieval on the project's own set (bench/retrieval/README.md), against BM25 and against vectors alone.
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { startMiniLM } from '../../__test__/support/models/embeddings.mjs'
import { Bm25, cutWords, words } from '../retrieval/bm25.mjs'
import { generate, languages } from '../retrieval/generate.mjs'
import { plotShares } from '../retrieval/quality-plot.mjs'
import { embedAll } from '../retrieval/vectors.mjs'

/** Number of memories that each contender returns. */
const LIMIT = 20
const DEPTHS = [5, 10]

export async function run({ report }) {
  const { memories, questions } = generate()
  console.log(`retrieval quality: ${memories.length} memories, ${questions.length} questions`)
  const miniLM = await startMiniLM()
  const contenders = []
  try {
    for (const open of [ours, bm25, bm25Cut, bm25Window, ...(miniLM ? [hybrid, vectors] : [])]) {
      const contender = await open(memories, miniLM?.url)
      console.log(`retrieval quality: asking ${contender.name} …`)
      contenders.push({ name: contender.name, ranks: await ranksOf(contender, questions) })
      await contender.close?.()
    }
  } finally {
    miniLM?.stop()
  }
  const measure = (chosen) =>
    Object.fromEntries(
      contenders.map(({ name, ranks }) => [
        name,
        figures(questions.flatMap((q, n) => (chosen(q) ? [ranks[n]] : []))),
      ]),
    )
  const byLanguage = [
    ...languages.map(({ code }) => [code, measure(({ language }) => language === code)]),
    ['all', measure(() => true)],
  ]
  const kinds = [...new Set(questions.map(({ kind }) => kind))]
  const byKind = kinds.map((name) => [name, measure(({ kind }) => kind === name)])
  const missing = miniLM ? '' : '\nHybrid and vectors alone: not available (run scripts/install-minilm.sh).\n'
  const markdown = [
    `${memories.length} memories in ${languages.length} languages, ${questions.length} questions. R@k is the share of the ` +
      `expected memories among the first k, MRR the mean reciprocal rank within ${LIMIT}. Each cell: R@5 / R@10 / MRR.`,
    missing,
    tableOf('language', byLanguage),
    '',
    tableOf('kind of question', byKind),
    '',
  ].join('\n')
  console.log(markdown)
  const rows = byLanguage.map(([label, measured]) => ({
    label,
    shares: Object.fromEntries(Object.entries(measured).map(([name, { recallAt }]) => [name, recallAt[10]])),
  }))
  report.addFile('retrieval-quality.md', markdown)
  report.addFile(
    'retrieval-quality.json',
    `${JSON.stringify({ memories: memories.length, questions: questions.length, byLanguage: Object.fromEntries(byLanguage), byKind: Object.fromEntries(byKind) }, null, 2)}\n`,
  )
  report.addFile('retrieval-quality.svg', plotShares('Recall among the first 10 memories, by language', rows))
}

async function ours(memories) {
  return await open('ours, words', memories, {})
}

async function hybrid(memories, baseUrl) {
  const embedder = { provider: 'openai', apiKey: 'none', model: 'all-MiniLM-L6-v2', baseUrl, dimensions: 384 }
  return await open('ours, words and MiniLM', memories, { vectorEnabled: true, embedder })
}

async function open(name, memories, options) {
  const receptionist = new AIReceptionist({
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      memory: { longTermStorage: new InMemoryStorage(), ...options },
    },
    model: { provider: 'custom', chat: () => ({ content: '' }) },
    logger: { level: 'ERROR' },
  })
  await receptionist.initialize()
  const { memory } = receptionist.agent
  await memory.storeBatch(memories)
  if (options.embedder) await memory.reindex()
  return {
    name,
    search: async (question, _language, limit) =>
      (await memory.retrieve(question, { limit })).map(({ id }) => id),
    close: () => receptionist.dispose(),
  }
}

function bm25(memories) {
  const index = new Bm25(memories.map(withLanguage), words)
  return { name: 'BM25', search: (...args) => index.search(...args) }
}

function bm25Cut(memories) {
  const index = new Bm25(memories.map(withLanguage), cut)
  return { name: 'BM25, stop words, 6 characters', search: (...args) => index.search(...args) }
}

/** Each memory with the two before it in its conversation and the one after it. */
function bm25Window(memories) {
  const conversations = new Map()
  for (const memory of memories) {
    const { conversationId } = memory.sessionMetadata
    conversations.set(conversationId, [...(conversations.get(conversationId) ?? []), memory])
  }
  const around = [...conversations.values()].flatMap((turns) =>
    turns.map((memory, n) => ({
      ...withLanguage(memory),
      content: turns
        .slice(Math.max(n - 2, 0), n + 2)
        .map(({ content }) => content)
        .join('\n'),
    })),
  )
  const index = new Bm25(around, cut)
  return { name: 'the same over a window of messages', search: (...args) => index.search(...args) }
}

async function vectors(memories, url) {
  return { name: 'MiniLM alone', ...(await embedAll(url, memories)) }
}

const cuts = new Map(
  languages.map(({ code, stopWords }) => [code, cutWords(new Set(stopWords.toLowerCase().split(' ')))]),
)
const cut = (text, language) => cuts.get(language)(text, language)

/** The language is told to the rivals only: ours finds its own way. */
const withLanguage = (memory) => ({ ...memory, language: memory.id.slice(0, 2) })

/** Returns the ranks of the expected memories of each question, from 0; `Infinity` for one that is not found. */
async function ranksOf(contender, questions) {
  const ranks = []
  for (const { question, expected, language } of questions) {
    const found = await contender.search(question, language, LIMIT)
    ranks.push(expected.map((id) => (found.includes(id) ? found.indexOf(id) : Infinity)))
  }
  return ranks
}

function figures(ranks) {
  const mean = (each) => ranks.reduce((sum, one) => sum + each(one), 0) / ranks.length
  const within = (depth) => mean((one) => one.filter((rank) => rank < depth).length / one.length)
  return {
    questions: ranks.length,
    recallAt: Object.fromEntries(DEPTHS.map((depth) => [depth, within(depth)])),
    mrr: mean((one) => 1 / (Math.min(...one) + 1)),
  }
}

function tableOf(title, rows) {
  const names = Object.keys(rows[0][1])
  const cell = ({ recallAt, mrr }) =>
    [...DEPTHS.map((depth) => recallAt[depth]), mrr].map((n) => n.toFixed(2)).join(' / ')
  return [
    `| ${[title, 'questions', ...names].join(' | ')} |`,
    `| ${['---', '---', ...names.map(() => '---')].join(' | ')} |`,
    ...rows.map(([label, measured]) => {
      const count = measured[names[0]].questions
      return `| ${[label, count, ...names.map((name) => cell(measured[name]))].join(' | ')} |`
    }),
  ].join('\n')
}
