// Output of the demo: colours, if the terminal supports them, and tables.

const coloured = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : `${text}`)

export const bold = paint(1)
export const dim = paint(2)
export const green = paint(32)
export const yellow = paint(33)
export const cyan = paint(36)

/** Prints rows as a table that fits the terminal: the widest column is cut. */
export function printTable(title, rows) {
  console.log(`\n${bold(title)} ${dim(`${rows.length} row${rows.length === 1 ? '' : 's'}`)}`)
  if (rows.length === 0) return
  const columns = Object.keys(rows[0])
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '').replaceAll(/\s+/g, ' ')))
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i].length)))
  const room = (process.stdout.columns ?? 120) - 2 - 2 * columns.length
  for (let excess = widths.reduce((a, b) => a + b, 0) - room; excess > 0; excess--) {
    widths[widths.indexOf(Math.max(...widths))]--
  }
  const line = (row) =>
    row
      .map((text, i) =>
        (text.length > widths[i] ? `${text.slice(0, widths[i] - 1)}…` : text).padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd()
  console.log(dim(`  ${line(columns)}`))
  for (const row of cells) console.log(`  ${line(row)}`)
}
