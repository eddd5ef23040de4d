import type { DrizzleConnection, Via } from '../drizzle'

/** Connection pool, named as in node-postgres. */
export interface PoolOptions {
  /** Connections at most. @defaultValue 10 */
  max?: number
  /** Milliseconds an unused connection stays open. @defaultValue 600000 */
  idleTimeoutMillis?: number
  /** Milliseconds in which a call finds a connection that works, trying again when one breaks. @defaultValue 10000 */
  connectionTimeoutMillis?: number
  /** Milliseconds in which the database answers a statement; more for large ones. @defaultValue 30000 */
  queryTimeoutMillis?: number
}

/** TLS towards the database server, as node-postgres takes it. */
export interface SslOptions {
  /** `false` accepts any certificate. @defaultValue true */
  rejectUnauthorized?: boolean
  /** PEM of the authority to trust. */
  ca?: string
  /** PEM of the client certificate. */
  cert?: string
  /** PEM of the client key. */
  key?: string
}

/** The database that leads and call logs live in, and memories unless a storage is given. */
export interface DatabaseConfig {
  /**
   * A Drizzle database (`drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on), or a URL:
   * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
   * `sqlite::memory:`.
   */
  connection: DrizzleConnection | string
  /**
   * How a Drizzle database is used: `native` by connections of this package to the same database, `client` by its
   * own client. @defaultValue native where its settings describe the connection fully
   */
  via?: Via
  /**
   * Create missing tables, columns and indexes on `initialize()`; nothing is ever dropped or rewritten.
   * @defaultValue true
   */
  autoMigrate?: boolean
  /** Prefix of all table names. @defaultValue 'ai_receptionist_' */
  tablePrefix?: string
  /** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue the first of the connection's search path */
  schema?: string
  /**
   * Whose rows are read and written, 1 to 128 characters; see docs/tenants.md. Left out, those of nobody in particular; given as
   * `undefined`, `null` or `''` it is refused, so that a tenant that is missing opens nothing.
   */
  tenantId?: string
  /** Connection pool. */
  pool?: PoolOptions
}

interface DatabaseStorageOptions {
  /**
   * Create missing tables, columns and indexes on first use.
   * @defaultValue true; with `db`, what the receptionist's `database` says
   */
  autoMigrate?: boolean
  /** Prefix of all table names. @defaultValue 'ai_receptionist_'; with `db`, what the receptionist's `database` says */
  tablePrefix?: string
  /** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue as for `tablePrefix`: `database`'s, else the connection's */
  schema?: string
  /**
   * Whose rows are read and written, 1 to 128 characters; see docs/tenants.md. Left out, with `db` what the receptionist's `database` says, else those
   * of nobody in particular; given as `undefined`, `null` or `''` it is refused, so that a tenant that is missing opens nothing.
   */
  tenantId?: string
  /** Connection pool. */
  pool?: PoolOptions
}

/** A database for memories: a Drizzle object, a connection string, or a server by its parts. */
export type DatabaseStorageConfig = DatabaseStorageOptions &
  (
    | {
        /**
         * A Drizzle database, or `tx` inside `db.transaction`: what is saved through that commits or rolls back with
         * it, and nothing is migrated there.
         */
        db: DrizzleConnection
        /** How `db` is used, see {@link DatabaseConfig.via}. */
        via?: Via
      }
    | {
        /**
         * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
         * `sqlite::memory:`.
         */
        connectionString: string
      }
    | {
        /** What the server speaks; `mysql` is MariaDB's language too. @defaultValue 'postgres' */
        dialect?: 'postgres' | 'mysql'
        /** Server. */
        host: string
        /** Port. @defaultValue 5432, for MySQL 3306 */
        port?: number
        /** Database name. */
        database: string
        /** User name. */
        user: string
        /** Password. Appears in no message, log or stack. */
        password?: string
        /** `true`: required and verified; `false`: off. @defaultValue used when the server offers it */
        ssl?: boolean | SslOptions
      }
  )

/** Where memories live: in a `database`, which leads and call logs live in too, or in this process (`memory`). */
export interface StorageConfig {
  /** What keeps them. */
  type: 'database' | 'memory'
  /** Which database: a Drizzle object, a connection string, or a server by its parts. */
  database?: {
    /** A Drizzle database. */
    db?: any
    /** `postgres://…`, `mysql://…`, `sqlite:path`, … as in {@link DatabaseConfig.connection}. */
    connectionString?: string
    /** What the server at `host` speaks. @defaultValue 'postgres' */
    dialect?: 'postgres' | 'mysql'
    /** Server. */
    host?: string
    /** Port. @defaultValue 5432, for MySQL 3306 */
    port?: number
    /** Database name. */
    database?: string
    /** User name. */
    user?: string
    /** Password. Appears in no message, log or stack. */
    password?: string
    /** `true`: required and verified; `false`: off. @defaultValue used when the server offers it */
    ssl?: boolean | SslOptions
    /** How `db` is used, see {@link DatabaseConfig.via}. */
    via?: Via
  } & DatabaseStorageOptions
}
