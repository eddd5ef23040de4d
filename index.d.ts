// Built from ts/ by `npm run build:face`.

/** Stable `code` of a {@link ReceptionistError}. `INTERNAL` means a bug in this package. */
export type ErrorCode = "AGENT_IDENTITY_REQUIRED" | "MODEL_REQUIRED" | "INVALID_CONFIG" | "INVALID_CONNECTION_STRING" | "NOT_INITIALIZED" | "DISPOSED" | "INVALID_MEMORY" | "INVALID_QUERY" | "INVALID_ARGUMENT" | "UNSUPPORTED_TEXT" | "JSON_TOO_DEEP" | "DOCUMENT_UNREADABLE" | "DATABASE_UNREACHABLE" | "DATABASE_AUTHENTICATION_FAILED" | "DATABASE_NOT_FOUND" | "DATABASE_PERMISSION_DENIED" | "DATABASE_TABLES_MISSING" | "DATABASE_SCHEMA_MISMATCH" | "DATABASE_TENANT_CONFLICT" | "DATABASE_POOL_TIMEOUT" | "DATABASE_DISK_FULL" | "DATABASE_OVERLOADED" | "DATABASE_QUERY_FAILED" | "MODEL_AUTHENTICATION_FAILED" | "MODEL_RATE_LIMITED" | "MODEL_REQUEST_REJECTED" | "MODEL_UNAVAILABLE" | "MODEL_TIMEOUT" | "MODEL_RESPONSE_INVALID" | "MODEL_STREAM_INTERRUPTED" | "STREAM_ABORTED" | "RECIPIENT_OPTED_OUT" | "MESSAGING_WINDOW_CLOSED" | "PROMPT_TOO_LARGE" | "EMBEDDING_FAILED" | "EMBEDDING_INVALID" | "RETRIEVAL_TIMEOUT" | "INVALID_WEBHOOK" | "WEBHOOK_SIGNATURE_INVALID" | "PROVIDER_NOT_CONFIGURED" | "PROVIDER_AUTHENTICATION_FAILED" | "PROVIDER_REJECTED" | "PROVIDER_RATE_LIMITED" | "PROVIDER_UNAVAILABLE" | "PROVIDER_TIMEOUT" | "PROVIDER_OUTCOME_UNKNOWN" | "PROVIDER_RESPONSE_INVALID" | "TOOL_NOT_FOUND" | "TOOL_NOT_AVAILABLE" | "TOOL_ARGUMENTS_INVALID" | "EXTRACTION_INVALID" | "TOOL_TIMEOUT" | "TOOL_FAILED" | "CONVERSATION_DEADLOCK" | "USER_CODE_FAILED" | "USER_CODE_TIMEOUT" | "USER_CODE_INVALID" | "INTERNAL";
/**
 * Base class of all errors of this package. Match on `code`, which never changes; the message
 * explains the fix. Neither contains secrets.
 */
export declare class ReceptionistError extends Error {
	/** Stable error code. */
	readonly code: ErrorCode;
	/** Structured details, if any: the invalid field or option, the missing tables, … */
	readonly details?: Readonly<Record<string, unknown>>;
	constructor(code: ErrorCode, message: string, options?: {
		details?: Record<string, unknown> | undefined;
		cause?: unknown;
	});
}
/**
 * Invalid configuration: `AGENT_IDENTITY_REQUIRED`, `MODEL_REQUIRED`, `INVALID_CONFIG`,
 * `INVALID_CONNECTION_STRING`.
 */
export declare class ConfigurationError extends ReceptionistError {
}
/** A call at the wrong time, or an aborted stream: `NOT_INITIALIZED`, `DISPOSED`, `STREAM_ABORTED`. */
export declare class LifecycleError extends ReceptionistError {
}
/**
 * Invalid memory, query or argument; nothing was written: `INVALID_MEMORY`, `INVALID_QUERY`,
 * `INVALID_ARGUMENT`, `UNSUPPORTED_TEXT`, `JSON_TOO_DEEP`, `DOCUMENT_UNREADABLE`,
 * `RECIPIENT_OPTED_OUT`.
 */
export declare class ValidationError extends ReceptionistError {
}
/**
 * Database failure: `DATABASE_UNREACHABLE`, `DATABASE_AUTHENTICATION_FAILED`, `DATABASE_NOT_FOUND`,
 * `DATABASE_PERMISSION_DENIED`, `DATABASE_TABLES_MISSING`, `DATABASE_SCHEMA_MISMATCH`,
 * `DATABASE_TENANT_CONFLICT`, `DATABASE_POOL_TIMEOUT`, `DATABASE_DISK_FULL`, `DATABASE_OVERLOADED`,
 * `DATABASE_QUERY_FAILED`, `RETRIEVAL_TIMEOUT`.
 */
export declare class DatabaseError extends ReceptionistError {
}
/**
 * Language model or embedder failure: `MODEL_AUTHENTICATION_FAILED`, `MODEL_RATE_LIMITED`,
 * `MODEL_REQUEST_REJECTED`, `MODEL_UNAVAILABLE`, `MODEL_TIMEOUT`, `MODEL_RESPONSE_INVALID`,
 * `MODEL_STREAM_INTERRUPTED`, `EMBEDDING_FAILED`, `EMBEDDING_INVALID`, `EXTRACTION_INVALID`.
 */
export declare class ModelError extends ReceptionistError {
}
/** A prompt over its token limit: `PROMPT_TOO_LARGE`. */
export declare class PromptTooLargeError extends ReceptionistError {
	/** Number of tokens of the prompt, the limit, and the tokens of each section by title. */
	readonly details: Readonly<{
		tokens: number;
		maxTokens: number;
		sections: Record<string, number>;
	}>;
	/** Creates an error in your own code. */
	constructor(message: string, details: {
		tokens: number;
		maxTokens: number;
		sections: Record<string, number>;
	});
}
/** Rejected webhook; nothing was done: `INVALID_WEBHOOK`, `WEBHOOK_SIGNATURE_INVALID`. */
export declare class WebhookError extends ReceptionistError {
}
/**
 * Failure of a provider of calls, SMS or e-mail: `PROVIDER_NOT_CONFIGURED`,
 * `PROVIDER_AUTHENTICATION_FAILED`, `PROVIDER_REJECTED`, `PROVIDER_RATE_LIMITED`,
 * `PROVIDER_UNAVAILABLE`, `PROVIDER_TIMEOUT`, `PROVIDER_OUTCOME_UNKNOWN`,
 * `PROVIDER_RESPONSE_INVALID`, `MESSAGING_WINDOW_CLOSED`.
 */
export declare class ProviderError extends ReceptionistError {
	/** HTTP status of the provider's response; only set on errors that your code created. */
	readonly statusCode?: number | undefined;
	/** Context of the error; only set on errors that your code created. */
	readonly context?: Record<string, unknown> | undefined;
	/** Creates an error of your own provider. `code` may be any string. */
	constructor(message: string, code: string, statusCode?: number, context?: Record<string, unknown>);
}
/** A provider without configuration: `PROVIDER_NOT_CONFIGURED`. */
export declare class ProviderNotConfiguredError extends ProviderError {
	/** Creates an error in your own code. */
	constructor(providerName: string);
}
/** Credentials rejected by a provider: `PROVIDER_AUTHENTICATION_FAILED`. */
export declare class CredentialValidationError extends ProviderError {
	/** Creates an error in your own code. */
	constructor(providerName: string, details: string, context?: Record<string, unknown>);
}
/**
 * Error for your own providers, kept for compatibility with the TypeScript SDK. This package never
 * throws it, because providers are only contacted when they are needed.
 */
export declare class ProviderInitializationError extends ProviderError {
	/** Creates an error in your own code. */
	constructor(providerName: string, details: string, context?: Record<string, unknown>);
}
/**
 * A tool that could not run: `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE`, `TOOL_ARGUMENTS_INVALID`,
 * `TOOL_TIMEOUT`, `TOOL_FAILED`.
 */
export declare class ToolError extends ReceptionistError {
}
/**
 * Invalid behaviour of user code (a storage, a tool, a model, …): `USER_CODE_TIMEOUT`,
 * `USER_CODE_INVALID`, `CONVERSATION_DEADLOCK`. Errors thrown by user code are not wrapped: you
 * catch the same object.
 */
export declare class UserCodeError extends ReceptionistError {
}
/** Communication channel. */
export type Channel = "call" | "sms" | "email" | "text";
/** A tool call of the model. */
export interface AgentToolCall {
	/** Provider's id of the tool call. */
	id: string;
	/** Name of the tool. */
	name: string;
	/** Arguments. */
	parameters: any;
}
/** Result of a tool call. */
export interface AgentToolResult {
	/** `true` if the tool succeeded. */
	success: boolean;
	/** Data that the tool returned. */
	data?: any;
	/** Error message. */
	error?: string | undefined;
	/** Response to the customer, per channel. */
	response?: any;
}
/** Metadata of the session that a memory belongs to. Custom fields are stored and searchable. */
export interface SessionMetadata {
	/** Conversation id, at most 512 characters. */
	conversationId?: string | undefined;
	/** Twilio SID of the call. */
	callSid?: string | undefined;
	/** Twilio SID of the message. */
	messageSid?: string | undefined;
	/** `Message-ID` of the e-mail. */
	emailId?: string | undefined;
	/** `Message-ID` of the e-mail that it answers. */
	inReplyTo?: string | undefined;
	/** Sender. */
	from?: string | undefined;
	/** Recipient. */
	to?: string | undefined;
	/** Subject of the e-mail. */
	subject?: string | undefined;
	/** Status of the session. */
	status?: string | undefined;
	/** Duration in seconds. */
	duration?: number | undefined;
	/** Participants. */
	participants?: string[] | undefined;
	[field: string]: any;
}
/**
 * A memory: one message, decision or event.
 *
 * Text and JSON must not contain NUL characters or lone surrogates, and JSON may nest 31 levels.
 * Every storage refuses values that some supported database could not store.
 */
export interface Memory {
	/** Id, 1 to 512 characters, compared exactly. Saving a memory with the same id replaces it. */
	id: string;
	/** Text of the memory. */
	content: string;
	/** Time of the event, stored with millisecond precision, years 1000 to 9999. */
	timestamp: Date;
	/** Type of the memory. */
	type: "conversation" | "decision" | "error" | "tool_execution" | "system";
	/** Importance, 1 (trivial) to 10 (critical). */
	importance?: number | undefined;
	/** Channel. */
	channel?: Channel | undefined;
	/** Session metadata. */
	sessionMetadata?: SessionMetadata | undefined;
	/** Role of the speaker. */
	role?: "system" | "user" | "assistant" | "tool" | undefined;
	/** Tool call, for `tool_execution`. */
	toolCall?: AgentToolCall | undefined;
	/** Tool result, for `tool_execution`. */
	toolResult?: AgentToolResult | undefined;
	/** Custom fields. */
	metadata?: Record<string, unknown> | undefined;
	/** `true` if a goal was achieved; such memories are always persisted. */
	goalAchieved?: boolean | undefined;
}
/**
 * A memory search query. All given filters must match. A query returns the same rows on every
 * storage.
 */
export interface MemorySearchQuery {
	/**
	 * Keywords, of which any must occur in `content`. They match literally (including `%`, `_` and
	 * `*`), ignoring case but not accents. At most 100 keywords of 1,000 characters.
	 */
	keywords?: string[] | undefined;
	/** Memory type, or any of several. */
	type?: Memory["type"] | Memory["type"][] | undefined;
	/** Channel, matched exactly. */
	channel?: Channel | undefined;
	/** Conversation id, matched exactly. */
	conversationId?: string | undefined;
	/** Values of `sessionMetadata` fields: strings, numbers, booleans or null. */
	sessionMetadata?: Record<string, any> | undefined;
	/** Earliest timestamp, inclusive. */
	startDate?: Date | undefined;
	/** Latest timestamp, inclusive. */
	endDate?: Date | undefined;
	/** Minimum importance. Memories without importance do not match. */
	minImportance?: number | undefined;
	/** Role of the speaker, matched exactly. */
	role?: "system" | "user" | "assistant" | "tool" | undefined;
	/** Maximum number of results, a non-negative integer. @defaultValue 100 */
	limit?: number | undefined;
	/** Number of results to skip, a non-negative integer. @defaultValue 0 */
	offset?: number | undefined;
	/**
	 * Sort field. Ties are ordered by time, then by order of saving. Memories without importance come
	 * last in either direction.
	 * @defaultValue 'timestamp'
	 */
	orderBy?: "timestamp" | "importance" | undefined;
	/** Sort direction. @defaultValue 'desc' */
	orderDirection?: "asc" | "desc" | undefined;
}
/**
 * A memory storage, built-in or custom. Methods may also return a value instead of a promise.
 * Errors they throw are rethrown as the same object. A promise that does not settle within 30 s
 * fails the call.
 */
export interface IStorage {
	/** Saves a memory. An existing memory with the same id is replaced and keeps its position. */
	save(memory: Memory): Promise<void>;
	/**
	 * Saves all memories or none. If several have the same id, the last one wins.
	 * @defaultValue one `save` after another
	 */
	saveBatch?(memories: Memory[]): Promise<void>;
	/** Returns the memory with that id, or null. */
	get(id: string): Promise<Memory | null>;
	/** Returns the memories that match a query, in its order. */
	search(query: MemorySearchQuery): Promise<Memory[]>;
	/** Deletes the memory with that id, if it exists. */
	delete(id: string): Promise<void>;
	/** Returns `true` if the storage responds. */
	healthCheck(): Promise<boolean>;
}
/** Memory statistics. */
export interface MemoryStats {
	/** Memories in the short-term memory of all conversations. */
	shortTermCount: number;
	/** Memories that this receptionist has persisted, as known without a database query. */
	longTermCount: number;
	/** Statistics of semantic memory, if enabled. */
	vectors?: VectorStats | undefined;
}
/** Statistics of semantic memory. */
export interface VectorStats {
	/** Name of the embedding model. */
	model: string;
	/** Number of dimensions; absent before the first response of the embedder. */
	dimensions?: number | undefined;
	/** Memories embedded since the start. */
	embedded: number;
	/** Memories waiting to be embedded. */
	waiting: number;
	/** `true` while the storage is scanned for memories without a vector. */
	catchingUp: boolean;
	/** Memories that the embedder rejected. */
	skipped: number;
	/** Code of the current problem; absent if there is none. */
	problem?: ErrorCode | undefined;
}
/**
 * Identity of a customer. It comes from your code, never from the content of a conversation: tools
 * only read and change data of this customer.
 */
export interface Customer {
	/** Your own id of the customer. */
	id?: string | undefined;
	/** E-mail address, case-insensitive. */
	email?: string | undefined;
	/** Phone number in any common notation. */
	phone?: string | undefined;
}
/** The facts that are recorded about a customer. */
export interface KnownCustomer extends Customer {
	/** Further identifiers of the same person, one each. */
	linked: Customer[];
	/** Full name. */
	name?: string | undefined;
	/** Time of the first record or memory. */
	since?: Date | undefined;
	/** Further fields of the record: `company`, addresses that are not on the line, your own fields. */
	fields: Record<string, string>;
	/** Facts that the customer told, newest first. `source` is the id of the memory in which it was said. */
	facts: {
		key: string;
		value: string;
		at: Date;
		source: string;
	}[];
	/** Preferences, newest first. */
	preferences: {
		key: string;
		value: string;
	}[];
	/** Notes, newest first. */
	notes: string[];
	/** Appointments that have not begun, the next one first. */
	appointments: {
		eventId: string;
		start: Date;
		title?: string | undefined;
	}[];
	/** Last three conversations on any channel, newest first. */
	conversations: ConversationSummary[];
}
/** A summary of a conversation. */
export interface ConversationSummary {
	/** Conversation id. */
	id: string;
	/** Time of the summary. */
	at: Date;
	/** Channel, if known. */
	channel?: Channel | undefined;
	/** Summary. */
	summary: string;
	/** Next steps that were promised. */
	nextSteps?: string | undefined;
}
/** The summary and the new facts of a conversation, from `agent.memory.summarize`. */
export interface ConversationDigest {
	/** Summary of the conversation. */
	summary: string;
	/** Facts that were recorded now. `source` is the id of the memory in which it was said. */
	facts: {
		key: string;
		value: string;
		source: string;
	}[];
}
/** A JSON Schema. */
export interface JSONSchema {
	type: string;
	properties?: Record<string, any> | undefined;
	required?: string[] | undefined;
	[keyword: string]: any;
}
/** A tool of the agent. */
export interface ITool {
	/**
	 * Unique name: at most 64 letters, digits, underscores and dashes, starting with a letter or
	 * underscore.
	 */
	name: string;
	/** Description, which tells the model when to use the tool. */
	description: string;
	/** JSON Schema of the arguments, with `type: 'object'`. */
	parameters: JSONSchema;
	/** Handlers per channel. */
	handlers: ToolHandlers;
	/** Version, for your own use. */
	version?: string | undefined;
}
/**
 * Handlers of a tool: the channel's handler is used, else `default`. Without either, the tool is
 * not offered on that channel. Handlers are looked up at every call; `this` is the object that
 * holds them.
 */
export interface ToolHandlers {
	/** Handler for calls. */
	onCall?: ToolHandler | undefined;
	/** Handler for SMS conversations. */
	onSMS?: ToolHandler | undefined;
	/** Handler for e-mail threads. */
	onEmail?: ToolHandler | undefined;
	/** Handler for text conversations. */
	onText?: ToolHandler | undefined;
	/** Handler for all other channels. */
	default: ToolHandler;
}
/** A tool handler. `params` satisfy the tool's JSON Schema. */
export type ToolHandler = (params: any, context: ExecutionContext) => Promise<ToolResult>;
/**
 * A tool handler as accepted by the API: synchronous or asynchronous, returning a
 * {@link ToolResult} or a shorthand. Text becomes the response and `data`; any other value becomes
 * `data`; no value means success. An error it throws is a failure.
 */
export type ToolFunction = (params: any, context: ExecutionContext) => unknown;
/** A tool definition as accepted by the API, with any of the handlers. */
export interface ToolDefinition extends Omit<ITool, "handlers" | "parameters"> {
	/** JSON Schema of the arguments, with `type: 'object'`. @defaultValue no arguments */
	parameters?: JSONSchema | undefined;
	/** Handlers, at least one. */
	handlers: {
		[Handler in keyof ToolHandlers]?: ToolFunction | undefined;
	};
}
/** Context of a tool execution. None of it comes from the model. */
export interface ExecutionContext {
	/** Channel of the conversation. */
	channel: Channel;
	/** Conversation id. */
	conversationId: string;
	/** The customer, if known. */
	customer?: Customer | undefined;
	/** Twilio SID of the call. */
	callSid?: string | undefined;
	/** Twilio SID of the message. */
	messageSid?: string | undefined;
	/** Custom fields passed along with the message. */
	metadata?: Record<string, any> | undefined;
	/** Agent id, to distinguish agents that share tools. */
	agentId?: string | undefined;
	/** Signal that is aborted when the tool times out. Always passed to handlers. */
	signal?: AbortSignal | undefined;
	/** Additional fields that you passed to `process` or `execute`. */
	[key: string]: any;
}
/** Response to the customer, per channel. */
export interface ChannelResponse {
	/** Text to speak. */
	speak?: string | undefined;
	/** Text message to send. */
	message?: string | undefined;
	/** HTML to send. */
	html?: string | undefined;
	/** Text to show. */
	text?: string | undefined;
	/** Attachments. */
	attachments?: any[] | undefined;
}
/** Result of a tool. */
export interface ToolResult<T = any> {
	/** `true` if the tool succeeded. */
	success: boolean;
	/** Data that the tool returned. */
	data?: T | undefined;
	/** Error message. */
	error?: string | undefined;
	/** Response to the customer, per channel. */
	response: ChannelResponse;
	/** Error that the tool threw, or that stopped it; not enumerable. Only set by `execute()`. */
	cause?: unknown;
}
/** A vector of a memory. */
export interface VectorEntry {
	/** Id of the memory. */
	id: string;
	/** Unit vector, so that the dot product is the cosine. */
	vector: number[];
	/**
	 * Metadata for filters: `space` (model and dimensions; vectors of different spaces cannot be
	 * compared) and, if known, `conversationId`, `channel`, `customerId`, `customerEmail`,
	 * `customerPhone`, `shared`.
	 */
	metadata: Record<string, string | boolean>;
}
/**
 * A filter on metadata. An entry matches if it has all fields of `all` and, if `anyOf` is not
 * empty, all fields of at least one of its items.
 */
