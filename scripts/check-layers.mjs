// Checks the order of the layers in docs/architecture.md. The first column of its tables lists the rooms of src/ and of ts/.
// 1. A file may import files of its own room and of the rooms before it in the table. The room of a file is its longest entry.
// 2. Files of src/ never import each other in a circle. In ts/ a class and its builder may.
// Test code does not count, nor do type-only imports of ts/. Declaring a child module is no import. A re-export is one only in a
// file that uses the name: `use super::Pool` depends on the file that defines `Pool`, not on the one that passes it on.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PATH = /(?<![\w:.])\w+(?:::\w+)+/g
const TEST_ONLY = /#\[cfg\((?:any\(|all\()?test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*/

/** Returns the rooms that the table under `| `root/` |` lists, in their order. */
function rooms(root) {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const table = page.split(`| \`${root}/\` |`)[1].split('\n\n')[0]
  const cells = table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => `${root}/${match[1]}`))
}

/** Returns the index behind the item that starts at `from`: its semicolon or its last brace. */
function endOfItem(code, from) {
  let depth = 0
  for (let at = from; at < code.length; at++) {
    if ('{[('.includes(code[at])) depth++
    if ('}])'.includes(code[at]) && --depth <= 0 && code[at] === '}') return at + 1
    if (depth === 0 && (code[at] === ';' || code[at] === ',')) return at + 1
  }
  return code.length
}

/** Returns Rust code without comments, strings and items of tests, and the names of the test modules. */
function withoutTests(source) {
  let code = source.replace(
    /\/\/.*|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.[^']*|[^'\\])'/g,
    (text) => (text.startsWith('//') ? '' : '""'),
  )
  const testModules = []
  for (let match; (match = TEST_ONLY.exec(code));) {
    const end = endOfItem(code, match.index + match[0].length)
    const module = /^(?:pub(?:\([^)]*\))? )?mod (\w+);/.exec(code.slice(match.index + match[0].length, end))
    if (module) testModules.push(module[1])
    code = code.slice(0, match.index) + code.slice(end)
  }
  return { code, testModules }
}

/** Returns the paths of a use tree: `a::{b, c as d}` is `a::b` named `b` and `a::c` named `d`. */
function leaves(tree, prefix = []) {
  const text = tree.trim()
  const group = /^((?:\w+::)*)\{([\s\S]*)\}$/.exec(text)
  if (group) {
    const parts = group[2].match(/[^,{}]+(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})?/g) ?? []
    const inner = [...prefix, ...group[1].split('::').filter(Boolean)]
    return parts.filter((part) => part.trim()).flatMap((part) => leaves(part, inner))
  }
  const [path, alias] = text.split(/\s+as\s+/)
  let full = [...prefix, ...path.split('::')]
  const glob = full.at(-1) === '*'
  if (glob || full.at(-1) === 'self') full = full.slice(0, -1)
  return [{ path: full, glob, name: glob ? '*' : (alias ?? full.at(-1)) }]
}

