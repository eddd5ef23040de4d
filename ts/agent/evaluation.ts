import { guardRead, invalidInput } from '../bridge/invalid-input'
import { copyOf, requireObject, requireKnown, requireString } from '../bridge/json'
import type { Channel, Memory } from '../storage/memory'
import type { Customer } from './customer'
import type { RetrieveOptions } from './retrieval'

const DEFAULT_DEPTHS = [1, 5, 10, 20]
const MAX_QUESTIONS = 100_000
const MAX_EXPECTED = 1_000
const MAX_DEPTHS = 20
const MAX_DEPTH = 1_000

/** A question for `agent.memory.evaluateRetrieval`, with its answer. */
export interface RetrievalQuestion {
  /** The text that `retrieve` is asked. */
  question: string
  /** Ids of the memories that it must find, 1 to 1,000. */
  expected: string[]
  /** Only memories that this customer may be told. @defaultValue the memories of all customers */
  customer?: Customer
  /** Only this conversation. */
  conversationId?: string
  /** Only this channel. */
  channel?: Channel
  /** Only memories from this time on. */
  since?: Date
  /** Only memories before this time. */
  until?: Date
}

/** Options of `agent.memory.evaluateRetrieval`. */
export interface EvaluationOptions {
  /** Numbers of memories at which recall is measured, each 1 to 1,000. @defaultValue [1, 5, 10, 20] */
  k?: number[]
  /** Function that is called after each question. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** Result of `agent.memory.evaluateRetrieval`. */
export interface RetrievalEvaluation {
  /** Number of questions. */
  questions: number
  /**
   * Recall at each `k`, 0 to 1: the share of the expected memories among the first `k`, averaged over the
   * questions.
   */
  recallAt: Record<number, number>
  /**
   * Mean reciprocal rank, 0 to 1: 1 over the place of the first expected memory among the largest `k`, or 0
   * without one, averaged over the questions.
   */
  mrr: number
  /** Time of a call of `retrieve`, in milliseconds. The first call also loads the index. */
  latencyMs: { p50: number; p95: number; max: number }
  /** Questions of which something is missing at the largest `k`, in the order given. */
  missed: MissedQuestion[]
}

/** A question of which an expected memory was not found. */
interface MissedQuestion {
  question: string
  expected: string[]
  /** Ids that were not found. */
  missing: string[]
  /** Ids that were found instead, best match first. */
  found: string[]
}

/** Measures a retrieval on questions. @internal */
export async function evaluate(
  questions: RetrievalQuestion[],
  options: EvaluationOptions,
  retrieve: (text: string, options: Omit<RetrieveOptions, 'explain'>) => Promise<Memory[]>,
): Promise<RetrievalEvaluation> {
  const asked = checkedQuestions(questions)
  const { depths, onProgress } = checkedOptions(options)
  const limit = Math.max(...depths)
  const recalls = new Map(depths.map((depth) => [depth, 0]))
  const missed: MissedQuestion[] = []
  const times: number[] = []
  let reciprocalRanks = 0
  for (const { question, expected, ...filters } of asked) {
    const start = performance.now()
    const memories = await retrieve(question, { ...filters, limit })
    times.push(performance.now() - start)
    const found = memories.map(({ id }) => id)
    const ranks = expected.map((id) => found.indexOf(id)).filter((rank) => rank >= 0)
    for (const depth of depths) {
      const share = ranks.filter((rank) => rank < depth).length / expected.length
      recalls.set(depth, recalls.get(depth)! + share)
    }
    if (ranks.length > 0) reciprocalRanks += 1 / (Math.min(...ranks) + 1)
    if (ranks.length < expected.length) {
      const missing = expected.filter((id) => !found.includes(id))
      missed.push({ question, expected, missing, found })
    }
    onProgress?.({ done: times.length, total: asked.length })
  }
  times.sort((a, b) => a - b)
  return {
    questions: asked.length,
    recallAt: Object.fromEntries([...recalls].map(([depth, sum]) => [depth, sum / asked.length])),
    mrr: reciprocalRanks / asked.length,
    latencyMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: times.at(-1)! },
    missed,
  }
}

/** Returns a percentile of sorted values, by the nearest rank. */
function percentile(sorted: number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1]!
}

/** Returns copies of the questions, in which each id is expected once. */
function checkedQuestions(questions: RetrievalQuestion[]): RetrievalQuestion[] {
  const list = requireItems('questions', questions, MAX_QUESTIONS)
  requireKnown('INVALID_ARGUMENT', 'questions', list, 'RetrievalQuestions')
  return list.map((given, n) => {
    const name = `questions[${n}]`
    const { question, expected, ...filters } = copyOf(name, given as RetrievalQuestion, null)
    requireString(`${name}.question`, question)
    if (question.trim() === '') {
      throw invalidInput('INVALID_ARGUMENT', `${name}.question`, 'must not be empty')
    }
    const ids = requireItems(`${name}.expected`, expected, MAX_EXPECTED)
    for (const [m, id] of ids.entries()) requireString(`${name}.expected[${m}]`, id)
    return { question, expected: [...new Set(ids as string[])], ...filters }
  })
}

function checkedOptions(options: EvaluationOptions): {
  depths: number[]
  onProgress: EvaluationOptions['onProgress']
} {
  requireObject('options', options, 'EvaluationOptions')
  const { k = DEFAULT_DEPTHS, onProgress } = copyOf('options', options, null)
  const given = requireItems('options.k', k ?? DEFAULT_DEPTHS, MAX_DEPTHS)
  for (const [n, depth] of given.entries()) {
    if (Number.isInteger(depth) && (depth as number) >= 1 && (depth as number) <= MAX_DEPTH) continue
    const reason = `must be a whole number from 1 to ${MAX_DEPTH}`
    throw invalidInput('INVALID_ARGUMENT', `options.k[${n}]`, reason)
  }
  if (onProgress != null && typeof onProgress !== 'function') {
    throw invalidInput('INVALID_ARGUMENT', 'options.onProgress', 'must be a function')
  }
  return { depths: [...new Set(given as number[])], onProgress: onProgress ?? undefined }
}

/** Returns a copy of the list argument `name`, which must have 1 to `max` items. */
function requireItems(name: string, value: unknown, max: number): unknown[] {
  const items = guardRead('INVALID_ARGUMENT', name, () => (Array.isArray(value) ? [...value] : undefined))
  if (items !== undefined && items.length >= 1 && items.length <= max) return items
  throw invalidInput('INVALID_ARGUMENT', name, `must be an array of 1 to ${max} items`)
}
