// Log entries, their destinations, and misbehaving loggers.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import pino from 'pino'
import twilio from 'twilio'
import winston from 'winston'
import { AIReceptionist, createLogger, InMemoryStorage, LogLevel } from '../../index.js'
import { startScriptedModel } from '../../examples/scripted-model.mjs'

const agent = { identity: { name: 'Sarah', role: 'Receptionist' } }
const model = { provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 }
const database = { connection: 'sqlite::memory:' }
const memory = (id) => ({ id, content: 'hello', timestamp: new Date(0), type: 'system' })

/** A receptionist with a scripted model. It is disposed of after the test. */
async function open(t, options, script = () => 'Fine.') {
  const scripted = await startScriptedModel(script)
  const { agent: given, ...rest } = options
  const receptionist = new AIReceptionist({
    agent: { ...agent, ...given },
    model: { ...model, baseUrl: scripted.url },
    ...rest,
  })
  await receptionist.initialize()
  t.teardown(async () => {
    await receptionist.dispose()
    scripted.close()
  })
  return receptionist
}

/** Runs a program with the package. Returns its output. */
async function run(code, args = []) {
  const index = new URL('../../index.js', import.meta.url)
  const program = `const { AIReceptionist, InMemoryStorage, configureLogger, createLogger, getLogger, logger, LogLevel } =
    require(${JSON.stringify(fileURLToPath(index))});
    const options = ${JSON.stringify({ agent, model, database })};
    (async () => {${code}})()`
  return promisify(execFile)(process.execPath, [...args, '-e', program], {
    env: { ...process.env, NO_COLOR: '1' },
  })
}

test('a turn is logged with the duration of each step', async (t) => {
  const entries = []
  const script = (_, number) =>
    number === 0
      ? { toolCalls: [{ name: 'remember_preference', parameters: { key: 'time', value: 'morning' } }] }
      : 'Noted.'
  const receptionist = await open(
    t,
    { database, logger: (entry) => entries.push(entry), debug: true },
    script,
  )
  await receptionist.text.generate({ prompt: 'Hi', conversationId: 'conv_1' })
  await receptionist.dispose()
  const told = (message) => entries.filter((entry) => entry.message === message)
  for (const [message, count] of [
    ['History read', 1],
    ['Model answered', 2],
    ['Tool ran', 1],
    ['Memory saved', 5],
    ['Turn answered', 1],
  ]) {
    t.is(told(message).length, count, message)
    for (const { level, time, context } of told(message)) {
      t.is(level, 'DEBUG')
      t.true(time instanceof Date)
      t.is(typeof context.durationMs, 'number')
      t.like(context, { conversationId: 'conv_1', channel: 'text' })
    }
  }
  t.like(told('Tool ran')[0], { tag: 'tools', context: { tool: 'remember_preference', success: true } })
  const [connected] = told('Database connected')
  t.like(connected, { level: 'INFO', tag: 'database', context: { database: 'SQLite', access: 'native' } })
  t.regex(connected.context.version, /^3\./)
  t.is(told('Missing tables, columns and indexes created').length, 1)
  t.is(told('Initialized')[0].level, 'INFO')
  t.is(entries.at(-1).message, 'Disposed')
})

