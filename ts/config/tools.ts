/** What the tools may do. */
export interface ToolConfig {
  /**
   * What `find_customer` tells about people other than the caller: that there is one (`own`), or the whole
   * record (`full`, for trusted back offices only). @defaultValue 'own'
   */
  customerLookup?: 'own' | 'full'
  /** ISO 3166-1 alpha-2 country of phone numbers given without a country code. @defaultValue 'US' */
  defaultCountry?: string
}
