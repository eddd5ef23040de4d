// Built from ts/ by `npm run build:face`.

import { SQL } from 'drizzle-orm';
import { SQLiteTable, SQLiteTableWithColumns, TableConfig } from 'drizzle-orm/sqlite-core';

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
	memory: SQLiteTable<{
		name: `${string}memory`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "id";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			content: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "content";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			timestamp: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "timestamp";
				tableName: `${string}memory`;
				dataType: "date";
				columnType: "SQLiteTimestamp";
				data: Date;
				driverParam: number;
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
			type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "type";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
				length: number | undefined;
				$type: MemoryKind;
			}>;
			importance: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "importance";
				tableName: `${string}memory`;
				dataType: "number";
				columnType: "SQLiteInteger";
				data: number;
				driverParam: number;
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
			channel: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "channel";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			sessionMetadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "session_metadata";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: SessionMetadata;
				driverParam: string;
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
			role: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "role";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			toolCall: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tool_call";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: JsonObject;
				driverParam: string;
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
			toolResult: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tool_result";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: JsonObject;
				driverParam: string;
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
			metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "metadata";
				tableName: `${string}memory`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: JsonObject;
				driverParam: string;
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
			goalAchieved: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "goal_achieved";
				tableName: `${string}memory`;
				dataType: "boolean";
				columnType: "SQLiteBoolean";
				data: boolean;
				driverParam: number;
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
			createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "created_at";
				tableName: `${string}memory`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
				data: Date;
				driverParam: number;
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "external_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tenant_id";
				tableName: `${string}memory`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
		};
		dialect: "sqlite";
	}> & Omit<{
		id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		content: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		timestamp: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "date";
			columnType: "SQLiteTimestamp";
			data: Date;
			driverParam: number;
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
		type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
			length: number | undefined;
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "SQLiteInteger";
			data: number;
			driverParam: number;
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
		channel: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		sessionMetadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: SessionMetadata;
			driverParam: string;
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
		role: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		toolCall: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		toolResult: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		goalAchieved: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "SQLiteBoolean";
			data: boolean;
			driverParam: number;
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
		createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
			data: Date;
			driverParam: number;
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
	}, "createdAt"> & {
		readonly createdAt: SQL<Date>;
	} & {
		readonly session_metadata: SessionFields;
	};
	leads: ByDay<{
		name: `${string}leads`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "id";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			name: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "name";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			email: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "email";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			phone: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "phone";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			source: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "source";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "metadata";
				tableName: `${string}leads`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: JsonObject;
				driverParam: string;
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
			createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "created_at";
				tableName: `${string}leads`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
				data: Date;
				driverParam: number;
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "external_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tenant_id";
				tableName: `${string}leads`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
		};
		dialect: "sqlite";
	}>;
	callLogs: ByDay<{
		name: `${string}call_logs`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "id";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			conversationId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "conversation_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			phoneNumber: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "phone_number";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			duration: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "duration";
				tableName: `${string}call_logs`;
				dataType: "number";
				columnType: "SQLiteInteger";
				data: number;
				driverParam: number;
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
			outcome: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "outcome";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			summary: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "summary";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "metadata";
				tableName: `${string}call_logs`;
				dataType: "json";
				columnType: "SQLiteTextJson";
				data: JsonObject;
				driverParam: string;
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
			createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "created_at";
				tableName: `${string}call_logs`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
				data: Date;
				driverParam: number;
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "external_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tenant_id";
				tableName: `${string}call_logs`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
		};
		dialect: "sqlite";
	}>;
	allowlist: SQLiteTableWithColumns<{
		name: `${string}allowlist`;
		schema: undefined;
		columns: {
			id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "id";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			identifier: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "identifier";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "type";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "SQLiteText";
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
				length: number | undefined;
				$type: "sms" | "email";
			}>;
			addedAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "added_at";
				tableName: `${string}allowlist`;
				dataType: "custom";
				columnType: "SQLiteCustomColumn";
				data: Date;
				driverParam: number;
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
				sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
			}>;
			addedBy: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "added_by";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
			tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
				name: "tenant_id";
				tableName: `${string}allowlist`;
				dataType: "string";
				columnType: "SQLiteText";
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
			}, {}, {
				length: number | undefined;
			}>;
		};
		dialect: "sqlite";
	}>;
};
type ByDay<Config extends TableConfig> = SQLiteTable<Config> & Omit<Config["columns"], "createdAt"> & {
	readonly createdAt: SQL<Date>;
};
/** Memories: messages, decisions, tool executions. */
export declare const memory: SQLiteTable<{
	name: `${string}memory`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "id";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		content: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "content";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		timestamp: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "timestamp";
			tableName: `${string}memory`;
			dataType: "date";
			columnType: "SQLiteTimestamp";
			data: Date;
			driverParam: number;
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
		type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "type";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
			length: number | undefined;
			$type: MemoryKind;
		}>;
		importance: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "importance";
			tableName: `${string}memory`;
			dataType: "number";
			columnType: "SQLiteInteger";
			data: number;
			driverParam: number;
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
		channel: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "channel";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		sessionMetadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "session_metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: SessionMetadata;
			driverParam: string;
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
		role: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "role";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		toolCall: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tool_call";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		toolResult: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tool_result";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "metadata";
			tableName: `${string}memory`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		goalAchieved: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "goal_achieved";
			tableName: `${string}memory`;
			dataType: "boolean";
			columnType: "SQLiteBoolean";
			data: boolean;
			driverParam: number;
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
		createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "created_at";
			tableName: `${string}memory`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
			data: Date;
			driverParam: number;
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "external_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tenant_id";
			tableName: `${string}memory`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
	};
	dialect: "sqlite";
}> & Omit<{
	id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "id";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "SQLiteCustomColumn";
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
		sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
	}>;
	content: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "content";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
	}, {}, {
		length: number | undefined;
	}>;
	timestamp: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "timestamp";
		tableName: `${string}memory`;
		dataType: "date";
		columnType: "SQLiteTimestamp";
		data: Date;
		driverParam: number;
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
	type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "type";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
		length: number | undefined;
		$type: MemoryKind;
	}>;
	importance: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "importance";
		tableName: `${string}memory`;
		dataType: "number";
		columnType: "SQLiteInteger";
		data: number;
		driverParam: number;
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
	channel: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "channel";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
	}, {}, {
		length: number | undefined;
	}>;
	sessionMetadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "session_metadata";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "SQLiteTextJson";
		data: SessionMetadata;
		driverParam: string;
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
	role: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "role";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
	}, {}, {
		length: number | undefined;
	}>;
	toolCall: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "tool_call";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "SQLiteTextJson";
		data: JsonObject;
		driverParam: string;
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
	toolResult: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "tool_result";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "SQLiteTextJson";
		data: JsonObject;
		driverParam: string;
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
	metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "metadata";
		tableName: `${string}memory`;
		dataType: "json";
		columnType: "SQLiteTextJson";
		data: JsonObject;
		driverParam: string;
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
	goalAchieved: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "goal_achieved";
		tableName: `${string}memory`;
		dataType: "boolean";
		columnType: "SQLiteBoolean";
		data: boolean;
		driverParam: number;
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
	createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "created_at";
		tableName: `${string}memory`;
		dataType: "custom";
		columnType: "SQLiteCustomColumn";
		data: Date;
		driverParam: number;
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
		sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
	}>;
	externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "external_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
	}, {}, {
		length: number | undefined;
	}>;
	tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
		name: "tenant_id";
		tableName: `${string}memory`;
		dataType: "string";
		columnType: "SQLiteText";
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
	}, {}, {
		length: number | undefined;
	}>;
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
		id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "id";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		name: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "name";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		email: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "email";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		phone: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "phone";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		source: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "source";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "metadata";
			tableName: `${string}leads`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "created_at";
			tableName: `${string}leads`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
			data: Date;
			driverParam: number;
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "external_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tenant_id";
			tableName: `${string}leads`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
	};
	dialect: "sqlite";
}>;
/** Outcomes of conversations, one row each. */
export declare const callLogs: ByDay<{
	name: `${string}call_logs`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "id";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		conversationId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "conversation_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		phoneNumber: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "phone_number";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		duration: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "duration";
			tableName: `${string}call_logs`;
			dataType: "number";
			columnType: "SQLiteInteger";
			data: number;
			driverParam: number;
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
		outcome: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "outcome";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		summary: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "summary";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		metadata: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "metadata";
			tableName: `${string}call_logs`;
			dataType: "json";
			columnType: "SQLiteTextJson";
			data: JsonObject;
			driverParam: string;
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
		createdAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "created_at";
			tableName: `${string}call_logs`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
			data: Date;
			driverParam: number;
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		externalId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "external_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tenant_id";
			tableName: `${string}call_logs`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
	};
	dialect: "sqlite";
}>;
/** Numbers and addresses answered by SMS and e-mail, one per row. */
export declare const allowlist: SQLiteTableWithColumns<{
	name: `${string}allowlist`;
	schema: undefined;
	columns: {
		id: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "id";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		identifier: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "identifier";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		type: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "type";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "SQLiteText";
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
			length: number | undefined;
			$type: "sms" | "email";
		}>;
		addedAt: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "added_at";
			tableName: `${string}allowlist`;
			dataType: "custom";
			columnType: "SQLiteCustomColumn";
			data: Date;
			driverParam: number;
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
			sqliteColumnBuilderBrand: "SQLiteCustomColumnBuilderBrand";
		}>;
		addedBy: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "added_by";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
		tenantId: import("drizzle-orm/sqlite-core").SQLiteColumn<{
			name: "tenant_id";
			tableName: `${string}allowlist`;
			dataType: "string";
			columnType: "SQLiteText";
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
		}, {}, {
			length: number | undefined;
		}>;
	};
	dialect: "sqlite";
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
