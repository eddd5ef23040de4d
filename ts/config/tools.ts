import type { ToolDefinition } from '../tools'

/** What the tools may do. */
export interface ToolConfig {
  /**
   * What `find_customer` tells about people other than the caller: that there is one (`own`), or the whole
   * record (`full`, for trusted back offices only). @defaultValue 'own'
   */
  customerLookup?: 'own' | 'full'
  /** ISO 3166-1 alpha-2 country of phone numbers given without a country code. @defaultValue 'US' */
  defaultCountry?: string
  /**
   * Numbers that the agent may call and write to by itself, beside the customer on the line: E.164, or their beginnings, `+1555*`.
   * @defaultValue none
   */
  allowedNumbers?: string[]
  /** Whom `send_email` may write to, beside the customer on the line. */
  email?: {
    /** Addresses, or whole domains: `@acme.example`. @defaultValue nobody */
    allowedRecipients?: string[]
  }
  /** Tools of your own. Further ones: `receptionist.getToolRegistry().register(tool)`. */
  custom?: ToolDefinition[]
  /** Milliseconds a tool may take. @defaultValue 30000 */
  timeout?: number
  /** @deprecated Refused unless empty: give tools of your own in `custom`. */
  defaults?: ('calendar' | 'booking' | 'crm')[]
  /** @deprecated Refused: configure `providers.calendar`, or give a tool of your own in `custom` that calls your calendar. */
  calendar?: CalendarToolConfig
  /** @deprecated Refused: give a tool of your own in `custom` that calls your booking system. */
  booking?: BookingToolConfig
  /** @deprecated Refused: give a tool of your own in `custom` that calls your CRM. */
  crm?: CRMToolConfig
}

/** @deprecated Of the TypeScript SDK, which never used it. */
export interface CalendarToolConfig {
  provider: 'google' | 'microsoft' | 'apple'
  apiKey: string
  calendarId?: string
  credentials?: any
}

/** @deprecated Of the TypeScript SDK, which never used it. */
export interface BookingToolConfig {
  apiUrl: string
  apiKey: string
}

/** @deprecated Of the TypeScript SDK, which never used it. */
export interface CRMToolConfig {
  provider: 'salesforce' | 'hubspot' | 'pipedrive'
  apiKey: string
  credentials?: any
}
