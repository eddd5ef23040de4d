// Reads a SQLite file past the package: with the sqlite3 program, or where there is none with SQLite in JavaScript.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The rows of a query, as objects. */
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
  // It knows no write-ahead log. A database that was closed has none, but still says so in its header.
  bytes[18] = bytes[19] = 1
  const database = new (await initSqlJs()).Database(bytes)
  const [result] = database.exec(sql)
  database.close()
  return (result?.values ?? []).map((row) =>
    Object.fromEntries(row.map((value, i) => [result.columns[i], value])),
  )
}
