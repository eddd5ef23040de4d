import type { ToolDefinition } from '../tools/types'

/** Tool settings and permissions. */
export interface ToolConfig {
  /**
   * Details that `find_customer` returns about people other than the caller: only that a match
   * exists (`own`), or the whole record (`full`, for trusted back offices only).
   * @defaultValue 'own'
   */
  customerLookup?: 'own' | 'full'
  /** ISO 3166-1 alpha-2 country of phone numbers without a country code. @defaultValue 'US' */
  defaultCountry?: string
  /**
   * Numbers that the agent may call or text in addition to the current customer: E.164, or
   * prefixes, `+1555*`.
   * @defaultValue none
   */
  allowedNumbers?: string[]
  /** Permissions of `send_email`. The current customer is always allowed. */
  email?: {
    /** Allowed addresses, or whole domains: `@acme.example`. @defaultValue none */
    allowedRecipients?: string[]
  }
  /** Custom tools. Add more later with `receptionist.getToolRegistry().register(tool)`. */
  custom?: ToolDefinition[]
  /** Timeout of a tool in milliseconds. @defaultValue 30000 */
  timeout?: number
  /**
   * Built-in tools of the TypeScript SDK.
   * @deprecated Refused unless empty: use `custom` for custom tools.
   */
  defaults?: ('calendar' | 'booking' | 'crm')[]
  /**
   * Calendar tool of the TypeScript SDK.
   * @deprecated Refused: configure `providers.calendar`, or use a `custom` tool that calls your
   *   calendar.
   */
  calendar?: CalendarToolConfig
  /**
   * Booking tool of the TypeScript SDK.
   * @deprecated Refused: use a `custom` tool that calls your booking system.
   */
  booking?: BookingToolConfig
  /**
   * CRM tool of the TypeScript SDK.
   * @deprecated Refused: use a `custom` tool that calls your CRM.
   */
  crm?: CRMToolConfig
}

/**
 * Options of the TypeScript SDK's calendar tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface CalendarToolConfig {
  provider: 'google' | 'microsoft' | 'apple'
  apiKey: string
  calendarId?: string
  credentials?: any
}

/**
 * Options of the TypeScript SDK's booking tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface BookingToolConfig {
  apiUrl: string
  apiKey: string
}

/**
 * Options of the TypeScript SDK's CRM tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface CRMToolConfig {
  provider: 'salesforce' | 'hubspot' | 'pipedrive'
  apiKey: string
  credentials?: any
}
