import { decodeKnownCustomer } from '../agent/customer'
import { invalidInput } from '../bridge/invalid-input'
import { invalidResult } from '../bridge/returned-values'
import type { UserCode } from '../bridge/user-code'
import type { AgentConfig, ContextRequest } from '../config/agent'
import type { ChannelsConfig, GreetingRequest } from '../config/channels'
import type { AIReceptionistConfig } from '../config/receptionist'

/** Maximum characters of a text that are passed to the core, which cuts it to fewer tokens. */
const MAX_TEXT = 100_000

/** Registers `agent.context`. Returns `true` if it is given. */
export function addContext(user: UserCode, agent: AgentConfig | undefined): boolean {
  if (agent?.context == null) return false
  requireFunction('agent.context', agent.context)
  user.add('agent.context', async (request: ContextRequest) =>
    textOf('agent.context', await agent.context?.(request)),
  )
  return true
}

/** Registers `channels.voice.greeting` if it is a function. Returns `true` if it is. */
export function addGreeting(user: UserCode, channels: ChannelsConfig | undefined): boolean {
  const voice = channels?.voice
  if (typeof voice?.greeting !== 'function') return false
  user.add('channels.voice.greeting', async (request: GreetingRequest) => {
    const { greeting } = voice
    if (typeof greeting !== 'function') return greeting ?? ''
    const customer = decodeKnownCustomer(request.customer)
    return textOf('channels.voice.greeting', await greeting({ ...request, customer }))
  })
  return true
}

/** Returns options without the functions that {@link addContext} and {@link addGreeting} register. */
export function withoutFunctions(config: Partial<AIReceptionistConfig>): Partial<AIReceptionistConfig> {
  const { agent, channels } = config
  const hasGreeting = typeof channels?.voice?.greeting === 'function'
  return {
    ...config,
    ...(agent?.context != null && { agent: { ...agent, context: undefined } as AgentConfig }),
    ...(hasGreeting && {
      channels: { ...channels, voice: { ...channels.voice, greeting: undefined } } as ChannelsConfig,
    }),
  }
}

function requireFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidInput('INVALID_CONFIG', option, 'must be a function')
}

/** Returns the text that user code returned; nothing is an empty text. */
function textOf(what: string, value: unknown): string {
  if (value == null) return ''
  if (typeof value !== 'string') throw invalidResult(what, 'it must be a text')
  // Only half of a surrogate pair is replaced.
  return value.slice(0, MAX_TEXT).replace(/\p{Surrogate}/gu, '\ufffd')
}
