// Recall as bars, a group for each language, in plain SVG.
import { COLOURS, text } from '../plot.mjs'

const WIDTH = 960
const LABELS = 120
const BAR = 9

/** @param rows - `[{ label, shares: { [contender]: 0 to 1 } }]` */
export function plotShares(title, rows) {
  const names = Object.keys(rows[0].shares)
  const parts = [text(20, 20, title)]
  names.forEach((name, i) => {
    const [left, top] = [20 + (i % 3) * 310, 32 + Math.floor(i / 3) * 18]
    parts.push(`<rect x="${left}" y="${top}" width="12" height="12" fill="${COLOURS[i % COLOURS.length]}"/>`)
    parts.push(text(left + 18, top + 10, name))
  })
  const top = 44 + Math.ceil(names.length / 3) * 18
  let y = top
  for (const { label, shares } of rows) {
    parts.push(text(20, y + (names.length * BAR) / 2 + 4, label))
    for (const [i, name] of names.entries()) {
      const width = Math.max(x(shares[name]) - LABELS, 1)
      const fill = COLOURS[i % COLOURS.length]
      parts.push(`<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR - 1}" fill="${fill}"/>`)
      y += BAR
    }
    y += 9
  }
  for (const mark of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    parts.unshift(`<line x1="${x(mark)}" x2="${x(mark)}" y1="${top}" y2="${y}" stroke="#ccc"/>`)
    parts.push(text(x(mark) - 10, y + 14, `${Math.round(mark * 100)} %`))
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 28}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`
}

function x(share) {
  return Math.round(LABELS + share * (WIDTH - LABELS - 40))
}
