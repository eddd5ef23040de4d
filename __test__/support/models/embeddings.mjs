// Embedders for tests: words as directions, a server as strict as OpenAI's, and a real model where
// it is installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readContract } from '../api-contracts.mjs'

/** Synonyms, so that a question need not share a word with its answer. */
const SYNONYMS = [
  ['dog', 'puppy', 'terrier', 'pet'],
  ['car', 'automobile', 'vehicle', 'sedan'],
  ['allergic', 'allergy', 'intolerant', 'hives'],
  ['peanuts', 'nuts', 'food', 'eat'],
  ['call', 'phone', 'ring'],
]
const MEANINGS = new Map(SYNONYMS.flatMap((words) => words.map((word) => [word, words[0]])))

/** A custom embedder: each word is a direction, and synonyms share one. */
export function wordVectors(texts, dimensions = 256) {
  return texts.map((text) => {
    const vector = new Array(dimensions).fill(0)
    for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? []) {
      const meaning = MEANINGS.get(word) ?? word
      let hash = 2166136261
      for (const c of meaning) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619) >>> 0
      vector[hash % dimensions] += MEANINGS.has(word) ? 3 : 0.2
    }
    return vector
  })
}

/**
 * A server for OpenAI's embeddings API that refuses what OpenAI refuses. `requests` are the
 * received bodies, `keys` the authorization headers. `answer` may override a response: it gets the
 * body and its number, and returns `{ status?, body? }` or nothing.
 */
export async function startEmbeddings(t, { key, embed = wordVectors, answer = () => undefined } = {}) {
  const [requests, keys, problems] = [[], [], []]
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null')
    const problem = problemOf(request, body, key)
    keys.push(request.headers.authorization)
    const number = requests.push(body) - 1
    if (problem) problems.push(problem)
    const given = problem
      ? { status: 400, body: { error: { message: problem, type: 'invalid_request_error' } } }
      : await answer(body, number)
    const { status = 200, body: json = embeddings(body, embed) } = given ?? {}
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(json))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
    if (problems.length > 0) throw new Error(`requests the real API would refuse:\n${problems.join('\n')}`)
  })
  return { url: `http://127.0.0.1:${server.address().port}/v1`, requests, keys }
}

function embeddings({ input, model, dimensions }, embed) {
  const data = embed(input, dimensions).map((embedding, index) => ({ object: 'embedding', index, embedding }))
  // In any order, because the index decides.
  return { object: 'list', model, data: data.reverse(), usage: { prompt_tokens: 1, total_tokens: 1 } }
}

const contract = loadContract()

function problemOf(request, body, key) {
  if (request.method !== 'POST') return `method ${request.method}`
  if (request.url !== '/v1/embeddings') return `path ${request.url}`
  if (key && request.headers.authorization !== `Bearer ${key}`) return 'the key is another'
  if (body.input.length === 0 || body.input.some((text) => text === '')) return 'an input is empty'
  if (contract && !contract.validate(body)) {
    const [error] = contract.validate.errors
    return `schema: ${error.instancePath} ${error.message}`
  }
  const unknown = Object.keys(body).find((field) => contract && !contract.fields.includes(field))
  return unknown && `unknown field ${unknown}`
}

function loadContract() {
  const description = readContract('openai-chat-embeddings.json')
  return (
    description && {
      validate: description.compile('/components/schemas/CreateEmbeddingRequest'),
      fields: Object.keys(description.document.components.schemas.CreateEmbeddingRequest.properties),
    }
  )
}

/**
 * Starts a server of a real model, all-MiniLM-L6-v2. Returns `undefined`, and prints a line, unless
 * `scripts/install-minilm.sh` was run.
 */
export async function startMiniLM() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const folder = process.env.MINILM ?? join(cache, 'ai-receptionist', 'minilm')
  const python = join(folder, 'bin', 'python')
  if (!existsSync(python)) {
    const line = 'all-MiniLM-L6-v2: NOT TESTED (run scripts/install-minilm.sh)'
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
    console.log(line)
    return undefined
  }
  const script = fileURLToPath(new URL('minilm.py', import.meta.url))
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' }
  const server = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const [line] = await once(createInterface(server.stdout), 'line')
  return { url: line, stop: () => server.stdin.end() }
}