test('no entry contains secrets or message text', async (t) => {
  const entries = []
  const secrets = {
    key: 'sk-test-4f1c2b',
    token: '0123456789abcdef0123456789abcdef',
    password: 'hunter2-password',
    said: 'my-words-to-you',
    answered: 'the-words-of-the-model',
    argument: 'what-the-tool-is-told',
  }
  const script = (_, number) => {
    if (number === 0)
      return { status: 500, headers: { 'retry-after': '0' }, body: { error: { message: secrets.said } } }
    if (number === 1)
      return {
        text: secrets.answered,
        toolCalls: [
          { name: 'remember_preference', parameters: { key: 'k', value: secrets.argument } },
          {
            name: 'remember_preference',
            parameters: { key: secrets.argument, importance: secrets.argument },
          },
          { name: secrets.argument, parameters: `{"${secrets.argument}` },
        ],
      }
    if (number === 4) return { status: 400, body: { error: { message: secrets.answered, code: 'bad' } } }
    return secrets.answered
  }
  const scripted = await startScriptedModel(script)
  t.teardown(() => scripted.close())
  const options = {
    agent,
    model: { ...model, baseUrl: scripted.url, apiKey: secrets.key, maxRetries: 1 },
    providers: {
      communication: {
        twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: secrets.token, phoneNumber: '+15550001111' },
      },
    },
    debug: true,
    logger: (entry) => entries.push(entry),
  }
  const receptionist = new AIReceptionist({ ...options, database })
  await receptionist.initialize()
  await receptionist.text.generate({ prompt: secrets.said, metadata: { secret: secrets.said } })
  const url = 'https://example.com/sms'
  const sms = {
    MessageSid: `SM${'1'.repeat(32)}`,
    From: '+15551234567',
    To: '+15550001111',
    Body: secrets.said,
  }
  const signature = twilio.getExpectedTwilioSignature(secrets.token, url, sms)
  await receptionist.handleSMSWebhook(sms, { url, signature })
  await t.throwsAsync(receptionist.handleSMSWebhook(sms, { url, signature: 'wrong' }), {
    code: 'WEBHOOK_SIGNATURE_INVALID',
  })
  const shapeless = [
    receptionist.handleSMSWebhook({ Body: secrets.said }),
    receptionist.handleVoiceWebhook({ SpeechResult: secrets.said }),
    receptionist.handleEmailWebhook({ TextBody: secrets.said }),
  ]
  for (const refused of shapeless) await t.throwsAsync(refused, { code: 'INVALID_WEBHOOK' })
  await t.throwsAsync(receptionist.text.generate({ prompt: secrets.said }), {
    code: 'MODEL_REQUEST_REJECTED',
  })
  await receptionist.dispose()
  const unreachable = new AIReceptionist({
    ...options,
    database: { connection: `postgres://someone:${secrets.password}@127.0.0.1:9/nothing` },
  })
  await t.throwsAsync(unreachable.initialize(), { code: 'DATABASE_UNREACHABLE' })
  await unreachable.dispose()

  const log = JSON.stringify(entries)
  for (const [name, secret] of Object.entries(secrets)) t.false(log.includes(secret), name)
  for (const number of [sms.From, sms.Body]) t.false(log.includes(number))
  const serious = entries.filter(({ level }) => level === 'WARN' || level === 'ERROR')
  t.deepEqual(
    serious.map(({ level, message, context }) => [level, message, context.code ?? context.reason]),
    [
      ['WARN', 'Request failed, trying again', 'HTTP 500'],
      ['WARN', 'Webhook refused', 'WEBHOOK_SIGNATURE_INVALID'],
      ['WARN', 'Webhook refused', 'INVALID_WEBHOOK'],
      ['WARN', 'Webhook refused', 'INVALID_WEBHOOK'],
      ['WARN', 'Webhook refused', 'INVALID_WEBHOOK'],
      ['ERROR', 'Turn failed', 'MODEL_REQUEST_REJECTED'],
    ],
  )
})

test('two receptionists in one process log separately', async (t) => {
  const logs = [[], [], []]
  const levels = [true, true, false]
  const all = await Promise.all(
    logs.map((log, n) => open(t, { logger: (entry) => log.push(entry), debug: levels[n] })),
  )
  const turns = all.flatMap((receptionist, n) =>
    Array.from({ length: 5 }, (_, m) =>
      receptionist.text.generate({ prompt: 'Hi', conversationId: `conv_${n}_${m}` }),
    ),
  )
  await Promise.all(turns)
  for (const receptionist of all) await receptionist.dispose()
  for (const n of [0, 1]) {
    const conversations = new Set(logs[n].map(({ context }) => context.conversationId).filter(Boolean))
    t.deepEqual(
      [...conversations].sort(),
      [0, 1, 2, 3, 4].map((m) => `conv_${n}_${m}`),
    )
    t.is(logs[n].filter(({ message }) => message === 'Turn answered').length, 5)
  }
  t.deepEqual(
    logs[2].map(({ message }) => message),
    ['Initialized', 'Disposed'],
  )
})