export interface VectorFilter {
	/** Fields that must be equal. */
	all: Record<string, string | boolean>;
	/**
	 * Alternatives: all fields of at least one item must be equal. An empty list matches everything.
	 */
	anyOf: Record<string, string | boolean>[];
}
/** A vector search query. */
export interface VectorQuery {
	/** Unit vector to search for. */
	vector: number[];
	/** Maximum number of results. */
	limit: number;
	/**
	 * Filter on metadata. A store that ignores it returns too few results. It never exposes another
	 * customer's data, because access is decided from the memories themselves.
	 */
	filter: VectorFilter;
}
/** A search result. */
export interface VectorMatch {
	/** Id of the memory. */
	id: string;
	/** Cosine similarity: 1 for the same meaning, 0 for unrelated. */
	score: number;
}
/**
 * A vector store: {@link InMemoryVectorStore}, or a custom one. Methods may also return a value
 * instead of a promise. A promise that does not settle within 30 s fails the call. While the store
 * fails, memories are found by words alone.
 */
export interface IVectorStore {
	/** Saves vectors. An existing vector with the same id is replaced. */
	upsert(entries: VectorEntry[]): Promise<void> | void;
	/** Returns the nearest vectors that match the filter, nearest first. */
	search(query: VectorQuery): Promise<VectorMatch[]> | VectorMatch[];
	/** Deletes the vectors of these memories. */
	delete(ids: string[]): Promise<void> | void;
	/**
	 * Returns the ids of the memories that have a vector whose metadata has this `space`. Without
	 * this method, memories saved before, or while the store was unavailable, are only embedded by
	 * `memory.reindex()`.
	 */
	has?(ids: string[], space: string): Promise<string[]> | string[];
}
/**
 * A custom embedding function. Returns one vector for each text, in order, all of the same length.
 */
export type EmbedFunction = (texts: string[]) => Promise<ArrayLike<number>[]> | ArrayLike<number>[];
/** A custom embedder. */
export interface CustomEmbedder {
	/** Name of the embedding model, used to detect a change of the model. @defaultValue 'custom' */
	model?: string | undefined;
	/** Number of dimensions, if it is to be checked. */
	dimensions?: number | undefined;
	/** Embedding function. Receives at most 64 texts of 4,000 characters; times out after 30 s. */
	embed: EmbedFunction;
}
/**
 * A vector store in this process with exact search. Vectors are lost when the process ends, and are
 * computed again at the next start.
 *
 * @example
 * ```ts
 * const vectorStore = new InMemoryVectorStore()
 * new AIReceptionist({ …, agent: { …, memory: { vectorEnabled: true, vectorStore } } })
 * ```
 */
export declare class InMemoryVectorStore implements IVectorStore {
	constructor();
	/**
	 * Saves vectors. An existing vector with the same id is replaced.
	 * @throws {@link ValidationError} if a vector is empty or contains NaN
	 */
	upsert(entries: VectorEntry[]): Promise<void>;
	/** Returns the nearest vectors that match the filter, nearest first. */
	search(query: Omit<VectorQuery, "filter"> & Partial<Pick<VectorQuery, "filter">>): Promise<VectorMatch[]>;
	/** Deletes the vectors of these memories. */
	delete(ids: string[]): Promise<void>;
	/** Returns the ids of the memories that have a vector of that space. */
	has(ids: string[], space: string): Promise<string[]>;
	/** Returns the number of vectors. */
	count(): number;
	/** Deletes all vectors. */
	clear(): void;
}
/** An embedding service. */
export interface EmbedderConfig {
	/** Service; use `openai` for any server with OpenAI's embeddings API. */
	provider: "openai" | "openrouter" | "google";
	/**
	 * Name of the embedding model.
	 * @defaultValue 'text-embedding-3-small'; for Google 'gemini-embedding-001'
	 */
	model?: string | undefined;
	/**
	 * API key. Never included in messages, logs or stacks.
	 * @defaultValue the language model's, if it uses the same service
	 */
	apiKey?: string | undefined;
	/**
	 * Base URL of a server with the same API, including the version.
	 * @defaultValue the language model's, if it uses the same service
	 */
	baseUrl?: string | undefined;
	/** Number of dimensions, if the model supports a choice. @defaultValue the model's */
	dimensions?: number | undefined;
}
/** Memory options. */
export interface MemoryConfig {
	/**
	 * Size of the short-term memory of each conversation. If set, it also limits the number of
	 * memories in the prompt; otherwise only the token budget does.
	 * @defaultValue 20
	 */
	contextWindow?: number | undefined;
	/**
	 * `true` to use long-term storage. `false` disables a given storage; `true` without a storage is
	 * an error.
	 * @defaultValue true if there is a storage
	 */
	longTermEnabled?: boolean | undefined;
	/**
	 * Long-term storage: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a custom storage.
	 * @defaultValue a {@link DatabaseStorage} over `database`, if that is given
	 */
	longTermStorage?: IStorage | undefined;
	/** Accepted for compatibility with the TypeScript SDK; without effect. */
	sharedLongTermMemory?: any;
	/**
	 * `true` to enable semantic memory: memories are found by meaning and added to the prompt of the
	 * customer that they belong to.
	 * @defaultValue true if there is a `vectorStore` or an `embedder`
	 */
	vectorEnabled?: boolean | undefined;
	/**
	 * Vector store: a custom one, or an {@link InMemoryVectorStore}.
	 * @defaultValue the table `<tablePrefix>vectors` in the database of the memories
	 */
	vectorStore?: IVectorStore | undefined;
	/**
	 * Embedder: a service, or a custom function.
	 * @defaultValue `text-embedding-3-small` or `gemini-embedding-001` with the model's key and
	 *   `baseUrl`, if the model is OpenAI's or Google's
	 */
	embedder?: EmbedderConfig | CustomEmbedder | EmbedFunction | undefined;
	/**
	 * Memories that bear on a message are added to the prompt of the reply: those that the customer
	 * may be told. `tokens` is the maximum of all of them (default 2,000, and never more than an
	 * eighth of the model's context), and `limit` their maximum number (default 12). `false` adds none.
	 * @defaultValue on, if there is a storage
	 */
	retrieval?: boolean | {
		tokens?: number | undefined;
		limit?: number | undefined;
	} | undefined;
	/**
	 * Summaries of conversations and facts that customers tell. A conversation without a message for
	 * `silenceMinutes` (default 60, at most 10,080) has ended and is summarized by the model, in the
	 * background. `false` summarizes calls and `memory.summarize` only, and records facts only by
	 * `memory.summarize`.
	 * @defaultValue on, if there is a storage
	 */
	summaries?: boolean | {
		silenceMinutes?: number | undefined;
	} | undefined;
	/**
	 * Rules for persisting memories. A memory is persisted if any rule matches or `goalAchieved` is
	 * set. Other memories are kept in short-term memory only.
	 * @defaultValue all memories are persisted
	 */
	autoPersist?: {
		/** Minimum importance. @defaultValue 7 */
		minImportance?: number | undefined;
		/** Memory types. */
		types?: Memory["type"][] | undefined;
		/** `true` to persist all memories. */
		persistAll?: boolean | undefined;
	} | undefined;
	/**
	 * `true` to tell the agent in every turn who is on the line, what is known about them, and the date.
	 * @defaultValue true
	 */
	knownCustomer?: boolean | undefined;
}
/** Identity of the agent. */
export interface IdentityConfig {
	/** Name that the agent uses. */
	name: string;
	/** Role, for example `Sales Representative`. */
	role: string;
	/** Job title. @defaultValue the role */
	title?: string | undefined;
	/** Business that the agent represents. */
	company?: string | undefined;
	/** Alias of `company`. */
	organization?: string | undefined;
	/** Background story. */
	backstory?: string | undefined;
	/** Department. */
	department?: string | undefined;
	/** Supervisor. */
	reportsTo?: string | undefined;
	/** Authority to decide without a human. */
	authorityLevel?: "low" | "medium" | "high" | undefined;
	/** Situations in which the agent must hand over to a human. */
	escalationRules?: string[] | undefined;
	/** Years of experience. */
	yearsOfExperience?: number | undefined;
	/** Specializations. */
	specializations?: string[] | undefined;
	/** Certifications. */
	certifications?: string[] | undefined;
}
/** A personality trait with an explanation. */
export interface PersonalityTrait {
	/** Name of the trait. */
	name: string;
	/** Effect of the trait in practice. */
	description: string;
	/** Strength of the trait. */
	weight?: number | undefined;
}
/** A communication style. */
export interface CommunicationStyleConfig {
	/** Primary style. */
	primary: "consultative" | "assertive" | "empathetic" | "analytical" | "casual";
	/** Tone of voice. */
	tone?: "formal" | "friendly" | "professional" | "casual" | undefined;
	/** Formality, 1 (casual) to 10 (formal). */
	formalityLevel?: number | undefined;
}
/** Personality of the agent. */
export interface PersonalityConfig {
	/** Personality traits, as words or with explanations. */
	traits?: string[] | PersonalityTrait[] | undefined;
	/** Communication style, as a word or in detail. */
	communicationStyle?: string | CommunicationStyleConfig | undefined;
	/** Emotional intelligence. */
	emotionalIntelligence?: "low" | "medium" | "high" | undefined;
	/** Adaptability. */
	adaptability?: "low" | "medium" | "high" | undefined;
	/** Behaviour in conflicts. */
	conflictStyle?: string | undefined;
	/** Decision style. */
	decisionStyle?: string | undefined;
	/** Behaviour under stress. */
	stressResponse?: string | undefined;
	/** Rules for adapting to the customer. */
	adaptabilityRules?: string[] | undefined;
}
/** Languages by proficiency. */
export interface LanguageConfig {
	/** Fluent languages. */
	fluent?: string[] | undefined;
	/** Conversational languages. */
	conversational?: string[] | undefined;
}
/** Knowledge of the agent. */
export interface KnowledgeConfig {
	/** Business domain. */
	domain?: string | undefined;
	/** Areas of expertise. */
	expertise?: string[] | undefined;
	/** Languages, as a list or by proficiency. */
	languages?: string[] | LanguageConfig | undefined;
	/** Industries served. */
	industries?: string[] | undefined;
	/** Further domains that the agent can talk about. */
	knownDomains?: string[] | undefined;
	/** Topics that the agent must not claim to know. */
	limitations?: string[] | undefined;
	/** Instruction for cases in which the agent is unsure. */
	uncertaintyThreshold?: string | undefined;
}
/** Goals of the agent. */
export interface GoalConfig {
	/** Primary goal. */
	primary: string;
	/** Secondary goals. */
	secondary?: string[] | undefined;
	/** Constraints while pursuing the goals. */
	constraints?: string[] | undefined;
	/** Success metrics: name → target, or names alone. */
	metrics?: Record<string, string> | string[] | undefined;
}
/** A turn for which {@link AgentConfig.context} returns facts. */
export interface ContextRequest {
	/** The customer that the channel or your code has identified; empty if unknown. */
	customer: Customer;
	/** Channel of the turn. */
	channel: Channel;
	/** Conversation id. */
	conversationId: string;
}
/**
 * A schema of a library that implements Standard Schema and Standard JSON Schema: Zod 4.2, ArkType
 * 2.1.28, Valibot with `toStandardJsonSchema`.
 */
export interface StandardSchema {
	/** Interface of Standard Schema. */
	readonly "~standard": {
		/** Validates a value. It may transform it. */
		readonly validate?: ((value: any, ...rest: any[]) => any) | undefined;
		/** Writes the schema as JSON Schema. */
		readonly jsonSchema?: any;
		readonly [field: string]: any;
	};
	readonly [field: string]: any;
}
/** Schema of the values to extract: a JSON Schema with `type: 'object'`, or of a library. */
export type ExtractionSchema = JSONSchema | StandardSchema;
/** Values that are extracted from conversations. */
export interface ExtractConfig {
	/**
	 * Schema of the values: a JSON Schema with `type: 'object'`, or a Standard Schema that can be
	 * written as one. The validation of a Standard Schema runs too, so that its refinements and
	 * transforms apply.
	 */
	schema: ExtractionSchema;
	/** Time of the extraction. @defaultValue 'conversationEnd' */
	on?: "conversationEnd" | undefined;
	/** Instructions to the model, such as the format of a field. */
	instructions?: string | undefined;
}
/** Configuration of the agent. */
export interface AgentConfig {
	/** Identity. Required unless `customSystemPrompt` is given. */
	identity?: IdentityConfig | undefined;
	/** Personality. */
	personality?: PersonalityConfig | undefined;
	/** Knowledge. */
	knowledge?: KnowledgeConfig | undefined;
	/** Goals. */
	goals?: GoalConfig | undefined;
	/** Memory options. */
	memory?: MemoryConfig | undefined;
	/** Replacement for the whole system prompt that is otherwise built from the options above. */
	customSystemPrompt?: string | undefined;
	/**
	 * IANA time zone of the dates in the prompt: `America/New_York`.
	 * @defaultValue the calendar's `timeZone`, else the system's
	 */
	timeZone?: string | undefined;
	/**
	 * Returns your own facts for a turn, which join the prompt on every channel. At most 5 seconds and
	 * 2,000 tokens; facts that fail or take longer are left out with a warning.
	 */
	context?: ((request: ContextRequest) => string | null | undefined | Promise<string | null | undefined>) | undefined;
	/**
	 * Values that the model takes from each conversation when it has ended. They are validated, stored
	 * in `call_logs.metadata.extracted`, and passed to `onExtract`.
	 */
	extract?: ExtractConfig | undefined;
}
/** Event of a tool execution, by the model or by your own code. */
export interface ToolExecuteEvent {
	/** Name of the tool. */
	toolName: string;
	/** Arguments of the call. */
	parameters: any;
	/** Result that the model received. */
	result: ToolResult;
	/** Duration in milliseconds. */
	duration: number;
	/** Channel of the conversation. */
	channel: Channel;
	/** Conversation id. */
	conversationId: string;
	/** The customer; empty if unknown. */
	customer: Customer;
	/** Custom fields passed along with the message. */
	metadata: Record<string, any>;
	/** Twilio SID of the call. */
	callSid?: string | undefined;
	/** Twilio SID of the message. */
	messageSid?: string | undefined;
	/** Time of the execution. */
	timestamp: Date;
}
/** Event of a failed tool execution: the tool threw, timed out, or could not run. */
export interface ToolErrorEvent extends ToolExecuteEvent {
	/**
	 * Error that the tool threw, as the same object; otherwise a {@link ToolError} or
	 * {@link UserCodeError}.
	 */
	error: unknown;
}
/**
 * Event of a new conversation: its first message, or the first `startSession` or
 * `createConversation`.
 */
export interface ConversationStartEvent {
	/** Conversation id. */
	conversationId: string;
	/** Channel of the conversation. */
	channel: Channel;
	/** Custom fields passed along. */
	metadata?: Record<string, any> | undefined;
	/** Start time. */
	timestamp: Date;
}
/** Event of an ended conversation: the call ended, or `endSession` was called. */
export interface ConversationEndEvent {
	/** Conversation id. */
	conversationId: string;
	/** Channel, if the start of the conversation is known. */
	channel?: Channel | undefined;
	/** Summary of the conversation. */
	summary: string;
	/** End time. */
	timestamp: Date;
}
/** Event of values that were extracted from a conversation, as `agent.extract` describes them. */
export interface ExtractEvent {
	/** Conversation id. */
	conversationId: string;
	/** Channel of the customer's last message. */
	channel: Channel;
	/** Customer to whom the whole conversation belongs, if any. */
	customer?: Customer | undefined;
	/** Valid values, as they are stored. */
	extracted: Record<string, any>;
	/** Time of the extraction. */
	timestamp: Date;
}
/**
 * Event callbacks. A callback starts before the turn continues, in the order of the events, and is
 * not awaited. Errors it throws or rejects with are reported as a warning and have no other effect.
 */
export interface EventCallbacks {
	/** Called after a tool returned a result, including `success: false`. */
	onToolExecute?: ((event: ToolExecuteEvent) => unknown) | undefined;
	/** Called after a tool failed to return a result. */
	onToolError?: ((event: ToolErrorEvent) => unknown) | undefined;
	/** Called at the start of a conversation. */
	onConversationStart?: ((event: ConversationStartEvent) => unknown) | undefined;
	/** Called at the end of a conversation. */
	onConversationEnd?: ((event: ConversationEndEvent) => unknown) | undefined;
	/** Called after values were extracted from a conversation and stored. */
	onExtract?: ((event: ExtractEvent) => unknown) | undefined;
}
/** Level of a log entry. */
export type LogLevelName = "DEBUG" | "INFO" | "WARN" | "ERROR";
/** A log entry. It contains neither secrets nor message content. */
export interface LogEntry {
	/** Level. */
	level: LogLevelName;
	/** Time of the event. */
	time: Date;
	/** Component that logged the entry: `agent`, `tools`, `database`, `http`, … */
	tag: string;
	/** Message; constant for each kind of event. */
	message: string;
	/** Details of the event: `conversationId`, `channel`, `durationMs`, `code`, `tool`, … */
	context: LoggerContext;
}
/** Structured fields of a log entry. */
export interface LoggerContext {
	[key: string]: unknown;
}
/** A log sink that receives entries one by one. Its return value is not awaited. */
export type LogFunction = (entry: LogEntry) => unknown;
/**
 * A logger with level methods: pino, bunyan, winston, `console`, a child logger, an
 * {@link ILogger}.
 *
 * The methods are called on the object itself: with `(context, message)` for pino and bunyan,
 * otherwise with `(message, context)`.
 */
export interface LogMethods {
	debug(...args: any[]): unknown;
	info(...args: any[]): unknown;
	warn(...args: any[]): unknown;
	error(...args: any[]): unknown;
}
/** Minimum level of entries to log. */
export declare enum LogLevel {
	DEBUG = 0,
	INFO = 1,
	WARN = 2,
	ERROR = 3,
	NONE = 4
}
/** Console logger settings. */
export interface LoggerConfig {
	/** Minimum level. @defaultValue 'INFO'; for a receptionist 'WARN' */
	level?: LogLevel | "DEBUG" | "INFO" | "WARN" | "ERROR" | "NONE" | undefined;
	/** Prefix of each line. @defaultValue '[AIReceptionist]' */
	prefix?: string | undefined;
	/** `true` to include the time, in UTC. @defaultValue true */
	enableTimestamps?: boolean | undefined;
	/** `true` to colour the levels. @defaultValue true if the output is a terminal */
	enableColors?: boolean | undefined;
	/** Tags to ignore: messages that contain one of them, as `[tag]`, are not logged. */
	ignoreTags?: Array<string | RegExp> | undefined;
}
/** A logger, built-in or custom. */
export interface ILogger {
	debug(message: string, context?: LoggerContext): void;
	info(message: string, context?: LoggerContext): void;
	warn(message: string, context?: LoggerContext): void;
	error(message: string, error?: Error, context?: LoggerContext): void;
	setLevel(level: LogLevel): void;
	getLevel(): LogLevel;
}
/** Returns the process-wide logger for your own messages. {@link configureLogger} replaces it. */
export declare function getLogger(): ILogger;
/**
 * Replaces the process-wide logger. Receptionists created later without their own `logger` use its
 * settings.
 */
