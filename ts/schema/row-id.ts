import { createHash } from 'node:crypto'

/** The core's namespace (`ID_NAMESPACE` in src/database/mod.rs). */
const NAMESPACE = Buffer.from('8f0c3f6e5d4b4a579c1e2b7a6d90e1c4', 'hex')
const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The `id` of the row that your own id names: the id itself if it is a canonical UUID, else its UUIDv5; a tenant's ids are UUIDv5s in a
 * namespace of its own, whatever they are.
 */
export function rowId(id: string, tenantId?: string): string {
  if (tenantId !== undefined) return written(uuidV5(uuidV5(NAMESPACE, `tenant:${tenantId}`), id))
  return CANONICAL.test(id) ? id : written(uuidV5(NAMESPACE, id))
}

function uuidV5(namespace: Buffer, name: string): Buffer {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes
}

function written(uuid: Buffer): string {
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