test('a clone inherits or overrides log options, and a new logger replaces the old one entirely', async (t) => {
  const [first, second] = [[], []]
  /** An object literal with methods that need `this`. */
  const collect = (lines) => ({
    lines,
    debug() {},
    info(message) {
      this.lines.push(message)
    },
    warn() {},
    error() {},
  })
  const original = await open(t, { logger: collect(first) })
  const [same, other] = [original.clone(), original.clone({ logger: collect(second) })]
  for (const clone of [same, other]) await clone.initialize()
  await Promise.all([same.dispose(), other.dispose()])
  t.deepEqual(second, ['Initialized', 'Disposed'])
  t.deepEqual(original.getConfig().logger.info, undefined)
  original.updateConfig({ logger: collect(second) })
  await original.reinitialize()
  await original.dispose()
  t.deepEqual(first.sort(), ['Disposed', 'Disposed', 'Initialized', 'Initialized'])
  t.deepEqual(second.slice(2), ['Initialized', 'Disposed'])
})

test('a logger that throws, rejects or never settles is reported once and has no other effect', async (t) => {
  for (const name of ['throws', 'rejects', 'throws an unreadable object', 'never settles']) {
    const { stderr, stdout } = await run(
      `const loggers = {
         throws() { throw new Error('disk full') },
         async rejects() { throw new Error('no network') },
         'throws an unreadable object'() { throw Object.create(null) },
         'never settles'() { return new Promise(() => {}) },
       }
       const receptionist = new AIReceptionist({ ...options, logger: loggers[${JSON.stringify(name)}], debug: true })
       await receptionist.initialize()
       for (let n = 0; n < 20; n++) await receptionist.agent.memory.store(
         { id: 'm' + n, content: 'x', timestamp: new Date(), type: 'system' })
       await receptionist.dispose()
       console.log('done')`,
    )
    t.is(stdout, 'done\n', name)
    t.is(stderr.match(/The `logger` failed/g)?.length ?? 0, name === 'never settles' ? 0 : 1, stderr)
  }
})

test('entries that a slow logger misses are counted', async (t) => {
  const entries = []
  const receptionist = await open(t, {
    agent: { memory: { longTermStorage: new InMemoryStorage() } },
    logger: (entry) => entries.push(entry),
    debug: true,
  })
  // Synchronously, so that the logger's thread is busy meanwhile.
  const saves = Array.from({ length: 10_000 }, (_, n) => receptionist.agent.memory.store(memory(`m${n}`)))
  await Promise.all(saves)
  await receptionist.dispose()
  const saved = entries.filter(({ message }) => message === 'Memory saved').length
  const lost = entries.filter(({ message }) => message.startsWith('Entries were dropped'))
  t.is(lost.length, 1)
  t.is(lost[0].level, 'WARN')
  t.true(lost[0].context.dropped > 0)
  t.is(saved + lost[0].context.dropped, 10_000)
})

