// Generates ts/options/shapes.ts: the options of the types in ts/options/types.ts. `write` returns
// its text.
import { relative } from 'node:path'
import { format, resolveConfig } from 'prettier'
import ts from 'typescript'

const SOURCE = 'ts/options/types.ts'
export const TARGET = 'ts/options/shapes.ts'

/** Types that users implement as classes, whose other members are not checked. */
const OF_CLASSES = new Set(['ToolDefinition'])

/** Types whose objects may have any field. */
const KEPT = new Set(['AgentToolCall', 'AgentToolResult', 'ExtractionSchema'])

/** Returns the text of ts/options/shapes.ts. */
export async function shapes() {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [SOURCE], include: [] }, ts.sys, '.')
  const program = ts.createProgram([SOURCE], options)
  const file = program.getSourceFile(SOURCE)
  const types = file.statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'OptionTypes',
  )
  const known = new Reader(program.getTypeChecker()).read(types)
  const text = `// Written by \`npm run build:face\` from the types in types.ts.
import type { OptionTypes } from './types'
import type { Shape, ShapeRef } from './shape'

export const SHAPES: Readonly<Record<string, Shape> & Record<keyof OptionTypes, Shape>> = ${JSON.stringify(known)}

/** Returns the shape at a place. */
export function shapeAt(place: ShapeRef): Shape | undefined {
  return typeof place === 'string' ? SHAPES[place] : (place ?? undefined)
}
`
  return format(text, { ...(await resolveConfig(TARGET)), filepath: TARGET })
}

class Reader {
  #shapes = {}

  constructor(checker) {
    this.checker = checker
  }

  /** Returns the shapes of all types that an interface lists, and of the types they refer to. */
  read(types) {
    const roots = this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(types))
    for (const root of roots) {
      const shape = this.#shapeOf(this.checker.getTypeOfSymbol(root), root.name)
      this.#shapes[root.name] = shape
    }
    return Object.fromEntries(Object.entries(this.#shapes).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Returns the shape of a type, or its name if it has one. */
  #placeOf(type) {
    const given = this.checker.getNonNullableType(type)
    const name = nameOf(given)
    if (name === undefined) return this.#shapeOf(given)
    if (KEPT.has(name)) return null
    if (!(name in this.#shapes)) {
      // Types can be recursive.
      this.#shapes[name] = null
      this.#shapes[name] = this.#shapeOf(given, name)
    }
    const shape = this.#shapes[name]
    if (shape === null) delete this.#shapes[name]
    return shape && name
  }

  /** Returns the shape of the values of a type; `null` if it has no options. */
  #shapeOf(type, name) {
    const shape = this.#merged([type])
    if (OF_CLASSES.has(name)) shape.classes = true
    return shape.fields || shape.items !== undefined ? shape : null
  }

  /** Merges the shapes of several types. */
  #merged(types) {
    const shape = {}
    const all = types.map((type) => this.checker.getNonNullableType(type))
    const each = all.flatMap((type) => (type.isUnion() ? type.types : [type]))
    const lists = each.filter((type) => this.checker.isArrayType(type) || this.checker.isTupleType(type))
    for (const type of each) if (!lists.includes(type)) this.#add(shape, type)
    const items = lists.map((list) => this.checker.getTypeArguments(list)[0])
    if (items.length === 1) shape.items = this.#placeOf(items[0])
    if (items.length > 1) {
      const item = this.#merged(items)
      shape.items = item.fields || item.items !== undefined ? item : null
    }
    return shape
  }

  #add(shape, type) {
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0
    if (!isObject || type.getCallSignatures().length > 0 || !isOurs(type)) {
      shape.other = true
      return
    }
    const properties = this.checker.getPropertiesOfType(type)
    const required = properties.filter((property) => (property.flags & ts.SymbolFlags.Optional) === 0)
    const methods = required.filter((property) => this.#isFunction(property)).map(({ name }) => name)
    const isFree = properties.length === 0
    if (isFree || type.isClass() || (methods.length === required.length && methods.length > 0)) {
      shape.other = true
      // One method identifies a class of this package; of an interface, any method may be missing.
      if (!isFree) shape.own = [...(shape.own ?? []), ...(type.isClass() ? methods.slice(0, 1) : methods)]
      return
    }
    if (methods.length > 0) shape.classes = true
    if (this.checker.getIndexInfoOfType(type, ts.IndexKind.String)) shape.open = 'to all'
    // Handlers are called as methods of their object, which can have more members.
    else if (properties.every((property) => this.#isFunction(property))) shape.open = 'to others'
    shape.fields ??= {}
    for (const property of properties) {
      const place = this.#placeOf(this.checker.getTypeOfSymbol(property))
      shape.fields[property.name] ??= place
    }
  }

  #isFunction(property) {
    const type = this.checker.getNonNullableType(this.checker.getTypeOfSymbol(property))
    return type.getCallSignatures().length > 0
  }
}

/** Returns the name of an interface or alias without parameters. */
function nameOf(type) {
  const { aliasSymbol, aliasTypeArguments, symbol } = type
  if (aliasSymbol) return aliasTypeArguments ? undefined : aliasSymbol.name
  const isNamed = symbol && (symbol.flags & ts.SymbolFlags.Interface) !== 0
  return isNamed && isOurs(type) ? symbol.name : undefined
}

/**
 * Returns `true` if a type is declared in ts/, and is not a class of the language, of Node or of
 * another package.
 */
function isOurs(type) {
  const declarations = (type.symbol ?? type.aliasSymbol)?.declarations
  if (declarations === undefined) return true
  return declarations.some((node) => {
    const path = relative('.', node.getSourceFile().fileName)
    return path.startsWith('ts/') || ts.isMappedTypeNode(node)
  })
}
