/** Calendar provider for appointments. */
export interface CalendarProviderConfig {
  /** Google Calendar. */
  google?: GoogleConfig
}

/** A Google calendar. */
export interface GoogleConfig extends AppointmentConfig {
  /** Calendar id: an e-mail address, or `…@group.calendar.google.com`. */
  calendarId: string | undefined
  /**
   * Credentials of a service account that the calendar is shared with, or of a user who has
   * consented.
   */
  credentials?: GoogleServiceAccountCredentials | GoogleOAuth2Credentials
  /**
   * API key, accepted for compatibility with the TypeScript SDK. An API key cannot book
   * appointments.
   */
  apiKey?: string
  /** Base URL of the API, for tests. @defaultValue 'https://www.googleapis.com/calendar/v3' */
  baseUrl?: string
}

/** Service account credentials, as in the JSON key file. */
export interface GoogleServiceAccountCredentials {
  /** E-mail address of the account: `…@….iam.gserviceaccount.com`. */
  client_email: string | undefined
  /**
   * Private key in PEM; line breaks may be written as `\n`. Never included in messages, logs or
   * stacks.
   */
  private_key: string | undefined
  /** URL of the token endpoint. @defaultValue 'https://oauth2.googleapis.com/token' */
  token_uri?: string
  // Other fields of the key file are ignored.
  type?: string
  project_id?: string
  private_key_id?: string
  client_id?: string
  auth_uri?: string
  auth_provider_x509_cert_url?: string
  client_x509_cert_url?: string
  universe_domain?: string
}

/** OAuth 2.0 client credentials with the refresh token of a user's consent. */
export interface GoogleOAuth2Credentials {
  /** Client id. */
  client_id: string | undefined
  /** Client secret. Never included in messages, logs or stacks. */
  client_secret: string | undefined
  /** Refresh token of the consent. Never included in messages, logs or stacks. */
  refresh_token?: string
  /** URL of the token endpoint. @defaultValue 'https://oauth2.googleapis.com/token' */
  token_uri?: string
  // Other fields of the token response are ignored.
  redirect_uri?: string
  access_token?: string
  expiry_date?: number
  scope?: string
  token_type?: string
}

/** Availability of appointments. */
export interface AppointmentConfig {
  /** IANA time zone of the business: `America/New_York`. @defaultValue the calendar's */
  timeZone?: string
  /**
   * Opening hours: `HH:MM` to `HH:MM` (`24:00` is midnight) on `days`, 1 (Monday) to 7 (Sunday).
   * @defaultValue 09:00 to 17:00, Monday to Friday
   */
  workingHours?: { start?: string; end?: string; days?: number[] }
  /** Default duration of an appointment in minutes. @defaultValue 30 */
  slotMinutes?: number
  /**
   * `true` to invite customers that have an e-mail address. Service accounts may not invite.
   * @defaultValue false
   */
  inviteCustomers?: boolean
}
