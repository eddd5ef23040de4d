/** Who keeps the calendar of appointments. */
export interface CalendarProviderConfig {
  /** Google. */
  google?: GoogleConfig
}

/** A calendar of Google's. */
export interface GoogleConfig extends AppointmentConfig {
  /** Its id: an e-mail address, or `…@group.calendar.google.com`. */
  calendarId: string | undefined
  /** Of a service account that the calendar is shared with, or of a user who has consented. */
  credentials?: GoogleServiceAccountCredentials | GoogleOAuth2Credentials
  /** Read by the TypeScript SDK; an API key cannot book. */
  apiKey?: string
  /** Another address than `https://www.googleapis.com/calendar/v3`: a test. */
  baseUrl?: string
}

/** A service account, as its key file has it. */
export interface GoogleServiceAccountCredentials {
  /** `…@….iam.gserviceaccount.com`. */
  client_email: string | undefined
  /** PEM; line breaks may be written as `\n`. Appears in no message, log or stack. */
  private_key: string | undefined
  /** @defaultValue 'https://oauth2.googleapis.com/token' */
  token_uri?: string
  // What else is in the file is not read.
  type?: string
  project_id?: string
  private_key_id?: string
  client_id?: string
  auth_uri?: string
  auth_provider_x509_cert_url?: string
  client_x509_cert_url?: string
  universe_domain?: string
}

/** An OAuth client, and what a user's consent gave. */
export interface GoogleOAuth2Credentials {
  /** Of the client. */
  client_id: string | undefined
  /** Of the client. Appears in no message, log or stack. */
  client_secret: string | undefined
  /** What the consent gave. Appears in no message, log or stack. */
  refresh_token?: string
  /** @defaultValue 'https://oauth2.googleapis.com/token' */
  token_uri?: string
  // What else comes with a consent is not read.
  redirect_uri?: string
  access_token?: string
  expiry_date?: number
  scope?: string
  token_type?: string
}

/** When appointments can be had. */
export interface AppointmentConfig {
  /** The business's zone, an IANA name: `America/New_York`. @defaultValue the calendar's */
  timeZone?: string
  /** When it is open: `HH:MM` to `HH:MM` (`24:00` is midnight) on `days`, 1 (Monday) to 7 (Sunday). @defaultValue 09:00 to 17:00, Monday to Friday */
  workingHours?: { start?: string; end?: string; days?: number[] }
  /** Minutes of an appointment when nobody says otherwise. @defaultValue 30 */
  slotMinutes?: number
  /** Whether customers with an e-mail address are invited; service accounts may not. @defaultValue false */
  inviteCustomers?: boolean
}