test('pino, winston, console-like objects and ILoggers get entries in their own format', async (t) => {
  const lines = []
  const stream = { write: (line) => lines.push(JSON.parse(line)) }
  const write = winston.transports.Stream
  const sink = new (await import('node:stream')).Writable({
    write(chunk, _, done) {
      stream.write(String(chunk))
      done()
    },
  })
  const calls = []
  class Own {
    name = 'own'
    debug(...args) {
      calls.push([this.name, 'debug', ...args])
    }
    info(...args) {
      calls.push([this.name, 'info', ...args])
    }
    warn(...args) {
      calls.push([this.name, 'warn', ...args])
    }
    error(...args) {
      calls.push([this.name, 'error', ...args])
    }
  }
  class Theirs extends Own {
    setLevel() {}
    getLevel() {
      return LogLevel.ERROR
    }
  }
  const turn = async (logger, more) => {
    lines.length = calls.length = 0
    const receptionist = await open(t, { logger, ...more }, () => ({ status: 400, body: {} }))
    await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi', conversationId: 'c' }))
    await receptionist.dispose()
  }

  await turn(pino({ level: 'debug' }, stream).child({ service: 'desk' }))
  const [failed] = lines.filter(({ msg }) => msg === 'Turn failed')
  t.like(failed, {
    level: 50,
    service: 'desk',
    tag: 'agent',
    conversationId: 'c',
    code: 'MODEL_REQUEST_REJECTED',
  })
  t.true(lines.some(({ level, msg }) => level === 20 && msg === 'History read'))

  await turn(pino({ level: 'warn' }, stream))
  t.deepEqual(
    lines.map(({ msg }) => msg),
    ['Turn failed'],
  )

  const transports = [new write({ stream: sink })]
  await turn(winston.createLogger({ level: 'debug', transports }).child({ service: 'desk' }))
  t.like(
    lines.find(({ message }) => message === 'Turn failed'),
    { level: 'error', service: 'desk', conversationId: 'c' },
  )
  t.true(lines.some(({ level, message }) => level === 'debug' && message === 'History read'))

  await turn(new Own())
  t.deepEqual(
    calls.map(([name, method, message]) => [name, method, message]),
    [
      ['own', 'info', 'Initialized'],
      ['own', 'error', 'Turn failed'],
      ['own', 'info', 'Disposed'],
    ],
  )
  t.like(calls[1][3], { tag: 'agent', code: 'MODEL_REQUEST_REJECTED' })

  await turn(new Theirs())
  t.is(calls.length, 1)
  t.deepEqual(calls[0].slice(0, 4), ['own', 'error', 'Turn failed', undefined])
  t.like(calls[0][4], { code: 'MODEL_REQUEST_REJECTED' })

  const spied = createLogger('[mine]', { level: 'NONE' })
  await turn(spied)
  t.is(spied.getLevel(), LogLevel.NONE)
})

test('console lines have the format of the TypeScript SDK', async (t) => {
  const { stdout, stderr } = await run(
    `const settings = { level: 'INFO', prefix: '[Desk]', enableTimestamps: false, ignoreTags: [/^data/] }
     const receptionist = new AIReceptionist({ ...options, logger: settings })
     await receptionist.initialize()
     await receptionist.text.generate({ prompt: 'Hi', conversationId: 'c' }).catch(() => {})
     await receptionist.dispose()`,
  )
  t.regex(stdout, /^\[Desk\] INFO \[receptionist\] Initialized \{ version: /)
  t.regex(stdout, /\n\[Desk\] INFO \[receptionist\] Disposed \{ durationMs: [\d.]+ \}\n$/)
  t.notRegex(stdout, /\[database\]/)
  t.regex(stderr, /^\[Desk\] ERROR \[agent\] Turn failed \{\n {2}conversationId: 'c'/)
})

test('without a logger, warnings and errors go to stderr, and NONE silences them', async (t) => {
  const failing = (more) =>
    run(`const receptionist = new AIReceptionist({ ...options, ${more} })
      await receptionist.initialize()
      await receptionist.text.generate({ prompt: 'Hi' }).catch(() => {})
      await receptionist.handleSMSWebhook({ MessageSid: 'SM1', From: '+15551234567', To: '+15550001111', Body: 'x' })
      await receptionist.dispose()`)
  const silent = await failing('')
  t.is(silent.stdout, '')
  t.regex(silent.stderr, /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] \[AIReceptionist\] ERROR \[agent\] Turn failed/)
  t.regex(silent.stderr, /ReceptionistWarning: A webhook was handled without its signature/)
  t.deepEqual(await failing(`logger: { level: 'NONE' }`), { stdout: '', stderr: '' })
  const chosen = await failing(`logger: { level: 'WARN' }`)
  t.regex(chosen.stderr, /\] WARN \[receptionist\] A webhook was handled without its signature/)
  t.notRegex(chosen.stderr, /ReceptionistWarning/)
})