export declare function configureLogger(config: LoggerConfig): void;
/** Creates a separate logger with the given prefix. */
export declare function createLogger(prefix: string, config?: Omit<LoggerConfig, "prefix">): ILogger;
/** Process-wide logger; each call uses the currently configured one. */
export declare const logger: {
	debug: (message: string, context?: LoggerContext) => void;
	info: (message: string, context?: LoggerContext) => void;
	warn: (message: string, context?: LoggerContext) => void;
	error: (message: string, error?: Error, context?: LoggerContext) => void;
};
/** Calendar provider for appointments. */
export interface CalendarProviderConfig {
	/** Google Calendar. */
	google?: GoogleConfig | undefined;
}
/** A Google calendar. */
export interface GoogleConfig extends AppointmentConfig {
	/** Calendar id: an e-mail address, or `…@group.calendar.google.com`. */
	calendarId: string | undefined;
	/**
	 * Credentials of a service account that the calendar is shared with, or of a user who has
	 * consented.
	 */
	credentials?: GoogleServiceAccountCredentials | GoogleOAuth2Credentials | undefined;
	/**
	 * API key, accepted for compatibility with the TypeScript SDK. An API key cannot book
	 * appointments.
	 */
	apiKey?: string | undefined;
	/** Base URL of the API, for tests. @defaultValue 'https://www.googleapis.com/calendar/v3' */
	baseUrl?: string | undefined;
}
/** Service account credentials, as in the JSON key file. */
export interface GoogleServiceAccountCredentials {
	/** E-mail address of the account: `…@….iam.gserviceaccount.com`. */
	client_email: string | undefined;
	/**
	 * Private key in PEM; line breaks may be written as `\n`. Never included in messages, logs or
	 * stacks.
	 */
	private_key: string | undefined;
	/** URL of the token endpoint. @defaultValue 'https://oauth2.googleapis.com/token' */
	token_uri?: string | undefined;
	type?: string | undefined;
	project_id?: string | undefined;
	private_key_id?: string | undefined;
	client_id?: string | undefined;
	auth_uri?: string | undefined;
	auth_provider_x509_cert_url?: string | undefined;
	client_x509_cert_url?: string | undefined;
	universe_domain?: string | undefined;
}
/** OAuth 2.0 client credentials with the refresh token of a user's consent. */
export interface GoogleOAuth2Credentials {
	/** Client id. */
	client_id: string | undefined;
	/** Client secret. Never included in messages, logs or stacks. */
	client_secret: string | undefined;
	/** Refresh token of the consent. Never included in messages, logs or stacks. */
	refresh_token?: string | undefined;
	/** URL of the token endpoint. @defaultValue 'https://oauth2.googleapis.com/token' */
	token_uri?: string | undefined;
	redirect_uri?: string | undefined;
	access_token?: string | undefined;
	expiry_date?: number | undefined;
	scope?: string | undefined;
	token_type?: string | undefined;
}
/** Availability of appointments. */
export interface AppointmentConfig {
	/** IANA time zone of the business: `America/New_York`. @defaultValue the calendar's */
	timeZone?: string | undefined;
	/**
	 * Opening hours: `HH:MM` to `HH:MM` (`24:00` is midnight) on `days`, 1 (Monday) to 7 (Sunday).
	 * @defaultValue 09:00 to 17:00, Monday to Friday
	 */
	workingHours?: {
		start?: string | undefined;
		end?: string | undefined;
		days?: number[] | undefined;
	} | undefined;
	/** Default duration of an appointment in minutes. @defaultValue 30 */
	slotMinutes?: number | undefined;
	/**
	 * `true` to invite customers that have an e-mail address. Service accounts may not invite.
	 * @defaultValue false
	 */
	inviteCustomers?: boolean | undefined;
}
/**
 * E-mail providers. If both are configured, Postmark is used unless an e-mail specifies `provider`.
 */
export interface EmailProviderConfig {
	/** Postmark server. */
	postmark?: PostmarkConfig | undefined;
	/** SMTP server. */
	smtp?: SmtpConfig | undefined;
}
interface EmailSenderConfig {
	/** Sender address. Replies are sent to it unless `replyTo` is given. */
	fromEmail: string | undefined;
	/** Sender name. */
	fromName?: string | undefined;
	/** Address for replies, if it differs from `fromEmail`. */
	replyTo?: string | undefined;
	/** Tags for e-mails without tags. Postmark groups its statistics by the first one. */
	tags?: string[] | undefined;
	/** Addresses that receive a copy of every e-mail. */
	archiveCc?: string | string[] | undefined;
}
/** A Postmark server. */
export interface PostmarkConfig extends EmailSenderConfig {
	/** API token of the server. Never included in messages, logs or stacks. */
	apiKey: string | undefined;
	/**
	 * Secret of inbound webhooks: the password in their URL, `https://any:secret@…`, or
	 * `user:password`.
	 */
	webhookSecret?: string | undefined;
	/** Postmark message stream. @defaultValue Postmark's `outbound` */
	messageStream?: string | undefined;
	/** Base URL of the API, for tests. @defaultValue 'https://api.postmarkapp.com' */
	baseUrl?: string | undefined;
	/**
	 * Accepted for compatibility with the TypeScript SDK; without effect, because Postmark comes
	 * first.
	 */
	priority?: number | undefined;
	/** Accepted for compatibility with the TypeScript SDK; set `provider` on an e-mail instead. */
	domains?: string[] | undefined;
}
/** An SMTP server. */
export interface SmtpConfig extends EmailSenderConfig {
	/** Host name, which the server's certificate must contain. */
	host: string | undefined;
	/** Port. @defaultValue 465 with `secure: true`, else 587 */
	port?: number | undefined;
	/**
	 * Encryption. `true`: TLS from the first byte. `false`: STARTTLS, required. `'none'`: no
	 * encryption.
	 * @defaultValue derived from `port`
	 */
	secure?: boolean | "none" | undefined;
	/** User name; requires `password`. */
	user?: string | undefined;
	/** Password. Never included in messages, logs or stacks. */
	password?: string | undefined;
	/** PEM of a certificate authority to trust, in addition to those of the system. */
	ca?: string | undefined;
}
/** Settings of inbound e-mail. */
export interface EmailChannelConfig {
	/** Maximum number of e-mails answered per customer and hour. @defaultValue 10 */
	maxPerHour?: number | undefined;
	/** Maximum number of e-mails answered per customer and day. @defaultValue 40 */
	maxPerDay?: number | undefined;
	/** `false` to store e-mails without answering them. @defaultValue true */
	autoReply?: boolean | undefined;
}
/** Providers of calls, messages, e-mail and calendars. */
export interface ProviderConfig {
	/** Providers of calls and SMS. */
	communication?: {
		/** Twilio account. */
		twilio?: TwilioConfig | undefined;
	} | undefined;
	/** E-mail providers. */
	email?: EmailProviderConfig | undefined;
	/** Calendar providers. */
	calendar?: CalendarProviderConfig | undefined;
	/** Accepted for compatibility with the TypeScript SDK; without effect. */
	custom?: any[] | undefined;
}
/** A Twilio account and phone number. */
export interface TwilioConfig {
	/** Account SID, `AC…`. */
	accountSid: string | undefined;
	/**
	 * Auth token of the account, also used to verify webhook signatures. Never included in messages,
	 * logs or stacks.
	 */
	authToken: string | undefined;
	/** Phone number for inbound and outbound calls and SMS, E.164. */
	phoneNumber: string | undefined;
	/** WhatsApp sender, E.164. @defaultValue `phoneNumber` */
	whatsappNumber?: string | undefined;
	/**
	 * Public base URL of this server: `https://example.com`. Without it, outbound calls only play the
	 * greeting.
	 */
	webhookBaseUrl?: string | undefined;
	/** Path of the voice webhook. @defaultValue '/webhooks/voice/inbound' */
	voiceWebhookPath?: string | undefined;
	/** Path of the SMS webhook. @defaultValue '/webhooks/sms/inbound' */
	smsWebhookPath?: string | undefined;
	/** Text-to-speech voice for calls. @defaultValue Twilio's own */
	voice?: VoiceConfig | undefined;
	/** Base URL of the API, for a region, an edge or tests. @defaultValue 'https://api.twilio.com' */
	baseUrl?: string | undefined;
}
/** A text-to-speech voice of Twilio. */
export interface VoiceConfig {
	/**
	 * Voice provider: Amazon Polly or Google. Twilio's `<Say>` has no ElevenLabs voices;
	 * `initialize()` warns about `elevenlabs`.
	 */
	provider?: "amazon" | "google" | "elevenlabs" | undefined;
	/** Name of the voice: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`. */
	voiceId?: string | undefined;
	/** Accepted for compatibility with the TypeScript SDK; without effect. */
	stability?: number | undefined;
	/** Accepted for compatibility with the TypeScript SDK; without effect. */
	similarityBoost?: number | undefined;
}
/** An inbound call that is greeted. */
export interface GreetingRequest {
	/** The customer on the line, as far as the number identifies one. */
	customer: KnownCustomer;
	/** Twilio SID of the call. */
	callSid: string;
	/** Number or address of the caller. */
	from: string;
}
/** A function that returns the first sentence of an inbound call. */
export type GreetingFunction = (request: GreetingRequest) => string | null | undefined | Promise<string | null | undefined>;
/**
 * Speech of live calls: attributes of Twilio's `<ConversationRelay>`, under their names. What is left
 * out has Twilio's default.
 */
export interface RelayConfig {
	/** Input that interrupts the greeting; `false` for none. @defaultValue 'any' */
	welcomeGreetingInterruptible?: "none" | "dtmf" | "speech" | "any" | boolean | undefined;
	/**
	 * Text-to-speech service.
	 * @defaultValue that of `providers.communication.twilio.voice`, else 'ElevenLabs'
	 */
	ttsProvider?: "ElevenLabs" | "Google" | "Amazon" | undefined;
	/** Voice at that service. @defaultValue that of `providers.communication.twilio.voice` */
	voice?: string | undefined;
	/** Speech-to-text service. @defaultValue 'Deepgram' */
	transcriptionProvider?: "Deepgram" | "Google" | undefined;
	/** Speech model: `flux`, `nova-3-general`, `telephony`. @defaultValue that of the service */
	speechModel?: string | undefined;
	/** Likely words, such as names; a list, or a text with commas. */
	hints?: string | string[] | undefined;
	/** Input that interrupts the agent; `false` for none. @defaultValue 'any' */
	interruptible?: "none" | "dtmf" | "speech" | "any" | boolean | undefined;
	/** Sensitivity to interrupting speech. @defaultValue 'high' */
	interruptSensitivity?: "low" | "medium" | "high" | undefined;
	/** `false` to ignore keys. @defaultValue true */
	dtmfDetection?: boolean | undefined;
	/** `true` to receive intermediate transcripts. @defaultValue false */
	partialPrompts?: boolean | undefined;
	/** `true` to ignore words such as "mhm" while the agent speaks. @defaultValue false */
	ignoreBackchannel?: boolean | undefined;
	/** Milliseconds of silence that end an utterance, 600 to 5,000. @defaultValue 'auto' */
	speechTimeout?: number | "auto" | undefined;
}
/** A further language of live calls. What is left out is that of the first language. */
export interface LanguageOption {
	/** Language, BCP 47: `es-ES`. */
	code: string;
	/** Text-to-speech service. */
	ttsProvider?: "ElevenLabs" | "Google" | "Amazon" | undefined;
	/** Voice at that service. */
	voice?: string | undefined;
	/** Speech-to-text service. */
	transcriptionProvider?: "Deepgram" | "Google" | undefined;
	/** Speech model. */
	speechModel?: string | undefined;
}
/** Channel settings. */
export interface ChannelsConfig {
	/** Voice calls. */
	voice?: {
		/**
		 * Mode of calls: `'relay'` live, with streamed speech and interruptions, over a WebSocket;
		 * `'gather'` turn by turn, with requests.
		 * @defaultValue `'relay'` once `receptionist.webhooks.upgrade` is used, else `'gather'`
		 */
		mode?: "relay" | "gather" | undefined;
		/** Speech of live calls. */
		relay?: RelayConfig | undefined;
		/** Maximum number of calls answered per customer and hour. @defaultValue 5 */
		maxPerHour?: number | undefined;
		/**
		 * Further languages of live calls, to which the agent can switch with the tool `switch_language`.
		 * @defaultValue none
		 */
		languages?: LanguageOption[] | undefined;
		/** Language for speech recognition and synthesis, BCP 47. @defaultValue Twilio's, `en-US` */
		language?: string | undefined;
		/**
		 * Seconds to wait for the first word. After a second timeout, the call is ended.
		 * @defaultValue 5
		 */
		noInputTimeoutSeconds?: number | undefined;
		/** `true` to reject callers that hide their number. @defaultValue false */
		rejectAnonymous?: boolean | undefined;
		/**
		 * First sentence of an inbound call, or a function that returns it. A function that fails, takes
		 * longer than 3 seconds or returns nothing is replaced by the default.
		 * @defaultValue the agent's name and business, in the language of `language`
		 */
		greeting?: string | GreetingFunction | undefined;
		/**
		 * Fixed phrases outside the agent's answers.
		 * @defaultValue in the language of `language`, if it is one of twelve, else English
		 */
		phrases?: {
			/** Phrase after a first silence. */
			noInput?: string | undefined;
			/** Phrase after a second silence, before the call is ended. */
			goodbye?: string | undefined;
			/** Phrase if nothing was understood. */
			noMatch?: string | undefined;
			/** Phrase if the answer takes long. */
			pleaseWait?: string | undefined;
			/** Phrases of live calls while a tool takes long, one after the other. */
			fillers?: string[] | undefined;
			/** Phrase if the model or the database is unavailable. */
			apology?: string | undefined;
			/** Phrase for a caller over the rate limit. */
			limit?: string | undefined;
		} | undefined;
	} | undefined;
	/**
	 * Authentication of webhooks: the signature of Twilio, the secret of an e-mail webhook.
	 *
	 * - `'auto'`: `receptionist.webhooks` only accepts authenticated requests. `handle…Webhook` checks
	 *   the authentication that it is given, and accepts requests without, with a warning.
	 * - `'required'`: `handle…Webhook` rejects requests without authentication too.
	 * - `'off'`: `receptionist.webhooks` accepts requests from anybody; only for tests.
	 * @defaultValue 'auto'
	 */
	webhookAuth?: "required" | "auto" | "off" | undefined;
	/**
	 * `true` to derive the public URL, which is part of the signature, from `X-Forwarded-Proto` and
	 * `X-Forwarded-Host` if `webhookBaseUrl` is not set.
	 * @defaultValue false
	 */
	trustProxy?: boolean | undefined;
	/** Numbers that are not answered, in E.164, or prefixes: `+1900*`. @defaultValue none */
	blocked?: string[] | undefined;
	/** SMS and WhatsApp messages. */
	sms?: {
		/** Maximum number of messages answered per customer and hour. @defaultValue 10 */
		maxPerHour?: number | undefined;
		/** Hours of inactivity after which a conversation ends. @defaultValue 24 */
		sessionTimeoutHours?: number | undefined;
		/** `false` to store messages without answering them. @defaultValue true */
		autoReply?: boolean | undefined;
		/** Replies to STOP, START and HELP, if Twilio's own replies are disabled. @defaultValue none */
		keywordReplies?: {
			stop?: string | undefined;
			start?: string | undefined;
			help?: string | undefined;
		} | undefined;
	} | undefined;
	/** E-mail. */
	email?: EmailChannelConfig | undefined;
}
/**
 * A Drizzle database, or a Drizzle transaction (`tx`). Declared structurally by members of every
 * drizzle-orm version, so that this package's types do not import drizzle-orm.
 */
export interface DrizzleConnection {
	select: (...args: any[]) => any;
	insert: (...args: any[]) => any;
	transaction: (...args: any[]) => any;
}
type Via = "native" | "client";
/** Connection pool options, named as in node-postgres. */
export interface PoolOptions {
	/** Maximum number of connections. @defaultValue 10 */
	max?: number | undefined;
	/** Milliseconds after which an idle connection is closed. @defaultValue 600000 */
	idleTimeoutMillis?: number | undefined;
	/**
	 * Maximum time in milliseconds to acquire a connection, including reconnects.
	 * @defaultValue 10000
	 */
	connectionTimeoutMillis?: number | undefined;
	/**
	 * Maximum time in milliseconds for a statement; longer for large statements.
	 * @defaultValue 30000
	 */
	queryTimeoutMillis?: number | undefined;
}
/** TLS options for the database server, as in node-postgres. */
export interface SslOptions {
	/** `false` accepts any certificate. @defaultValue true */
	rejectUnauthorized?: boolean | undefined;
	/** PEM of the trusted certificate authority. */
	ca?: string | undefined;
	/** PEM of the client certificate. */
	cert?: string | undefined;
	/** PEM of the client key. */
	key?: string | undefined;
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
	connection: DrizzleConnection | string | undefined;
	/**
	 * Connection mode of a Drizzle database: `native` uses connections of this package to the same
	 * database, `client` uses the Drizzle client.
	 * @defaultValue 'native' if the client's settings fully describe the connection, else 'client'
	 */
	via?: Via | undefined;
	/**
	 * `true` to create missing tables, columns and indexes on `initialize()`. Existing ones are never
	 * dropped or rewritten.
	 * @defaultValue true
	 */
	autoMigrate?: boolean | undefined;
	/** Prefix of all table names. @defaultValue 'ai_receptionist_' */
	tablePrefix?: string | undefined;
	/**
	 * PostgreSQL schema of the tables, created if missing.
	 * @defaultValue the first schema of the connection's search path
	 */
	schema?: string | undefined;
	/**
	 * Keeps the lexical index, by which memories are retrieved: `false` writes no signatures of new
	 * memories. When it is turned on again, the index is rebuilt.
	 * @defaultValue true
	 */
	recall?: boolean | undefined;
	/**
	 * Tenant whose rows are read and written, 1 to 128 characters; see docs/tenants.md.
	 *
	 * If omitted, the rows without a tenant are used. `undefined`, `null` and `''` are refused, so
	 * that a missing tenant does not expose rows.
	 */
	tenantId?: string;
	/** Connection pool options. */
	pool?: PoolOptions | undefined;
}
interface DatabaseStorageOptions {
	/**
	 * `true` to create missing tables, columns and indexes on first use.
	 * @defaultValue true; with `db`, the receptionist's `database.autoMigrate`
	 */
	autoMigrate?: boolean | undefined;
	/**
	 * Prefix of all table names.
	 * @defaultValue 'ai_receptionist_'; with `db`, the receptionist's `database.tablePrefix`
	 */
	tablePrefix?: string | undefined;
	/**
	 * PostgreSQL schema of the tables, created if missing.
	 * @defaultValue with `db`, the receptionist's `database.schema`; else the connection's
	 */
	schema?: string | undefined;
	/**
	 * Keeps the lexical index, by which memories are retrieved: `false` writes no signatures of new
	 * memories. When it is turned on again, the index is rebuilt.
	 * @defaultValue true; with `db`, the receptionist's `database.recall`
	 */
	recall?: boolean | undefined;
	/**
	 * Tenant whose rows are read and written, 1 to 128 characters; see docs/tenants.md.
	 *
	 * If omitted with `db`, the receptionist's `database.tenantId` is used, otherwise the rows
	 * without a tenant. `undefined`, `null` and `''` are refused, so that a missing tenant does not
	 * expose rows.
	 */
	tenantId?: string;
	/** Connection pool options. */
	pool?: PoolOptions | undefined;
}
/**
 * A database for memories: a Drizzle database, a connection string, or a server's host and login.
 */
export type DatabaseStorageConfig = DatabaseStorageOptions & ({
	/**
	 * A Drizzle database, or `tx` inside `db.transaction`. Memories saved through `tx` commit
	 * or roll back with it, and no migration runs there.
	 */
	db: DrizzleConnection;
	/** Connection mode of `db`; see {@link DatabaseConfig.via}. */
	via?: Via | undefined;
} | {
	/**
	 * Connection URL: `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`,
	 * `sqlite:path`, `sqlite://path` or `sqlite::memory:`.
	 */
	connectionString: string | undefined;
} | {
	/** SQL dialect of the server; use `mysql` for MariaDB too. @defaultValue 'postgres' */
	dialect?: "postgres" | "mysql" | undefined;
	/** Host name of the server. */
	host: string | undefined;
	/** Port. @defaultValue 5432; for MySQL 3306 */
	port?: number | undefined;
	/** Database name. */
	database: string | undefined;
	/** User name. */
	user: string | undefined;
	/** Password. Never included in messages, logs or stacks. */
	password?: string | undefined;
	/**
	 * TLS mode. `true`: required and verified; `false`: off.
	 * @defaultValue used if the server supports it
	 */
	ssl?: boolean | SslOptions | undefined;
	/**
	 * PostgreSQL: `false` disables named prepared statements. They are also disabled through a
	 * pooler.
	 * @defaultValue true
	 */
	prepare?: boolean | undefined;
});
/**
 * Storage of memories: a `database`, which then also holds leads and call logs, or this process
 * (`memory`).
 */
