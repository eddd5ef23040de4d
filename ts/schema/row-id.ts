import { createHash } from 'node:crypto'

/** UUID namespace of the core (`ID_NAMESPACE` in src/database/mod.rs). */
const NAMESPACE = Buffer.from('8f0c3f6e5d4b4a579c1e2b7a6d90e1c4', 'hex')
const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Returns the row `id` for your own id: the id itself if it is a canonical UUID, else its UUIDv5.
 * With a tenant, every id becomes a UUIDv5 in the tenant's namespace.
 */
export function rowId(id: string, tenantId?: string): string {
  if (tenantId !== undefined) return formatUuid(uuidV5(uuidV5(NAMESPACE, `tenant:${tenantId}`), id))
  return CANONICAL.test(id) ? id : formatUuid(uuidV5(NAMESPACE, id))
}

function uuidV5(namespace: Buffer, name: string): Buffer {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes
}

function formatUuid(uuid: Buffer): string {
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
