// Postmark's API for tests: accepts what Postmark accepts, refuses everything else, and stores the
// sent e-mails.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

const FIELDS = new Set(
  'From To Cc Bcc Subject Tag HtmlBody TextBody ReplyTo Metadata Headers TrackOpens TrackLinks Attachments MessageStream'.split(
    ' ',
  ),
)
const ADDRESS = /^(?:"[^"\r\n]*" <[^<>\s@,]+@[^<>\s@,]+>|[^<>\s@,"]+@[^<>\s@,"]+)$/
/** Control characters other than tabs and line breaks. */
const CONTROL = /[\p{Cc}]/u

/**
 * @param token the server token that is accepted
 * @param script called with each accepted mail and its number from 0; `{ status?, body?, drop? }` takes the place of the answer
 */
export async function startPostmark(token, script = () => undefined) {
  const [mails, problems] = [[], []]
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const refuse = (status, code, message) => {
      problems.push(message)
      answer(status, { ErrorCode: code, Message: message })
    }
    if (request.method !== 'POST' || request.url !== '/email') {
      return refuse(404, 404, `${request.method} ${request.url}`)
    }
    if (request.headers['x-postmark-server-token'] !== token) return refuse(401, 10, 'Bad server token')
    if (
      request.headers['content-type'] !== 'application/json' ||
      request.headers.accept !== 'application/json'
    ) {
      return refuse(415, 402, 'Content-Type and Accept must be application/json')
    }
    const body = Buffer.concat(chunks)
    if (body.length > 15_000_000) return refuse(413, 300, 'Too large')
    let mail
    try {
      mail = JSON.parse(body.toString())
    } catch {
      return refuse(422, 402, 'Invalid JSON')
    }
    const problem = problemOf(mail)
    if (problem) return refuse(422, 300, problem)
    const number = mails.push(mail) - 1
    const scripted = (await script(mail, number)) ?? {}
    if (scripted.drop) return request.socket.destroy()
    answer(
      scripted.status ?? 200,
      scripted.body ?? {
        To: mail.To,
        SubmittedAt: new Date().toISOString(),
        MessageID: randomUUID(),
        ErrorCode: 0,
        Message: 'OK',
      },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    mails,
    problems,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Returns a header of an e-mail. */
export const header = (mail, name) => mail.Headers.find(({ Name }) => Name === name)?.Value

function problemOf(mail) {
  if (typeof mail !== 'object' || mail === null || Array.isArray(mail)) return 'The body must be an object'
  for (const [field, value] of Object.entries(mail)) {
    if (!FIELDS.has(field)) return `Unknown field ${field}`
    if (value === null) return `${field} is null`
  }
  if (typeof mail.From !== 'string' || !ADDRESS.test(mail.From)) return `From: ${mail.From}`
  for (const field of ['To', 'Cc', 'Bcc', 'ReplyTo']) {
    if (mail[field] === undefined && field !== 'To') continue
    const all = split(mail[field])
    if (all.length > 50 || !all.every((one) => ADDRESS.test(one))) return `${field}: ${mail[field]}`
  }
  if (typeof mail.Subject !== 'string' || mail.Subject.length > 2000 || CONTROL.test(mail.Subject))
    return 'Subject'
  if (typeof mail.TextBody !== 'string' && typeof mail.HtmlBody !== 'string') return 'No body'
  if (mail.Tag !== undefined && (typeof mail.Tag !== 'string' || mail.Tag.length > 1000)) return 'Tag'
  for (const { Name, Value, ...rest } of mail.Headers ?? []) {
    if (Object.keys(rest).length > 0 || !/^[!-9;-~]+$/.test(Name)) return `Header ${Name}`
    if (typeof Value !== 'string' || CONTROL.test(Value)) return `Header ${Name}: ${Value}`
  }
  if (mail.Headers?.some(({ Name }) => Name === 'Message-ID') && header(mail, 'X-PM-KeepID') !== 'true') {
    return 'Message-ID without X-PM-KeepID'
  }
  for (const { Name, Content, ContentType, ContentID, ...rest } of mail.Attachments ?? []) {
    if (Object.keys(rest).length > 0) return `Unknown fields of an attachment: ${Object.keys(rest)}`
    if (typeof Name !== 'string' || !/^[\w.+-]+\/[\w.+-]+/.test(ContentType)) return `Attachment ${Name}`
    if (Buffer.from(Content, 'base64').toString('base64') !== Content)
      return `Attachment ${Name} is no base64`
    if (ContentID !== undefined && !/^cid:\S+$/.test(ContentID)) return `ContentID ${ContentID}`
  }
  return undefined
}

/** Splits addresses at commas outside quotes. */
function split(list) {
  return String(list)
    .match(/(?:"[^"]*"|[^",])+/g)
    .map((one) => one.trim())
}