export interface StorageConfig {
	/** Kind of storage. */
	type: "database" | "memory";
	/** Database: a Drizzle database, a connection string, or a server's host and login. */
	database?: {
		/** A Drizzle database. */
		db?: any;
		/**
		 * Connection URL: `postgres://…`, `mysql://…`, `sqlite:path`, … as in
		 * {@link DatabaseConfig.connection}.
		 */
		connectionString?: string | undefined;
		/** SQL dialect of the server at `host`. @defaultValue 'postgres' */
		dialect?: "postgres" | "mysql" | undefined;
		/** Host name of the server. */
		host?: string | undefined;
		/** Port. @defaultValue 5432; for MySQL 3306 */
		port?: number | undefined;
		/** Database name. */
		database?: string | undefined;
		/** User name. */
		user?: string | undefined;
		/** Password. Never included in messages, logs or stacks. */
		password?: string | undefined;
		/**
		 * TLS mode. `true`: required and verified; `false`: off.
		 * @defaultValue used if the server supports it
		 */
		ssl?: boolean | SslOptions | undefined;
		/**
		 * PostgreSQL: `false` disables named prepared statements. They are also disabled through a
		 * pooler.
		 * @defaultValue true
		 */
		prepare?: boolean | undefined;
		/** Connection mode of `db`; see {@link DatabaseConfig.via}. */
		via?: Via | undefined;
	} & DatabaseStorageOptions | undefined;
}
interface ModelOptions {
	/** Sampling temperature. @defaultValue the provider's */
	temperature?: number | undefined;
	/**
	 * Maximum number of tokens of an answer.
	 * @defaultValue the provider's; for Anthropic, which requires one, 4096
	 */
	maxTokens?: number | undefined;
	/**
	 * Timeout of one attempt in milliseconds. For a streamed answer, it applies to the first chunk
	 * and between chunks; the whole stream may take ten times as long.
	 * @defaultValue 60000
	 */
	timeout?: number | undefined;
	/**
	 * Maximum number of tokens of prompt and history; the newest messages are kept.
	 * @defaultValue 16000
	 */
	maxContextTokens?: number | undefined;
}
/** A model of an LLM service. */
export interface AIModelConfig extends ModelOptions {
	/** Service; use `openai` for any server with OpenAI's chat completions API. */
	provider: "openai" | "openrouter" | "anthropic" | "google";
	/** API key. Never included in messages, logs or stacks. */
	apiKey?: string | undefined;
	/** Name of the model, for example `gpt-4o-mini`. */
	model: string;
	/** Base URL of a server with the same API, including the version: `http://localhost:11434/v1`. */
	baseUrl?: string | undefined;
	/** `HTTP-Referer` header for OpenRouter. */
	httpReferer?: string | undefined;
	/**
	 * Maximum number of retries after 429, 5xx and network errors; `Retry-After` is honoured.
	 * @defaultValue 2
	 */
	maxRetries?: number | undefined;
}
/** A request to a custom model, in a provider-independent format. */
export interface ModelRequest {
	/** Messages, starting with the system prompt. Every tool call is followed by its result. */
	messages: ModelMessage[];
	/** Tools that the model may call. An empty list means no tool calls. */
	tools: {
		name: string;
		description: string;
		parameters: Record<string, any>;
	}[];
	/** Conversation id. */
	conversationId: string;
	/** `model` option. */
	model?: string | undefined;
	/** `temperature` option. */
	temperature?: number | undefined;
	/** `maxTokens` option. */
	maxTokens?: number | undefined;
}
/** A message of a model request. */
export type ModelMessage = {
	role: "system" | "user";
	content: string;
} | {
	role: "assistant";
	content: string;
	toolCalls?: {
		id: string;
		name: string;
		parameters: any;
	}[] | undefined;
} | {
	role: "tool";
	toolCallId: string;
	content: string;
};
/** Answer of a custom model, or a chunk of one: text, tool calls, or both. */
export interface ModelResponse {
	/** Text of the answer. */
	content?: string | null | undefined;
	/** Tool calls. `parameters` is an object or its JSON; a missing `id` is generated. */
	toolCalls?: {
		id?: string | undefined;
		name: string;
		parameters?: any;
	}[] | null | undefined;
}
/** Context of a call of a custom model. */
export interface ModelCall {
	/** Signal that is aborted when the answer is not needed any more: timeout, or reader stopped. */
	signal: AbortSignal;
}
/** A streamed answer: text chunks, or chunks with tool calls. */
export type ModelStream = AsyncIterable<string | ModelResponse> | Iterable<string | ModelResponse>;
/**
 * A custom model. Its functions are looked up at every call and may return a promise or a value.
 * Errors they throw are rethrown as the same object. A promise that does not settle within
 * `timeout` fails the call.
 */
export interface CustomModelConfig extends ModelOptions {
	/** Marks a custom model. */
	provider: "custom";
	/** Name of the model, as reported in answers. @defaultValue 'custom' */
	model?: string | undefined;
	/** Answers a request, as a whole or as an async iterable of chunks. */
	chat(request: ModelRequest, call: ModelCall): ModelResponse | AsyncIterable<string | ModelResponse> | Promise<ModelResponse | AsyncIterable<string | ModelResponse>>;
	/** Answers a request in chunks, for `text.stream()`. @defaultValue `chat` */
	stream?(request: ModelRequest, call: ModelCall): ModelStream | ModelResponse | Promise<ModelStream | ModelResponse>;
}
/** Language model of the agent. */
export type ModelConfig = (AIModelConfig | CustomModelConfig) & {
	/**
	 * Fallback models, tried in order if the previous one fails: unavailable, timed out, rate
	 * limited, rejected key or request, or unusable answer.
	 */
	fallbacks?: (AIModelConfig | CustomModelConfig)[] | undefined;
};
/** Tool settings and permissions. */
export interface ToolConfig {
	/**
	 * Details that `find_customer` returns about people other than the caller: only that a match
	 * exists (`own`), or the whole record (`full`, for trusted back offices only).
	 * @defaultValue 'own'
	 */
	customerLookup?: "own" | "full" | undefined;
	/** ISO 3166-1 alpha-2 country of phone numbers without a country code. @defaultValue 'US' */
	defaultCountry?: string | undefined;
	/**
	 * Numbers that the agent may call or text in addition to the current customer: E.164, or
	 * prefixes, `+1555*`.
	 * @defaultValue none
	 */
	allowedNumbers?: string[] | undefined;
	/** Permissions of `send_email`. The current customer is always allowed. */
	email?: {
		/** Allowed addresses, or whole domains: `@acme.example`. @defaultValue none */
		allowedRecipients?: string[] | undefined;
	} | undefined;
	/** Custom tools. Add more later with `receptionist.getToolRegistry().register(tool)`. */
	custom?: ToolDefinition[] | undefined;
	/** Timeout of a tool in milliseconds. @defaultValue 30000 */
	timeout?: number | undefined;
	/**
	 * Built-in tools of the TypeScript SDK.
	 * @deprecated Refused unless empty: use `custom` for custom tools.
	 */
	defaults?: ("calendar" | "booking" | "crm")[] | undefined;
	/**
	 * Calendar tool of the TypeScript SDK.
	 * @deprecated Refused: configure `providers.calendar`, or use a `custom` tool that calls your
	 *   calendar.
	 */
	calendar?: CalendarToolConfig | undefined;
	/**
	 * Booking tool of the TypeScript SDK.
	 * @deprecated Refused: use a `custom` tool that calls your booking system.
	 */
	booking?: BookingToolConfig | undefined;
	/**
	 * CRM tool of the TypeScript SDK.
	 * @deprecated Refused: use a `custom` tool that calls your CRM.
	 */
	crm?: CRMToolConfig | undefined;
}
/**
 * Options of the TypeScript SDK's calendar tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface CalendarToolConfig {
	provider: "google" | "microsoft" | "apple";
	apiKey: string;
	calendarId?: string | undefined;
	credentials?: any;
}
/**
 * Options of the TypeScript SDK's booking tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface BookingToolConfig {
	apiUrl: string;
	apiKey: string;
}
/**
 * Options of the TypeScript SDK's CRM tool.
 * @deprecated Never used by the TypeScript SDK.
 */
export interface CRMToolConfig {
	provider: "salesforce" | "hubspot" | "pipedrive";
	apiKey: string;
	credentials?: any;
}
/**
 * Configuration of `new AIReceptionist(…)`. With `database` and neither `agent` nor `model`, only
 * `receptionist.database` can be used.
 */
export interface AIReceptionistConfig extends EventCallbacks {
	/** Agent. */
	agent?: AgentConfig | undefined;
	/** Language model. */
	model?: ModelConfig | undefined;
	/** Database of leads and call logs, and of memories unless a storage is given. */
	database?: DatabaseConfig | undefined;
	/** Alternative to `database`, as in the TypeScript SDK. Use only one of them. */
	storage?: StorageConfig | undefined;
	/** Tool settings and permissions. */
	tools?: ToolConfig | undefined;
	/** Providers of calls, messages, e-mail and calendars. */
	providers?: ProviderConfig | undefined;
	/** Channel settings. */
	channels?: ChannelsConfig | undefined;
	/**
	 * Log destination: console settings, a function, or a custom logger.
	 * @defaultValue warnings and errors, to the console
	 */
	logger?: LoggerConfig | LogFunction | LogMethods | undefined;
	/**
	 * `true` to log everything, including the duration of every turn, regardless of the level of
	 * `logger`.
	 * @defaultValue false
	 */
	debug?: boolean | undefined;
}
/** Options of a standalone registry. */
export interface ToolRegistryConfig {
	/** Timeout of a tool in milliseconds. @defaultValue 30000 */
	defaultTimeout?: number | undefined;
	/**
	 * Always `true`: parameters are validated. For free parameters, use a JSON Schema that allows
	 * them.
	 */
	validateParameters?: boolean | undefined;
}
/**
 * A tool registry of an agent, with built-in and custom tools: `receptionist.getToolRegistry()`. A
 * standalone registry has custom tools only; attach it to agents with `withToolRegistry`.
 */
export declare class ToolRegistry {
	/**
	 * Creates a standalone registry.
	 * @throws {@link ValidationError} if an option is invalid
	 */
	constructor(config?: ToolRegistryConfig);
	/**
	 * Adds a tool. An existing tool of the same name is replaced: a custom tool with a warning, a
	 * built-in tool without one.
	 *
	 * The tool is available from the model's next request on, and stays through `dispose()` and
	 * `initialize()`.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if models would not accept its name,
	 *   description or JSON Schema, or if it has no handler
	 *
	 * @example
	 * ```ts
	 * receptionist.getToolRegistry().register({
	 *   name: 'book_table',
	 *   description: 'Books a table',
	 *   parameters: { type: 'object', properties: { guests: { type: 'integer' } }, required: ['guests'] },
	 *   handlers: { default: async ({ guests }, { customer }) => tables.book(guests, customer) },
	 * })
	 * ```
	 */
	register(tool: ToolDefinition): void;
	/** Removes a tool. Returns `true` if it existed. A running call is finished. */
	unregister(toolName: string): boolean;
	/** Removes all tools, including the built-in ones. */
	clear(): void;
	/**
	 * Returns the tools available on a channel, or all tools. Custom tools are your own objects;
	 * built-in tools have handlers that execute them.
	 */
	listAvailable(channel?: Channel): ITool[];
	/** Returns all tools. */
	list(): ITool[];
	/** Returns the tool of that name, if any: your own object, or a built-in tool. */
	get(toolName: string): ITool | undefined;
	/** Returns `true` if a tool of that name exists. */
	has(toolName: string): boolean;
	/** Returns the number of tools. */
	count(): number;
	/**
	 * Executes a tool like the model would, and stores the execution in memory. A tool that fails or
	 * times out resolves with `success: false`; `cause` is then the error that it threw, as the same
	 * object.
	 * @param timeoutMs - timeout in milliseconds; by default `tools.timeout`, else 30000
	 * @throws {@link ToolError} if the tool does not exist on the channel, or its parameters are
	 *   invalid
	 *
	 * @example
	 * ```ts
	 * await registry.execute('remember_preference', { key: 'preferred_time', value: 'morning' }, {
	 *   channel: 'text',
	 *   conversationId: 'conv_123',
	 * })
	 * ```
	 */
	execute<T = any>(toolName: string, parameters: any, context: ExecutionContext, timeoutMs?: number): Promise<ToolResult<T>>;
}
/**
 * Builder of a standalone {@link Agent}. Requires a model, and an identity or a custom system
 * prompt.
 */
