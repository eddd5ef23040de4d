// better-sqlite3, which is not available on every machine.

/** The class of better-sqlite3. `undefined`, with a printed line, if it does not load. */
export const Sqlite = await load()

async function load() {
  try {
    const { default: Database } = await import('better-sqlite3')
    new Database(':memory:').close()
    return Database
  } catch (error) {
    console.log(`better-sqlite3: NOT TESTED (${error.message.split('\n')[0]})`)
    if (process.env.REQUIRE_SERVERS === '1') throw error
    return undefined
  }
}
