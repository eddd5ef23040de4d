import type { AIReceptionistConfig } from './config/receptionist'
import type { ConfigChanges } from './config/changes'
import { receptionistError } from './errors'

/** {@link requireTenant} wherever a receptionist's options, or changes of them, may have one. */
export function requireTenants(config: AIReceptionistConfig | ConfigChanges | undefined): void {
  requireTenant('database.', config?.database)
  requireTenant('storage.database.', config?.storage?.database)
}

/**
 * Refuses a `tenantId` that was given and is no string, as `req.tenant` may be: it would mean the rows of nobody, and in JSON the
 * core could not tell it from one that was not given.
 * @param prefix where the options are: `database.`
 */
export function requireTenant(prefix: string, options: unknown): void {
  if (typeof options !== 'object' || options === null || !('tenantId' in options)) return
  if (typeof options.tenantId === 'string') return
  const field = `${prefix}tenantId`
  const reason = 'must be a string; to work without tenants, leave it out'
  throw receptionistError('INVALID_CONFIG', `Invalid option \`${field}\`: ${reason}`, {
    details: { field, reason },
  })
}
