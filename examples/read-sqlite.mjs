// Reads a SQLite file without the package: with the program sqlite3, or with SQLite in JavaScript where that is missing.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Returns the rows of a query, as objects. */
export async function readSqlite(file, sql) {
  try {
    return JSON.parse(
      execFileSync('sqlite3', ['-readonly', '-json', file, sql], { encoding: 'utf8', maxBuffer: Infinity }) ||
        '[]',
    )
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  const { default: initSqlJs } = await import('sql.js')
  const bytes = readFileSync(file)
  // SQLite in JavaScript does not support a write-ahead log. A closed database has none, but its header still says so.
  bytes[18] = bytes[19] = 1
  const database = new (await initSqlJs()).Database(bytes)
  const [result] = database.exec(sql)
  database.close()
  return (result?.values ?? []).map((row) =>
    Object.fromEntries(row.map((value, i) => [result.columns[i], value])),
  )
}