test('the process logger can be configured, shared and replaced', async (t) => {
  const { stdout, stderr } = await run(
    `getLogger().info('as it is')
     getLogger().debug('not asked for')
     configureLogger({ level: LogLevel.DEBUG, prefix: '[App]', enableTimestamps: false })
     logger.debug('[One] now it is', { a: 1 })
     logger.error('broken', new Error('why'), { b: 2 })
     const other = createLogger('[Other]', { level: 'WARN', enableTimestamps: false, ignoreTags: ['Quiet'] })
     other.info('no'); other.warn('[Quiet] no'); other.warn('yes')
     other.setLevel(LogLevel.NONE); other.error('no')
     const receptionist = new AIReceptionist(options)
     await receptionist.initialize()
     await receptionist.dispose()`,
  )
  const lines = stdout.split('\n')
  t.regex(lines[0], /^\[[^\]]+Z\] \[AIReceptionist\] INFO as it is$/)
  t.is(lines[1], '[App] DEBUG [One] now it is { a: 1 }')
  t.true(lines.some((line) => line.startsWith('[App] INFO [receptionist] Disposed')))
  t.regex(
    stderr,
    /^\[App\] ERROR broken \{\n {2}b: 2,\n {2}error: \{\n {4}name: 'Error',\n {4}message: 'why'/,
  )
  t.true(stderr.endsWith('[Other] WARN yes\n'))
})

test('an invalid logger is refused with the option name', (t) => {
  const refused = (logger, field) => {
    const error = t.throws(() => new AIReceptionist({ agent, model, logger }), { code: 'INVALID_CONFIG' })
    t.true(error.message.includes(`\`${field}\``), error.message)
  }
  refused({ level: 'LOUD' }, 'logger.level')
  refused({ level: 9 }, 'logger.level')
  refused({ prefix: 1 }, 'logger.prefix')
  refused({ enableTimestamps: 'yes' }, 'logger.enableTimestamps')
  refused({ ignoreTags: 'Agent' }, 'logger.ignoreTags')
  refused({ info() {} }, 'logger')
  refused('console', 'logger')
  refused([], 'logger')
})

test('a logger does not keep the process alive, and workers have their own logger', async (t) => {
  const { stdout } = await run(
    `const receptionist = new AIReceptionist({ ...options, logger: ({ message }) => console.log(message) })
     await receptionist.initialize()`,
  )
  t.regex(stdout, /Initialized\n$/)
  const logs = await Promise.all(
    ['a', 'b'].map(
      (name) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(
            `const { parentPort } = require('node:worker_threads')
             const { AIReceptionist } = require(${JSON.stringify(fileURLToPath(new URL('../../index.js', import.meta.url)))})
             const entries = []
             const options = ${JSON.stringify({ agent, model, database })}
             const receptionist = new AIReceptionist({ ...options, debug: true, logger: (entry) => entries.push(entry) })
             receptionist.initialize()
               .then(() => receptionist.agent.memory.startSession({ conversationId: '${name}', channel: 'text' }))
               .then(() => receptionist.text.generate({ prompt: 'Hi', conversationId: '${name}' }).catch(() => {}))
               .then(() => receptionist.dispose())
               .then(() => parentPort.postMessage(entries))`,
            { eval: true },
          )
          worker.once('message', (entries) => resolve([name, entries]))
          worker.once('error', reject)
        }),
    ),
  )
  for (const [name, entries] of logs) {
    const conversations = new Set(entries.map(({ context }) => context.conversationId).filter(Boolean))
    t.deepEqual([...conversations], [name])
    t.is(entries.at(-1).message, 'Disposed')
  }
})
