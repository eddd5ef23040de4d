// The TypeScript in README.md and docs/, as modules that can be compiled and run.
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { preludeOf } from './prelude.mjs'

const PACKAGE = '@loctelli/ai-receptionist'
const root = new URL('../../../', import.meta.url)
const exported = exportsOf(readFileSync(new URL('index.d.ts', root), 'utf8'))

/** Returns every block: its place, its code, and the names that it uses without declaring them. */
export function blocks() {
  const pages = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)]
  return pages.filter((page) => page.endsWith('.md')).flatMap(blocksOf)
}

function blocksOf(page) {
  const text = readFileSync(new URL(page, root), 'utf8')
  return [...text.matchAll(/^( *)```(?:ts|typescript)\n(.*?)^\1```/gms)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1
    const code = match[2].replaceAll(new RegExp(`^${match[1]}`, 'gm'), '')
    return { page, line, name: `${page.replaceAll(/\W/g, '_')}_${line}`, code, ...namesOf(code) }
  })
}

/**
 * Returns the names that a block declares, other names that it uses, and the modules that it
 * imports.
 */
function namesOf(code) {
  const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest, true)
  const declared = new Set()
  const used = new Set()
  const modules = []
  const declare = (name) => {
    if (ts.isIdentifier(name)) declared.add(name.text)
    else for (const element of name.elements) if (element.name) declare(element.name)
  }
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      modules.push(statement.moduleSpecifier.text)
      const { name, namedBindings } = statement.importClause ?? {}
      if (name) declare(name)
      for (const { name } of namedBindings?.elements ?? []) declare(name)
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) declare(name)
    } else if (statement.name) declare(statement.name)
  }
  const visit = (node) => {
    if (ts.isIdentifier(node) && !isLabel(node)) used.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { free: [...used].filter((name) => !declared.has(name)), declared, modules }
}

/** Returns `true` if a name is not a variable: `object.name`, `{ name: 1 }`. */
function isLabel(node) {
  const { parent } = node
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
  )
}

/** Returns the names that the package exports, and which are types only. */
function exportsOf(declarations) {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.Latest, true)
  const names = source.statements.filter(({ modifiers }) =>
    modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  )
  return new Set(
    names.flatMap((node) =>
      ts.isVariableStatement(node)
        ? node.declarationList.declarations.map(({ name }) => name.text)
        : [node.name?.text],
    ),
  )
}

/** Returns a block as a module, after one line with the declarations that it assumes. */
export function moduleOf({ page, code, free, declared }) {
  const prelude = preludeOf(page)
  const types = free
    .filter((name) => prelude[name])
    .map((name) => `declare const ${name}: ${prelude[name].type.replaceAll(/\s*\n\s*/g, ' ')}`)
  const words = new Set([...free, ...types.flatMap((type) => type.match(/\w+/g))])
  const names = [...exported].filter((name) => words.has(name) && !declared.has(name))
  const imports = names.length > 0 ? [`import { ${names.join(', ')} } from '${PACKAGE}'`] : []
  return `${[...imports, ...types, 'export {}'].join('; ')}\n${code}`
}

/**
 * Returns a block as runnable JavaScript, if it needs no value that is missing and no other
 * package.
 */
export function programOf({ page, code, free, modules }) {
  // A program that listens at a port does not end.
  if (code.includes('.listen(')) return undefined
  const prelude = preludeOf(page)
  const taken = free.filter((name) => prelude[name])
  if (taken.some((name) => !prelude[name].value)) return undefined
  if (modules.some((name) => name !== PACKAGE && !name.startsWith('node:'))) return undefined
  const imported = free.filter((name) => exported.has(name) && !prelude[name])
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: false,
    },
  })
  return [
    `import * as product from '${PACKAGE}'`,
    `import { preludeOf } from '${new URL('prelude.mjs', import.meta.url)}'`,
    'const { scene } = globalThis',
    ...imported.map((name) => `const ${name} = product.${name}`),
    ...taken.map((name) => `const ${name} = preludeOf('${page}').${name}.value(scene)`),
    outputText,
  ].join('\n')
}
