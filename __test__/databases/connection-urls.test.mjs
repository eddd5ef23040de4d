// Connection URLs as providers print them and users of drivers write them: each one opens, or is
// refused with the name of the problem.
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import test from 'ava'
import mysql2 from 'mysql2/promise'
import pg from 'pg'
import { DatabaseStorage } from '../../index.js'
import { mariadb, postgres, dropDatabases } from '../support/databases/drizzle-drivers.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const require = createRequire(import.meta.url)
const folder = temporaryFolder()
const tunnels = []
test.after.always(async () => {
  for (const tunnel of tunnels) tunnel.close()
  await dropDatabases()
})

/** Opens a port on ::1 that forwards to a server on 127.0.0.1. */
async function onIpv6(port) {
  const tunnel = createServer((client) => {
    const server = connect(port, '127.0.0.1')
    client.pipe(server).pipe(client)
    client.on('error', () => server.destroy())
    server.on('error', () => client.destroy())
  })
  tunnel.listen(0, '::1')
  await once(tunnel, 'listening')
  tunnels.push(tunnel)
  return tunnel.address().port
}

async function open(config) {
  const storage = new DatabaseStorage({ tablePrefix: 'url_', ...config })
  try {
    await storage.initialize()
  } finally {
    await storage.dispose()
  }
}

async function failure(config) {
  try {
    await open(config)
  } catch (error) {
    return error
  }
  return undefined
}

/** Asserts that a URL is refused with the name of a parameter, and that no value is quoted. */
async function isRefused(t, connectionString, name) {
  const error = await failure({ connectionString })
  t.is(error?.code, 'INVALID_CONNECTION_STRING', connectionString)
  t.true(error.message.includes(`\`${name}\``), error.message)
  t.notRegex(error.message, /hunter2|maybe|standby/)
}

/** Parameters of PostgreSQL URLs without effect here, by their source. */
const POSTGRES_PARAMETERS = [
  'sslmode=no-verify', // node-postgres, Heroku
  'sslmode=prefer', // libpq
  'ssl=false', // node-postgres
  'sslmode=disable&channel_binding=prefer', // libpq
  'sslmode=prefer&channel_binding=require', // Neon
  'pgbouncer=true&connection_limit=1&connect_timeout=15&pool_timeout=15', // Prisma
  'schema=public', // Prisma
  'supa=base-pooler.x&workaround=supabase-pooler.vercel', // Vercel
  'application_name=receptionist&keepalives=1&keepalives_idle=30', // libpq
  'target_session_attrs=read-write', // libpq
  'options=-c%20statement_timeout%3D20s%20-c%20geqo%3Doff', // libpq
  'statement_timeout=20000&idle_in_transaction_session_timeout=30000', // node-postgres
  'search_path=public', // pgx, postgres.js
  'client_encoding=UTF8', // libpq
  'uselibpqcompat=true&sslmode=require', // node-postgres
  'env=production&statusColor=%23686B6F', // TablePlus
]

