import { type Column, type SQL, sql } from 'drizzle-orm'

/** `new Date().toDateString()`, or an ISO date. */
const DAY = /^([A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4}|\d{4}-\d{2}-\d{2})$/

/**
 * What a time column is compared with: a `Date`, or a string that names a day and means all of it, in this process's
 * time zone: `eq(leads.createdAt, new Date().toDateString())`.
 */
export function comparand(
  column: () => Column,
  value: Date | string,
  encode: (time: Date) => string | number,
): SQL | string | number {
  if (value instanceof Date) return encode(value)
  if (!DAY.test(value)) return encode(new Date(value))
  const start = new Date(`${value} 00:00:00`)
  const end = new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1)
  const time = sql`${column()}`
  return sql`(CASE WHEN ${time} >= ${encode(start)} AND ${time} < ${encode(end)} THEN ${time} END)`
}
