// A Redis to test against: `REDIS_URL`, else the server on this machine.
import { randomBytes } from 'node:crypto'
import { createClient } from 'redis'

const LOCAL = 'redis://127.0.0.1:6379'

/**
 * The URL of a Redis server; undefined, with a line that says so, if there is none to be had. With `REQUIRE_SERVERS=1`
 * that is an error.
 */
export async function findRedis() {
  const url = process.env.REDIS_URL ?? LOCAL
  try {
    const client = await connect(url)
    await client.ping()
    client.destroy()
    return url
  } catch (error) {
    const line = `Redis: not available (${new URL(url).host}: ${error.message || error.code})`
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
    console.log(line)
    return undefined
  }
}

/** A connected client and a prefix of its own for one test file; undefined if there is no server. `drop` removes its keys. */
export async function createKeyspace() {
  const url = await findRedis()
  if (!url) return undefined
  const client = await connect(url)
  const prefix = `receptionist_test_${randomBytes(6).toString('hex')}:`
  return {
    url,
    client,
    prefix,
    async drop() {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1_000 })) {
        if (keys.length > 0) await client.unlink(keys)
      }
      client.destroy()
    },
  }
}

/** Fails at once where the default is to try forever. */
async function connect(url) {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 5_000 } })
  client.on('error', () => {})
  return await client.connect()
}
