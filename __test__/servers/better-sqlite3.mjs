// better-sqlite3, which is not to be had on every machine.

/** Its class; undefined, with a line that says why, where it does not work. */
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
