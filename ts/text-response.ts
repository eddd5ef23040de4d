/** An answer. */
export interface TextResponse {
  /** What the agent says. */
  text: string
  /** About the answer. */
  metadata: {
    /** When it was given. */
    timestamp: Date
    /** The conversation it belongs to. */
    conversationId: string
    /** Whose model gave it: `openai`, `anthropic`, …, `custom`. */
    provider: string
    /** The model that gave it, by its name in the options; a fallback's where one stood in. */
    model: string
    /**
     * With vectors: ids of the memories that joined the prompt, and how they were found; `problem` is the code of why not by their
     * meaning.
     */
    recalled?: { by: 'meaning' | 'keywords'; ids: string[]; problem?: string }
    [key: string]: any
  }
}

/** An answer as it came out of the core. */
export function decodeResponse(json: string): TextResponse {
  const response = JSON.parse(json)
  response.metadata.timestamp = new Date(response.metadata.timestamp)
  return response
}
