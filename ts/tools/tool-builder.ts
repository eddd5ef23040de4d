import { receptionistError } from '../errors'
import { copyOf } from '../bridge/json'
import type { ITool, JSONSchema, ToolDefinition, ToolFunction } from './types'

/**
 * A builder of tools.
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

  /**
   * Sets the unique name: at most 64 letters, digits, underscores and dashes, starting with a
   * letter or underscore.
   */
  withName(name: string): this {
    this.#tool.name = name
    return this
  }

  /** Sets the description, which tells the model when to use the tool. */
  withDescription(description: string): this {
    this.#tool.description = description
    return this
  }

  /** Sets the JSON Schema of the arguments, with `type: 'object'`. */
  withParameters(schema: JSONSchema): this {
    this.#tool.parameters = schema
    return this
  }

  /** Sets the handler for calls. */
  onCall(handler: ToolFunction): this {
    this.#tool.handlers.onCall = handler
    return this
  }

  /** Sets the handler for SMS conversations. */
  onSMS(handler: ToolFunction): this {
    this.#tool.handlers.onSMS = handler
    return this
  }

  /** Sets the handler for e-mail threads. */
  onEmail(handler: ToolFunction): this {
    this.#tool.handlers.onEmail = handler
    return this
  }

  /** Sets the handler for text conversations. */
  onText(handler: ToolFunction): this {
    this.#tool.handlers.onText = handler
    return this
  }

  /** Sets the handler for every channel without its own handler. */
  default(handler: ToolFunction): this {
    this.#tool.handlers.default = handler
    return this
  }

  /**
   * Creates the tool, as a new object each time.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` without name, description, parameters or any
   *   handler
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

/** Shortcuts for creating tools. */
export const Tools = {
  /**
   * Creates a tool with one handler for every channel.
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
    const { name, description, parameters, handler } = copyOf('config', config, 'CustomTool')
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
