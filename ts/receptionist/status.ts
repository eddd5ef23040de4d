/** Information about a receptionist. */
export interface ReceptionistInfo {
  /** Version of this package. */
  version: string
  /** Name of the agent; `Custom Agent` if it has none. */
  agentName: string
  /** `true` if the receptionist is initialized. */
  initialized: boolean
  /** Active channels. */
  channels: string[]
  /** Configured providers: `openai`, `twilio`, … */
  providers: string[]
  /** Number of tools of the agent. */
  tools: number
}

/** Result of a health check. */
export interface ReceptionistHealth {
  /** `true` if everything is healthy. */
  healthy: boolean
  /** `true` if the agent is ready. */
  agent: boolean
  /** `true` if the database or the given storage responds; absent without either. */
  database?: boolean
  /** Providers by name: `true` if the service responds and accepts the credentials. */
  providers: Record<string, boolean>
  /** Descriptions of the problems, without secrets. */
  errors: string[]
}
