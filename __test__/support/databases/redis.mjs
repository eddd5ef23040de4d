// The Redis server for tests: `REDIS_URL`, otherwise the server on this machine.
import { randomBytes } from 'node:crypto'
import { createClient } from 'redis'

const LOCAL = 'redis://127.0.0.1:6379'

/**
 * Returns the URL of a Redis server. Returns `undefined`, and prints a line, if none is available;
 * with `REQUIRE_SERVERS=1` that is an error.
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

/**
 * Returns a connected client and a key prefix for one test file, or `undefined` without a server.
 * `drop` removes its keys.
 */
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

/** Fails at once instead of the default endless retries. */
async function connect(url) {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 5_000 } })
  client.on('error', () => {})
  return await client.connect()
}
