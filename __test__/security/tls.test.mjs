// TLS: no key, login or message is sent before the server's certificate is verified.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { TLSSocket, createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { makeAccount } from '../support/providers/google-calendar.mjs'
import { JOHN, TWILIO } from '../support/channels/phone-harness.mjs'
import { makeCertificate, startSmtp } from '../support/providers/smtp-server.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const certificate = makeCertificate()
const stranger = makeCertificate()
const account = makeAccount()

/**
 * An HTTPS server for `localhost` with an unknown certificate authority. It records its requests.
 */
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

/** Options with every service at this address. */
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

test('no request is sent to an HTTPS server with an untrusted certificate', async (t) => {
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

test('a certificate authority of the operating system is trusted', async (t) => {
  const { url, asked } = await startHttps(t)
  const folder = temporaryFolder(t)
  const file = join(folder, 'ca.pem')
  await writeFile(file, certificate.ca)
  const { model, agent } = everywhere(url)
  const program = `
    const { AIReceptionist } = require(${JSON.stringify(fileURLToPath(new URL('../../index.js', import.meta.url)))})
    const receptionist = new AIReceptionist(${JSON.stringify({ model, agent: { identity: agent.identity }, logger: { level: 'NONE' } })})
    receptionist.initialize().then(() => receptionist.text.generate({ prompt: 'Hi' })).catch((error) => console.log(error.code))`
  const env = { ...process.env, SSL_CERT_FILE: file }
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env })
  t.is(stdout.trim(), 'MODEL_RESPONSE_INVALID')
  t.deepEqual(asked, ['/chat/completions'])
})

/**
 * Runs a program with this environment. Returns the outcome for every service, a mail server and a
 * database, and the warnings.
 */
async function askAll(t, env, { url, smtp, postgres }) {
  const { providers, ...rest } = everywhere(url)
  const mails = { smtp: { host: 'localhost', port: smtp.port, fromEmail: 'sarah@acme.example' } }
  const desk = { ...rest, providers }
  const program = `
    const { AIReceptionist, DatabaseStorage } = require(${JSON.stringify(fileURLToPath(new URL('../../index.js', import.meta.url)))})
    const codes = {}
    const ask = (name, call) => call().then(() => (codes[name] = 'ok'), ({ code }) => (codes[name] = code))
    const mail = { to: 'ann@example.com', subject: 'Hi', body: 'Hi' }
    const run = async () => {
      const desk = new AIReceptionist(${JSON.stringify(desk)})
      await desk.initialize()
      await ask('model', () => desk.text.generate({ prompt: 'Hi' }))
      await ask('stream', () => desk.text.stream({ prompt: 'Hi' }).next())
      await ask('twilio', () => desk.sms.send({ to: '${JOHN}', body: 'Hi' }))
      await ask('postmark', () => desk.email.send(mail))
      await ask('embedder', () => desk.agent.memory.reindex())
      await ask('google', () => desk.getToolRegistry().execute('calendar_check_availability', {}, { channel: 'text', conversationId: 'c' }))
      await desk.dispose()
      const other = new AIReceptionist(${JSON.stringify({ ...desk, providers: { email: mails }, agent: { identity: desk.agent.identity } })})
      await other.initialize()
      await ask('smtp', () => other.email.send(mail))
      await other.dispose()
      for (const [name, options] of Object.entries(${JSON.stringify(postgres)})) {
        const storage = new DatabaseStorage({ pool: { connectionTimeoutMillis: 1000 }, ...options })
        await ask(name, () => storage.initialize())
        await storage.dispose()
      }
      console.log(JSON.stringify(codes))
    }
    run()`
  const options = { env: { ...process.env, ...env } }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program], options)
  return { codes: JSON.parse(stdout), warned: stderr }
}

async function startAll(t) {
  const https = await startHttps(t)
  const database = await startPostgres(t)
  const smtp = await startSmtp({ certificate })
  t.teardown(() => smtp.close())
  const verified = `${database.url}?sslmode=verify-full`
  const parts = { host: 'localhost', port: database.port, database: 'x', user: 'me', password: 'p' }
  const postgres = { url: { connectionString: verified }, parts: { ...parts, ssl: true } }
  return { ...https, smtp, database, parts, postgres }
}

/** Writes a temporary file with this content. */
async function fileOf(t, content) {
  const folder = temporaryFolder(t)
  await writeFile(join(folder, 'ca.pem'), content)
  return join(folder, 'ca.pem')
}

const PATHS = ['/chat/completions', '/embeddings', '/email', '/token']

