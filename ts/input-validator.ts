import { attempt } from './errors'
import { copyOf, readable, refusal, requireString, requireText } from './json'
import { binding } from './native'

/** What was found in a text. */
export interface SecurityResult {
  /** Whether nothing was. */
  isSecure: boolean
  /** The text without marks that models take for the end of a message. */
  sanitizedContent: string
  /** How bad the worst of it is. */
  riskLevel: 'low' | 'medium' | 'high'
  /** `category: sign`, for each sign. */
  detectedPatterns: string[]
}

/**
 * Looks for signs that a text wants to change what the agent is, instead of talking to it: `role_override`, `prompt_extraction`,
 * `roleplay`, `dan_style`, `delimiter_confusion`, `special_tokens`. Words prove nothing: use it to flag, not to protect. What
 * protects customers is that tools trust nothing that is said.
 */
export class InputValidator {
  /** Looks at a text. */
  validate(input: string): SecurityResult {
    requireText('input', input)
    return JSON.parse(attempt(() => binding.inspectInput(input)))
  }

  /** Something polite to answer with. */
  getSecurityResponse(riskLevel: 'medium' | 'high'): string {
    return riskLevel === 'high'
      ? 'I cannot do that, but I am glad to help with anything else.'
      : 'Let us stay with what I can do for you. How can I help?'
  }

  /** Whether signs of a category were found. */
  hasCategory(result: SecurityResult, category: string): boolean {
    requireString('category', category)
    const { detectedPatterns } = copyOf('result', result)
    if (!readable('INVALID_ARGUMENT', 'result', () => Array.isArray(detectedPatterns))) {
      throw refusal('INVALID_ARGUMENT', 'result.detectedPatterns', 'must be an array')
    }
    return detectedPatterns.some((sign) => String(sign).startsWith(`${category}: `))
  }
}
