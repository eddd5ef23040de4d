// A mail server for tests: SMTP with STARTTLS and logins (RFC 5321, 3207, 4954). It refuses what
// real servers refuse, and stores the accepted e-mails.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket, createSecureContext } from 'node:tls'

/** Creates a certificate for localhost and the authority that signed it. */
export function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  const file = (name) => join(folder, name)
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  try {
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
      '-subj',
      '/CN=Test CA',
      '-days',
      '2',
    )
    openssl('req', ...key, '-keyout', file('key.pem'), '-out', file('csr.pem'), '-subj', '/CN=localhost')
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost\n')
    const signed = [
      '-CA',
      file('ca.pem'),
      '-CAkey',
      file('ca.key'),
      '-CAcreateserial',
      '-extfile',
      file('names'),
    ]
    openssl('x509', '-req', '-in', file('csr.pem'), ...signed, '-days', '2', '-out', file('cert.pem'))
    const read = (name) => readFileSync(file(name), 'utf8')
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * @param options `certificate` offers STARTTLS and refuses mail without it; `implicit` speaks TLS at once; `login` is
 *   `{ user, password }`; `script(command, number)` may answer a command by `{ reply }`, `{ drop: true }` or
 *   `{ drop: 'after' }` (takes the mail, then hangs up), and the end of a mail that is taken by `{ taken }`; `number` counts the mails
 */
export async function startSmtp({ certificate, implicit = false, login, script = () => undefined } = {}) {
  const mails = []
  const problems = []
  const sockets = new Set()
  const secure = (socket) =>
    new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) })
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const session = { server: { mails, problems, certificate, login, script, secure } }
    converse(implicit ? secure(socket) : socket, { ...session, encrypted: implicit }, true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    mails,
    problems,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function converse(socket, session, greet) {
  const { server } = session
  let buffer = ''
  let data
  socket.on('error', () => {})
  const say = (...lines) => socket.write(lines.map((line) => `${line}\r\n`).join(''))
  const refuse = (reply, problem) => {
    server.problems.push(problem)
    say(reply)
  }
  socket.on('data', (chunk) => {
    buffer += chunk.toString('latin1')
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      if (data !== undefined) receive(line)
      else if (command(line) === 'upgrade') return
    }
  })
  const scripted = (name) => {
    const answer = server.script(name, server.mails.length)
    if (answer?.drop === true) socket.destroy()
    else if (answer?.reply) say(answer.reply)
    return answer !== undefined
  }
  if (greet && !scripted('CONNECT')) say('220 mx.test ESMTP')

  function receive(line) {
    if (line !== '.') {
      if (Buffer.byteLength(line, 'latin1') > 998) server.problems.push('a line is longer than 998 bytes')
      if (line.includes('\n') || line.includes('\r')) server.problems.push('a bare line break')
      data.push(line.startsWith('.') ? line.slice(1) : line)
      return
    }
    const raw = Buffer.from(data.join('\r\n'), 'latin1')
    data = undefined
    const answer = server.script('END', server.mails.length)
    if (answer?.drop === true) return socket.destroy()
    if (answer?.reply) return say(answer.reply)
    server.mails.push({
      from: session.from,
      to: session.to,
      user: session.user,
      encrypted: session.encrypted,
      raw,
    })
    if (answer?.drop === 'after') return socket.destroy()
    session.from = undefined
    say(answer?.taken ?? '250 2.0.0 Taken')
  }

  function command(line) {
    const [, verb, rest] = /^(\S+)(?: (.*))?$/.exec(line) ?? []
    const name = verb?.toUpperCase()
    if (scripted(name)) return
    if (name === 'EHLO') {
      const extensions = ['8BITMIME', 'SMTPUTF8']
      if (server.certificate && !session.encrypted) extensions.push('STARTTLS')
      if (server.login && (session.encrypted || !server.certificate)) extensions.push('AUTH PLAIN LOGIN')
      const lines = ['mx.test', ...extensions]
      return say(...lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}`))
    }
    if (name === 'STARTTLS' && server.certificate && !session.encrypted) {
      say('220 Go ahead')
      socket.removeAllListeners('data')
      converse(server.secure(socket), { ...session, encrypted: true }, false)
      return 'upgrade'
    }
    if (name === 'QUIT') {
      say('221 Bye')
      return socket.end()
    }
    if (server.certificate && !session.encrypted)
      return refuse('530 5.7.0 Must issue STARTTLS', `${name} in the clear`)
    if (name === 'AUTH') {
      const [mechanism, initial] = rest.split(' ')
      const [, user, password] = Buffer.from(initial ?? '', 'base64')
        .toString()
        .split('\0')
      if (mechanism !== 'PLAIN') return say('504 5.5.4 Only PLAIN')
      if (user !== server.login?.user || password !== server.login?.password)
        return say('535 5.7.8 Bad login')
      session.user = user
      return say('235 2.7.0 Welcome')
    }
    if (server.login && !session.user)
      return refuse('530 5.7.0 Authentication required', `${name} without login`)
    if (name === 'MAIL') {
      Object.assign(session, { from: /^FROM:<([^<>]+)>/i.exec(rest)?.[1], to: [] })
      return session.from ? say('250 2.1.0 Ok') : refuse('501 5.1.7 Bad sender', line)
    }
    if (name === 'RCPT' && session.from) {
      const to = /^TO:<([^<>]+)>/i.exec(rest)?.[1]
      if (!to) return refuse('501 5.1.3 Bad recipient', line)
      session.to.push(to)
      return say('250 2.1.5 Ok')
    }
    if (name === 'DATA' && session.to?.length > 0) {
      data = []
      return say('354 End with a dot')
    }
    refuse('503 5.5.1 Bad sequence of commands', line)
  }
}