export declare class AgentBuilder {
	constructor();
	/** Creates a builder. */
	static create(): AgentBuilder;
	/** Sets the identity: name, role, company and background. */
	withIdentity(identity: IdentityConfig): this;
	/** Sets the personality: traits and communication style. */
	withPersonality(personality: PersonalityConfig): this;
	/** Sets the knowledge: domain, expertise, languages and limitations. */
	withKnowledge(knowledge: KnowledgeConfig): this;
	/** Sets the memory options. A storage also enables the built-in customer tools. */
	withMemory(memory: MemoryConfig): this;
	/** Sets the goals. */
	withGoals(goals: GoalConfig): this;
	/** Sets custom tools, in addition to the built-in ones. */
	withTools(tools: ToolDefinition[]): this;
	/** Sets a shared tool registry. Tools registered in it later become available too. */
	withToolRegistry(registry: ToolRegistry): this;
	/** Sets the language model; takes the same options as the receptionist's `model`. */
	withProvider(model: NonNullable<AIReceptionistConfig["model"]>): this;
	/** Sets the language model. Alias of {@link withProvider}. */
	withAIProvider(model: NonNullable<AIReceptionistConfig["model"]>): this;
	/** Replaces the whole system prompt. */
	withCustomSystemPrompt(customPrompt: string): this;
	/**
	 * Creates the agent. Does not connect to anything yet.
	 * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
	 */
	build(): Agent;
}
/** A goal of the agent. */
export interface Goal {
	/** Unique name. */
	name: string;
	/** Description of the goal. */
	description: string;
	/** Primary or secondary goal. */
	type: "primary" | "secondary";
	/** Priority; 1 comes first. */
	priority: number;
	/** Success metric. */
	metric?: string | undefined;
	/** Constraints while pursuing the goal. */
	constraints: string[];
}
/** `agent.getGoals()`: goals of the agent. Changes take effect with the next answer. */
export declare class GoalSystem {
	private constructor();
	/**
	 * Returns all goals, the primary one first. Constraints that apply to all goals are listed with
	 * the first.
	 */
	getCurrent(): Goal[];
	/** Returns the primary goal, if any. */
	getPrimary(): Goal | undefined;
	/** Returns the secondary goals. */
	getSecondary(): Goal[];
	/** Returns the section of the system prompt about the goals. */
	getDescription(): string;
	/** Returns the current options. */
	toJSON(): Record<string, unknown>;
	/**
	 * Adds a goal. A primary goal replaces the existing one.
	 * @throws {@link ValidationError} if a goal of that name exists
	 */
	addGoal(goal: Goal): void;
	/** Removes a goal. Returns `true` if it existed. */
	removeGoal(name: string): boolean;
	/** Updates a goal. Returns `true` if it existed. */
	updateGoal(name: string, updates: Partial<Goal>): boolean;
}
/** A message for an agent to process. */
export interface AgentRequest {
	/** Id of the request. A request with the same id writes the same memories again. */
	id: string;
	/** The customer's message; must not be empty. */
	input: string;
	/** Channel of the conversation. */
	channel: Channel;
	/**
	 * Context of the conversation. Additional fields are stored with the message and passed to tools.
	 */
	context: {
		/** Conversation id, 1 to 512 characters. */
		conversationId: string;
		/** The customer, if known. */
		customer?: Customer | undefined;
		/** Twilio SID of the call. */
		callSid?: string | undefined;
		/** Twilio SID of the message. */
		messageSid?: string | undefined;
		/** Background information for this answer only. */
		businessContext?: string | {
			companyInfo?: string | undefined;
			leadInfo?: string | undefined;
			additionalContext?: string | undefined;
		} | undefined;
		/** Instructions for this answer only, added to the agent's own. */
		systemPromptEnhancement?: string | undefined;
		/**
		 * Tool arguments that you fix instead of the model; applied to every tool that accepts them.
		 */
		toolParams?: Record<string, any> | undefined;
		[key: string]: any;
	};
}
/** An agent's answer. */
export interface AgentResponse {
	/** Text of the answer. */
	content: string;
	/** Channel of the conversation. */
	channel: Channel;
	/** Details of the answer. */
	metadata?: {
		/** Conversation id. */
		conversationId?: string | undefined;
		/** Names of the executed tools, in order, including repetitions. */
		toolsUsed?: string[] | undefined;
		/** Results of the executed tools, in the same order. */
		toolResults?: any[] | undefined;
		[key: string]: any;
	} | undefined;
}
/** Configuration of a standalone agent. */
export interface AgentConfiguration {
	/** Name, role and background. */
	identity?: IdentityConfig | undefined;
	/** Traits and communication style. */
	personality?: PersonalityConfig | undefined;
	/** Domain, expertise and limitations. */
	knowledge?: KnowledgeConfig | undefined;
	/** Memory options. */
	memory?: MemoryConfig | undefined;
	/** Goals. */
	goals?: GoalConfig | undefined;
	/** Custom tools. */
	tools?: ToolDefinition[] | undefined;
	/** Language model options. */
	aiProvider: NonNullable<AIReceptionistConfig["model"]>;
	/** Replacement for the whole system prompt. */
	customSystemPrompt?: string | undefined;
	/** A tool registry shared by several agents. */
	toolRegistry?: ToolRegistry | undefined;
	/**
	 * Accepted for compatibility with the TypeScript SDK. An agent uses its receptionist's providers.
	 */
	providerRegistry?: any;
}
/** A snapshot of an agent. */
export interface AgentState {
	/** Lifecycle state. */
	status: AgentStatus;
	/** Identity options. */
	identity: Record<string, unknown>;
	/** Current goals. */
	currentGoals: Goal[];
	/** Memory statistics. */
	memoryStats: MemoryStats;
}
/** A question for `agent.memory.evaluateRetrieval`, with its answer. */
export interface RetrievalQuestion {
	/** The text that `retrieve` is asked. */
	question: string;
	/** Ids of the memories that it must find, 1 to 1,000. */
	expected: string[];
	/** Only memories that this customer may be told. @defaultValue the memories of all customers */
	customer?: Customer | undefined;
	/** Only this conversation. */
	conversationId?: string | undefined;
	/** Only this channel. */
	channel?: Channel | undefined;
	/** Only memories from this time on. */
	since?: Date | undefined;
	/** Only memories before this time. */
	until?: Date | undefined;
}
/** Options of `agent.memory.evaluateRetrieval`. */
export interface EvaluationOptions {
	/** Numbers of memories at which recall is measured, each 1 to 1,000. @defaultValue [1, 5, 10, 20] */
	k?: number[] | undefined;
	/** Function that is called after each question. */
	onProgress?: ((progress: {
		done: number;
		total: number;
	}) => void) | undefined;
}
/** Result of `agent.memory.evaluateRetrieval`. */
export interface RetrievalEvaluation {
	/** Number of questions. */
	questions: number;
	/**
	 * Recall at each `k`, 0 to 1: the share of the expected memories among the first `k`, averaged over the
	 * questions.
	 */
	recallAt: Record<number, number>;
	/**
	 * Mean reciprocal rank, 0 to 1: 1 over the place of the first expected memory among the largest `k`, or 0
	 * without one, averaged over the questions.
	 */
	mrr: number;
	/** Time of a call of `retrieve`, in milliseconds. The first call also loads the index. */
	latencyMs: {
		p50: number;
		p95: number;
		max: number;
	};
	/** Questions of which something is missing at the largest `k`, in the order given. */
	missed: MissedQuestion[];
}
interface MissedQuestion {
	question: string;
	expected: string[];
	/** Ids that were not found. */
	missing: string[];
	/** Ids that were found instead, best match first. */
	found: string[];
}
interface RetrieveOptions {
	/** Maximum number of memories. @defaultValue 10 */
	limit?: number | undefined;
	/**
	 * Only memories that this customer may be told: their own, and those shared with all customers.
	 * @defaultValue the memories of all customers
	 */
	customer?: Customer | undefined;
	/** Only this conversation. */
	conversationId?: string | undefined;
	/** Only this channel. */
	channel?: Channel | undefined;
	/** Only memories from this time on. */
	since?: Date | undefined;
	/** Only memories before this time. */
	until?: Date | undefined;
	/**
	 * Names of those who talk. With semantic memory, they are left out of the text that is embedded,
	 * because messages seldom hold them.
	 * @defaultValue the agent's name, and the one in the record of `customer`
	 */
	names?: string[] | undefined;
	/** `true` to return the parts of each score. @defaultValue false */
	explain?: boolean | undefined;
}
interface RetrievedMemory {
	/** The memory. */
	memory: Memory;
	/** The score, higher is better: at most 1, or 3 for a memory of a time that the text names. */
	score: number;
	/** The parts of the score. */
	explanation: {
		/** Score by words, 0 to 1. The best memory has 1. */
		lexical: number;
		/** Score by meaning, 0 to 1. The nearest memory has 1. Absent without semantic memory. */
		semantic?: number | undefined;
		/** Factor of a memory that is a question itself, else 1. */
		question: number;
		/** Factor of a memory of a time that the text names, else 1. */
		time: number;
		/** Factor of a further memory of a conversation, else 1. */
		repeated: number;
		/** Weight of each of the text's terms that was found in the memory or around it. */
		terms: Record<string, number>;
	};
}
/** `receptionist.agent.memory`: all memories, from short-term memory and the storage combined. */
export declare class MemoryManager {
	private constructor();
	/**
	 * Stores a memory, and persists it according to `autoPersist`.
	 * @throws {@link ValidationError} if a supported database could not store it
	 */
	store(memory: Memory): Promise<void>;
	/**
	 * Stores all memories or none, and persists each according to `autoPersist`.
	 * @throws {@link ValidationError} if a supported database could not store one of them
	 */
	storeBatch(memories: Memory[]): Promise<void>;
	/** Returns the memory with that id, persisted or not, or null. */
	get(id: string): Promise<Memory | null>;
	/** Deletes the memory with that id from short-term memory and storage, if it exists. */
	delete(id: string): Promise<void>;
	/**
	 * Returns the memories that match a query, by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query is invalid
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** Returns all memories of a conversation, oldest first, without a limit. */
	getConversationHistory(conversationId: string): Promise<Memory[]>;
	/**
	 * Returns the memories of a channel, newest first. `voice` is an alias of `call`.
	 * @param options - `limit`, by default 100, and `conversationId` to select one conversation
	 */
	getChannelHistory(channel: Channel | "voice", options?: {
		limit?: number | undefined;
		conversationId?: string | undefined;
	}): Promise<Memory[]>;
	/** Records the start of a session. `metadata` is merged into its `sessionMetadata`. */
	startSession(session: {
		conversationId: string;
		channel: Channel;
		metadata?: Record<string, any> | undefined;
	}): Promise<void>;
	/**
	 * Records the end of a session with its summary. Without a summary, the conversation is summarized
	 * in the background, unless `agent.memory.summaries` is `false`.
	 */
	endSession(conversationId: string, summary?: string): Promise<void>;
	/**
	 * Summarizes a conversation by the model and records facts that the customer told. Only messages
	 * since the last summary are read. Resolves to `null` if the customer wrote nothing. If the model
	 * fails, the summary is the customer's first and last message, without facts.
	 *
	 * Conversations that end are summarized without this call; see `agent.memory.summaries`.
	 * @throws {@link UserCodeError} `CONVERSATION_DEADLOCK` inside a turn of the conversation
	 */
	summarize(conversationId: string): Promise<ConversationDigest | null>;
	/**
	 * Rebuilds the lexical index. With semantic memory, embeds memories that have no vector of the
	 * current embedder, and deletes vectors of other embedders. Resolves when all memories can be
	 * found. The same happens automatically in the background, except for memories that other programs
	 * have written.
	 * @param options - `force`: `true` to embed memories again that have a vector
	 * @returns the number of memories in the lexical index, of those embedded, and of those that the
	 *   embedder rejected
	 * @throws {@link ModelError} if the embedder fails
	 */
	reindex(options?: {
		force?: boolean | undefined;
	}): Promise<{
		indexed: number;
		embedded: number;
		skipped: number;
	}>;
	/** Returns an id for a new conversation: `conv_<milliseconds>_<random>`. */
	generateConversationId(): string;
	/** Returns the newest memory of a channel with that sender or recipient, or null. */
	getConversationByIdentifier(channel: Channel | "voice", identifier: string): Promise<Memory | null>;
	/** Returns the newest memory of a call, or null. */
	getConversationByCallId(callSid: string): Promise<Memory | null>;
	/** Returns the newest memory of an SMS message, or null. */
	getConversationByMessageId(messageSid: string): Promise<Memory | null>;
	/** Links a call to a conversation, so that the conversation is found by the call SID. */
	attachCallSid(conversationId: string, callSid: string): Promise<void>;
	/**
	 * Links an SMS message to a conversation, so that the conversation is found by the message SID.
	 */
	attachMessageSid(conversationId: string, messageSid: string): Promise<void>;
	/**
	 * Checks that the memory is ready. The receptionist's `initialize()` does the initialization.
	 * @throws {@link LifecycleError} before the receptionist's `initialize()`
	 */
	initialize(): Promise<void>;
	/** Clears short-term memory. The storage is closed by its owner. */
	dispose(): Promise<void>;
	/** Returns statistics, without a database query. */
	getStats(): MemoryStats;
	/** Clears the short-term memory of all conversations. Persisted memories are kept. */
	clearShortTerm(): void;
	/** Clears what is cached about persisted memories. Nothing is deleted from the storage. */
	clearLongTerm(): void;
	/**
	 * Returns the memories that bear on `text`, best match first: by words in any language, the words
	 * of the messages around them, times that the text names, and with semantic memory by meaning.
	 */
	retrieve(text: string, options?: RetrieveOptions & {
		explain?: false | undefined;
	}): Promise<Memory[]>;
	/** Returns the memories with their scores, and the parts of each score. */
	retrieve(text: string, options: RetrieveOptions & {
		explain: true;
	}): Promise<RetrievedMemory[]>;
	/**
	 * Measures `retrieve` on questions of your own, with the ids of the memories that answer them: recall,
	 * mean reciprocal rank and latency. Asks one question after the other.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` for unusable questions or options
	 *
	 * @example
	 * ```ts
	 * const questions = [{ question: 'Which colour should the bicycle have?', expected: ['m1'] }]
	 * const { recallAt, mrr } = await receptionist.agent.memory.evaluateRetrieval(questions)
	 * ```
	 */
	evaluateRetrieval(questions: RetrievalQuestion[], options?: EvaluationOptions): Promise<RetrievalEvaluation>;
}
/** `agent.getIdentity()`: identity of the agent. Changes take effect with the next answer. */
export declare class Identity {
	private constructor();
	/** Name that the agent uses. */
	get name(): string;
	/** Role. */
	get role(): string;
	/** Job title; by default the role. */
	get title(): string;
	/** Background story; empty by default. */
	get backstory(): string;
	/** Department, if given. */
	get department(): string | undefined;
	/** Supervisor, if given. */
	get reportsTo(): string | undefined;
	/** Authority to decide without a human; `medium` by default. */
	get authorityLevel(): "low" | "medium" | "high";
	/**
	 * Situations in which the agent must hand over to a human. The built-in rules of the prompt are
	 * not included.
	 */
	get escalationRules(): string[];
	/** Years of experience; 0 by default. */
	get yearsOfExperience(): number;
	/** Specializations. */
	get specializations(): string[];
	/** Certifications. */
	get certifications(): string[];
	/** Returns name and title: `Sarah (Sales Representative)`. */
	summary(): string;
	/** Returns the section of the system prompt about the identity. */
	getDescription(): string;
	/** Returns the current options. */
	toJSON(): Record<string, unknown>;
	/**
	 * Sets the name.
	 * @throws {@link ConfigurationError} if it is empty
	 */
	updateName(name: string): void;
	/**
	 * Sets the role.
	 * @throws {@link ConfigurationError} if it is empty
	 */
	updateRole(role: string): void;
	/** Sets the job title. */
	updateTitle(title: string): void;
	/** Sets the background story. */
	updateBackstory(backstory: string): void;
	/** Sets the department. */
	updateDepartment(department: string): void;
	/** Sets the supervisor. */
	updateReportsTo(reportsTo: string): void;
	/** Sets the authority to decide without a human. */
	setAuthorityLevel(authorityLevel: "low" | "medium" | "high"): void;
	/** Adds a rule for handing over to a human. */
	addEscalationRule(rule: string): void;
	/** Removes a rule for handing over to a human. */
	removeEscalationRule(rule: string): void;
	/** Sets the years of experience. */
	setYearsOfExperience(yearsOfExperience: number): void;
	/** Adds a specialization. */
	addSpecialization(specialization: string): void;
	/** Removes a specialization. */
	removeSpecialization(specialization: string): void;
	/** Adds a certification. */
	addCertification(certification: string): void;
	/** Removes a certification. */
	removeCertification(certification: string): void;
}
/** `agent.getKnowledge()`: knowledge of the agent. Changes take effect with the next answer. */
export declare class KnowledgeBase {
	private constructor();
	/** Business domain; empty by default. */
	get domain(): string;
	/** Areas of expertise. */
	get expertise(): string[];
	/** Languages by proficiency; the languages of a plain list are fluent. */
	get languages(): LanguageConfig;
	/** Industries served. */
	get industries(): string[];
	/** Further domains that the agent can talk about. */
	get knownDomains(): string[];
	/** Topics that the agent must not claim to know. */
	get limitations(): string[];
	/** Instruction for cases in which the agent is unsure; empty by default. */
	get uncertaintyThreshold(): string;
	/** Does nothing: the knowledge base holds no resources. */
	dispose(): Promise<void>;
	/** Returns the section of the system prompt about the knowledge. */
	getDescription(): string;
	/** Returns the current options. */
	toJSON(): Record<string, unknown>;
	/** Sets the business domain. */
	updateDomain(domain: string): void;
	/** Adds an area of expertise. */
	addExpertise(area: string): void;
	/** Removes an area of expertise. */
	removeExpertise(area: string): void;
	/** Adds a language, by default a fluent one. */
	addLanguage(language: string, proficiency?: "fluent" | "conversational"): void;
	/** Removes a language of any proficiency. */
	removeLanguage(language: string): void;
	/** Adds an industry. */
	addIndustry(industry: string): void;
	/** Removes an industry. */
	removeIndustry(industry: string): void;
	/** Adds a domain that the agent can talk about. */
	addKnownDomain(domain: string): void;
	/** Removes a domain that the agent can talk about. */
	removeKnownDomain(domain: string): void;
	/** Adds a topic that the agent must not claim to know. */
	addLimitation(limitation: string): void;
	/** Removes a topic that the agent must not claim to know. */
	removeLimitation(limitation: string): void;
	/** Sets the instruction for cases in which the agent is unsure. */
	updateUncertaintyThreshold(uncertaintyThreshold: string): void;
}
type Level = "low" | "medium" | "high";
/** `agent.getPersonality()`: personality of the agent. Changes take effect with the next answer. */
export declare class PersonalityEngine {
	private constructor();
	/** Personality traits; a trait given as a word has an empty description. */
	get traits(): PersonalityTrait[];
	/** Communication style; `consultative` by default. */
	get communicationStyle(): CommunicationStyleConfig;
	/** Tone of voice; empty by default. */
	get tone(): string;
	/** Formality, 1 (casual) to 10 (formal); 5 by default. */
	get formalityLevel(): number;
	/** Emotional intelligence; `medium` by default. */
	get emotionalIntelligence(): Level;
	/** Adaptability; `medium` by default. */
	get adaptability(): Level;
	/** Behaviour in conflicts; empty by default. */
	get conflictStyle(): string;
	/** Decision style; empty by default. */
	get decisionStyle(): string;
	/** Behaviour under stress; empty by default. */
	get stressResponse(): string;
	/** Rules for adapting to the customer. */
	get adaptabilityRules(): string[];
	/** Returns the apology that the agent uses if it has no answer; the same on every channel. */
	getErrorMessage(_channel: Channel): string;
	/** Returns the section of the system prompt about the personality. */
	getDescription(): string;
	/** Returns the current options. */
	toJSON(): Record<string, unknown>;
	/** Adds a trait, replacing a trait of the same name. */
	addTrait(trait: string | PersonalityTrait): void;
	/** Removes a trait, if it exists. */
	removeTrait(traitName: string): void;
	/** Updates a trait, if it exists. */
	updateTrait(traitName: string, updates: Partial<PersonalityTrait>): void;
	/** Updates the communication style; omitted fields are kept. */
	updateCommunicationStyle(style: Partial<CommunicationStyleConfig>): void;
	/**
	 * Sets the formality.
	 * @param formalityLevel - 1 (casual) to 10 (formal)
	 */
	setFormalityLevel(formalityLevel: number): void;
}
/** Lifecycle state of an agent. */
export declare enum AgentStatus {
	/** Created but not initialized yet. */
	INITIALIZING = "INITIALIZING",
	/** Ready, waiting for a message. */
	READY = "READY",
	/** Answering a message. */
	PROCESSING = "PROCESSING",
	/** `initialize()` failed. */
	ERROR = "ERROR",
	/** Disposed. */
	DISPOSED = "DISPOSED"
}
/**
 * An AI agent, owned by a receptionist or standalone. Initialize and dispose a standalone agent
 * yourself.
 *
 * @example
 * ```ts
 * const agent = Agent.builder()
 *   .withIdentity({ name: 'Sarah', role: 'Receptionist' })
 *   .withProvider({ provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' })
 *   .build()
 * await agent.initialize()
 * const { content } = await agent.process({
 *   id: 'request-1',
 *   input: 'Are you open on Sundays?',
 *   channel: 'text',
 *   context: { conversationId: 'conv_123' },
 * })
 * await agent.dispose()
 * ```
 */
export declare class Agent {
	/** Globally unique id of the agent. */
	readonly id: string;
	/** Conversation memory. */
	readonly memory: MemoryManager;
	private constructor();
	/** Creates a builder for a standalone agent. */
	static builder(): AgentBuilder;
	/** Initializes the agent, like the receptionist's `initialize()`. Idempotent. */
	initialize(): Promise<void>;
	/** Disposes the agent and the receptionist that owns it. `initialize()` reopens it. */
	dispose(): Promise<void>;
	/**
	 * Answers a message, running tools as needed, and stores the conversation in memory. A request
	 * with the same `id` writes the same memories again.
	 * @throws {@link ModelError} if the model fails; the customer's message is stored nevertheless
	 * @throws {@link ValidationError} if the request is invalid
	 */
	process(request: AgentRequest): Promise<AgentResponse>;
	/**
	 * Extracts the values that the option `agent.extract` describes from a conversation, stores them,
	 * and calls `onExtract`. This happens automatically when a conversation has ended. Returns null if the
	 * customer wrote nothing.
	 * @throws {@link ModelError} if the model fails, or its values are invalid twice
	 * @throws {@link ConfigurationError} without the option `agent.extract`
	 */
	extract(conversationId: string): Promise<Record<string, any> | null>;
	/** Returns the lifecycle state. */
	getStatus(): AgentStatus;
	/**
	 * Returns the current system prompt, with the instructions of `channel` if given.
	 * @throws {@link LifecycleError} before `initialize()`
	 */
	getSystemPrompt(channel?: Channel): string;
	/** Resolves immediately: the prompt is rebuilt for every answer. */
	rebuildSystemPrompt(): Promise<void>;
	/** Does nothing: the prompt is rebuilt for every answer. */
	markPromptForRebuild(): void;
	/** Returns the identity. Changes take effect with the next answer. */
	getIdentity(): Identity;
	/** Returns the personality. Changes take effect with the next answer. */
	getPersonality(): PersonalityEngine;
	/** Returns the knowledge. Changes take effect with the next answer. */
	getKnowledge(): KnowledgeBase;
	/** Returns the goals. Changes take effect with the next answer. */
	getGoals(): GoalSystem;
	/** Returns the memory: the same object as `memory`. */
	getMemory(): MemoryManager;
	/** Returns the agent's tool registry. */
	getToolRegistry(): ToolRegistry;
	/**
	 * Adds the tools of a registry to the agent. Tools registered in it later become available too.
	 */
	setToolRegistry(registry: ToolRegistry): void;
	/**
	 * Changes the configuration of a running agent. Accepts the given fields of `identity`,
	 * `personality`, `knowledge` and `goals`, `customSystemPrompt`, `memory.contextWindow`, and tools
	 * by `toolRegistry`. All other options are fixed at construction.
	 * @throws {@link ConfigurationError} if the result is invalid; then nothing is changed
	 */
	withAgentConfig(config: Partial<AgentConfiguration>): this;
}
/**
 * The numbers or addresses that are answered on a channel.
 *
 * A customer's first message adds the customer automatically. Messages of a removed customer are
 * stored but not answered until the customer is added again.
 *
 * Stored in the table `<prefix>allowlist`, which every process queries before it answers. `has`,
 * `getAll` and `count` use the state known to this process: the table as of `initialize()` plus its
 * own changes. Without a database, the list lasts as long as the process.
 */
export declare class Allowlist {
	/** Channel of the list. */
	readonly channel: "sms" | "email";
	private constructor();
	/**
	 * Adds a number or address. `addedBy` is stored with it.
	 * @throws {@link ValidationError} if `identifier` is not a valid number or address
	 */
	add(identifier: string, addedBy?: string): Promise<void>;
	/** Returns `true` if a number or address is on the list. */
	has(identifier: string): boolean;
	/**
	 * Removes a number or address.
	 * @throws {@link ValidationError} if `identifier` is not a valid number or address
	 */
	remove(identifier: string): Promise<void>;
	/** Returns all entries: numbers in E.164, addresses in lower case. */
	getAll(): string[];
	/** Returns the number of entries. */
	count(): number;
	/** Removes all entries. */
	clear(): Promise<void>;
}
/**
 * An open WebSocket of any make: that of `ws`, `@fastify/websocket`, Deno, Workers or a browser. One
 * without events, such as that of Bun or Hono, passes its messages to {@link CallConnection}.
 */
export interface LineSocket {
	/** Sends a text frame. */
	send(data: string): unknown;
	/** Closes the socket. */
	close(code?: number): unknown;
	/** Adds a listener, as in Node. */
	on?(event: string, listener: (...values: any[]) => void): unknown;
	/** Adds a listener, as in browsers. */
	addEventListener?(event: string, listener: (event: any) => void): unknown;
	/** Sends a ping, if the socket can. */
	ping?(): unknown;
}
/** A live call on a socket. */
export interface CallConnection {
	/** Passes a message of the socket on. Needed only for sockets without events. */
	receive(data: string | ArrayBuffer | Uint8Array): void;
	/** Tells that the socket is closed. Needed only for sockets without events. */
	closed(): void;
}
/** Parsed form body of a webhook, as body parsers return it. */
export type WebhookPayload = Record<string, any>;
/**
 * A webhook as accepted by a channel's resource: the parsed form body, or an object that contains
 * it.
 */
export type WebhookContext = WebhookPayload | {
	payload: WebhookPayload;
	provider?: string | undefined;
	timestamp?: Date | undefined;
};
/** Authentication of a Twilio webhook. */
export interface WebhookAuth {
	/** Value of the header `X-Twilio-Signature`. */
	signature?: string | undefined;
	/** Public URL that Twilio posted to, including the query. */
	url?: string | undefined;
}
/**
 * An inbound e-mail: the JSON body that Postmark posts, or `{ raw }`, a MIME message from any other
 * source.
 */
