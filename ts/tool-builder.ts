import { receptionistError } from './errors'
import { copyOf } from './json'
import type { ITool, JSONSchema, ToolDefinition, ToolFunction } from './tools'

/**
 * Makes a tool step by step.
 *
 * @example
 * ```ts
 * const lookup = new ToolBuilder()
 *   .withName('find_order')
 *   .withDescription('Finds an order by its number')
 *   .withParameters({ type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] })
 *   .onCall(async ({ number }) => ({ success: true, response: { speak: `Order ${number} is on its way.` } }))
 *   .default(({ number }) => orders.find(number))
 *   .build()
 * ```
 */
export class ToolBuilder {
  readonly #tool: Partial<ToolDefinition> & Pick<ToolDefinition, 'handlers'> = { handlers: {} }

  /** Unique name: at most 64 letters, digits, underscores and dashes, beginning with a letter or underscore. */
  withName(name: string): this {
    this.#tool.name = name
    return this
  }

  /** When to use it, for the model. */
  withDescription(description: string): this {
    this.#tool.description = description
    return this
  }

  /** JSON Schema of its arguments, of `type: 'object'`. */
  withParameters(schema: JSONSchema): this {
    this.#tool.parameters = schema
    return this
  }

  /** What it does during a call. */
  onCall(handler: ToolFunction): this {
    this.#tool.handlers.onCall = handler
    return this
  }

  /** What it does in an SMS conversation. */
  onSMS(handler: ToolFunction): this {
    this.#tool.handlers.onSMS = handler
    return this
  }

  /** What it does in an e-mail thread. */
  onEmail(handler: ToolFunction): this {
    this.#tool.handlers.onEmail = handler
    return this
  }

  /** What it does in text. */
  onText(handler: ToolFunction): this {
    this.#tool.handlers.onText = handler
    return this
  }

  /** What it does on every channel without a handler of its own. */
  default(handler: ToolFunction): this {
    this.#tool.handlers.default = handler
    return this
  }

  /**
   * The tool: a new object each time.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` without name, description, parameters or any handler
   */
  build(): ITool {
    const { name, description, parameters, handlers } = this.#tool
    if (!name) throw missing('name', 'Tool must have a name')
    if (!description) throw missing('description', 'Tool must have a description')
    if (!parameters) throw missing('parameters', 'Tool must have parameters schema')
    if (Object.keys(handlers).length === 0) throw missing('handlers', 'Tool must have a default handler')
    return { name, description, parameters, handlers: { ...handlers } } as ITool
  }
}

/** Tools in one call. */
export const Tools = {
  /**
   * A tool with one handler for every channel.
   *
   * @example
   * ```ts
   * const hours = Tools.custom({
   *   name: 'opening_hours',
   *   description: 'When the shop is open',
   *   parameters: { type: 'object', properties: {} },
   *   handler: () => 'Monday to Friday, 9 to 5',
   * })
   * ```
   */
  custom(config: {
    name: string
    description: string
    parameters: JSONSchema
    handler: ToolFunction
  }): ITool {
    const { name, description, parameters, handler } = copyOf('config', config)
    return new ToolBuilder()
      .withName(name)
      .withDescription(description)
      .withParameters(parameters)
      .default(handler)
      .build()
  },
}

function missing(field: string, message: string): Error {
  return receptionistError('INVALID_ARGUMENT', message, { details: { field } })
}
