import { callNative } from '../errors'
import { guardRead, invalidInput } from '../bridge/invalid-input'
import { copyOf, requireString, requireText } from '../bridge/json'
import { binding } from '../bridge/native'

/** Result of a prompt injection scan. */
export interface SecurityResult {
  /** `true` if no pattern was detected. */
  isSecure: boolean
  /** Text without the special tokens that models treat as the end of a message. */
  sanitizedContent: string
  /** Highest risk level of the detected patterns. */
  riskLevel: 'low' | 'medium' | 'high'
  /** Detected patterns as `category: sign`. */
  detectedPatterns: string[]
}

/**
 * A scanner for prompt injection: texts that try to change the agent's instructions.
 *
 * Categories: `role_override`, `prompt_extraction`, `roleplay`, `dan_style`, `delimiter_confusion`,
 * `special_tokens`.
 *
 * Patterns do not prove anything: use the scanner to flag messages, not as protection. Customers
 * are protected because tools do not trust the content of messages.
 */
export class InputValidator {
  /** Scans a text. */
  validate(input: string): SecurityResult {
    requireText('input', input)
    return JSON.parse(callNative(() => binding.inspectInput(input)))
  }

  /** Returns a polite answer to a flagged message. */
  getSecurityResponse(riskLevel: 'medium' | 'high'): string {
    return riskLevel === 'high'
      ? 'I cannot do that, but I am glad to help with anything else.'
      : 'Let us stay with what I can do for you. How can I help?'
  }

  /** Returns `true` if patterns of a category were detected. */
  hasCategory(result: SecurityResult, category: string): boolean {
    requireString('category', category)
    const { detectedPatterns } = copyOf('result', result, null)
    if (!guardRead('INVALID_ARGUMENT', 'result', () => Array.isArray(detectedPatterns))) {
      throw invalidInput('INVALID_ARGUMENT', 'result.detectedPatterns', 'must be an array')
    }
    return detectedPatterns.some((sign) => String(sign).startsWith(`${category}: `))
  }
}
