import { requireString } from './json'
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
    return JSON.parse(binding.inspectInput(requireString('input', input)))
  }

  /** Something polite to answer with. */
  getSecurityResponse(riskLevel: 'medium' | 'high'): string {
    return riskLevel === 'high'
      ? 'I cannot do that, but I am glad to help with anything else.'
      : 'Let us stay with what I can do for you. How can I help?'
  }

  /** Whether signs of a category were found. */
  hasCategory(result: SecurityResult, category: string): boolean {
    return result.detectedPatterns.some((sign) => sign.startsWith(`${category}: `))
  }
}
