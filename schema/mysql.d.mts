// Built from ts/ by `npm run build:face`.

import { SQL } from 'drizzle-orm';
import { MySqlTable, MySqlTableWithColumns, TableConfig } from 'drizzle-orm/mysql-core';

/** Contents of a memory's `session_metadata`. Rows copied from nullable columns contain nulls. */
export interface SessionMetadata {
	conversationId?: string | null;
	callSid?: string | null;
	messageSid?: string | null;
	status?: string | null;
	duration?: number | null;
	participants?: string[] | null;
	[key: string]: unknown;
}
type JsonObject = Record<string, any>;
type MemoryKind = "conversation" | "decision" | "error" | "tool_execution" | "system";
declare const FIELDS: readonly [
	"conversationId",
	"callSid",
	"messageSid",
	"status",
	"duration",
	"participants"
];
/**
 * Fields of `session_metadata`, such as `conversationId`, as expressions to select, compare and
 * sort by.
 */
export type SessionFields = {
	readonly [Field in (typeof FIELDS)[number]]: SQL<string | null>;
};
/** Options of `createSchema`. */
export interface SchemaOptions {
	/**
	 * Prefix of all table names, as in the receptionist's `database.tablePrefix`.
	 * @defaultValue 'ai_receptionist_'
	 */
	tablePrefix?: string;
	/**
	 * Tenant used to compute row `id`s, as in the receptionist's `database.tenantId`. Rows of other
	 * tenants are still selected: compare `tenantId` in your queries.
	 */
	tenantId?: string;
}
/** Creates the tables with another prefix or for a tenant. */
export declare function createSchema(options?: SchemaOptions): {
	memory: MySqlTable<{
		name: `${string}memory`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "id";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: string;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: true;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			content: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "content";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: true;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			timestamp: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "timestamp";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: Date;
				driverParam: string;
				notNull: true;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			type: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "type";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: MemoryKind;
				driverParam: string | number;
				notNull: true;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: MemoryKind;
			}>;
			importance: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "importance";
				tableName: `${string}memory`;
				dataType: "number";
				columnType: "MySqlInt";
				data: number;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			channel: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "channel";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			sessionMetadata: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "session_metadata";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: SessionMetadata;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: SessionMetadata;
			}>;
			role: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "role";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			toolCall: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tool_call";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: JsonObject;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: JsonObject;
			}>;
			toolResult: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tool_result";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: JsonObject;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: JsonObject;
			}>;
			metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "metadata";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: JsonObject;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: JsonObject;
			}>;
			goalAchieved: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "goal_achieved";
				tableName: `${string}memory`;
				dataType: "boolean";
				columnType: "MySqlBoolean";
				data: boolean;
				driverParam: number | boolean;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "created_at";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: Date;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "external_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tenant_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
		};
		dialect: "mysql";
	}> & Omit<{
		id: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: true;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		content: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		timestamp: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		type: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: MemoryKind;
			driverParam: string | number;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "MySqlInt";
			data: number;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		channel: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		sessionMetadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: SessionMetadata;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: SessionMetadata;
		}>;
		role: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		toolCall: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		toolResult: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		goalAchieved: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "MySqlBoolean";
			data: boolean;
			driverParam: number | boolean;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
	}, "createdAt"> & {
		readonly createdAt: SQL<Date>;
	} & {
		readonly session_metadata: SessionFields;
	};
	leads: ByDay<{
		name: `${string}leads`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "id";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: string;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: true;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			name: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "name";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			email: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "email";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			phone: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "phone";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			source: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "source";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "metadata";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: JsonObject;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: JsonObject;
			}>;
			createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "created_at";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: Date;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "external_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tenant_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
		};
		dialect: "mysql";
	}>;
	callLogs: ByDay<{
		name: `${string}call_logs`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "id";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: string;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: true;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			conversationId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "conversation_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			phoneNumber: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "phone_number";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			duration: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "duration";
				tableName: `${string}call_logs`;
				dataType: "number";
				columnType: "MySqlInt";
				data: number;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			outcome: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "outcome";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			summary: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "summary";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "metadata";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: JsonObject;
				driverParam: unknown;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: JsonObject;
			}>;
			createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "created_at";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: Date;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "external_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tenant_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
		};
		dialect: "mysql";
	}>;
	allowlist: MySqlTableWithColumns<{
		name: `${string}allowlist`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "id";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: string;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: true;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			identifier: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "identifier";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: true;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			type: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "type";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: "sms" | "email";
				driverParam: string | number;
				notNull: true;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {
				$type: "sms" | "email";
			}>;
			addedAt: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "added_at";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "MySqlCustomColumn";
				data: Date;
				driverParam: string;
				notNull: true;
				hasDefault: true;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: undefined;
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			addedBy: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "added_by";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "MySqlText";
				data: string;
				driverParam: string;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
			tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
				name: "tenant_id";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "MySqlVarChar";
				data: string;
				driverParam: string | number;
				notNull: false;
				hasDefault: false;
				isPrimaryKey: false;
				isAutoincrement: false;
				hasRuntimeDefault: false;
				enumValues: [
					string,
					...string[]
				];
				baseColumn: never;
				identity: undefined;
				generated: undefined;
			}, {}, {}>;
		};
		dialect: "mysql";
	}>;
};
type ByDay<Config extends TableConfig> = MySqlTable<Config> & Omit<Config["columns"], "createdAt"> & {
	readonly createdAt: SQL<Date>;
};
/** Memories: messages, decisions, tool executions. */
export declare const memory: MySqlTable<{
	name: `${string}memory`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: true;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		content: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		timestamp: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		type: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: MemoryKind;
			driverParam: string | number;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "MySqlInt";
			data: number;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		channel: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		sessionMetadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: SessionMetadata;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: SessionMetadata;
		}>;
		role: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		toolCall: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		toolResult: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		goalAchieved: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "MySqlBoolean";
			data: boolean;
			driverParam: number | boolean;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
	};
	dialect: "mysql";
}> & Omit<{
	id: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "id";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: string;
		driverParam: string;
		notNull: true;
		hasDefault: true;
		isPrimaryKey: true;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	content: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "content";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlText";
		data: string;
		driverParam: string;
		notNull: true;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	timestamp: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "timestamp";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: Date;
		driverParam: string;
		notNull: true;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	type: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "type";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlVarChar";
		data: MemoryKind;
		driverParam: string | number;
		notNull: true;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {
		$type: MemoryKind;
	}>;
	importance: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "importance";
		tableName: `${string}memory`;
		dataType: "number";
		columnType: "MySqlInt";
		data: number;
		driverParam: string | number;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	channel: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "channel";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlVarChar";
		data: string;
		driverParam: string | number;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	sessionMetadata: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "session_metadata";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: SessionMetadata;
		driverParam: unknown;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {
		$type: SessionMetadata;
	}>;
	role: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "role";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlVarChar";
		data: string;
		driverParam: string | number;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	toolCall: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "tool_call";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: JsonObject;
		driverParam: unknown;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {
		$type: JsonObject;
	}>;
	toolResult: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "tool_result";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: JsonObject;
		driverParam: unknown;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {
		$type: JsonObject;
	}>;
	metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "metadata";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: JsonObject;
		driverParam: unknown;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {
		$type: JsonObject;
	}>;
	goalAchieved: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "goal_achieved";
		tableName: `${string}memory`;
		dataType: "boolean";
		columnType: "MySqlBoolean";
		data: boolean;
		driverParam: number | boolean;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "created_at";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "MySqlCustomColumn";
		data: Date;
		driverParam: string;
		notNull: true;
		hasDefault: true;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: undefined;
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "external_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlVarChar";
		data: string;
		driverParam: string | number;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
	tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
		name: "tenant_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "MySqlVarChar";
		data: string;
		driverParam: string | number;
		notNull: false;
		hasDefault: false;
		isPrimaryKey: false;
		isAutoincrement: false;
		hasRuntimeDefault: false;
		enumValues: [
			string,
			...string[]
		];
		baseColumn: never;
		identity: undefined;
		generated: undefined;
	}, {}, {}>;
}, "createdAt"> & {
	readonly createdAt: SQL<Date>;
} & {
	readonly session_metadata: SessionFields;
};
/** Customers, one row per person. */
export declare const leads: ByDay<{
	name: `${string}leads`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "id";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: true;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		name: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "name";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		email: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "email";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		phone: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "phone";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		source: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "source";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "metadata";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "created_at";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "external_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tenant_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
	};
	dialect: "mysql";
}>;
/** Outcomes of conversations, one row each. */
export declare const callLogs: ByDay<{
	name: `${string}call_logs`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "id";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: true;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		conversationId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "conversation_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		phoneNumber: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "phone_number";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		duration: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "duration";
			tableName: `${string}call_logs`;
			dataType: "number";
			columnType: "MySqlInt";
			data: number;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		outcome: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "outcome";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		summary: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "summary";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		metadata: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "metadata";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: JsonObject;
			driverParam: unknown;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: JsonObject;
		}>;
		createdAt: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "created_at";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		externalId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "external_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tenant_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
	};
	dialect: "mysql";
}>;
/** Numbers and addresses answered by SMS and e-mail, one per row. */
export declare const allowlist: MySqlTableWithColumns<{
	name: `${string}allowlist`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "id";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: string;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: true;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		identifier: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "identifier";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		type: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "type";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: "sms" | "email";
			driverParam: string | number;
			notNull: true;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {
			$type: "sms" | "email";
		}>;
		addedAt: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "added_at";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "MySqlCustomColumn";
			data: Date;
			driverParam: string;
			notNull: true;
			hasDefault: true;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: undefined;
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		addedBy: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "added_by";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "MySqlText";
			data: string;
			driverParam: string;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
		tenantId: import("drizzle-orm/mysql-core").MySqlColumn<{
			name: "tenant_id";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "MySqlVarChar";
			data: string;
			driverParam: string | number;
			notNull: false;
			hasDefault: false;
			isPrimaryKey: false;
			isAutoincrement: false;
			hasRuntimeDefault: false;
			enumValues: [
				string,
				...string[]
			];
			baseColumn: never;
			identity: undefined;
			generated: undefined;
		}, {}, {}>;
	};
	dialect: "mysql";
}>;
/** A row of {@link memory}. */
export type Memory = typeof memory.$inferSelect;
/** A row to insert into {@link memory}. */
export type NewMemory = typeof memory.$inferInsert;
/** A row of {@link leads}. */
export type Lead = typeof leads.$inferSelect;
/** A row to insert into {@link leads}. */
export type NewLead = typeof leads.$inferInsert;
/** A row of {@link callLogs}. */
export type CallLog = typeof callLogs.$inferSelect;
/** A row to insert into {@link callLogs}. */
export type NewCallLog = typeof callLogs.$inferInsert;
/** A row of {@link allowlist}. */
export type AllowlistEntry = typeof allowlist.$inferSelect;
/** A row to insert into {@link allowlist}. */
export type NewAllowlistEntry = typeof allowlist.$inferInsert;

export {};