/** Returns the imports of each Rust file that is part of the library. */
function rustImports(files) {
  const modules = new Map()
  for (const file of files) {
    const name = file.replace(/^src\/|(\/?mod|lib)?\.rs$/g, '').replaceAll('/', '::')
    modules.set(name, { file, name, ...withoutTests(readFileSync(file, 'utf8')) })
  }
  for (const module of [...modules.values()])
    for (const test of module.testModules) {
      const root = [module.name, test].filter(Boolean).join('::')
      for (const name of [...modules.keys()])
        if (name === root || name.startsWith(`${root}::`)) modules.delete(name)
    }
  for (const module of modules.values()) {
    module.uses = []
    module.body = module.code.replace(/^\s*(pub(?:\([^)]*\))? )?use ([^;]+);/gm, (_, visibility, tree) => {
      module.uses.push(...leaves(tree).map((leaf) => ({ ...leaf, reexported: Boolean(visibility) })))
      return ''
    })
  }

  const absolute = (module, path) => {
    const base = module.name ? module.name.split('::') : []
    const [first, ...rest] = path
    if (first === 'crate') return rest
    if (first === 'self') return [...base, ...rest]
    if (first === 'super') {
      let up = 0
      while (path[up] === 'super') up++
      return [...base.slice(0, base.length - up), ...path.slice(up)]
    }
    if (modules.has([...base, first].join('::'))) return [...base, ...path]
    const use = module.uses.find((use) => use.name === first && use.path[0] !== first)
    return use && absolute(module, [...use.path, ...rest])
  }
  const resolve = (path, depth = 0) => {
    let known = 0
    while (known < path.length && modules.has(path.slice(0, known + 1).join('::'))) known++
    const module = modules.get(path.slice(0, known).join('::'))
    const rest = path.slice(known)
    if (rest.length === 0 || depth > 8) return module
    const defines = (name) =>
      new RegExp(`\\b(struct|enum|trait|type|fn|const|static) ${rest[0]}\\b`).test(modules.get(name)?.body)
    const use =
      module.uses.find((use) => use.name === rest[0]) ??
      module.uses.find((use) => use.glob && defines(absolute(module, use.path)?.join('::')))
    if (use?.glob) return modules.get(absolute(module, use.path).join('::'))
    const target = use && absolute(module, [...use.path, ...rest.slice(1)])
    return target ? resolve(target, depth + 1) : use ? undefined : module
  }

  const imports = new Map()
  for (const module of modules.values()) {
    const used = module.uses.filter(
      (use) => !use.reexported || (!use.glob && new RegExp(`\\b${use.name}\\b`).test(module.body)),
    )
    const paths = [
      ...used.map((use) => use.path),
      ...[...module.body.matchAll(PATH)].map((match) => match[0].split('::')),
    ]
    const targets = paths
      .map((path) => absolute(module, path))
      .filter(Boolean)
      .map((path) => resolve(path)?.file)
    imports.set(
      module.file,
      new Set(targets.filter((file) => file && file !== module.file && file !== 'src/lib.rs')),
    )
  }
  return imports
}

/** Returns the imports of each TypeScript file, without imports of types. */
function typescriptImports(files) {
  const imports = new Map()
  for (const file of files) {
    const statements = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s+(?!type\b)([^'"]*?)\s*from\s+'(\.[^']+)'/gm,
    )
    const targets = [...statements]
      .filter(([, names]) => !/^\{(\s*type \w+( as \w+)?,?)*\s*\}$/.test(names))
      .map(([, , path]) => join(dirname(file), path.replace(/\.js$/, '.ts')).replace(/(\.ts)?$/, '.ts'))
    imports.set(file, new Set(targets))
  }
  return imports
}

/** Returns one shortest circle of imports for each group of files that import each other. */
function circles(imports) {
  const found = []
  const seen = new Set()
  for (const start of imports.keys()) {
    const from = new Map([[start, undefined]])
    const queue = [start]
    while (queue.length) {
      const file = queue.shift()
      if (imports.get(file)?.has(start)) {
        const circle = [start]
        for (let at = file; at !== start; at = from.get(at)) circle.splice(1, 0, at)
        if (!circle.some((member) => seen.has(member))) found.push([...circle, start])
        circle.forEach((member) => seen.add(member))
        break
      }
      for (const next of imports.get(file) ?? [])
        if (!from.has(next)) (from.set(next, file), queue.push(next))
    }
  }
  return found
}

const problems = []
for (const [root, extension, read] of [
  ['src', '.rs', rustImports],
  ['ts', '.ts', typescriptImports],
]) {
  const order = rooms(root)
  const files = execFileSync('git', ['ls-files', root], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith(extension))
  for (const room of order)
    if (!files.some((file) => file.startsWith(room))) problems.push(`docs/architecture.md: no ${room}`)
  const roomOf = (file) =>
    order
      .filter((room) => file === room || (room.endsWith('/') && file.startsWith(room)))
      .sort((a, b) => b.length - a.length)[0]
  const imports = read(files)
  for (const [file, targets] of imports) {
    if (file === 'src/lib.rs') continue
    if (!roomOf(file)) problems.push(`${file}: belongs to no room of docs/architecture.md`)
    for (const target of targets)
      if (order.indexOf(roomOf(target)) > order.indexOf(roomOf(file)))
        problems.push(`${file}: imports upward: ${target}`)
  }
  for (const circle of root === 'src' ? circles(imports) : [])
    problems.push(`circle of imports: ${circle.join(' → ')}`)
  if (process.argv.includes('--graph'))
    for (const [file, targets] of imports) console.log(file, [...targets].join(' '))
}
for (const problem of problems) console.error(problem)
if (problems.length) process.exit(1)
