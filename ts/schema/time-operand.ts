import { type Column, type SQL, sql } from 'drizzle-orm'

/** Pattern of a day: `new Date().toDateString()`, or an ISO date. */
const DAY = /^([A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4}|\d{4}-\d{2}-\d{2})$/

/**
 * Returns the operand of a comparison with a time column. `value` is a `Date`, or a string that
 * names a whole day in the time zone of this process:
 * `eq(leads.createdAt, new Date().toDateString())`.
 */
export function timeOperand(
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
