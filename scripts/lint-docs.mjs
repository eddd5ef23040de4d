// Checks the wording of doc comments and of the titles in docs/: rules 1 to 4 of "Prose" in CONTRIBUTING.md.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const QUESTION =
  /^(what|whether|how|who|whose|whom|where|wherever|whatever|whoever|why|when|which|that|if|of|to|in which|by which|for what|as)\b/i
const VERB = /^(`[^`]*` )?[A-Z][a-z-]*s\b/
const BANNED =
  /\b(who(m)?ever|whatever|wherever|of (ours|theirs|yours)|anew|be it|by itself|by themselves|behind the back of|left half-way|to nobody|by nobody)\b|\b(is|are|was|were) no (?!longer)[a-z]/i
const RUST_FUNCTION = /^\s*(pub(\([a-z: ]+\))? )?(const )?(async )?(unsafe )?(extern "[^"]*" )?fn /
const TS_FUNCTION =
  /^\s*(export )?(default )?(declare )?(static )?(async )?(function\b|(?!(?:if|for|while|switch|catch|constructor|readonly|class|interface|type|const|get|set)\b)\*?#?\w+(<[^>]*>)?\()/

const files = execFileSync('git', ['ls-files', 'src', 'ts', 'docs', 'README.md', 'CONTRIBUTING.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(rs|ts|md)$/.test(file))
  .filter(
    (file) => process.argv.length < 3 || process.argv.slice(2).some((prefix) => file.startsWith(prefix)),
  )

/** Returns the doc comments of a source file: line number, text, and the line that they document. */
function comments(file, lines) {
  const found = []
  for (let at = 0; at < lines.length; at++) {
    const start = at
    const text = []
    if (file.endsWith('.rs')) {
      const marker = /^\s*\/\/[/!] ?(.*)$/
      for (; marker.test(lines[at] ?? ''); at++) text.push(marker.exec(lines[at])[1])
    } else if (/^\s*\/\*\*/.test(lines[at])) {
      for (let open = true; open; at++) {
        open = !lines[at].includes('*/')
        text.push(lines[at].replace(/^\s*(\/\*\*|\*(?!\/)) ?/, '').replace(/ ?\*\/.*$/, ''))
      }
    }
    if (at === start) continue
    let next = at
    while (/^\s*(#\[|@)/.test(lines[next] ?? '')) next++
    found.push({ line: start + 1, text: text.join(' ').trim(), subject: lines[next] ?? '' })
    at--
  }
  return found
}

const problems = []
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n')
  if (file.endsWith('.md')) {
    for (const [at, line] of lines.entries())
      if (/^#+ /.test(line) && (QUESTION.test(line.replace(/^#+ /, '')) || line.endsWith('?')))
        problems.push(`${file}:${at + 1}: a heading is a noun phrase or an instruction: ${line}`)
    continue
  }
  for (const { line, text, subject } of comments(file, lines)) {
    const report = (rule) => problems.push(`${file}:${line}: ${rule}: ${text.slice(0, 90)}`)
    if (QUESTION.test(text)) report('opens with an indirect question or a relative')
    else if ((file.endsWith('.rs') ? RUST_FUNCTION : TS_FUNCTION).test(subject) && !VERB.test(text))
      report('a function begins with a verb in the third person')
    const banned = BANNED.exec(text.replaceAll(/`[^`]*`/g, ''))
    if (banned) report(`"${banned[0]}"`)
  }
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`${problems.length} problems of wording (CONTRIBUTING.md, "Prose")`)
process.exitCode = problems.length > 0 ? 1 : 0
