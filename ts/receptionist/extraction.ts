import { invalidInput } from '../bridge/invalid-input'
import { encodeConfig } from '../bridge/json'
import { encodeReturned, invalidResult } from '../bridge/returned-values'
import type { UserCode } from '../bridge/user-code'
import type { AgentConfig, StandardSchema } from '../config/agent'

/** Path of the option. */
const OPTION = 'agent.extract.schema'
/** Draft of JSON Schema that the core reads unless a schema names another. */
const TARGET = 'draft-2020-12'
/** Maximum number of issues that the model is told of, and maximum characters of one. */
const MAX_ISSUES = 10
const MAX_ISSUE = 500

/** The options of the core for `agent.extract`. */
interface Extraction {
  options: object
  /** `true` if the schema validates in user code. */
  hasValidator: boolean
}

/** Outcome of a Standard Schema's validation. */
interface StandardResult {
  value?: unknown
  issues?: readonly StandardIssue[]
}

interface StandardIssue {
  message: string
  path?: readonly (PropertyKey | { key: PropertyKey })[]
}

/** Registers the validation of `agent.extract.schema`. Returns its options, if it is given. */
export function addExtraction(user: UserCode, agent: AgentConfig | undefined): Extraction | undefined {
  const extract = agent?.extract
  if (extract == null) return undefined
  if (typeof extract !== 'object') throw invalidInput('INVALID_CONFIG', 'agent.extract', 'must be an object')
  const { schema } = extract
  const standard = standardOf(schema)
  const json = standard === undefined ? schema : jsonSchemaOf(standard)
  // As text, because nulls in options mean "not set", and in schemas they do not.
  const options = { ...extract, schema: encodeConfig(OPTION, json, null) }
  const hasValidator = typeof standard?.validate === 'function'
  if (hasValidator) user.add(OPTION, (values: object) => validate(schema as StandardSchema, values))
  return { options, hasValidator }
}

/** Returns the interface of Standard Schema, if a value has it. ArkType's schemas are functions. */
function standardOf(schema: unknown): StandardSchema['~standard'] | undefined {
  const isObject = (typeof schema === 'object' && schema !== null) || typeof schema === 'function'
  const standard: unknown = isObject ? (schema as StandardSchema)['~standard'] : undefined
  return typeof standard === 'object' && standard !== null ? standard : undefined
}

/** Returns the JSON Schema of the values that a Standard Schema accepts. */
function jsonSchemaOf(standard: StandardSchema['~standard']): unknown {
  if (typeof standard.jsonSchema?.input !== 'function') {
    const reason =
      'cannot be written as JSON Schema; use Zod 4.2 or later, ArkType 2.1.28 or later, Valibot with toStandardJsonSchema(…), or pass a JSON Schema'
    throw invalidInput('INVALID_CONFIG', OPTION, reason)
  }
  try {
    return standard.jsonSchema.input({ target: TARGET })
  } catch (error) {
    const reason =
      'has a part that JSON Schema cannot express, such as a date; use a string or a number there, and transform it'
    throw invalidInput('INVALID_CONFIG', OPTION, reason, error)
  }
}

/** Runs the validation of a Standard Schema. */
async function validate(schema: StandardSchema, values: object): Promise<unknown> {
  const result: StandardResult = await schema['~standard'].validate?.(values)
  if (typeof result !== 'object' || result === null) throw invalidResult(OPTION, 'it must be an object')
  // Copied, because ArkType's issues are a list of a class of its own.
  if (result.issues) return { issues: [...result.issues].slice(0, MAX_ISSUES).map(describe) }
  const value = encodeReturned(OPTION, result.value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidResult(OPTION, '`value` must be an object')
  }
  return { value }
}

/** Returns an issue as one text for the model: the path of the value, and the message. */
function describe({ message, path = [] }: StandardIssue): string {
  const keys = path.map((step) => `/${String(typeof step === 'object' ? step.key : step)}`)
  const text = keys.length === 0 ? String(message) : `${keys.join('')}: ${String(message)}`
  return text.slice(0, MAX_ISSUE).replace(/\p{Surrogate}/gu, '\ufffd')
}