export type EmailPayload = Record<string, any> | {
	raw: string | Uint8Array;
};
/** Options for handling an inbound e-mail. */
export interface EmailWebhookOptions {
	/**
	 * Value of the header `Authorization`, which Postmark derives from `https://user:secret@…` in the
	 * webhook URL.
	 */
	authorization?: string | undefined;
	/** `true` to answer the e-mail. @defaultValue `channels.email.autoReply` */
	autoReply?: boolean | undefined;
	/**
	 * Instructions for this answer, added to the agent's own; at most 10,000 characters. Not visible
	 * to the customer.
	 */
	instructions?: string | undefined;
}
/** Result of handling an inbound e-mail. */
export interface EmailReceipt {
	/** Conversation id; absent while the status is `pending`. */
	conversationId?: string | undefined;
	/** `Message-ID` of the e-mail, without angle brackets. */
	emailId: string;
	/** `true` if an answer was sent. */
	autoReplied: boolean;
	/** Reason for not answering. `unknown` means that an answer may have been sent. */
	reason?: "automatic" | "bulk" | "no_reply" | "own_message" | "spam" | "rate_limited" | "auto_reply_off" | "not_allowlisted" | "rejected" | "pending" | "unknown" | undefined;
}
/** An outbound call. */
export interface MakeCallOptions {
	/** Phone number to call, in E.164 or as dialled in `tools.defaultCountry`. */
	to: string;
	/** First sentence that the agent says. @defaultValue `channels.voice.greeting` */
	greeting?: string | undefined;
	/** Custom fields, stored with the start of the conversation. */
	metadata?: Record<string, any> | undefined;
	/** `true` to have Twilio record the call. @defaultValue false */
	record?: boolean | undefined;
	/** Maximum ringing time in seconds, 5 to 600. @defaultValue 60 */
	timeout?: number | undefined;
}
/** A filter for listing calls. */
export interface CallQuery {
	/** Called number. */
	to?: string | undefined;
	/** Calling number. */
	from?: string | undefined;
	/** Twilio's call status: `queued`, `ringing`, `in-progress`, `completed`, … */
	status?: string | undefined;
	/** Maximum number of calls, 1 to 1,000. @defaultValue 50 */
	limit?: number | undefined;
}
/** The request that opened a socket. */
export interface LineRequest {
	/** URL or path of the request. */
	url: string;
	/** Headers of the request, of which `X-Twilio-Signature` is needed. */
	headers: Headers | Record<string, string | string[] | undefined>;
}
/** A call. */
export interface CallSession {
	/** Twilio SID of the call, `CA…`. */
	id: string;
	/** Conversation id. Equals `id`: each call is a separate conversation. */
	conversationId: string;
	/** Called number. */
	to: string;
	/** Calling number. */
	from: string;
	/** Status of the call. */
	status: "initiated" | "ringing" | "in-progress" | "completed" | "busy" | "no-answer" | "canceled" | "failed";
	/** Direction: `inbound` if the customer called. */
	direction: "inbound" | "outbound";
	/** Start time. */
	startedAt: Date;
	/** End time. */
	endedAt?: Date | undefined;
	/** Duration in seconds, once the call has ended. */
	duration?: number | undefined;
}
/** `receptionist.calls`, also available as `receptionist.voice`: outbound calls. */
export declare class VoiceResource {
	/**
	 * Creates the call resource of an agent. A receptionist has one at `voice`, configured by
	 * `channels.voice` and `providers.communication.twilio`.
	 * @throws {@link ValidationError} if `agent` is not an agent of this package, or an option is
	 *   given here
	 */
	constructor(agent: Agent, config?: Record<string, unknown>);
	/**
	 * Calls a phone number. With `providers.communication.twilio.webhookBaseUrl` the agent talks with
	 * the customer. Otherwise the greeting is spoken and the call ends. The call is not retried if
	 * the phone may have rung.
	 * @throws {@link ValidationError} if `to` is not a phone number
	 * @throws {@link ProviderError} if Twilio is not configured, rejects the call or does not
	 *   respond; `PROVIDER_OUTCOME_UNKNOWN` if the phone may ring nevertheless
	 *
	 * @example
	 * ```ts
	 * const call = await receptionist.calls.make({ to: '+15551234567', metadata: { leadId: 7 } })
	 * console.log(call.conversationId, call.status)
	 * ```
	 */
	make(options: MakeCallOptions): Promise<CallSession>;
	/** Returns the current state of a call. */
	get(id: string): Promise<CallSession>;
	/** Returns the newest matching calls of the account, newest first. */
	list(query?: CallQuery): Promise<CallSession[]>;
	/**
	 * Serves a live call on a socket that is already open, where Node's `upgrade` event is not at hand:
	 * Fastify, Hono, Bun, Deno, Workers. The URL and the headers are those of the request that opened
	 * it. A socket that no call waits for, or that Twilio has not signed, is closed with 1008.
	 * Needs `channels.voice.mode: 'relay'`, unless `receptionist.webhooks.upgrade` is used, too.
	 *
	 * @example
	 * ```ts
	 * fastify.get('/webhooks/voice/inbound/relay/:token', { websocket: true }, (socket, request) => {
	 *   receptionist.calls.connect(socket, { url: request.url, headers: request.headers })
	 * })
	 * ```
	 */
	connect(socket: LineSocket, request: LineRequest): CallConnection;
	/**
	 * Handles a Twilio webhook about a call, like `receptionist.handleVoiceWebhook`.
	 * @param context - the parsed form body of the request, or `{ payload }` with it
	 */
	handleWebhook(context: WebhookContext, auth?: WebhookAuth): Promise<string>;
	/** Records a call status, like {@link handleWebhook}. */
	handleStatusCallback(context: WebhookContext, auth?: WebhookAuth): Promise<void>;
	/** Records a recording or its transcription, like {@link handleWebhook}. */
	handleTranscription(context: WebhookContext, auth?: WebhookAuth): Promise<void>;
	/** Does nothing: the receptionist's `dispose()` ends its calls. */
	dispose(): void;
	/** Hangs up, or stops the phone from ringing. */
	end(id: string): Promise<CallSession>;
}
/** Changes for `updateConfig` and `clone`. Sections are merged, so changed fields suffice. */
export type ConfigChanges = Omit<Partial<AIReceptionistConfig>, "agent" | "model"> & {
	/** Changes of the agent's options. */
	agent?: {
		[Pillar in keyof AgentConfig]?: Partial<NonNullable<AgentConfig[Pillar]>> | null | undefined;
	} | undefined;
	/** Changes of the language model options. */
	model?: Partial<NonNullable<AIReceptionistConfig["model"]>> | undefined;
};
/**
 * Names of OpenRouter models, for code completion. Any other model listed by OpenRouter works as
 * `model` too.
 */
export declare const OPENROUTER_MODELS: {
	readonly openai: {
		readonly gpt5: "openai/gpt-5";
		readonly gpt5Mini: "openai/gpt-5-mini";
		readonly gpt41: "openai/gpt-4.1";
		readonly gpt41Mini: "openai/gpt-4.1-mini";
		readonly gpt4o: "openai/gpt-4o";
		readonly gpt4oMini: "openai/gpt-4o-mini";
		readonly gpt4Turbo: "openai/gpt-4-turbo";
		readonly gpt4: "openai/gpt-4";
		readonly gpt35Turbo: "openai/gpt-3.5-turbo";
	};
	readonly anthropic: {
		readonly claudeOpus45: "anthropic/claude-opus-4.5";
		readonly claudeSonnet45: "anthropic/claude-sonnet-4.5";
		readonly claudeHaiku45: "anthropic/claude-haiku-4.5";
		readonly claude3Opus: "anthropic/claude-3-opus";
		readonly claude3Sonnet: "anthropic/claude-3-sonnet";
		readonly claude3Haiku: "anthropic/claude-3-haiku";
		readonly claude35Sonnet: "anthropic/claude-3.5-sonnet";
	};
	readonly google: {
		readonly gemini3FlashPreview: "google/gemini-3-flash-preview";
		readonly gemini25Pro: "google/gemini-2.5-pro";
		readonly gemini25Flash: "google/gemini-2.5-flash";
		readonly geminiPro: "google/gemini-pro";
		readonly geminiPro15: "google/gemini-pro-1.5";
	};
	readonly meta: {
		readonly llama4Maverick: "meta-llama/llama-4-maverick";
		readonly llama33_70b: "meta-llama/llama-3.3-70b-instruct";
		readonly llama3_70b: "meta-llama/llama-3-70b-instruct";
		readonly llama3_8b: "meta-llama/llama-3-8b-instruct";
	};
	readonly mistral: {
		readonly mistralLarge: "mistralai/mistral-large";
		readonly mistralMedium: "mistralai/mistral-medium";
		readonly mistralMedium31: "mistralai/mistral-medium-3.1";
		readonly mixtral: "mistralai/mixtral-8x7b-instruct";
	};
};
/** `receptionist.customers`: the facts that are recorded about your customers. */
export declare class CustomersResource {
	private constructor();
	/**
	 * Returns the facts about a customer: those from which the prompt of a turn is made. Of a person of
	 * whom nothing is recorded, all lists are empty.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
	 * @throws {@link LifecycleError} before `initialize()`
	 *
	 * @example
	 * ```ts
	 * const { name, notes } = await receptionist.customers.get({ phone: '+15551234567' })
	 * ```
	 */
	get(person: Customer): Promise<KnownCustomer>;
	/**
	 * Makes one person of two identifiers, and returns the facts about the person. A turn under one of
	 * them then knows what was said under the other. Repeating it changes nothing.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if one names nobody, if both name the same
	 * identifiers, or if the person would have more than 10
	 * @throws {@link ConfigError} `INVALID_CONFIG` without a storage
	 * @throws {@link LifecycleError} before `initialize()`
	 *
	 * @example
	 * ```ts
	 * await receptionist.customers.merge({ phone: '+15551234567' }, { email: 'anna@example.com' })
	 * ```
	 */
	merge(person: Customer, other: Customer): Promise<KnownCustomer>;
	/**
	 * Splits an identifier from its person, and returns the facts that are left under it. No
	 * conversation links the two again; `merge` does. Repeating it changes nothing.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` unless exactly one identifier is given
	 * @throws {@link LifecycleError} before `initialize()`
	 *
	 * @example
	 * ```ts
	 * await receptionist.customers.split({ phone: '+15551234567' })
	 * ```
	 */
	split(identifier: Customer): Promise<KnownCustomer>;
}
/** Export of all data of a person. */
export interface PersonExport {
	/** Memories of the person's conversations, oldest first. */
	memories: Memory[];
	/** Leads of the person. */
	leads: {
		id: string;
		name: string | null;
		email: string | null;
		phone: string | null;
		source: string | null;
		metadata: Record<string, any>;
	}[];
	/** Call logs of the person; `duration` in seconds. */
	callLogs: {
		id: string;
		conversationId: string;
		phoneNumber: string | null;
		duration: number | null;
		outcome: string | null;
		summary: string | null;
		metadata: Record<string, any>;
	}[];
	/** Inbound messages with their answers, and records of the person such as `opt_out`. */
	inbox: {
		kind: string;
		state: string;
		answer: string | null;
		at: Date;
	}[];
	/** Channels whose allowlist contains the person: `sms`, `email`. */
	allowlist: string[];
}
/** Numbers of erased records. */
export interface ForgetReport {
	memories: number;
	leads: number;
	callLogs: number;
	inbox: number;
}
/** Options of `migrate`. */
export interface MigrateOptions {
	/** `true` to return the SQL without executing it. @defaultValue false */
	dryRun?: boolean | undefined;
}
/** Options of `migrateConversations`. */
export interface MigrateConversationsOptions {
	/** Table of the old conversations. @defaultValue 'ai_receptionist_conversations' */
	from?: string | undefined;
	/** Conversations per batch, 1 to 10,000. @defaultValue 100 */
	batchSize?: number | undefined;
	/**
	 * Callback after each batch, with the totals so far. If it throws, the migration stops; it can be
	 * restarted.
	 */
	onProgress?: ((progress: {
		conversations: number;
		messages: number;
		skipped: number;
	}) => void) | undefined;
}
/** Result of `migrateConversations`. */
export interface ConversationsReport {
	/** Number of conversations read. */
	conversations: number;
	/** Number of messages moved into memory. */
	messages: number;
	/**
	 * Skipped conversations and messages with the reason. `message` is the index in the conversation;
	 * absent if the whole conversation was skipped.
	 */
	skipped: {
		conversationId: string;
		message?: number | undefined;
		reason: string;
	}[];
}
interface PruneOptions {
	/** Memories older than this time are deleted. */
	before: Date;
	/** Memory type or types to delete. @defaultValue all types */
	type?: Memory["type"] | Memory["type"][] | undefined;
	/**
	 * Callback after each batch, with the total so far. If it throws, the pruning stops; it can be
	 * restarted.
	 */
	onProgress?: ((progress: {
		memories: number;
	}) => void) | undefined;
}
/** `receptionist.database`: table maintenance and personal data. Usable before `initialize()`. */
export declare class DatabaseResource {
	private constructor();
	/**
	 * Creates missing tables, columns and indexes, even if `autoMigrate` is off. Never drops or
	 * rewrites anything. Safe to call from many processes at once.
	 * @returns the executed SQL in order, or with `dryRun` the SQL that would be executed; empty if
	 *   nothing is missing
	 * @throws {@link DatabaseError} if the database is unreachable or rejects a statement
	 *
	 * @example
	 * ```ts
	 * const sql = await receptionist.database.migrate({ dryRun: true })
	 * console.log(sql.join(';\n'))
	 * ```
	 */
	migrate(options?: MigrateOptions): Promise<string[]>;
	/**
	 * Deletes old memories and their vectors, oldest first. Works in batches of 200, so that
	 * concurrent saves are not delayed. Call it from a scheduled job as often as you like. If it is
	 * interrupted, the next call continues. Leads, call logs and documents are kept.
	 * @returns the number of deleted memories
	 * @throws {@link ValidationError} if `before` is not a valid date or `type` is not a memory type
	 *
	 * @example
	 * ```ts
	 * const aYearAgo = new Date(Date.now() - 365 * 86_400_000)
	 * await receptionist.database.prune({ before: aYearAgo, type: ['conversation', 'tool_execution'] })
	 * ```
	 */
	prune(options: PruneOptions): Promise<{
		memories: number;
	}>;
	/**
	 * Moves conversations of the pre-memory architecture (one row each, with the messages as a JSON
	 * array) into memory. The old table is not changed. Running it again, also after a failure, does
	 * not change moved messages.
	 * @throws {@link ValidationError} if the table does not exist
	 *
	 * @example
	 * ```ts
	 * const { messages, skipped } = await receptionist.database.migrateConversations()
	 * ```
	 */
	migrateConversations(options?: MigrateConversationsOptions): Promise<ConversationsReport>;
	/**
	 * Exports all data of a person, identified by e-mail address, phone number, your own id, or
	 * several of them. The export contains memories of the person's conversations, leads, call logs
	 * and inbound messages.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
	 *
	 * @example
	 * ```ts
	 * const held = await receptionist.database.export({ email: 'john@example.com' })
	 * await writeFile('john.json', JSON.stringify(held, null, 2))
	 * ```
	 */
	export(person: Customer): Promise<PersonExport>;
	/**
	 * Erases all data of a person: everything that {@link DatabaseResource.export} returns, and
	 * vectors, in the database and in this receptionist.
	 *
	 * In conversations with other participants, only memories with the person's address are deleted.
	 * An opt-out is kept as a hash. Running it again, also after a failure, deletes what is left.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
	 *
	 * @example
	 * ```ts
	 * const { memories } = await receptionist.database.forget({ phone: '+15551234567' })
	 * ```
	 */
	forget(person: Customer): Promise<ForgetReport>;
}
/**
 * A storage in your PostgreSQL, MySQL, MariaDB or SQLite database, given as a Drizzle database or a
 * URL.
 *
 * Memories are stored in a table that you can query: `<tablePrefix>memory`. The storage connects,
 * and creates the tables unless `autoMigrate` is off, on first use or on `initialize()`. A database
 * failure rejects with a {@link DatabaseError} within seconds.
 *
 * @example
 * ```ts
 * const storage = new DatabaseStorage({ db: drizzle(pool) })
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * await storage.dispose()
 * ```
 */
export declare class DatabaseStorage implements IStorage {
	/**
	 * Creates the storage. Does not connect yet.
	 * @throws {@link ConfigurationError} if the options do not describe a supported database
	 */
	constructor(config: DatabaseStorageConfig);
	/**
	 * Connects and, unless `autoMigrate` is off, creates missing tables. Optional: first use does the
	 * same.
	 * @throws {@link DatabaseError} `DATABASE_TABLES_MISSING` if `autoMigrate` is off and tables are
	 *   missing
	 */
	initialize(): Promise<void>;
	/**
	 * Creates missing tables, columns and indexes, even if `autoMigrate` is off. Never drops or
	 * rewrites anything. Safe to call from many processes at once.
	 * @returns the executed SQL, or with `dryRun` the SQL that would be executed
	 */
	migrate(options?: MigrateOptions): Promise<string[]>;
	/**
	 * Finishes running work and closes the connections opened by this package. Later calls reject
	 * with `DISPOSED`.
	 */
	dispose(): Promise<void>;
	/**
	 * Saves a memory; resolves once it is committed. An existing memory with the same id is replaced
	 * and keeps its position.
	 * @throws {@link ValidationError} if a supported database could not store it
	 */
	save(memory: Memory): Promise<void>;
	/**
	 * Saves all memories or none. If several have the same id, the last one wins.
	 * @throws {@link ValidationError} if a supported database could not store one of them
	 */
	saveBatch(memories: Memory[]): Promise<void>;
	/** Returns the memory with that id, or null. */
	get(id: string): Promise<Memory | null>;
	/**
	 * Returns the memories that match a query, by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query is invalid
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** Deletes the memory with that id, if it exists. */
	delete(id: string): Promise<void>;
	/** Returns `true` if the database responds. Never rejects because of an unreachable database. */
	healthCheck(): Promise<boolean>;
	/** Returns the number of memories in the table. */
	count(): Promise<number>;
	/** Deletes all memories. Leads and call logs are kept. */
	clear(): Promise<void>;
	/** Returns the e-mail allowlist from the table `<tablePrefix>allowlist`, oldest first. */
	getAllAllowlistedEmails(): Promise<{
		email: string;
	}[]>;
	/** Adds an address, in lower case, to the e-mail allowlist. `addedBy` is stored with it. */
	addToEmailAllowlist(email: string, addedBy?: string): Promise<void>;
	/** Removes an address from the e-mail allowlist. Its e-mails are stored but not answered. */
	removeFromEmailAllowlist(email: string): Promise<void>;
	/** Removes all addresses from the e-mail allowlist. */
	clearEmailAllowlist(): Promise<void>;
	/** Returns the SMS allowlist from the table `<tablePrefix>allowlist`, oldest first. */
	getAllAllowlistedPhoneNumbers(): Promise<{
		phoneNumber: string;
	}[]>;
	/** Adds a number, in E.164, to the SMS allowlist. `addedBy` is stored with it. */
	addToPhoneAllowlist(phoneNumber: string, addedBy?: string): Promise<void>;
	/** Removes a number from the SMS allowlist. Its messages are stored but not answered. */
	removeFromPhoneAllowlist(phoneNumber: string): Promise<void>;
	/** Removes all numbers from the SMS allowlist. */
	clearPhoneAllowlist(): Promise<void>;
}
/** An e-mail attachment, given by its `content` or by the `path` of a file. */
export interface EmailAttachment {
	/** File name. @defaultValue the last segment of `path` */
	name?: string | undefined;
	/** File name; alias of `name`, as in nodemailer. */
	filename?: string | undefined;
	/** MIME type. @defaultValue 'application/octet-stream' */
	contentType?: string | undefined;
	/** Content as bytes, or as a base64 string. */
	content?: string | Uint8Array | undefined;
	/** Path of a local file, at most 10 MiB. */
	path?: string | undefined;
	/** Content id, referenced in `html` as `cid:…`. */
	contentId?: string | undefined;
	/** Accepted for compatibility with the TypeScript SDK; without effect. */
	contentLength?: number | undefined;
	/**
	 * Accepted for compatibility with the TypeScript SDK; without effect. Use `content` or `path`.
	 */
	url?: string | undefined;
}
/** An outbound e-mail. */
export interface SendEmailOptions {
	/**
	 * Recipient, or up to 50 recipients: `ann@example.com` or `Ann <ann@example.com>`. The
	 * conversation belongs to the first one.
	 */
	to: string | string[];
	/** Subject, one line of at most 500 characters. @defaultValue `Re: …` with `inReplyTo` */
	subject?: string | undefined;
	/** Plain text. @defaultValue the text of `html` */
	body?: string | undefined;
	/** HTML version. */
	html?: string | undefined;
	/** Attachments. Text, HTML and attachments may have at most 10 MiB together. */
	attachments?: EmailAttachment[] | undefined;
	/** Custom fields, stored with the e-mail in memory and not sent. */
	metadata?: Record<string, any> | undefined;
	/**
	 * Conversation id.
	 * @defaultValue the conversation of the e-mail that it answers, else a new one
	 */
	conversationId?: string | undefined;
	/** Id of the e-mail that it answers, as sent or received here. */
	inReplyTo?: string | undefined;
	/** Provider to use. @defaultValue 'postmark' if configured, else 'smtp' */
	provider?: "postmark" | "smtp" | undefined;
	/** Tags. Postmark groups its statistics by the first one. */
	tags?: string[] | undefined;
}
/** A sent e-mail, or a draft. */
export interface EmailSession {
	/** `Message-ID` without angle brackets. Pass it as `inReplyTo` to answer. */
	id: string;
	/** `Message-ID`, equal to `id`; absent for a draft. */
	messageId?: string | undefined;
	/** Postmark's id of the e-mail. */
	providerId?: string | undefined;
	/** Conversation id. Replies continue this conversation. */
	conversationId: string;
	/** Recipients. */
	to: string | string[];
	/** Sender. */
	from: string;
	/** Subject. */
	subject: string;
	/** Always `email`. */
	channel: "email";
	/** Always `outbound`. */
	direction: "outbound";
	/** Status. `sent`: the provider accepted it. `draft`: nothing was sent. */
	status: "sent" | "draft";
	/** Id of the e-mail that it answers. */
	inReplyTo?: string | undefined;
	/** Creation time. */
	startedAt: Date;
	/** Time of sending; absent for a draft. */
	sentAt?: Date | undefined;
	/** Custom fields as given; for a draft `{ draft: { subject, body } }`. */
	metadata?: Record<string, any> | undefined;
}
/** A bulk e-mail. */
export interface SendBulkOptions {
	/** E-mails, at most 10,000, each in its own conversation. */
	emails: (SendEmailOptions & {
		tag?: string | undefined;
	})[];
	/** Number of e-mails sent concurrently, at most 10. @defaultValue 10 */
	chunkSize?: number | undefined;
}
/** Result of one e-mail of a bulk. */
export interface BulkEmailResult {
	/** Recipients. */
	to: string | string[];
	/** `true` if the provider accepted the e-mail. */
	success: boolean;
	/** `Message-ID` of the e-mail. */
	messageId?: string | undefined;
	/** Error message. */
	error?: string | undefined;
	/** Error code. `PROVIDER_OUTCOME_UNKNOWN` means that the e-mail may have been sent. */
	code?: string | undefined;
}
/** Options for generating an e-mail. */
export interface GenerateEmailOptions {
	/** Instructions for the content. */
	prompt: string;
	/** Background information for the agent. */
	context?: string | undefined;
	/** Tone. @defaultValue 'professional' */
	tone?: string | undefined;
	/** Custom fields, stored with the conversation. */
	metadata?: Record<string, any> | undefined;
}
/** Options for answering an e-mail. */
export interface ReplyEmailOptions {
	/** Id of the e-mail to answer, as returned by `handleEmailWebhook` and `send`. */
	inReplyTo: string;
	/** Instructions for the answer. @defaultValue the agent decides */
	prompt?: string | undefined;
	/** `true` to send the answer; otherwise a draft is returned. @defaultValue false */
	autoSend?: boolean | undefined;
}
/**
 * `receptionist.email`: outbound e-mail and the e-mail allowlist. Inbound e-mail is answered by
 * `handleEmailWebhook`.
 */