if (postgres) {
  const url = new URL(postgres.url)
  const login = url.password ? `${url.username}:${url.password}` : url.username

  test('PostgreSQL: URL parameters of common drivers', async (t) => {
    for (const parameters of POSTGRES_PARAMETERS) {
      const error = await failure({ connectionString: `${postgres.url}?${parameters}` })
      t.is(error, undefined, `${parameters}: ${error?.message}`)
    }
  })

  test('PostgreSQL: IPv6', async (t) => {
    const port = await onIpv6(Number(url.port || 5432))
    const database = url.pathname.slice(1)
    await open({ connectionString: `postgres://${login}@[::1]:${port}/${database}` })
    const parts = { port, database, user: url.username, password: url.password || undefined }
    for (const host of ['::1', '[::1]']) await open({ host, ...parts })
    const pool = new pg.Pool({ host: '::1', ...parts })
    await open({ db: require('drizzle-orm/node-postgres').drizzle(pool), via: 'native' })
    await pool.end()
    t.pass()
  })

  const socket = '/var/run/postgresql'
  if (existsSync(join(socket, `.s.PGSQL.${url.port || 5432}`))) {
    test('PostgreSQL: Unix sockets, as Cloud SQL, libpq and Prisma write them', async (t) => {
      const port = url.port || 5432
      for (const connectionString of [
        `postgres://${url.username}:x@${url.pathname}?host=${socket}&port=${port}`,
        `postgres://${url.username}@localhost${url.pathname}?host=${socket}&port=${port}`,
        `postgres://${url.username}@${encodeURIComponent(socket)}:${port}${url.pathname}`,
        `postgres:///${url.pathname.slice(1)}?host=${socket}&user=${url.username}&port=${port}`,
      ]) {
        const error = await failure({ connectionString })
        // The login may be refused, for example by peer authentication; the socket is correct then.
        t.true(
          [undefined, 'DATABASE_AUTHENTICATION_FAILED'].includes(error?.code),
          `${connectionString}: ${error?.message}`,
        )
        if (error) t.notRegex(error.message, /`password`/)
      }
    })
  }

  test('PostgreSQL: certificate verification is applied when requested', async (t) => {
    for (const parameters of [
      'ssl=true',
      'ssl=1',
      'sslmode=verify-full',
      'ssl=true&sslmode=require',
      'sslrootcert=system',
    ]) {
      const error = await failure({ connectionString: `${postgres.url}?${parameters}` })
      t.is(error?.code, 'DATABASE_UNREACHABLE', parameters)
    }
  })

  test('PostgreSQL: an unsupported parameter is refused by name', async (t) => {
    for (const [parameters, name] of [
      ['sslmode=on', 'sslmode'],
      ['ssl=maybe', 'ssl'],
      ['sslmod=require', 'sslmod'],
      ['tls=true', 'tls'],
      ['ssl=true&sslmode=disable', 'ssl'],
      ['sslcrl=x', 'sslcrl'],
      ['sslpassword=hunter2', 'sslpassword'],
      ['gssencmode=require', 'gssencmode'],
      ['target_session_attrs=standby', 'target_session_attrs'],
      ['client_encoding=latin1', 'client_encoding'],
      ['schema=mine', 'schema'],
      ['service=mine', 'service'],
      ['host=a,b', 'host'],
      ['port=x', 'port'],
      ['connection_limit=maybe', 'connection_limit'],
      ['sslmode=verify-full&sslrootcert=/nowhere/global-bundle.pem', 'sslrootcert'],
      ['sslmode=require&sslcert=/nowhere/client.pem', 'sslcert'],
      ['sslmode=require&sslkey=/nowhere/client.key', 'sslkey'],
    ]) {
      await isRefused(t, `${postgres.url}?${parameters}`, name)
    }
  })

  test('PostgreSQL: a session setting that the server rejects is reported with the message of the server', async (t) => {
    for (const [parameters, says] of [
      ['role=nobody_here', /role "nobody_here" does not exist/],
      ['statement_timeout=soon', /statement_timeout/],
      ['options=-c%20nonsense%3D1', /nonsense/],
    ]) {
      const error = await failure({ connectionString: `${postgres.url}?${parameters}` })
      t.is(error.code, 'DATABASE_QUERY_FAILED')
      t.regex(error.message, says)
    }
  })

  if (mariadb) {
    test('a server of another kind at the port is named in the error', async (t) => {
      const connectionString = `postgres://user:hunter2@${new URL(mariadb.url).host}/database`
      const error = await failure({ connectionString })
      t.is(error.code, 'DATABASE_UNREACHABLE')
      t.regex(error.message, /host and port/)
      t.notRegex(error.message, /::|sqlx|hunter2/)
    })
  }

  test('an unknown role and an unknown database are not reported as a wrong password', async (t) => {
    const error = await failure({
      connectionString: `postgres://nobody_here:hunter2@${url.host}${url.pathname}`,
    })
    t.is(error.code, 'DATABASE_AUTHENTICATION_FAILED')
    t.notRegex(error.message, /hunter2/)
    const missing = await failure({ connectionString: `postgres://${login}@${url.host}/not_there` })
    t.is(missing.code, 'DATABASE_NOT_FOUND')
  })
}

