// The types of tools, under strict TypeScript.
import { fileURLToPath } from 'node:url'
import test from 'ava'
import ts from 'typescript'

test('tools have the types of the TypeScript SDK', (t) => {
  const program = ts.createProgram([fileURLToPath(new URL('tool-types.ts', import.meta.url))], {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.Node16,
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  })
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: `
    return `${line}${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  t.deepEqual(problems, [])
})
