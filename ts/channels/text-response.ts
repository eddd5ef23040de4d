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
     * Retrieved memories that were added to the prompt, with semantic memory: their ids, and the
     * retrieval mode. `problem` is the error code if semantic search failed.
     */
    retrieved?: { mode: 'semantic' | 'keyword'; ids: string[]; problem?: string }
    [key: string]: any
  }
}

/** Decodes an answer from the core. */
export function decodeResponse(json: string): TextResponse {
  const response = JSON.parse(json)
  response.metadata.timestamp = new Date(response.metadata.timestamp)
  return response
}
