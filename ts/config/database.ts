import type { DrizzleConnection, Via } from '../drizzle/resolve'

/** Connection pool options, named as in node-postgres. */
export interface PoolOptions {
  /** Maximum number of connections. @defaultValue 10 */
  max?: number
  /** Milliseconds after which an idle connection is closed. @defaultValue 600000 */
  idleTimeoutMillis?: number
  /**
   * Maximum time in milliseconds to acquire a connection, including reconnects.
   * @defaultValue 10000
   */
  connectionTimeoutMillis?: number
  /**
   * Maximum time in milliseconds for a statement; longer for large statements.
   * @defaultValue 30000
   */
  queryTimeoutMillis?: number
}

/** TLS options for the database server, as in node-postgres. */
export interface SslOptions {
  /** `false` accepts any certificate. @defaultValue true */
  rejectUnauthorized?: boolean
  /** PEM of the trusted certificate authority. */
  ca?: string
  /** PEM of the client certificate. */
  cert?: string
  /** PEM of the client key. */
  key?: string
}

/** The database of leads and call logs, and of memories unless a storage is given. */
export interface DatabaseConfig {
  /**
   * A Drizzle database, or a connection URL.
   *
   * Drizzle: `drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on.
   *
   * URL: `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`,
   * `sqlite://path` or `sqlite::memory:`.
   */
  connection: DrizzleConnection | string | undefined
  /**
   * Connection mode of a Drizzle database: `native` uses connections of this package to the same
   * database, `client` uses the Drizzle client.
   * @defaultValue 'native' if the client's settings fully describe the connection, else 'client'
   */
  via?: Via
  /**
   * `true` to create missing tables, columns and indexes on `initialize()`. Existing ones are never
   * dropped or rewritten.
   * @defaultValue true
   */
  autoMigrate?: boolean
  /** Prefix of all table names. @defaultValue 'ai_receptionist_' */
  tablePrefix?: string
  /**
   * PostgreSQL schema of the tables, created if missing.
   * @defaultValue the first schema of the connection's search path
   */
  schema?: string
  /**
   * Keeps the lexical index, by which memories are retrieved: `false` writes no signatures of new
   * memories. When it is turned on again, the index is rebuilt.
   * @defaultValue true
   */
  recall?: boolean
  /**
   * Tenant whose rows are read and written, 1 to 128 characters; see docs/tenants.md.
   *
   * If omitted, the rows without a tenant are used. `undefined`, `null` and `''` are refused, so
   * that a missing tenant does not expose rows.
   */
  tenantId?: string
  /** Connection pool options. */
  pool?: PoolOptions
}

interface DatabaseStorageOptions {
  /**
   * `true` to create missing tables, columns and indexes on first use.
   * @defaultValue true; with `db`, the receptionist's `database.autoMigrate`
   */
  autoMigrate?: boolean
  /**
   * Prefix of all table names.
   * @defaultValue 'ai_receptionist_'; with `db`, the receptionist's `database.tablePrefix`
   */
  tablePrefix?: string
  /**
   * PostgreSQL schema of the tables, created if missing.
   * @defaultValue with `db`, the receptionist's `database.schema`; else the connection's
   */
  schema?: string
  /**
   * Keeps the lexical index, by which memories are retrieved: `false` writes no signatures of new
   * memories. When it is turned on again, the index is rebuilt.
   * @defaultValue true; with `db`, the receptionist's `database.recall`
   */
  recall?: boolean
  /**
   * Tenant whose rows are read and written, 1 to 128 characters; see docs/tenants.md.
   *
   * If omitted with `db`, the receptionist's `database.tenantId` is used, otherwise the rows
   * without a tenant. `undefined`, `null` and `''` are refused, so that a missing tenant does not
   * expose rows.
   */
  tenantId?: string
  /** Connection pool options. */
  pool?: PoolOptions
}

/**
 * A database for memories: a Drizzle database, a connection string, or a server's host and login.
 */
export type DatabaseStorageConfig = DatabaseStorageOptions &
  (
    | {
        /**
         * A Drizzle database, or `tx` inside `db.transaction`. Memories saved through `tx` commit
         * or roll back with it, and no migration runs there.
         */
        db: DrizzleConnection
        /** Connection mode of `db`; see {@link DatabaseConfig.via}. */
        via?: Via
      }
    | {
        /**
         * Connection URL: `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`,
         * `sqlite:path`, `sqlite://path` or `sqlite::memory:`.
         */
        connectionString: string | undefined
      }
    | {
        /** SQL dialect of the server; use `mysql` for MariaDB too. @defaultValue 'postgres' */
        dialect?: 'postgres' | 'mysql'
        /** Host name of the server. */
        host: string | undefined
        /** Port. @defaultValue 5432; for MySQL 3306 */
        port?: number
        /** Database name. */
        database: string | undefined
        /** User name. */
        user: string | undefined
        /** Password. Never included in messages, logs or stacks. */
        password?: string
        /**
         * TLS mode. `true`: required and verified; `false`: off.
         * @defaultValue used if the server supports it
         */
        ssl?: boolean | SslOptions
        /**
         * PostgreSQL: `false` disables named prepared statements. They are also disabled through a
         * pooler.
         * @defaultValue true
         */
        prepare?: boolean
      }
  )

/**
 * Storage of memories: a `database`, which then also holds leads and call logs, or this process
 * (`memory`).
 */
export interface StorageConfig {
  /** Kind of storage. */
  type: 'database' | 'memory'
  /** Database: a Drizzle database, a connection string, or a server's host and login. */
  database?: {
    /** A Drizzle database. */
    db?: any
    /**
     * Connection URL: `postgres://…`, `mysql://…`, `sqlite:path`, … as in
     * {@link DatabaseConfig.connection}.
     */
    connectionString?: string
    /** SQL dialect of the server at `host`. @defaultValue 'postgres' */
    dialect?: 'postgres' | 'mysql'
    /** Host name of the server. */
    host?: string
    /** Port. @defaultValue 5432; for MySQL 3306 */
    port?: number
    /** Database name. */
    database?: string
    /** User name. */
    user?: string
    /** Password. Never included in messages, logs or stacks. */
    password?: string
    /**
     * TLS mode. `true`: required and verified; `false`: off.
     * @defaultValue used if the server supports it
     */
    ssl?: boolean | SslOptions
    /**
     * PostgreSQL: `false` disables named prepared statements. They are also disabled through a
     * pooler.
     * @defaultValue true
     */
    prepare?: boolean
    /** Connection mode of `db`; see {@link DatabaseConfig.via}. */
    via?: Via
  } & DatabaseStorageOptions
}
