// Who a server is, is proven by a certificate before anything is said to it: a key, a login or a word.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket, createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { AIReceptionist, DatabaseStorage } from '../index.js'
import { makeAccount } from './servers/google.mjs'
import { JOHN, TWILIO } from './servers/line.mjs'
import { makeCertificate } from './servers/smtp.mjs'

const certificate = makeCertificate()
const stranger = makeCertificate()
const account = makeAccount()

/** An HTTPS server for `localhost`, whose authority nobody knows, that notes what it is asked. */
async function startHttps(t) {
  const asked = []
  const server = createHttpsServer(certificate, (request, response) => {
    asked.push(request.url)
    response.end('{}')
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { url: `https://localhost:${server.address().port}`, asked }
}

/** Options in which every service is at that address. */
const everywhere = (url) => ({
  agent: {
    identity: { name: 'Sarah', role: 'Receptionist' },
    memory: { vectorEnabled: true, embedder: { provider: 'openai', model: 'm', apiKey: 'k', baseUrl: url } },
  },
  model: { provider: 'openai', model: 'm', apiKey: 'k', baseUrl: url, maxRetries: 0 },
  database: { connection: 'sqlite::memory:' },
  providers: {
    communication: { twilio: { ...TWILIO, baseUrl: url } },
    email: { postmark: { apiKey: 'k', fromEmail: 'sarah@acme.example', baseUrl: url } },
    calendar: {
      google: {
        calendarId: 'c',
        credentials: { client_email: account.email, private_key: account.key, token_uri: `${url}/token` },
        baseUrl: url,
      },
    },
  },
})

test('no service is told anything by HTTPS whose certificate nobody vouches for', async (t) => {
  const { url, asked } = await startHttps(t)
  const receptionist = new AIReceptionist({ ...everywhere(url), logger: { level: 'NONE' } })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  const unreachable = [
    [() => receptionist.text.generate({ prompt: 'Hi' }), 'MODEL_UNAVAILABLE'],
    [() => receptionist.text.stream({ prompt: 'Hi' }).next(), 'MODEL_UNAVAILABLE'],
    [() => receptionist.sms.send({ to: JOHN, body: 'Hi' }), 'PROVIDER_UNAVAILABLE'],
    [
      () => receptionist.email.send({ to: 'ann@example.com', subject: 'Hi', body: 'Hi' }),
      'PROVIDER_UNAVAILABLE',
    ],
    [() => receptionist.agent.memory.reindex(), 'EMBEDDING_FAILED'],
  ]
  for (const [ask, code] of unreachable) await t.throwsAsync(ask, { code })
  const { healthy } = await receptionist.healthCheck()
  t.false(healthy)
  t.deepEqual(asked, [])
})

test('an authority that the operating system is told of is one', async (t) => {
  const { url, asked } = await startHttps(t)
  const folder = await mkdtemp(join(tmpdir(), 'receptionist-tls-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'ca.pem')
  await writeFile(file, certificate.ca)
  const { model, agent } = everywhere(url)
  const program = `
    const { AIReceptionist } = require(${JSON.stringify(fileURLToPath(new URL('../index.js', import.meta.url)))})
    const receptionist = new AIReceptionist(${JSON.stringify({ model, agent: { identity: agent.identity }, logger: { level: 'NONE' } })})
    receptionist.initialize().then(() => receptionist.text.generate({ prompt: 'Hi' })).catch((error) => console.log(error.code))`
  const env = { ...process.env, SSL_CERT_FILE: file }
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env })
  t.is(stdout.trim(), 'MODEL_RESPONSE_INVALID')
  t.deepEqual(asked, ['/chat/completions'])
})

/** The beginning of PostgreSQL's protocol: `encrypts` says whether it takes the request for TLS. Notes what it is then told. */
async function startPostgres(t, encrypts = true) {
  const told = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      if (request.readInt32BE(4) !== 80877103) {
        told.push('in the clear')
        return socket.destroy()
      }
      if (!encrypts) {
        socket.once('data', () => {
          told.push('in the clear')
          socket.destroy()
        })
        return socket.write('N')
      }
      socket.write('S')
      const secure = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext(certificate),
      })
      secure.on('error', () => {})
      secure.once('data', () => {
        told.push('encrypted')
        secure.destroy()
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address()
  return { told, port, url: `postgres://me@localhost:${port}/x` }
}

/** What a server of PostgreSQL is told by a storage that cannot use it. */
async function said(t, server, options) {
  server.told.length = 0
  const storage = new DatabaseStorage({ pool: { connectionTimeoutMillis: 2_000 }, ...options })
  await t.throwsAsync(storage.initialize(), { code: 'DATABASE_UNREACHABLE' })
  await storage.dispose()
  return [...new Set(server.told)]
}

test('PostgreSQL is told nothing where its certificate is to be verified and is not what it should be', async (t) => {
  const server = await startPostgres(t)
  const parts = { host: 'localhost', port: server.port, database: 'x', user: 'me', password: 'p' }
  const { ca } = certificate
  const pool = new pg.Pool({ ...parts, ssl: true })
  t.teardown(() => pool.end())
  for (const options of [
    { ...parts, ssl: true },
    { ...parts, ssl: { rejectUnauthorized: true } },
    { ...parts, ssl: { ca: stranger.ca } },
    { ...parts, ssl: { ca }, host: '127.0.0.1' },
    { connectionString: `${server.url}?sslmode=verify-full` },
    { connectionString: `${server.url}?sslmode=verify-ca` },
    { db: drizzle(pool) },
  ]) {
    t.deepEqual(await said(t, server, options), [], JSON.stringify(options.ssl ?? options.connectionString))
  }
  for (const options of [
    { ...parts, ssl: { ca } },
    { ...parts, ssl: { rejectUnauthorized: false } },
    { connectionString: `${server.url}?sslmode=require` },
    { connectionString: server.url },
  ]) {
    t.deepEqual(
      await said(t, server, options),
      ['encrypted'],
      JSON.stringify(options.ssl ?? options.connectionString),
    )
  }
})

test('PostgreSQL is told nothing in the clear where it is to be encrypted', async (t) => {
  const server = await startPostgres(t, false)
  const parts = { host: 'localhost', port: server.port, database: 'x', user: 'me', password: 'p' }
  for (const options of [
    { ...parts, ssl: true },
    { ...parts, ssl: { rejectUnauthorized: false } },
    { connectionString: `${server.url}?sslmode=require` },
    { connectionString: `${server.url}?sslmode=verify-full` },
  ]) {
    t.deepEqual(await said(t, server, options), [], JSON.stringify(options.ssl ?? options.connectionString))
  }
  t.deepEqual(await said(t, server, { ...parts, ssl: false }), ['in the clear'])
  t.deepEqual(await said(t, server, { connectionString: server.url }), ['in the clear'])
})
