/** The accepted values of one place in the options, derived from their types. */
export interface Shape {
  /** Options of an object, with the shape of each value. */
  readonly fields?: Readonly<Record<string, ShapeRef>>
  /** Shape of the items of a list. */
  readonly items?: ShapeRef
  /**
   * Custom fields beside the options: any, or only those whose names are not similar to an option.
   */
  readonly open?: 'to all' | 'to others'
  /**
   * `true` if a value that is neither an options object nor a list is accepted: a text, a function.
   */
  readonly other?: true
  /** Methods that identify an object as the user's own, whose fields are not checked. */
  readonly own?: readonly string[]
  /** `true` if instances of the user's classes are accepted; their fields are not checked. */
  readonly classes?: true
}

/** A shape, the name of a shape, or `null` for a place without options. */
export type ShapeRef = Shape | string | null
