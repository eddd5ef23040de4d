/**
 * Connection settings read from a user's own client, for a native pool of this package. Has
 * `settings` if they are known, and `reason` if they do not fully describe the connection; then
 * statements go through the client.
 */
export interface DriverSettings {
  settings?: object
  reason?: string
}

/**
 * Reads the settings of pg's Pool or Client. `password` and `ssl` are not enumerable, and pg itself
 * resolves URLs and PG* variables.
 */
export function pgSettings(client: any): DriverSettings {
  const pool = typeof client.totalCount === 'number' ? client : undefined
  const options = client.options ?? {}
  // An unconnected client resolves everything the same way as the pool's own clients.
  const connected = pool ? new pool.Client(pool.options) : client
  const parameters = connected.connectionParameters ?? {}
  const { host, port, user, database } = connected
  const password = connected.password ?? undefined
  const tls = tlsOf(connected.ssl ?? parameters.ssl)
  if (typeof host !== 'string') return { reason: 'its host is not known' }
  if (password !== undefined && typeof password !== 'string') return { reason: 'its password is a function' }
  if (typeof tls === 'string') return { reason: tls }
  const settings = {
    host,
    port: port ?? undefined,
    user: user ?? undefined,
    database: database ?? undefined,
    password,
    ssl: tls.ssl,
    parameters: queryOf(options.connectionString),
    pool: {
      max: options.max ?? 10,
      idleTimeoutMillis: options.idleTimeoutMillis || undefined,
      connectionTimeoutMillis: options.connectionTimeoutMillis || undefined,
    },
  }
  const unsupported = [
    'options',
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
    'query_timeout',
    'client_encoding',
    'replication',
  ]
  const set = unsupported.find((name) => parameters[name] && parameters[name] !== 'utf8')
  let reason: string | undefined
  if (!pool) reason = 'its session belongs to you'
  else if (set) reason = `it sets \`${set}\``
  else if (options.stream) reason = 'it has a custom `stream`'
  else if (pool.Client?.prototype?.constructor?.name !== 'Client' || connected.native)
    reason = 'it is not a plain pg client'
  else if (options.verify || options.onConnect || pool.listenerCount?.('connect') > 0) {
    reason = 'it has a connect hook'
  }
  return reason === undefined ? { settings } : { settings, reason }
}

/** Reads the settings of a postgres-js client. */
export function postgresJsSettings(client: any): DriverSettings {
  const options = client.options
  const many = options.host?.length > 1
  if (many) return { reason: 'it has several hosts' }
  if (typeof options.pass === 'function') return { reason: 'its password is a function' }
  if (options.socket) return { reason: 'it has a custom `socket`' }
  const tls = tlsOf(options.ssl, { unverified: ['require'], verified: ['verify-full', 'true'] })
  if (typeof tls === 'string') return { reason: tls }
  const folder =
    typeof options.path === 'string' && options.path ? options.path.replace(/\/\.s\.PGSQL\.\d+$/, '') : ''
  const settings = {
    host: folder || options.host?.[0],
    port: options.port?.[0],
    user: options.user,
    database: options.database,
    password: options.pass ?? undefined,
    ssl: tls.ssl,
    prepare: options.prepare !== false && !options.no_prepare,
    pool: {
      max: options.max,
      idleTimeoutMillis: options.idle_timeout ? options.idle_timeout * 1000 : undefined,
      connectionTimeoutMillis: options.connect_timeout ? options.connect_timeout * 1000 : undefined,
    },
  }
  const set = Object.keys(options.connection ?? {}).find((name) => name !== 'application_name')
  let reason: string | undefined
  if (set) reason = `it sets \`${set}\``
  else if (options.target_session_attrs) reason = 'it sets `target_session_attrs`'
  return reason === undefined ? { settings } : { settings, reason }
}

/** Reads the settings of mysql2 as a URL: promise or callback API, pool or single connection. */
export function mysqlSettings(client: any): DriverSettings {
  const pool = client.pool?.config ?? client.config
  const isPool = pool?.connectionConfig !== undefined
  const config = isPool ? pool.connectionConfig : (client.connection?.config ?? client.config)
  if (!config) return { reason: 'its settings are not known' }
  if (typeof config.password === 'function') return { reason: 'its password is a function' }
  if (config.stream) return { reason: 'it has a custom `stream`' }
  if (
    config.ssl &&
    typeof config.ssl === 'object' &&
    Object.keys(config.ssl).some((key) => key !== 'rejectUnauthorized')
  )
    return { reason: 'its `ssl` options are not supported' }
  if (config.socketPath) return { reason: 'it uses a Unix socket' }
  const part = encodeURIComponent
  const login = `${part(config.user ?? '')}${config.password ? `:${part(config.password)}` : ''}`
  const host = config.host ?? 'localhost'
  // Without `ssl`, mysql2 encrypts only the password. Natively that requires TLS, because MySQL's
  // own accounts demand one of the two.
  const mode = !config.ssl
    ? 'PREFERRED'
    : config.ssl.rejectUnauthorized === false
      ? 'REQUIRED'
      : 'VERIFY_IDENTITY'
  const settings = {
    connection: `mysql://${login}@${host.includes(':') ? `[${host}]` : host}:${config.port ?? 3306}/${part(config.database ?? '')}?ssl-mode=${mode}`,
    pool: { max: isPool ? (pool.connectionLimit ?? 10) : 1 },
  }
  let reason: string | undefined
  if (!isPool) reason = 'its session belongs to you'
  else if (config.authPlugins) reason = 'it sets `authPlugins`'
  else if (client.pool?.listenerCount?.('connection') > 0) reason = 'it has a connection hook'
  return reason === undefined ? { settings } : { settings, reason }
}

/** Returns the query parameters of a URL, which may contain settings that the client ignores. */
function queryOf(url: unknown): string | undefined {
  return typeof url === 'string' && url.includes('?') ? url.slice(url.indexOf('?') + 1) : undefined
}

/** Returns the TLS options as the core expects them, or the reason if they cannot be used. */
function tlsOf(
  ssl: any,
  words: { unverified: string[]; verified: string[] } = { unverified: [], verified: [] },
): { ssl: boolean | object } | string {
  if (ssl == null || ssl === false) return { ssl: false }
  if (ssl === true || words.verified.includes(ssl)) return { ssl: true }
  if (words.unverified.includes(ssl)) return { ssl: { rejectUnauthorized: false } }
  if (typeof ssl !== 'object') return 'its `ssl` option is not supported'
  // pg defines `key` as not enumerable.
  const given = new Set([...Object.keys(ssl), ...('key' in ssl ? ['key'] : [])])
  const read: Record<string, unknown> = {}
  for (const name of given) {
    const value = ssl[name]
    if (value === undefined) continue
    if (name === 'rejectUnauthorized') read[name] = value !== false
    else if (['ca', 'cert', 'key'].includes(name) && (typeof value === 'string' || Buffer.isBuffer(value)))
      read[name] = value.toString()
    else return `\`ssl.${name}\` is not supported`
  }
  return { ssl: read }
}
