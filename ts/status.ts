/** What a receptionist is. */
export interface ReceptionistInfo {
  /** Of this package. */
  version: string
  /** The agent's name; `Custom Agent` if it has none. */
  agentName: string
  /** Whether it works. */
  initialized: boolean
  /** Lines on which it answers. */
  channels: string[]
  /** Services it uses: `openai`, `twilio`, … */
  providers: string[]
  /** How many tools the agent has. */
  tools: number
}

/** Whether everything answers. */
export interface ReceptionistHealth {
  /** Whether all of it does. */
  healthy: boolean
  /** Whether the agent is ready. */
  agent: boolean
  /** Whether the database answers, or the storage that was given; absent without either. */
  database?: boolean
  /** Whether the services answer and take the credentials, by name. */
  providers: Record<string, boolean>
  /** What is wrong, in words without secrets. */
  errors: string[]
}
