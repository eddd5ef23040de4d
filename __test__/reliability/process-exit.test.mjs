// Processes and threads that exit during work never crash.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { temporaryFolder } from '../support/fixtures.mjs'

const INDEX = JSON.stringify(fileURLToPath(new URL('../../index.js', import.meta.url)))

/** Endless work: saves, turns with a database tool, and log entries. */
const WORK = `
const { createServer } = require('node:http')
const { AIReceptionist } = require(${INDEX})
async function work(file, entries) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const message = { role: 'assistant', content: 'Fine.' }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:' + server.address().port + '/v1' },
    database: { connection: 'sqlite:' + file },
    logger: (entry) => entries?.push(entry),
    debug: true,
  })
  await receptionist.initialize()
  const loop = async (lane) => {
    for (let n = 0; ; n++) await receptionist.text.generate({ prompt: 'Hi ' + n, conversationId: lane })
  }
  return { receptionist, run: () => [1, 2, 3, 4].map((lane) => loop('lane-' + lane)) }
}`

/** Runs a program and returns its exit code, signal and output. */
function run(t, code) {
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', code], { timeout: 100_000 }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout, stderr })
    })
  })
}

test('terminating workers at any moment does not crash the process', async (t) => {
  const folder = temporaryFolder(t)
  const { code, signal, stdout, stderr } = await run(
    t,
    `${WORK}
    const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
    const start = (name) => new Worker(program, { eval: true, workerData: ${JSON.stringify(folder)} + '/' + name + '.db' })
    const program = ${JSON.stringify(`${WORK}
      const { parentPort, workerData } = require('node:worker_threads')
      const entries = { push: () => parentPort.postMessage('entry') }
      work(workerData, entries).then(({ run }) => run())`)}
    async function main() {
      const ended = Array.from({ length: 12 }, (_, n) => {
        const worker = start(n)
        // At the n-th log entry, which is between opening the database and the third turn.
        let seen = 0
        return new Promise((resolve, reject) => {
          worker.on('message', () => ++seen === 1 + n * 3 && worker.terminate())
          worker.once('error', reject)
          worker.once('exit', resolve)
        })
      })
      await Promise.all(ended)
      // The addon still works, also in this thread.
      const { receptionist } = await work(${JSON.stringify(folder)} + '/main.db')
      const { text } = await receptionist.text.generate({ prompt: 'Hi' })
      await receptionist.dispose()
      console.log(text, ended.length)
      process.exit()
    }
    main()`,
  )
  t.deepEqual({ code, signal, stdout }, { code: 0, signal: null, stdout: 'Fine. 12\n' }, stderr)
})

test('process.exit() during work exits with its code', async (t) => {
  const folder = temporaryFolder(t)
  for (const entry of [1, 4, 9, 20, 33]) {
    const { code, signal, stderr } = await run(
      t,
      `${WORK}
      let seen = 0
      work(${JSON.stringify(join(folder, `${entry}.db`))}, { push: () => ++seen === ${entry} && process.exit(7) })
        .then(({ run }) => run())`,
    )
    t.deepEqual({ code, signal }, { code: 7, signal: null }, stderr)
  }
})
