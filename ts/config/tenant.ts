import type { AIReceptionistConfig } from './receptionist'
import type { ConfigChanges } from './changes'
import { invalidInput } from '../bridge/invalid-input'

/** Validates every `tenantId` in the options of a receptionist, or in changes of them. */
export function validateTenantIds(config: AIReceptionistConfig | ConfigChanges | undefined): void {
  validateTenantId('database.', config?.database)
  validateTenantId('storage.database.', config?.storage?.database)
}

/**
 * Refuses a given `tenantId` that is not a string, for example a missing `req.tenant`. It would
 * select the rows without a tenant, because in JSON the core cannot distinguish it from an absent
 * option.
 * @param prefix - path of the options: `database.`
 */
export function validateTenantId(prefix: string, options: unknown): void {
  if (typeof options !== 'object' || options === null || !('tenantId' in options)) return
  if (typeof options.tenantId === 'string') return
  const field = `${prefix}tenantId`
  const reason = 'must be a string; to work without tenants, leave it out'
  throw invalidInput('INVALID_CONFIG', field, reason)
}