export declare class EmailResource {
	/**
	 * Allowlist of addresses that are answered. The first e-mail of an address adds it if it would be
	 * answered.
	 */
	readonly allowlist: Allowlist;
	/**
	 * Creates the e-mail resource of an agent. A receptionist has one at `email`, configured by
	 * `channels.email` and `providers.email`.
	 * @throws {@link ValidationError} if `agent` is not an agent of this package
	 */
	constructor(agent: Agent);
	/**
	 * Stores and answers an inbound e-mail, like `receptionist.handleEmailWebhook`.
	 * @param context - the JSON body that Postmark posted, or `{ payload }` with it
	 */
	handleWebhook(context: WebhookContext, options?: EmailWebhookOptions): Promise<EmailReceipt>;
	/**
	 * Sends an e-mail, once, and stores it in memory. A reply continues the conversation.
	 * @throws {@link ValidationError} if an option is invalid; nothing was sent
	 * @throws {@link ProviderError} `PROVIDER_OUTCOME_UNKNOWN` if it may have been sent; with other
	 *   codes it was not
	 *
	 * @example
	 * ```ts
	 * const { conversationId } = await receptionist.email.send({
	 *   to: 'john@example.com',
	 *   subject: 'Your demo',
	 *   body: 'See you on Tuesday at 10.',
	 * })
	 * ```
	 */
	send(options: SendEmailOptions): Promise<EmailSession>;
	/**
	 * Sends many e-mails. Resolves to the results in the same order.
	 * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` without a provider
	 */
	sendBulk(options: SendBulkOptions): Promise<BulkEmailResult[]>;
	/** Generates an e-mail with the agent. Nothing is sent. */
	generate(options: GenerateEmailOptions): Promise<{
		subject: string;
		body: string;
		html?: string | undefined;
	}>;
	/**
	 * Answers an e-mail with the agent, in the same conversation and thread. Sends the answer with
	 * `autoSend`.
	 */
	reply(options: ReplyEmailOptions): Promise<EmailSession>;
}
/**
 * A storage in this process, for development and tests. Memories are lost when the process ends.
 *
 * @example
 * ```ts
 * const storage = new InMemoryStorage()
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * ```
 */
export declare class InMemoryStorage implements IStorage {
	constructor();
	/**
	 * Saves a memory. An existing memory with the same id is replaced and keeps its position.
	 * @throws {@link ValidationError} if a supported database could not store it
	 */
	save(memory: Memory): Promise<void>;
	/**
	 * Saves all memories or none. If several have the same id, the last one wins.
	 * @throws {@link ValidationError} if a supported database could not store one of them
	 */
	saveBatch(memories: Memory[]): Promise<void>;
	/** Returns the memory with that id, or null. */
	get(id: string): Promise<Memory | null>;
	/**
	 * Returns the memories that match a query, by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query is invalid
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** Deletes the memory with that id, if it exists. */
	delete(id: string): Promise<void>;
	/** Returns `true`, always. */
	healthCheck(): Promise<boolean>;
	/** Returns the number of memories. */
	count(): number;
	/** Deletes all memories. */
	clear(): void;
	/** Returns all memories, oldest first. */
	getAll(): Memory[];
}
interface DocumentDescription {
	/** Title, of which each passage tells. @defaultValue the first heading, else the id */
	title?: string | undefined;
	/** Origin that you can cite: an address, a file name. */
	source?: string | undefined;
	/** Time from which on the document is told. */
	validFrom?: Date | undefined;
	/** Time at which it is no longer told. */
	validUntil?: Date | undefined;
	/** Tags, by which `search` selects documents. */
	tags?: string[] | undefined;
}
/** A document to add, with exactly one of `text`, `html`, `markdown` and `file`. */
export interface KnowledgeDocument extends DocumentDescription {
	/** Id, 1 to 256 characters. Adding the same id again replaces the document. */
	id: string;
	/** Content as text; `contentType` is plain text unless given. */
	text?: string | undefined;
	/** Content as HTML. */
	html?: string | undefined;
	/** Content as Markdown. */
	markdown?: string | undefined;
	/** Path of a file, or its bytes. Bytes need a `contentType`, unless the id has an extension. */
	file?: string | Uint8Array | undefined;
	/**
	 * `text/plain`, `text/markdown`, `text/html`, `text/csv`, `application/pdf`, or the type of DOCX.
	 * @defaultValue the type of the file's extension
	 */
	contentType?: string | undefined;
}
/** A web page to add. */
export interface KnowledgePage extends DocumentDescription {
	/** Address of the page, which becomes its `source`. */
	url: string;
	/** HTML of the page, as you fetched it. */
	html: string;
	/** Id of the document. @defaultValue the address */
	id?: string | undefined;
}
/** Result of adding a document. */
export interface AddedDocument {
	/** Id of the document. */
	id: string;
	/** Number of its passages. */
	chunks: number;
	/** `false` if the document was the same before, so that nothing was written. */
	changed: boolean;
}
/** A document that was added. */
export interface KnowledgeDocumentInfo {
	id: string;
	title: string;
	source?: string | undefined;
	tags: string[];
	validFrom?: Date | undefined;
	validUntil?: Date | undefined;
	/** Number of its passages. */
	chunks: number;
	/** Time of the last change. */
	updatedAt: Date;
}
/** A passage of a document. */
export interface KnowledgePassage {
	/** Id of the memory that holds the passage. */
	id: string;
	documentId: string;
	/** Title of the document. */
	title: string;
	/** Title and headings above the passage, joined by ` › `. */
	heading: string;
	/** Text of the passage, below a line with its headings. */
	content: string;
	source?: string | undefined;
	tags: string[];
}
/** A passage that `knowledge.search` has found. */
export interface FoundPassage extends KnowledgePassage {
	/** Score, higher is better: at most 1, or 3 for a passage of a time that the text names. */
	score: number;
}
/** Options of `knowledge.gaps`. */
export interface KnowledgeGapOptions {
	/** Only questions from this time on. @defaultValue all */
	since?: Date | undefined;
	/** Maximum number of gaps, 1 to 500. @defaultValue 50 */
	limit?: number | undefined;
}
/** A question of customers that no document covers. */
export interface KnowledgeGap {
	/** The question, as it was asked last. */
	question: string;
	/** Time at which it was asked last. */
	at: Date;
	/** Conversation in which it was asked last. */
	conversationId?: string | undefined;
	/** Channel on which it was asked last. */
	channel?: Channel | undefined;
	/** Number of times that it was asked, in any order of its words. */
	times: number;
	/** The nearest passage. Absent if no passage has a word of the question's topic. */
	best?: {
		/** Id of the memory that holds the passage. */
		id: string;
		documentId: string;
		/** Title of the document. */
		title: string;
		/** Share of the question's topic that the passage has, 0 to 0.5. */
		score: number;
	} | undefined;
}
/**
 * `receptionist.knowledge`: documents of the owner, told to all customers. They are cut into
 * passages, which are memories shared with all customers.
 */
export declare class KnowledgeResource {
	private constructor();
	/**
	 * Adds a document, or replaces the one with the same id. Customers are told the old version or
	 * the new one, never both. An unchanged document is not written again.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` for an unusable option, `DOCUMENT_UNREADABLE`
	 *   for a damaged, encrypted, scanned or too large document
	 * @throws {@link ConfigurationError} without a storage to keep it
	 *
	 * @example
	 * ```ts
	 * await receptionist.knowledge.add({ id: 'prices', file: 'documents/prices.pdf', tags: ['public'] })
	 * ```
	 */
	add(document: KnowledgeDocument): Promise<AddedDocument>;
	/**
	 * Adds a web page that you fetched. Navigation, scripts and styles are left out.
	 * @throws {@link ValidationError} as `add` does
	 *
	 * @example
	 * ```ts
	 * const url = 'https://example.com/faq'
	 * await receptionist.knowledge.addUrl({ url, html: await (await fetch(url)).text() })
	 * ```
	 */
	addUrl(page: KnowledgePage): Promise<AddedDocument>;
	/**
	 * Adds all files of a folder and its subfolders that have a supported extension: `.txt`, `.md`,
	 * `.html`, `.csv`, `.docx`, `.pdf`. Ids are the paths below the folder. Hidden files and links are
	 * left out. Stops at the first file that cannot be read; the files before it stay.
	 * @param options - `tags` of all its documents
	 */
	addFolder(path: string, options?: {
		tags?: string[] | undefined;
	}): Promise<AddedDocument[]>;
	/** Returns all documents, the oldest change first. */
	list(): Promise<KnowledgeDocumentInfo[]>;
	/** Returns the document with that id and its passages, or null. */
	get(id: string): Promise<(KnowledgeDocumentInfo & {
		passages: KnowledgePassage[];
	}) | null>;
	/** Removes a document. Returns `false` if there is none with that id. */
	remove(id: string): Promise<boolean>;
	/**
	 * Returns the passages that bear on a text, best first, of the documents that apply now.
	 * @param options - `limit`, 1 to 100, by default 5; `tags` that the document must all have
	 *
	 * @example
	 * ```ts
	 * const [passage] = await receptionist.knowledge.search('How much is a crown?', { limit: 1 })
	 * ```
	 */
	search(text: string, options?: {
		limit?: number | undefined;
		tags?: string[] | undefined;
	}): Promise<FoundPassage[]>;
	/**
	 * Returns questions of customers that no document covers, the most frequent first, then the newest.
	 * The newest 500 questions are compared by words with the documents that apply now. It is for the
	 * owner: questions of all customers are returned.
	 *
	 * @example
	 * ```ts
	 * for (const { question, times } of await receptionist.knowledge.gaps()) console.log(times, question)
	 * ```
	 */
	gaps(options?: KnowledgeGapOptions): Promise<KnowledgeGap[]>;
}
/** An outbound SMS or WhatsApp message. */
export interface SendSMSOptions {
	/**
	 * Phone number, in E.164 or as dialled in `tools.defaultCountry`. Prefix it with `whatsapp:` to
	 * use WhatsApp.
	 */
	to: string;
	/** Text, at most 1,600 characters. Required unless there are `mediaUrl`s or a template. */
	body?: string | undefined;
	/**
	 * Sender: a number, a short code, a Messaging Service (`MG…`) or `whatsapp:+…`.
	 * @defaultValue the configured `phoneNumber`; for WhatsApp `whatsappNumber`
	 */
	from?: string | undefined;
	/**
	 * Template of Twilio's Content API, `HX…`, instead of `body` and `mediaUrl`. WhatsApp accepts
	 * templates at any time.
	 */
	contentSid?: string | undefined;
	/** Variables of the template: `{ 1: 'Ann' }`, or its JSON. */
	contentVariables?: Record<string, string | number> | string | undefined;
	/** Public URLs of media. */
	mediaUrl?: string[] | undefined;
	/** Custom fields, stored with the message. */
	metadata?: Record<string, any> | undefined;
	/**
	 * Conversation id; replies belong to this conversation too.
	 * @defaultValue the customer's conversation
	 */
	conversationId?: string | undefined;
}
/** A sent message. */
export interface SMSSession {
	/** Twilio SID of the message, `SM…`. */
	id: string;
	/** Twilio SID, equal to `id`. */
	messageSid: string;
	/** Conversation id. */
	conversationId: string;
	/** Recipient: E.164, or `whatsapp:+…`. */
	to: string;
	/** Sender: E.164, `whatsapp:+…`, or as given. */
	from: string;
	/** Text; empty for a template. */
	body: string;
	/** Always `sms`. */
	channel: "sms";
	/** Always `outbound`. */
	direction: "outbound";
	/** Twilio's message status: `queued`, `sent`, `delivered`, `failed`, … */
	status: string;
	/** Time of sending. */
	sentAt: Date;
}
/** `receptionist.sms`: outbound messages and the SMS allowlist. */
export declare class SMSResource {
	/**
	 * Allowlist of numbers that are answered. The first message of a number adds it, STOP removes it,
	 * START adds it again.
	 */
	readonly allowlist: Allowlist;
	/**
	 * Creates the SMS resource of an agent. A receptionist has one at `sms`, configured by
	 * `channels.sms`.
	 * @param db - refused: the allowlist is in the receptionist's database
	 * @throws {@link ValidationError} if `agent` is not an agent of this package, or an option is
	 *   given here
	 */
	constructor(agent: Agent, config?: Record<string, unknown>, db?: unknown);
	/**
	 * Handles an inbound SMS from a Twilio webhook, like `receptionist.handleSMSWebhook`.
	 * @param context - the parsed form body of the request, or `{ payload }` with it
	 */
	handleWebhook(context: WebhookContext, auth?: WebhookAuth): Promise<string>;
	/** Does nothing: the receptionist's `dispose()` releases all resources. */
	dispose(): void;
	/**
	 * Sends an SMS or a WhatsApp message and stores it in the customer's conversation. The message is
	 * not retried if it may have been delivered.
	 * @throws {@link ValidationError} if an option is invalid, or `RECIPIENT_OPTED_OUT`; nothing was
	 *   sent
	 * @throws {@link ProviderError} if Twilio is not configured, rejects the message or does not
	 *   respond; `PROVIDER_OUTCOME_UNKNOWN` if the message may be delivered nevertheless;
	 *   `MESSAGING_WINDOW_CLOSED` if WhatsApp only accepts a template
	 */
	send(options: SendSMSOptions): Promise<SMSSession>;
}
/** Information about a receptionist. */
export interface ReceptionistInfo {
	/** Version of this package. */
	version: string;
	/** Name of the agent; `Custom Agent` if it has none. */
	agentName: string;
	/** `true` if the receptionist is initialized. */
	initialized: boolean;
	/** Active channels. */
	channels: string[];
	/** Configured providers: `openai`, `twilio`, … */
	providers: string[];
	/** Number of tools of the agent. */
	tools: number;
}
/** Result of a health check. */
export interface ReceptionistHealth {
	/** `true` if everything is healthy. */
	healthy: boolean;
	/** `true` if the agent is ready. */
	agent: boolean;
	/** `true` if the database or the given storage responds; absent without either. */
	database?: boolean | undefined;
	/** Providers by name: `true` if the service responds and accepts the credentials. */
	providers: Record<string, boolean>;
	/** Descriptions of the problems, without secrets. */
	errors: string[];
}
/** An answer of the agent. */
export interface TextResponse {
	/** Text of the answer. */
	text: string;
	/** Metadata of the answer. */
	metadata: {
		/** Time of the answer. */
		timestamp: Date;
		/** Conversation id. */
		conversationId: string;
		/** Provider of the model: `openai`, `anthropic`, …, `custom`. */
		provider: string;
		/** Name of the model in the options; the fallback's if a fallback answered. */
		model: string;
		/**
		 * Retrieved memories that were added to the prompt, unless `agent.memory.retrieval` is false:
		 * their ids, the score of each, and the retrieval mode (`hybrid` with vectors). `problem` is the
		 * code of an error that made the result worse.
		 */
		retrieved?: {
			mode: "lexical" | "hybrid";
			ids: string[];
			scores: number[];
			problem?: string | undefined;
		} | undefined;
		[key: string]: any;
	};
}
/** A streamed answer: `for await (const piece of receptionist.text.stream({ … }))`. */
export declare class TextStream implements AsyncIterableIterator<string> {
	/** Complete answer, including executed tools and model, once all chunks were read. */
	response: TextResponse | undefined;
	private constructor();
	/**
	 * Returns the next chunk of text as soon as it arrives. The first call starts the turn.
	 * @throws {@link ModelError} if the model fails; `MODEL_STREAM_INTERRUPTED` after the first chunk
	 */
	next(): Promise<IteratorResult<string, undefined>>;
	/**
	 * Stops reading and aborts the model. The text read so far is stored, marked as interrupted.
	 * Resolves once that is done; a running tool is finished first. Called by `break`.
	 */
	return(): Promise<IteratorResult<string, undefined>>;
	[Symbol.asyncIterator](): this;
}
/** A message to answer. */
export interface GenerateTextOptions {
	/** Message of the customer. */
	prompt: string;
	/** Conversation to continue or start. @defaultValue a new conversation */
	conversationId?: string | undefined;
	/** Custom fields, stored with the customer's message. */
	metadata?: Record<string, any> | undefined;
	/** The customer, if known. */
	customer?: Customer | undefined;
	/** Instructions for this answer, added to the system prompt. */
	instructions?: string | undefined;
}
/** A conversation that can be continued by its id. */
export interface TextConversation {
	/** Conversation id; pass it as `conversationId`. */
	id: string;
	/** Always `text`. */
	channel: "text";
	/** Creation time. */
	startedAt: Date;
}
/** `receptionist.text`: text conversations driven by your own code. */
export declare class TextResource {
	/**
	 * Creates the text resource of an agent. A receptionist has one at `text`.
	 * @throws {@link ValidationError} if `agent` is not an agent of this package
	 */
	constructor(agent: Agent);
	/**
	 * Answers a message. The model may use tools for up to 8 rounds first. The message, every tool
	 * execution and the answer are stored as they happen. Calls with the same `conversationId`
	 * continue the conversation.
	 * @throws {@link ModelError} if the model fails; the customer's message is stored nevertheless
	 * @throws {@link LifecycleError} before `initialize()`
	 *
	 * @example
	 * ```ts
	 * const reply = await receptionist.text.generate({
	 *   prompt: "I'm John, john@example.com. I prefer mornings.",
	 *   conversationId: 'conv_123',
	 * })
	 * console.log(reply.text)
	 * ```
	 */
	generate(options: GenerateTextOptions): Promise<TextResponse>;
	/**
	 * Answers a message like {@link generate}, as a stream that includes text before tool calls.
	 *
	 * An error at the start is reported when the first chunk is read. An answer that fails midway, or
	 * is not read to its end, is stored as far as it got; its `metadata` contains `interrupted` and
	 * the code.
	 *
	 * @example
	 * ```ts
	 * for await (const piece of receptionist.text.stream({ prompt: 'Tell me about your plans.' })) {
	 *   response.write(piece)
	 * }
	 * ```
	 */
	stream(options: GenerateTextOptions): TextStream;
	/** Creates a conversation. `metadata` is merged into its `sessionMetadata`. */
	createConversation(options?: {
		metadata?: Record<string, any> | undefined;
		customer?: Customer | undefined;
	}): Promise<TextConversation>;
}
/** `receptionist.getToolStore()`: tool executions stored in memory. */
export declare class ToolStore {
	private constructor();
	/**
	 * Returns tool executions with their `toolCall` and `toolResult`, newest first.
	 * @param params - filters `conversationId`, `toolName` and `success`, and `limit`, by default 20.
	 *   Without `success`, executions that never ended are included.
	 *
	 * @example
	 * ```ts
	 * const executions = receptionist.getToolStore()
	 * const failed = await executions.findExecutions({ toolName: 'book_table', success: false })
	 * ```
	 */
	findExecutions(params?: {
		conversationId?: string | undefined;
		toolName?: string | undefined;
		success?: boolean | undefined;
		limit?: number | undefined;
	}): Promise<Memory[]>;
	/** Returns the newest successful execution of a tool, or null. */
	getLastExecution(toolName: string, conversationId?: string): Promise<Memory | null>;
}
/** A request of Node's `http` that asks for a WebSocket. */
export interface UpgradeRequest {
	url?: string | undefined;
	headers: Record<string, string | string[] | undefined>;
}
/** The TCP connection of an {@link UpgradeRequest}. */
export interface UpgradeSocket {
	on(event: "error", listener: (error: Error) => void): unknown;
	end(data?: string): unknown;
	destroy(): unknown;
}
/**
 * A listener for the event `upgrade` of Node's `http` server. It accepts the sockets of live calls
 * and leaves other paths to other listeners.
 */
