// The ratios as bars on a logarithmic scale, in plain SVG.
const WIDTH = 960
const LABELS = 400
const BAR = 12
const MOST = 1_000
export const COLOURS = ['#4063d8', '#cb3c33', '#389826', '#9558b2', '#d09b2c', '#5f6b6d']

/** @param rows - `[{ label, ratios: [{ name, ratio }] }]` */
export function plot(rows) {
  const names = [...new Set(rows.flatMap(({ ratios }) => ratios.map(({ name }) => name)))]
  const colour = (name) => COLOURS[names.indexOf(name) % COLOURS.length]
  const parts = []
  let y = 40
  names.forEach((name, i) => {
    parts.push(`<rect x="${20 + i * 150}" y="12" width="12" height="12" fill="${colour(name)}"/>`)
    parts.push(text(38 + i * 150, 22, name))
  })
  const top = y
  for (const { label, ratios } of rows) {
    parts.push(text(20, y + BAR, label))
    for (const { name, ratio } of ratios) {
      const [from, to] = [x(1), x(ratio)].toSorted((a, b) => a - b)
      parts.push(
        `<rect x="${from}" y="${y}" width="${Math.max(to - from, 1)}" height="${BAR - 2}" fill="${colour(name)}"/>`,
      )
      y += BAR
    }
    y += 10
  }
  for (const mark of [0.1, 1, 10, 100, MOST]) {
    const stroke = mark === 1 ? '#222' : '#ccc'
    parts.unshift(`<line x1="${x(mark)}" x2="${x(mark)}" y1="${top}" y2="${y}" stroke="${stroke}"/>`)
    parts.push(text(x(mark) - 10, y + 16, `${mark}×`))
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 30}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`
}

/** The position of a ratio between 0.1 and 1,000. */
function x(ratio) {
  const place = (Math.log10(Math.min(Math.max(ratio, 0.1), MOST)) + 1) / 4
  return Math.round(LABELS + place * (WIDTH - LABELS - 40))
}

/** A line of text, which starts at a point. */
export function text(left, bottom, words) {
  const escaped = words.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `<text x="${left}" y="${bottom}">${escaped}</text>`
}
