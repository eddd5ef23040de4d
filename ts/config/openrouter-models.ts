/**
 * Names of OpenRouter models, for code completion. Any other model listed by OpenRouter works as
 * `model` too.
 */
export const OPENROUTER_MODELS = {
  openai: {
    gpt5: 'openai/gpt-5',
    gpt5Mini: 'openai/gpt-5-mini',
    gpt41: 'openai/gpt-4.1',
    gpt41Mini: 'openai/gpt-4.1-mini',
    gpt4o: 'openai/gpt-4o',
    gpt4oMini: 'openai/gpt-4o-mini',
    gpt4Turbo: 'openai/gpt-4-turbo',
    gpt4: 'openai/gpt-4',
    gpt35Turbo: 'openai/gpt-3.5-turbo',
  },
  anthropic: {
    claudeOpus45: 'anthropic/claude-opus-4.5',
    claudeSonnet45: 'anthropic/claude-sonnet-4.5',
    claudeHaiku45: 'anthropic/claude-haiku-4.5',
    claude3Opus: 'anthropic/claude-3-opus',
    claude3Sonnet: 'anthropic/claude-3-sonnet',
    claude3Haiku: 'anthropic/claude-3-haiku',
    claude35Sonnet: 'anthropic/claude-3.5-sonnet',
  },
  google: {
    gemini3FlashPreview: 'google/gemini-3-flash-preview',
    gemini25Pro: 'google/gemini-2.5-pro',
    gemini25Flash: 'google/gemini-2.5-flash',
    geminiPro: 'google/gemini-pro',
    geminiPro15: 'google/gemini-pro-1.5',
  },
  meta: {
    llama4Maverick: 'meta-llama/llama-4-maverick',
    llama33_70b: 'meta-llama/llama-3.3-70b-instruct',
    llama3_70b: 'meta-llama/llama-3-70b-instruct',
    llama3_8b: 'meta-llama/llama-3-8b-instruct',
  },
  mistral: {
    mistralLarge: 'mistralai/mistral-large',
    mistralMedium: 'mistralai/mistral-medium',
    mistralMedium31: 'mistralai/mistral-medium-3.1',
    mixtral: 'mistralai/mixtral-8x7b-instruct',
  },
} as const
