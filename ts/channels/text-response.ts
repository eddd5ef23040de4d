/** An answer of the agent. */
export interface TextResponse {
  /** Text of the answer. */
  text: string
  /** Metadata of the answer. */
  metadata: {
    /** Time of the answer. */
    timestamp: Date
    /** Conversation id. */
    conversationId: string
    /** Provider of the model: `openai`, `anthropic`, …, `custom`. */
    provider: string
    /** Name of the model in the options; the fallback's if a fallback answered. */
    model: string
    /**
     * Retrieved memories that were added to the prompt, unless `agent.memory.retrieval` is false:
     * their ids, the score of each, and the retrieval mode (`hybrid` with vectors). `problem` is the
     * code of an error that made the result worse.
     */
    retrieved?: { mode: 'lexical' | 'hybrid'; ids: string[]; scores: number[]; problem?: string }
    [key: string]: any
  }
}

/** Decodes an answer from the core. */
export function decodeResponse(json: string): TextResponse {
  const response = JSON.parse(json)
  response.metadata.timestamp = new Date(response.metadata.timestamp)
  return response
}
