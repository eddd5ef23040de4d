// The output of `npm run bench` in bench/results/: a table with the ratios first, the figures as
// JSON, and a plot.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { plot } from './plot.mjs'

const OURS = 'ours'

/** Collects rows and writes them. A row names its measure; the unit is milliseconds by default. */
export class Report {
  rows = []

  files = new Map()

  /** @param row - `{ group, work, unit?, figures: { [contender]: number } }` */
  add(row) {
    this.rows.push({ unit: 'ms', ...row })
    console.log(lineOf(this.rows.at(-1)))
  }

  /** Adds a file of a measurement that has a form of its own. */
  addFile(name, content) {
    this.files.set(name, content)
  }

  write(folder) {
    mkdirSync(folder, { recursive: true })
    for (const [name, content] of this.files) writeFileSync(`${folder}/${name}`, content)
    if (this.rows.length === 0) return
    const machine = `${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`
    writeFileSync(`${folder}/results.json`, JSON.stringify({ machine, rows: this.rows }, null, 2))
    writeFileSync(`${folder}/results.md`, tableOf(machine, this.rows))
    writeFileSync(`${folder}/results.svg`, plot(ratiosOf(this.rows)))
  }
}

/** The ratio of the other contenders' times to that of this package. */
function ratiosOf(rows) {
  return rows
    .filter(({ figures }) => figures[OURS] > 0)
    .map(({ group, work, figures }) => ({
      label: `${group}: ${work}`,
      ratios: Object.entries(figures)
        .filter(([name]) => name !== OURS)
        .map(([name, figure]) => ({ name, ratio: figure / figures[OURS] })),
    }))
}

function tableOf(machine, rows) {
  const lines = [
    `Medians on ${machine}. A ratio says how many times as long as ours it takes: above 1, ours is faster.`,
    '',
    '| | work | ratio to ours | ours | the others |',
    '|---|---|---|---|---|',
    ...rows.map(({ group, work, unit, figures }) => {
      const others = Object.entries(figures).filter(([name]) => name !== OURS)
      const ratios = others.map(([name, figure]) => `${name} ${digits(figure / figures[OURS])}×`)
      const plain = others.map(([name, figure]) => `${name} ${digits(figure)}`)
      return `| ${group} | ${work} | ${ratios.join(', ')} | ${digits(figures[OURS])} ${unit} | ${plain.join(', ')} |`
    }),
  ]
  return `${lines.join('\n')}\n`
}

function lineOf({ group, work, unit, figures }) {
  const parts = Object.entries(figures).map(([name, figure]) => {
    const ratio = name === OURS ? '' : ` (${digits(figure / figures[OURS])}×)`
    return `${name} ${digits(figure)}${ratio}`
  })
  return `${group}: ${work} [${unit}]: ${parts.join(', ')}`
}

function digits(number) {
  return number === undefined ? '–' : Number(number.toPrecision(number >= 100 ? 4 : 3)).toLocaleString('en')
}
