// Saves in another process from 32 concurrent writers, until it is killed: `node writer-process.mjs
// <round> <URL> [driver]`, natively or through a Drizzle object of that driver. Each printed line
// is the id of a memory or batch whose promise has resolved.
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DatabaseStorage } from '../../../index.js'

export const PROGRAM = fileURLToPath(import.meta.url)
export const BATCH = 40
const WRITERS = 32

const DRIVERS = {
  async 'node-postgres'(url) {
    const [{ default: pg }, { drizzle }] = await Promise.all([
      import('pg'),
      import('drizzle-orm/node-postgres'),
    ])
    return drizzle(new pg.Pool({ connectionString: url, max: 4 }))
  },
  async mysql2(url) {
    const [{ default: mysql }, { drizzle }] = await Promise.all([
      import('mysql2/promise'),
      import('drizzle-orm/mysql2'),
    ])
    return drizzle(mysql.createPool({ uri: url, connectionLimit: 4 }))
  },
  async 'better-sqlite3'(url) {
    const [{ default: Sqlite }, { drizzle }] = await Promise.all([
      import('better-sqlite3'),
      import('drizzle-orm/better-sqlite3'),
    ])
    return drizzle(new Sqlite(url.replace('sqlite:', '')))
  },
}

async function write(round, url, driver) {
  const storage = new DatabaseStorage(
    driver ? { db: await DRIVERS[driver](url), via: 'client' } : { connectionString: url },
  )
  const memory = (id) => ({ id, content: `"${id}" – it's 100 % 👋`, timestamp: new Date(), type: 'system' })
  async function writer(name) {
    for (let n = 0; ; n++) {
      const id = `${round}-${name}-${n}`
      if (n % 8 === 3) {
        await storage.saveBatch(Array.from({ length: BATCH }, (_, part) => memory(`${id}-${part}`)))
      } else {
        await storage.save(memory(id))
      }
      writeSync(1, `${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)))
}

if (process.argv[1] === PROGRAM) await write(...process.argv.slice(2))
