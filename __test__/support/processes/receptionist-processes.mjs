// Receptionists in other processes on one database. The processes can be killed at any moment.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { signature } from '../../../examples/phone.mjs'
import { AUTH_TOKEN, BASE_URL } from '../channels/phone-harness.mjs'

const PROGRAM = fileURLToPath(new URL('receptionist-process.mjs', import.meta.url))

/** Starts processes with the same options, and ends them after the test. */
export async function startProcesses(t, count, options) {
  const running = []
  let over = false

  async function start(n) {
    if (over) return undefined
    const child = fork(PROGRAM, [JSON.stringify(options)], { execArgv: [], silent: true })
    let told = ''
    child.stderr.on('data', (text) => (told += text))
    const address = Promise.race([
      once(child, 'message').then(([url]) => url),
      once(child, 'exit').then(([code]) => {
        if (!over && code !== null) throw new Error(`a process ended with ${code}: ${told}`)
      }),
    ])
    running[n] = { child, address }
    return address
  }

  t.teardown(() => {
    over = true
    for (const { child } of running) child.kill('SIGKILL')
  })
  await Promise.all(Array.from({ length: count }, (_, n) => start(n)))
  return {
    /** The address of a process, once it listens. */
    address: (n) => running[n].address,
    /** Kills a process with SIGKILL, and starts another in its place. */
    kill(n) {
      const { child } = running[n]
      running[n].address = once(child, 'exit').then(() => start(n))
      child.kill('SIGKILL')
    },
    /** Posts a form to a process as Twilio does. Rejects if the process dies. */
    async postForm(n, path, form) {
      return fetch((await running[n].address) + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature(AUTH_TOKEN, BASE_URL + path, form),
        },
        body: new URLSearchParams(form),
      })
    },
    /** Posts an e-mail to a process as Postmark does. Rejects if the process dies. */
    async postMail(n, mail, secret) {
      return fetch(`${await running[n].address}/webhooks/email/inbound`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`postmark:${secret}`).toString('base64')}`,
        },
        body: JSON.stringify(mail),
      })
    },
  }
}
