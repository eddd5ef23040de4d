import type { Pool } from 'pg'

/** `table.column` → type, of everything in the database. */
export async function columnsOf(pool: Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query(
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'",
  )
  return Object.fromEntries(rows.map((row) => [`${row.table_name}.${row.column_name}`, row.data_type]))
}
