import type { IStorage, Memory } from '../memory'

/** What the agent remembers and what of it is kept. */
export interface MemoryConfig {
  /**
   * Memories kept in the window of each conversation. When set, it also caps what the model sees of the
   * conversation; unset, only the token budget does. @defaultValue 20
   */
  contextWindow?: number
  /**
   * Whether the storage is used. `false` wins over a storage; `true` without one is an error.
   * @defaultValue true when there is a storage
   */
  longTermEnabled?: boolean
  /**
   * Where memories are kept: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a storage of your own.
   * @defaultValue a {@link DatabaseStorage} over `database`, when that is given
   */
  longTermStorage?: IStorage
  /**
   * Which memories are persisted; any rule that matches suffices, and `goalAchieved` always is.
   * What is not persisted is still in the window. @defaultValue everything is
   */
  autoPersist?: {
    /** From this importance on. @defaultValue 7 */
    minImportance?: number
    /** These kinds. */
    types?: Memory['type'][]
    /** Everything. */
    persistAll?: boolean
  }
}
