#!/usr/bin/env node
// The command `ai-receptionist`. Exit codes: 0 done, 1 failed, 2 wrong usage.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import receptionist from '../index.js'

const { AIReceptionist, ReceptionistError } = receptionist

const USAGE = `Usage: ai-receptionist eval --database <url> --questions <file> [options]

Measures agent.memory.retrieve on your own questions, by words. Needs no model and no key.

  --database <url>     postgres://…, mysql://… or sqlite:<file>
  --questions <file>   one JSON object a line: {"question": "…", "expected": ["<memory id>"]}, and
                       optionally customer, conversationId, channel, since, until
  --k <list>           depths at which recall is measured, by default 1,5,10,20
  --tenant <id>        tenant whose memories are asked
  --prefix <prefix>    prefix of the tables, by default ai_receptionist_
  --json               print the result as JSON
  --help               print this text
`

const OPTIONS = {
  database: { type: 'string' },
  questions: { type: 'string' },
  k: { type: 'string' },
  tenant: { type: 'string' },
  prefix: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}
/** Number of missed questions that are printed. */
const PRINTED = 10

/** An error of the person who typed the command. */
class UsageError extends Error {}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    ['INVALID_ARGUMENT', 'INVALID_CONFIG', 'INVALID_CONNECTION_STRING'].includes(error.code)
  const isExpected = isUsage || error instanceof ReceptionistError
  console.error(isExpected ? `${error.code ? `${error.code}: ` : ''}${error.message}` : error)
  if (error instanceof UsageError) console.error('Run `ai-receptionist --help` for the options.')
  process.exitCode = isUsage ? 2 : 1
}

async function main(args) {
  const { values, positionals } = parsed(args)
  if (values.help) return void process.stdout.write(USAGE)
  const [command, ...rest] = positionals
  if (command === undefined) throw new UsageError('There is no command. The only command is `eval`.')
  if (command !== 'eval')
    throw new UsageError(`There is no command \`${command}\`. The only command is \`eval\`.`)
  if (rest.length > 0) throw new UsageError(`\`${rest[0]}\` is not expected here.`)
  await evaluate(values)
}

function parsed(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error.message)
  }
}

/** Measures the retrieval of a database. Neither creates nor changes tables. */
async function evaluate({ database: connection, questions: file, k, tenant, prefix, json }) {
  if (connection === undefined) throw new UsageError('`--database` is missing.')
  if (file === undefined) throw new UsageError('`--questions` is missing.')
  const [, sqlite] = /^sqlite:(?!\/\/|:memory:)([^?]+)/.exec(connection) ?? []
  // SQLite would create it.
  if (sqlite !== undefined && !existsSync(sqlite)) throw new UsageError(`There is no file ${sqlite}.`)
  const questions = readQuestions(file)
  const options = k === undefined ? {} : { k: k.split(',').map(Number) }
  if (process.stderr.isTTY) options.onProgress = showProgress
  const instance = new AIReceptionist({
    agent: { identity: { name: 'Evaluation', role: 'Evaluation' } },
    model: { provider: 'custom', chat: refuse },
    database: {
      connection,
      autoMigrate: false,
      ...(tenant !== undefined && { tenantId: tenant }),
      ...(prefix !== undefined && { tablePrefix: prefix }),
    },
    logger: { level: 'NONE' },
  })
  try {
    await instance.initialize()
    const result = await instance.agent.memory.evaluateRetrieval(questions, options)
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result))
  } finally {
    await instance.dispose()
  }
}

/** The model of a receptionist that only reads memories. */
function refuse() {
  throw new Error('an evaluation asks no model')
}

/** Reads one question from each line that is not empty. */
function readQuestions(file) {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`The questions cannot be read: ${error.message}`)
  }
  const questions = []
  for (const [n, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() !== '') questions.push(readQuestion(line, `${file}:${n + 1}`))
  }
  if (questions.length === 0) throw new UsageError(`${file} holds no questions.`)
  return questions
}

function readQuestion(line, place) {
  let question
  try {
    question = JSON.parse(line)
  } catch (error) {
    throw new UsageError(`${place}: this line is not JSON: ${error.message}`)
  }
  if (
    typeof question?.question !== 'string' ||
    !Array.isArray(question.expected) ||
    !question.expected.length
  ) {
    throw new UsageError(`${place}: a line needs "question", a text, and "expected", a list of memory ids.`)
  }
  for (const name of ['since', 'until']) {
    if (question[name] === undefined) continue
    const time = new Date(question[name])
    if (Number.isNaN(time.getTime())) throw new UsageError(`${place}: "${name}" is not a time.`)
    question[name] = time
  }
  return question
}

function showProgress({ done, total }) {
  process.stderr.write(done < total ? `\r${done} of ${total}` : '\r\x1b[K')
}

function textOf({ questions, recallAt, mrr, latencyMs, missed }) {
  const rows = [
    ['questions', String(questions)],
    ...Object.entries(recallAt).map(([depth, recall]) => [`R@${depth}`, recall.toFixed(3)]),
    ['MRR', mrr.toFixed(3)],
    ...Object.entries(latencyMs).map(([name, ms]) => [`latency ${name}`, `${ms.toFixed(1)} ms`]),
    ['missed', String(missed.length)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const shown = missed.slice(0, PRINTED).map(({ question, missing }) => {
    return `  ${JSON.stringify(question)} misses ${missing.map((id) => JSON.stringify(id)).join(', ')}`
  })
  if (missed.length > PRINTED) shown.push(`  and ${missed.length - PRINTED} more; \`--json\` prints all`)
  return `${[...lines, ...shown].join('\n')}\n`
}