test('an error for an unencoded password names the characters to encode, and quotes nothing', async (t) => {
  for (const scheme of ['postgres', 'postgresql', 'mysql', 'mariadb']) {
    for (const password of [
      'p@ss/word#1?',
      'hunter2/x',
      'hunter2#x',
      'hunter2?x',
      'hun@ter2?x=1',
      '12/34hunter2',
    ]) {
      const error = await failure({ connectionString: `${scheme}://user:${password}@127.0.0.1:1/database` })
      t.is(error.code, 'INVALID_CONNECTION_STRING', password)
      t.regex(error.message, /encodeURIComponent/)
      t.notRegex(error.message, /hunter2|ss\/word|ter2|127\.0\.0\.1/)
    }
  }
})

test('characters around a URL are named, and nothing is quoted', async (t) => {
  for (const connectionString of [
    '"postgres://user:hunter2@127.0.0.1/database"', // Docker's --env-file
    "psql 'postgresql://user:hunter2@127.0.0.1/database?sslmode=require'", // Neon's dashboard
    'DATABASE_URL=mysql://user:hunter2@127.0.0.1/database',
  ]) {
    const error = await failure({ connectionString })
    t.is(error.code, 'INVALID_CONNECTION_STRING')
    t.regex(error.message, /in front of the URL/)
    t.notRegex(error.message, /hunter2/)
  }
})

if (mariadb) {
  const url = new URL(mariadb.url)
  test('MySQL: URL parameters of common drivers', async (t) => {
    for (const parameters of [
      'timezone=Z', // mysql2
      'timezone=local',
      'timezone=%2B02:00',
      'timezone=+02:00',
      'dateStrings=true&supportBigNumbers=true&charset=latin1&connectionLimit=5', // mysql2
      'ssl=false',
      'ssl={"rejectUnauthorized":false}&ignored=1',
      'ssl-mode=PREFERRED', // MySQL's clients
      'sslmode=disable',
      'serverVersion=10.11&charset=utf8mb4', // Doctrine
      'connection_limit=5&connect_timeout=10', // Prisma
    ]) {
      const error = await failure({ connectionString: `${mariadb.url}?${parameters}` })
      // This server may not support TLS, which one of them requires.
      const tls = parameters.startsWith('ssl={') && error?.code === 'DATABASE_UNREACHABLE'
      t.true(error === undefined || tls, `${parameters}: ${error?.message}`)
    }
    for (const [parameters, name] of [
      ['ssl=maybe', 'ssl'],
      ['ssl-mode=on', 'ssl-mode'],
      ['useSSL=true', 'useSSL'],
      ['tls=skip-verify', 'tls'],
      ['ssl-mode=VERIFY_CA&ssl-ca=/nowhere/ca.pem', 'ssl-ca'],
      ["timezone='x'", 'timezone'],
      ['authPlugins=x', 'authPlugins'],
    ]) {
      await isRefused(t, `${mariadb.url}?${parameters}`, name)
    }
    for (const parameters of ['ssl=true', 'ssl-mode=VERIFY_IDENTITY', 'sslaccept=strict']) {
      t.is(
        (await failure({ connectionString: `${mariadb.url}?${parameters}` }))?.code,
        'DATABASE_UNREACHABLE',
        parameters,
      )
    }
  })

  test('MySQL: IPv6', async (t) => {
    const port = await onIpv6(Number(url.port || 3306))
    const database = url.pathname.slice(1)
    const login = url.password ? `${url.username}:${url.password}` : url.username
    await open({ connectionString: `mysql://${login}@[::1]:${port}/${database}` })
    const pool = mysql2.createPool({
      host: '::1',
      port,
      user: url.username,
      password: url.password,
      database,
    })
    await open({ db: require('drizzle-orm/mysql2').drizzle(pool), via: 'native' })
    await pool.end()
    t.pass()
  })
}

test('SQLite: special characters in file names are kept', async (t) => {
  for (const name of ['what?.db', 'mode=root.db', 'a%20b.db', '100%.db', 'a#b.db', 'a b+c&d.db', 'ü?x.db']) {
    await open({ connectionString: `sqlite:${join(folder, name)}` })
    t.true(existsSync(join(folder, name)), name)
  }
  await open({ connectionString: `sqlite:${join(folder, 'what?.db')}?mode=rw` })
  const error = await failure({ connectionString: `sqlite:${join(folder, 'x.db')}?timeout=5` })
  t.is(error.code, 'INVALID_CONNECTION_STRING')
  t.regex(error.message, /`timeout`/)
})