export type UpgradeListener = (request: UpgradeRequest, socket: UpgradeSocket, head: Uint8Array) => void;
/** A request of Node's `http`, Express, Connect and the like. */
export interface NodeRequest {
	method?: string | undefined;
	url?: string | undefined;
	headers: Record<string, string | string[] | undefined>;
}
/** A response of Node's `http`, Express, Connect and the like. */
export interface NodeResponse {
	statusCode: number;
	setHeader(name: string, value: string): unknown;
	end(body: string): unknown;
}
/**
 * `receptionist.webhooks`: one handler for all provider webhooks. It is a listener for Node's
 * `http` and middleware for Express. Its `fetch` supports every framework with the Fetch API (Next,
 * Hono, Bun, Deno).
 *
 * @example
 * ```ts
 * app.use(receptionist.webhooks)                    // Express
 * http.createServer(receptionist.webhooks)          // Node
 * export const POST = receptionist.webhooks.fetch   // Next
 * ```
 */
export interface WebhookHandler {
	/** Responds to a webhook. Calls `next` if the path does not belong to a webhook. */
	(request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): void;
	/** Responds to a webhook. Other paths get 404. */
	fetch(request: Request): Promise<Response>;
	/**
	 * Listener for the sockets of live calls: `server.on('upgrade', receptionist.webhooks.upgrade)`.
	 * Reading it makes calls live, unless `channels.voice.mode` is `'gather'`. Needs the package `ws`.
	 * @throws `ConfigurationError` if `ws` is not installed
	 */
	readonly upgrade: UpgradeListener;
}
/**
 * An AI receptionist: an agent with an identity that answers customers, runs tools, and stores
 * everything in your own database.
 *
 * @example
 * ```ts
 * const receptionist = new AIReceptionist({
 *   agent: { identity: { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' } },
 *   model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' },
 *   database: { connection: 'sqlite:receptionist.db' },
 * })
 * await receptionist.initialize()
 * const reply = await receptionist.text.generate({ prompt: 'Hello!', conversationId: 'conv_123' })
 * await receptionist.dispose()
 * ```
 */
export declare class AIReceptionist {
	/** Text conversations. */
	readonly text: TextResource;
	/** Outbound calls. */
	readonly calls: VoiceResource;
	/** Alias of `calls`. */
	readonly voice: VoiceResource;
	/** Outbound SMS messages and the SMS allowlist. */
	readonly sms: SMSResource;
	/** Handler for all provider webhooks; see {@link WebhookHandler}. */
	readonly webhooks: WebhookHandler;
	/** Outbound e-mail and the e-mail allowlist. */
	readonly email: EmailResource;
	/** Facts that are recorded about customers. */
	readonly customers: CustomersResource;
	/** Documents of the owner, told to all customers. */
	readonly knowledge: KnowledgeResource;
	/** Table maintenance; `database.migrate()` works before `initialize()` too. */
	readonly database: DatabaseResource;
	/**
	 * Validates the configuration. Does not connect to anything yet.
	 * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
	 */
	constructor(config: AIReceptionistConfig);
	/**
	 * Connects, creates missing tables (unless `autoMigrate` is off) and registers the tools.
	 * @throws {@link DatabaseError} if the database cannot be used: wrong password, host or file,
	 *   missing tables
	 */
	initialize(): Promise<void>;
	/**
	 * Finishes running work and closes the connections opened by this receptionist, unless clones
	 * still use them. Idempotent; `initialize()` reopens the receptionist. All log entries are
	 * delivered before it resolves.
	 */
	dispose(): Promise<void>;
	/**
	 * Disposes and initializes the receptionist, applying the changes of {@link updateConfig}.
	 * Existing objects such as `agent` stay valid.
	 */
	reinitialize(): Promise<void>;
	/**
	 * Creates another receptionist with the same options, changed by `overrides`. Call `initialize()`
	 * on it.
	 *
	 * Sections are merged; lists and all other values are replaced; `null` removes an option. A
	 * `model` with another provider replaces the whole section.
	 *
	 * Unless `overrides` has a `database` or `storage`, both receptionists share one connection pool,
	 * which is closed when the last of them is disposed. Tools, short-term memory and conversations
	 * are separate.
	 * @throws {@link ConfigurationError} if the result is invalid
	 *
	 * @example
	 * ```ts
	 * const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Support Specialist' } } })
	 * await bob.initialize()
	 * ```
	 */
	clone(overrides?: ConfigChanges): AIReceptionist;
	/**
	 * Returns version, agent name and status. Channels, providers and tools require an initialized
	 * receptionist.
	 *
	 * @example
	 * ```ts
	 * const { version, agentName, tools } = receptionist.getInfo()
	 * ```
	 */
	getInfo(): ReceptionistInfo;
	/**
	 * Returns a copy of the options that is safe to log. Secrets are `[redacted]`, passwords in URLs
	 * `***`; everything except plain data (storages, Drizzle objects, functions) is left out. Passed
	 * to {@link updateConfig}, redacted values stay unchanged.
	 */
	getConfig(): Readonly<AIReceptionistConfig>;
	/**
	 * Changes options like {@link clone}. The changes take effect on `reinitialize()`.
	 * @throws {@link ConfigurationError} if the result is invalid; then nothing is changed
	 *
	 * @example
	 * ```ts
	 * receptionist.updateConfig({ model: { ...receptionist.getConfig().model, model: 'gpt-4o' } })
	 * await receptionist.reinitialize()
	 * ```
	 */
	updateConfig(updates: ConfigChanges): void;
	/**
	 * Checks all dependencies concurrently: the database, the model's service, Twilio, e-mail, the
	 * calendar. Takes at most five seconds and consumes no tokens.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
	 *   `dispose()`
	 *
	 * @example
	 * ```ts
	 * app.get('/health', async (_, res) => {
	 *   const health = await receptionist.healthCheck()
	 *   res.status(health.healthy ? 200 : 503).json(health)
	 * })
	 * ```
	 */
	healthCheck(): Promise<ReceptionistHealth>;
	/**
	 * Handles a Twilio webhook about a call: the incoming call, the caller's speech, the end of the
	 * call, its recording. Returns TwiML.
	 *
	 * A redelivered request gets the same response, on any process. If the model takes longer than
	 * Twilio waits, Twilio is redirected to request again. If the model or the database is
	 * unavailable, the caller hears an apology.
	 * @param payload - the parsed form body of the request
	 * @param auth - the signature, which proves that Twilio sent the request; without it, anybody
	 *   could
	 * @throws {@link WebhookError} if the payload is not a call, or the signature is invalid
	 * @throws {@link DatabaseError} if the end of a call cannot be stored: respond with 503, and
	 *   Twilio retries
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/voice/inbound', express.urlencoded({ extended: false }), async (req, res) => {
	 *   const signature = req.get('X-Twilio-Signature')
	 *   const url = 'https://example.com' + req.originalUrl
	 *   const twiml = await receptionist.handleVoiceWebhook(req.body, { signature, url })
	 *   res.type('text/xml').send(twiml)
	 * })
	 * ```
	 */
	handleVoiceWebhook(payload: WebhookPayload, auth?: WebhookAuth): Promise<string>;
	/**
	 * Handles an inbound SMS from a Twilio webhook. Returns TwiML. A redelivered message gets the
	 * same response, on any process.
	 * @param payload - the parsed form body of the request
	 * @param auth - the signature, which proves that Twilio sent the request; without it, anybody
	 *   could
	 * @throws {@link WebhookError} if the payload is not an SMS, or the signature is invalid
	 * @throws {@link DatabaseError} if the message cannot be stored: respond with 503, and Twilio
	 *   retries
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/sms/inbound', express.urlencoded({ extended: false }), async (req, res) => {
	 *   const signature = req.get('X-Twilio-Signature')
	 *   const url = 'https://example.com' + req.originalUrl
	 *   const twiml = await receptionist.handleSMSWebhook(req.body, { signature, url })
	 *   res.type('text/xml').send(twiml)
	 * })
	 * ```
	 */
	handleSMSWebhook(payload: WebhookPayload, auth?: WebhookAuth): Promise<string>;
	/**
	 * Stores an inbound e-mail and answers it by e-mail. A redelivered e-mail is answered once,
	 * across all processes. Automatic e-mails are stored but not answered.
	 * @param payload - the JSON body that Postmark posted, or `{ raw }`: a MIME message
	 * @param options - the webhook's secret, which proves that Postmark sent the request, or the
	 *   `Authorization` header alone; without it, anybody could
	 * @throws {@link WebhookError} if the payload is not an e-mail, or the secret is wrong
	 * @throws {@link DatabaseError} if the e-mail cannot be stored: respond with 503, and Postmark
	 *   retries
	 * @throws {@link ProviderError} if the answer cannot be sent now: respond with 503, and Postmark
	 *   retries
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/email/inbound', express.json({ limit: '50mb' }), async (req, res) => {
	 *   const authorization = req.get('Authorization')
	 *   res.json(await receptionist.handleEmailWebhook(req.body, { authorization }))
	 * })
	 * ```
	 */
	handleEmailWebhook(payload: EmailPayload, options?: EmailWebhookOptions | string): Promise<EmailReceipt>;
	/**
	 * Agent of the receptionist; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
	 *   `dispose()`
	 */
	get agent(): Agent;
	/**
	 * Returns the agent: the same object as `agent`.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
	 *   `dispose()`
	 */
	getAgent(): Agent;
	/**
	 * Returns the tool registry; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
	 *   `dispose()`
	 */
	getToolRegistry(): ToolRegistry;
	/**
	 * Returns the store of tool executions; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
	 *   `dispose()`
	 */
	getToolStore(): ToolStore;
}
/** Configuration shared by all agents of a factory: the receptionist options without `agent`. */
export type FactoryConfig = Omit<AIReceptionistConfig, "agent"> & {
	agent?: never | undefined;
};
/**
 * Configuration of one agent of a factory. Its `memory.longTermStorage`, if given, replaces the
 * shared storage.
 */
export type AgentInstanceConfig = AgentConfig;
/** An agent of a factory, ready to answer. */
export interface AgentInstance {
	/** Agent. */
	agent: Agent;
	/** Receptionist that owns the agent, with webhooks, events and health check. */
	receptionist: AIReceptionist;
	/** Text conversations of the agent. */
	text: TextResource;
	/** Calls of the agent. */
	voice: VoiceResource;
	/** SMS messages of the agent. */
	sms: SMSResource;
	/** E-mail of the agent. */
	email: EmailResource;
	/** Disposes the agent. Shared resources stay open. Idempotent. */
	dispose: () => Promise<void>;
}
/**
 * A factory of agents that share model options, a connection pool and a storage. Each agent has
 * separate tools, short-term memory and conversations. Creating an agent takes about a millisecond,
 * so one agent per request is fine.
 *
 * @example
 * ```ts
 * const factory = await AIReceptionistFactory.create({
 *   model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' },
 *   storage: { type: 'database', database: { connectionString: process.env.DATABASE_URL } },
 * })
 * const { text, dispose } = await factory.createAgent({ identity: { name: 'Sarah', role: 'Sales' } })
 * const reply = await text.generate({ prompt: 'Hello!', conversationId: 'conv_123' })
 * await dispose()
 * await factory.dispose()
 * ```
 */
export declare class AIReceptionistFactory {
	#private;
	private constructor();
	/**
	 * Creates a factory, connects, and creates missing tables.
	 * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
	 * @throws {@link DatabaseError} if the database cannot be used
	 */
	static create(config: FactoryConfig): Promise<AIReceptionistFactory>;
	/**
	 * Creates an agent that is ready to answer.
	 * @throws {@link ConfigurationError} if it has no identity, or an option is invalid
	 * @throws {@link LifecycleError} `DISPOSED` after `dispose()`
	 */
	createAgent(config: AgentInstanceConfig): Promise<AgentInstance>;
	/** Returns the shared storage; `undefined` without `storage` and `database`. */
	getStorage(): DatabaseStorage | InMemoryStorage | undefined;
	/** Disposes all agents and closes the connections. Idempotent. */
	dispose(): Promise<void>;
}
/** Result of a prompt injection scan. */
export interface SecurityResult {
	/** `true` if no pattern was detected. */
	isSecure: boolean;
	/** Text without the special tokens that models treat as the end of a message. */
	sanitizedContent: string;
	/** Highest risk level of the detected patterns. */
	riskLevel: "low" | "medium" | "high";
	/** Detected patterns as `category: sign`. */
	detectedPatterns: string[];
}
/**
 * A scanner for prompt injection: texts that try to change the agent's instructions.
 *
 * Categories: `role_override`, `prompt_extraction`, `roleplay`, `dan_style`, `delimiter_confusion`,
 * `special_tokens`.
 *
 * Patterns do not prove anything: use the scanner to flag messages, not as protection. Customers
 * are protected because tools do not trust the content of messages.
 */
export declare class InputValidator {
	/** Scans a text. */
	validate(input: string): SecurityResult;
	/** Returns a polite answer to a flagged message. */
	getSecurityResponse(riskLevel: "medium" | "high"): string;
	/** Returns `true` if patterns of a category were detected. */
	hasCategory(result: SecurityResult, category: string): boolean;
}
/** A tool call of the model. */
export type ToolCall = AgentToolCall;
/** A message of a conversation. */
export interface Message {
	/** Role of the speaker. */
	role: "user" | "assistant" | "system" | "tool";
	/** Text of the message. */
	content: string;
	/** Time of the message. */
	timestamp?: Date | undefined;
	/** Tool call. */
	toolCall?: AgentToolCall | undefined;
	/** Result of the tool call. */
	toolResult?: AgentToolResult | undefined;
}
/** A conversation as messages. */
export interface ConversationHistory {
	/** Messages, oldest first. */
	messages: Message[];
	/** Additional context messages. */
	contextMessages?: Message[] | undefined;
	/** Metadata of the conversation. */
	metadata: ConversationHistoryMetadata;
}
/** Metadata of a conversation. */
export interface ConversationHistoryMetadata {
	/** Conversation id. */
	conversationId?: string | undefined;
	/** Number of messages. */
	messageCount: number;
	/** Time of the oldest message. */
	oldestMessageTimestamp?: Date | undefined;
	/** Time of the newest message. */
	newestMessageTimestamp?: Date | undefined;
	/** `true` if memories of other conversations are included. */
	hasLongTermContext: boolean;
}
/** Size of a prompt, with tokens counted as by OpenAI's current models. */
export interface PromptStats {
	/** Number of tokens. */
	totalTokens: number;
	/** Number of characters. */
	totalChars: number;
	/** Number of lines. */
	totalLines: number;
	/** Size of the section under each title. */
	sections: {
		name: string;
		tokens: number;
		chars: number;
	}[];
}
/** A tool for keeping prompts and message histories within a token limit. */
export declare class PromptOptimizer {
	/**
	 * Removes repeated lines and unnecessary whitespace from a prompt.
	 * @param context - `maxTokens`: token limit, 8000 by default
	 * @throws {@link PromptTooLargeError} if the result is over the limit
	 */
	optimize(prompt: string, context?: {
		maxTokens?: number | undefined;
	}): Promise<string>;
	/** Returns the newest messages that fit into the token limit, in their order. */
	compressChatHistory(messages: Message[], targetTokens: number): Promise<Message[]>;
	/** Returns the size of a prompt and its sections. */
	getStats(prompt: string): Promise<PromptStats>;
	/** Returns suggestions for fitting a prompt into the token limit; empty if it fits. */
	suggestOptimizations(prompt: string, maxTokens: number): Promise<string[]>;
}
/** A section of a prompt. */
export interface PromptSection {
	/** Title. */
	name: string;
	/** Priority. */
	priority?: number | undefined;
	/** Text. */
	content: string;
}
/** An example conversation. */
export interface PromptExample {
	/** Description of the situation. */
	scenario: string;
	/** Message of the customer. */
	input: string;
	/** Reasoning of the agent. */
	reasoning: string;
	/** Answer of the agent. */
	response: string;
	/** Reasons for the answer. */
	explanation: string[];
}
/** Contents of a prompt. Absent parts are left out. */
export interface PromptContext {
	/** Identity, as a pillar or as options. */
	identity?: Identity | IdentityConfig | undefined;
	/** Personality. */
	personality?: PersonalityEngine | PersonalityConfig | undefined;
	/** Knowledge. */
	knowledge?: KnowledgeBase | KnowledgeConfig | undefined;
	/** Goals. */
	goalSystem?: GoalSystem | GoalConfig | undefined;
	/** Channel of the conversation. */
	channel?: Channel | undefined;
	/** Token limit, for {@link PromptOptimizer}. @defaultValue 8000 */
	maxTokens?: number | undefined;
	/** Business policies. */
	policies?: {
		name: string;
		rule: string;
	}[] | undefined;
	/** Situations for handing over to a human, in addition to those of the identity. */
	escalationRules?: string[] | undefined;
	/** Example conversations. */
	examples?: PromptExample[] | undefined;
	/** Background information about the conversation. */
	businessContext?: {
		/** Information about the company. */
		companyInfo?: string | undefined;
		/** Information about the customer. */
		leadInfo?: string | undefined;
		/** Additional information. */
		additionalContext?: string | undefined;
	} | undefined;
}
/**
 * A builder of system prompts in the same format as the agents' own, with additional content. Pass
 * the result to an agent as `customSystemPrompt`.
 *
 * @example
 * ```ts
 * const prompt = await new SystemPromptBuilder().build({
 *   identity: agent.getIdentity(),
 *   policies: [{ name: 'Refunds', rule: 'within 14 days' }],
 * })
 * agent.withAgentConfig({ customSystemPrompt: prompt })
 * ```
 */
export declare class SystemPromptBuilder {
	/** Builds the prompt. */
	build(context: PromptContext): Promise<string>;
}
/**
 * A builder of tools.
 *
 * @example
 * ```ts
 * const lookup = new ToolBuilder()
 *   .withName('find_order')
 *   .withDescription('Finds an order by its number')
 *   .withParameters({ type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] })
 *   .onCall(async ({ number }) => ({ success: true, response: { speak: `Order ${number} is on its way.` } }))
 *   .default(({ number }) => orders.find(number))
 *   .build()
 * ```
 */
export declare class ToolBuilder {
	#private;
	/**
	 * Sets the unique name: at most 64 letters, digits, underscores and dashes, starting with a
	 * letter or underscore.
	 */
	withName(name: string): this;
	/** Sets the description, which tells the model when to use the tool. */
	withDescription(description: string): this;
	/** Sets the JSON Schema of the arguments, with `type: 'object'`. */
	withParameters(schema: JSONSchema): this;
	/** Sets the handler for calls. */
	onCall(handler: ToolFunction): this;
	/** Sets the handler for SMS conversations. */
	onSMS(handler: ToolFunction): this;
	/** Sets the handler for e-mail threads. */
	onEmail(handler: ToolFunction): this;
	/** Sets the handler for text conversations. */
	onText(handler: ToolFunction): this;
	/** Sets the handler for every channel without its own handler. */
	default(handler: ToolFunction): this;
	/**
	 * Creates the tool, as a new object each time.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` without name, description, parameters or any
	 *   handler
	 */
	build(): ITool;
}
/** Shortcuts for creating tools. */
export declare const Tools: {
	/**
	 * Creates a tool with one handler for every channel.
	 *
	 * @example
	 * ```ts
	 * const hours = Tools.custom({
	 *   name: 'opening_hours',
	 *   description: 'When the shop is open',
	 *   parameters: { type: 'object', properties: {} },
	 *   handler: () => 'Monday to Friday, 9 to 5',
	 * })
	 * ```
	 */
	custom(config: {
		name: string;
		description: string;
		parameters: JSONSchema;
		handler: ToolFunction;
	}): ITool;
};

export {};
