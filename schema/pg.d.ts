// Built from ts/ by `npm run build:face`.

import { SQL } from 'drizzle-orm';
import { PgTable, PgTableWithColumns, TableConfig } from 'drizzle-orm/pg-core';

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
	memory: PgTable<{
		name: `${string}memory`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/pg-core").PgColumn<{
				name: "id";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			content: import("drizzle-orm/pg-core").PgColumn<{
				name: "content";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
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
			timestamp: import("drizzle-orm/pg-core").PgColumn<{
				name: "timestamp";
				tableName: `${string}memory`;
				dataType: "date";
				columnType: "PgTimestamp";
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
			type: import("drizzle-orm/pg-core").PgColumn<{
				name: "type";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
				data: MemoryKind;
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
			}, {}, {
				$type: MemoryKind;
			}>;
			importance: import("drizzle-orm/pg-core").PgColumn<{
				name: "importance";
				tableName: `${string}memory`;
				dataType: "number";
				columnType: "PgInteger";
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
			channel: import("drizzle-orm/pg-core").PgColumn<{
				name: "channel";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
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
			sessionMetadata: import("drizzle-orm/pg-core").PgColumn<{
				name: "session_metadata";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "PgJsonb";
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
			role: import("drizzle-orm/pg-core").PgColumn<{
				name: "role";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
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
			toolCall: import("drizzle-orm/pg-core").PgColumn<{
				name: "tool_call";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "PgJsonb";
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
			toolResult: import("drizzle-orm/pg-core").PgColumn<{
				name: "tool_result";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "PgJsonb";
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
			metadata: import("drizzle-orm/pg-core").PgColumn<{
				name: "metadata";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "PgJsonb";
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
			goalAchieved: import("drizzle-orm/pg-core").PgColumn<{
				name: "goal_achieved";
				tableName: `${string}memory`;
				dataType: "boolean";
				columnType: "PgBoolean";
				data: boolean;
				driverParam: boolean;
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
			createdAt: import("drizzle-orm/pg-core").PgColumn<{
				name: "created_at";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/pg-core").PgColumn<{
				name: "external_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
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
			tenantId: import("drizzle-orm/pg-core").PgColumn<{
				name: "tenant_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "PgText";
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
		};
		dialect: "pg";
	}> & Omit<{
		id: import("drizzle-orm/pg-core").PgColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		content: import("drizzle-orm/pg-core").PgColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		timestamp: import("drizzle-orm/pg-core").PgColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "date";
			columnType: "PgTimestamp";
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
		type: import("drizzle-orm/pg-core").PgColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
			data: MemoryKind;
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
		}, {}, {
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/pg-core").PgColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "PgInteger";
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
		channel: import("drizzle-orm/pg-core").PgColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		sessionMetadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		role: import("drizzle-orm/pg-core").PgColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		toolCall: import("drizzle-orm/pg-core").PgColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		toolResult: import("drizzle-orm/pg-core").PgColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		metadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		goalAchieved: import("drizzle-orm/pg-core").PgColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "PgBoolean";
			data: boolean;
			driverParam: boolean;
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
		createdAt: import("drizzle-orm/pg-core").PgColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/pg-core").PgColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		tenantId: import("drizzle-orm/pg-core").PgColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
	}, "createdAt"> & {
		readonly createdAt: SQL<Date>;
	} & {
		readonly session_metadata: SessionFields;
	};
	leads: ByDay<{
		name: `${string}leads`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/pg-core").PgColumn<{
				name: "id";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			name: import("drizzle-orm/pg-core").PgColumn<{
				name: "name";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
			email: import("drizzle-orm/pg-core").PgColumn<{
				name: "email";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
			phone: import("drizzle-orm/pg-core").PgColumn<{
				name: "phone";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
			source: import("drizzle-orm/pg-core").PgColumn<{
				name: "source";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
			metadata: import("drizzle-orm/pg-core").PgColumn<{
				name: "metadata";
				tableName: `${string}leads`;
				dataType: "json";
				columnType: "PgJsonb";
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
			createdAt: import("drizzle-orm/pg-core").PgColumn<{
				name: "created_at";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/pg-core").PgColumn<{
				name: "external_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
			tenantId: import("drizzle-orm/pg-core").PgColumn<{
				name: "tenant_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "PgText";
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
		};
		dialect: "pg";
	}>;
	callLogs: ByDay<{
		name: `${string}call_logs`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/pg-core").PgColumn<{
				name: "id";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			conversationId: import("drizzle-orm/pg-core").PgColumn<{
				name: "conversation_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
			phoneNumber: import("drizzle-orm/pg-core").PgColumn<{
				name: "phone_number";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
			duration: import("drizzle-orm/pg-core").PgColumn<{
				name: "duration";
				tableName: `${string}call_logs`;
				dataType: "number";
				columnType: "PgInteger";
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
			outcome: import("drizzle-orm/pg-core").PgColumn<{
				name: "outcome";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
			summary: import("drizzle-orm/pg-core").PgColumn<{
				name: "summary";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
			metadata: import("drizzle-orm/pg-core").PgColumn<{
				name: "metadata";
				tableName: `${string}call_logs`;
				dataType: "json";
				columnType: "PgJsonb";
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
			createdAt: import("drizzle-orm/pg-core").PgColumn<{
				name: "created_at";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/pg-core").PgColumn<{
				name: "external_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
			tenantId: import("drizzle-orm/pg-core").PgColumn<{
				name: "tenant_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "PgText";
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
		};
		dialect: "pg";
	}>;
	allowlist: PgTableWithColumns<{
		name: `${string}allowlist`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/pg-core").PgColumn<{
				name: "id";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			identifier: import("drizzle-orm/pg-core").PgColumn<{
				name: "identifier";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "PgText";
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
			type: import("drizzle-orm/pg-core").PgColumn<{
				name: "type";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "PgText";
				data: "sms" | "email";
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
			}, {}, {
				$type: "sms" | "email";
			}>;
			addedAt: import("drizzle-orm/pg-core").PgColumn<{
				name: "added_at";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "PgCustomColumn";
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
			}, {}, {
				pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
			}>;
			addedBy: import("drizzle-orm/pg-core").PgColumn<{
				name: "added_by";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "PgText";
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
			tenantId: import("drizzle-orm/pg-core").PgColumn<{
				name: "tenant_id";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "PgText";
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
		};
		dialect: "pg";
	}>;
};
type ByDay<Config extends TableConfig> = PgTable<Config> & Omit<Config["columns"], "createdAt"> & {
	readonly createdAt: SQL<Date>;
};
/** Memories: messages, decisions, tool executions. */
export declare const memory: PgTable<{
	name: `${string}memory`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/pg-core").PgColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		content: import("drizzle-orm/pg-core").PgColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		timestamp: import("drizzle-orm/pg-core").PgColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "date";
			columnType: "PgTimestamp";
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
		type: import("drizzle-orm/pg-core").PgColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
			data: MemoryKind;
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
		}, {}, {
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/pg-core").PgColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "PgInteger";
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
		channel: import("drizzle-orm/pg-core").PgColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		sessionMetadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		role: import("drizzle-orm/pg-core").PgColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		toolCall: import("drizzle-orm/pg-core").PgColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		toolResult: import("drizzle-orm/pg-core").PgColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		metadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "PgJsonb";
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
		goalAchieved: import("drizzle-orm/pg-core").PgColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "PgBoolean";
			data: boolean;
			driverParam: boolean;
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
		createdAt: import("drizzle-orm/pg-core").PgColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/pg-core").PgColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
		tenantId: import("drizzle-orm/pg-core").PgColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "PgText";
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
	};
	dialect: "pg";
}> & Omit<{
	id: import("drizzle-orm/pg-core").PgColumn<{
		name: "id";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "PgCustomColumn";
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
	}, {}, {
		pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
	}>;
	content: import("drizzle-orm/pg-core").PgColumn<{
		name: "content";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
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
	timestamp: import("drizzle-orm/pg-core").PgColumn<{
		name: "timestamp";
		tableName: `${string}memory`;
		dataType: "date";
		columnType: "PgTimestamp";
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
	type: import("drizzle-orm/pg-core").PgColumn<{
		name: "type";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
		data: MemoryKind;
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
	}, {}, {
		$type: MemoryKind;
	}>;
	importance: import("drizzle-orm/pg-core").PgColumn<{
		name: "importance";
		tableName: `${string}memory`;
		dataType: "number";
		columnType: "PgInteger";
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
	channel: import("drizzle-orm/pg-core").PgColumn<{
		name: "channel";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
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
	sessionMetadata: import("drizzle-orm/pg-core").PgColumn<{
		name: "session_metadata";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "PgJsonb";
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
	role: import("drizzle-orm/pg-core").PgColumn<{
		name: "role";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
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
	toolCall: import("drizzle-orm/pg-core").PgColumn<{
		name: "tool_call";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "PgJsonb";
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
	toolResult: import("drizzle-orm/pg-core").PgColumn<{
		name: "tool_result";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "PgJsonb";
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
	metadata: import("drizzle-orm/pg-core").PgColumn<{
		name: "metadata";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "PgJsonb";
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
	goalAchieved: import("drizzle-orm/pg-core").PgColumn<{
		name: "goal_achieved";
		tableName: `${string}memory`;
		dataType: "boolean";
		columnType: "PgBoolean";
		data: boolean;
		driverParam: boolean;
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
	createdAt: import("drizzle-orm/pg-core").PgColumn<{
		name: "created_at";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "PgCustomColumn";
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
	}, {}, {
		pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
	}>;
	externalId: import("drizzle-orm/pg-core").PgColumn<{
		name: "external_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
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
	tenantId: import("drizzle-orm/pg-core").PgColumn<{
		name: "tenant_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "PgText";
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
		id: import("drizzle-orm/pg-core").PgColumn<{
			name: "id";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		name: import("drizzle-orm/pg-core").PgColumn<{
			name: "name";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
		email: import("drizzle-orm/pg-core").PgColumn<{
			name: "email";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
		phone: import("drizzle-orm/pg-core").PgColumn<{
			name: "phone";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
		source: import("drizzle-orm/pg-core").PgColumn<{
			name: "source";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
		metadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "metadata";
			tableName: `${string}leads`;
			dataType: "json";
			columnType: "PgJsonb";
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
		createdAt: import("drizzle-orm/pg-core").PgColumn<{
			name: "created_at";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/pg-core").PgColumn<{
			name: "external_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
		tenantId: import("drizzle-orm/pg-core").PgColumn<{
			name: "tenant_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "PgText";
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
	};
	dialect: "pg";
}>;
/** Outcomes of conversations, one row each. */
export declare const callLogs: ByDay<{
	name: `${string}call_logs`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/pg-core").PgColumn<{
			name: "id";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		conversationId: import("drizzle-orm/pg-core").PgColumn<{
			name: "conversation_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
		phoneNumber: import("drizzle-orm/pg-core").PgColumn<{
			name: "phone_number";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
		duration: import("drizzle-orm/pg-core").PgColumn<{
			name: "duration";
			tableName: `${string}call_logs`;
			dataType: "number";
			columnType: "PgInteger";
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
		outcome: import("drizzle-orm/pg-core").PgColumn<{
			name: "outcome";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
		summary: import("drizzle-orm/pg-core").PgColumn<{
			name: "summary";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
		metadata: import("drizzle-orm/pg-core").PgColumn<{
			name: "metadata";
			tableName: `${string}call_logs`;
			dataType: "json";
			columnType: "PgJsonb";
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
		createdAt: import("drizzle-orm/pg-core").PgColumn<{
			name: "created_at";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/pg-core").PgColumn<{
			name: "external_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
		tenantId: import("drizzle-orm/pg-core").PgColumn<{
			name: "tenant_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "PgText";
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
	};
	dialect: "pg";
}>;
/** Numbers and addresses answered by SMS and e-mail, one per row. */
export declare const allowlist: PgTableWithColumns<{
	name: `${string}allowlist`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/pg-core").PgColumn<{
			name: "id";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		identifier: import("drizzle-orm/pg-core").PgColumn<{
			name: "identifier";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "PgText";
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
		type: import("drizzle-orm/pg-core").PgColumn<{
			name: "type";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "PgText";
			data: "sms" | "email";
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
		}, {}, {
			$type: "sms" | "email";
		}>;
		addedAt: import("drizzle-orm/pg-core").PgColumn<{
			name: "added_at";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "PgCustomColumn";
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
		}, {}, {
			pgColumnBuilderBrand: "PgCustomColumnBuilderBrand";
		}>;
		addedBy: import("drizzle-orm/pg-core").PgColumn<{
			name: "added_by";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "PgText";
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
		tenantId: import("drizzle-orm/pg-core").PgColumn<{
			name: "tenant_id";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "PgText";
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
	};
	dialect: "pg";
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