test('every client trusts the authorities of NODE_EXTRA_CA_CERTS', async (t) => {
  const all = await startAll(t)
  const file = await fileOf(t, `# our own\n${stranger.ca}\r\n${certificate.ca}`)
  const { codes, warned } = await askAll(t, { NODE_EXTRA_CA_CERTS: file }, all)
  t.deepEqual([codes.model, codes.smtp], ['MODEL_RESPONSE_INVALID', 'ok'])
  for (const path of PATHS) t.true(all.asked.includes(path), path)
  t.true(all.asked.some((path) => path.endsWith('/Messages.json')))
  t.is(all.smtp.mails.length, 1)
  t.deepEqual([...new Set(all.database.told)], ['encrypted'])
  t.false(warned.includes('NODE_'), warned)
})

test('a database with its own certificate authority ignores NODE_EXTRA_CA_CERTS', async (t) => {
  const all = await startAll(t)
  const [file, other] = [await fileOf(t, certificate.ca), await fileOf(t, stranger.ca)]
  const postgres = {
    parts: { ...all.parts, ssl: { ca: stranger.ca } },
    url: { connectionString: `${all.database.url}?sslmode=verify-full&sslrootcert=${other}` },
  }
  await askAll(t, { NODE_EXTRA_CA_CERTS: file }, { ...all, postgres })
  t.deepEqual(all.database.told, [])
})

for (const [what, content, reason] of [
  ['that is missing', null, 'there is no such file'],
  ['that is empty', '', 'it contains no PEM certificate'],
  ['of something else', 'hello', 'it contains no PEM certificate'],
  [
    'that is cut off',
    certificate.ca.slice(0, certificate.ca.length / 2),
    'a certificate in it cannot be read',
  ],
]) {
  test(`a file of NODE_EXTRA_CA_CERTS ${what} is a warning, and adds no trust`, async (t) => {
    const all = await startAll(t)
    const file = content === null ? '/nowhere/ca.pem' : await fileOf(t, content)
    const { codes, warned } = await askAll(t, { NODE_EXTRA_CA_CERTS: file }, all)
    t.is(codes.model, 'MODEL_UNAVAILABLE')
    t.true(warned.includes(`Ignoring extra certs from \`${file}\` (NODE_EXTRA_CA_CERTS): ${reason}`), warned)
    t.deepEqual([all.asked, all.smtp.mails, all.database.told], [[], [], []])
  })
}

test('NODE_TLS_REJECT_UNAUTHORIZED=0 is a warning, and adds no trust', async (t) => {
  const all = await startAll(t)
  const { codes, warned } = await askAll(t, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, all)
  t.is(codes.model, 'MODEL_UNAVAILABLE')
  t.is(warned.split('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored').length, 2, warned)
  t.deepEqual([all.asked, all.smtp.mails, all.database.told], [[], [], []])
})

/** A proxy that records the hosts it is asked to connect to. */
async function startProxy(t) {
  const hosts = []
  const server = createHttpServer().on('connect', (request, client) => {
    hosts.push(request.url)
    const [, port] = request.url.split(':')
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${server.address().port}`, hosts }
}

for (const [environment, isUsed] of [
  [{ HTTPS_PROXY: '$' }, true],
  [{ https_proxy: '$' }, true],
  [{ ALL_PROXY: '$' }, true],
  [{ HTTP_PROXY: '$' }, false],
  [{ HTTPS_PROXY: '$', NO_PROXY: 'localhost' }, false],
  [{ HTTPS_PROXY: '$', NO_PROXY: '.internal' }, true],
  [{ HTTPS_PROXY: '$', NO_PROXY: '*' }, false],
]) {
  test(`${JSON.stringify(environment)}: requests go ${isUsed ? 'through the proxy' : 'directly'}`, async (t) => {
    const all = await startAll(t)
    const proxy = await startProxy(t)
    const file = await fileOf(t, certificate.ca)
    const env = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace('$', proxy.url)]),
    )
    const { codes } = await askAll(t, { NODE_EXTRA_CA_CERTS: file, ...env }, all)
    t.is(codes.model, 'MODEL_RESPONSE_INVALID')
    t.deepEqual([...new Set(proxy.hosts)], isUsed ? [new URL(all.url).host] : [])
    t.is(all.smtp.mails.length, 1)
  })
}

/**
 * A server for the start of PostgreSQL's protocol. `encrypts` says if it accepts the TLS request.
 * It records the bytes after it.
 */
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

/** Returns the bytes that a PostgreSQL server receives from a storage that cannot connect. */
async function said(t, server, options) {
  server.told.length = 0
  const storage = new DatabaseStorage({ pool: { connectionTimeoutMillis: 2_000 }, ...options })
  await t.throwsAsync(storage.initialize(), { code: 'DATABASE_UNREACHABLE' })
  await storage.dispose()
  return [...new Set(server.told)]
}

test('PostgreSQL receives no credentials if certificate verification fails', async (t) => {
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

test('PostgreSQL receives no credentials in plain text if TLS is required', async (t) => {
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
