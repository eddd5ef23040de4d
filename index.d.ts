// Built from ts/ by `npm run build:face`.

/** The stable `code` of a {@link ReceptionistError}; `INTERNAL` is a defect of this package. */
export type ErrorCode = "AGENT_IDENTITY_REQUIRED" | "MODEL_REQUIRED" | "INVALID_CONFIG" | "INVALID_CONNECTION" | "NOT_INITIALIZED" | "DISPOSED" | "INVALID_MEMORY" | "INVALID_QUERY" | "INVALID_ARGUMENT" | "UNSUPPORTED_TEXT" | "JSON_TOO_DEEP" | "DATABASE_UNREACHABLE" | "DATABASE_AUTHENTICATION_FAILED" | "DATABASE_NOT_FOUND" | "DATABASE_PERMISSION_DENIED" | "DATABASE_TABLES_MISSING" | "DATABASE_SCHEMA_MISMATCH" | "DATABASE_TENANT_CONFLICT" | "DATABASE_POOL_TIMEOUT" | "DATABASE_FULL" | "DATABASE_OVERLOADED" | "DATABASE_FAILED" | "MODEL_AUTHENTICATION_FAILED" | "MODEL_RATE_LIMITED" | "MODEL_REQUEST_REJECTED" | "MODEL_UNAVAILABLE" | "MODEL_TIMEOUT" | "MODEL_RESPONSE_INVALID" | "MODEL_STREAM_INTERRUPTED" | "STREAM_LEFT" | "RECIPIENT_OPTED_OUT" | "PROMPT_TOO_LARGE" | "EMBEDDING_FAILED" | "EMBEDDING_INVALID" | "INVALID_WEBHOOK" | "WEBHOOK_SIGNATURE_INVALID" | "PROVIDER_NOT_CONFIGURED" | "PROVIDER_AUTHENTICATION_FAILED" | "PROVIDER_REJECTED" | "PROVIDER_RATE_LIMITED" | "PROVIDER_UNAVAILABLE" | "PROVIDER_TIMEOUT" | "PROVIDER_OUTCOME_UNKNOWN" | "PROVIDER_RESPONSE_INVALID" | "TOOL_NOT_FOUND" | "TOOL_NOT_AVAILABLE" | "TOOL_ARGUMENTS_INVALID" | "TOOL_TIMEOUT" | "TOOL_FAILED" | "TURN_REENTERED" | "USER_CODE_FAILED" | "USER_CODE_TIMEOUT" | "USER_CODE_INVALID" | "INTERNAL";
/**
 * Every error of this package, thrown or rejected with. Match on `code`, which never changes; the message
 * says what to do. Neither carries secrets.
 */
export declare class ReceptionistError extends Error {
	/** What happened, for programs. */
	readonly code: ErrorCode;
	/** Facts behind the message, where there are any: the field or option at fault, the missing tables, … */
	readonly details?: Readonly<Record<string, unknown>>;
	constructor(code: ErrorCode, message: string, options?: {
		details?: Record<string, unknown>;
		cause?: unknown;
	});
}
/**
 * The configuration cannot be used: `AGENT_IDENTITY_REQUIRED`, `MODEL_REQUIRED`, `INVALID_CONFIG`,
 * `INVALID_CONNECTION`.
 */
export declare class ConfigurationError extends ReceptionistError {
}
/** Called too early or too late, or left too early: `NOT_INITIALIZED`, `DISPOSED`, `STREAM_LEFT`. */
export declare class LifecycleError extends ReceptionistError {
}
/**
 * A memory, query or argument cannot be used, and nothing was written: `INVALID_MEMORY`, `INVALID_QUERY`,
 * `INVALID_ARGUMENT`, `UNSUPPORTED_TEXT`, `JSON_TOO_DEEP`, `RECIPIENT_OPTED_OUT`.
 */
export declare class ValidationError extends ReceptionistError {
}
/**
 * The database failed: `DATABASE_UNREACHABLE`, `DATABASE_AUTHENTICATION_FAILED`, `DATABASE_NOT_FOUND`,
 * `DATABASE_PERMISSION_DENIED`, `DATABASE_TABLES_MISSING`, `DATABASE_SCHEMA_MISMATCH`, `DATABASE_TENANT_CONFLICT`, `DATABASE_POOL_TIMEOUT`,
 * `DATABASE_FULL`, `DATABASE_OVERLOADED`, `DATABASE_FAILED`.
 */
export declare class DatabaseError extends ReceptionistError {
}
/**
 * The language model failed: `MODEL_AUTHENTICATION_FAILED`, `MODEL_RATE_LIMITED`, `MODEL_REQUEST_REJECTED`,
 * `MODEL_UNAVAILABLE`, `MODEL_TIMEOUT`, `MODEL_RESPONSE_INVALID`, `MODEL_STREAM_INTERRUPTED`, `EMBEDDING_FAILED`,
 * `EMBEDDING_INVALID`.
 */
export declare class ModelError extends ReceptionistError {
}
/** A prompt is longer than it may be: `PROMPT_TOO_LARGE`. */
export declare class PromptTooLargeError extends ReceptionistError {
	/** How many tokens it has, may have, and its parts have, by title. */
	readonly details: Readonly<{
		tokens: number;
		maxTokens: number;
		sections: Record<string, number>;
	}>;
}
/** A webhook cannot be used, and nothing was done: `INVALID_WEBHOOK`, `WEBHOOK_SIGNATURE_INVALID`. */
export declare class WebhookError extends ReceptionistError {
}
/**
 * A provider of calls, SMS or e-mail failed: `PROVIDER_NOT_CONFIGURED`, `PROVIDER_AUTHENTICATION_FAILED`, `PROVIDER_REJECTED`,
 * `PROVIDER_RATE_LIMITED`, `PROVIDER_UNAVAILABLE`, `PROVIDER_TIMEOUT`, `PROVIDER_OUTCOME_UNKNOWN`, `PROVIDER_RESPONSE_INVALID`.
 */
export declare class ProviderError extends ReceptionistError {
}
/** A channel is used whose provider has no settings: `PROVIDER_NOT_CONFIGURED`. */
export declare class ProviderNotConfiguredError extends ProviderError {
}
/** A provider refused the credentials: `PROVIDER_AUTHENTICATION_FAILED`. */
export declare class CredentialValidationError extends ProviderError {
}
/** A tool could not run: `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE`, `TOOL_ARGUMENTS_INVALID`, `TOOL_TIMEOUT`, `TOOL_FAILED`. */
export declare class ToolError extends ReceptionistError {
}
/**
 * Code of your own (a storage, a tool, a model, …) misbehaved: `USER_CODE_TIMEOUT`, `USER_CODE_INVALID`, `TURN_REENTERED`. What it throws
 * is no error of this package: you catch the very object.
 */
export declare class UserCodeError extends ReceptionistError {
}
/** The line a message came in on or goes out on. */
export type Channel = "call" | "sms" | "email" | "text";
/** A tool the model asked for. */
export interface AgentToolCall {
	/** The provider's id of this call. */
	id: string;
	/** Name of the tool. */
	name: string;
	/** Its arguments. */
	parameters: any;
}
/** What a tool execution came to. */
export interface AgentToolResult {
	/** Whether the tool did what was asked. */
	success: boolean;
	/** What it found or wrote. */
	data?: any;
	/** What went wrong. */
	error?: string;
	/** Words for the customer, per channel. */
	response?: any;
}
/** What is known about the session a memory belongs to; further fields of your own are kept and searchable. */
export interface SessionMetadata {
	/** The conversation: at most 512 characters. */
	conversationId?: string;
	/** Twilio's id of the call. */
	callSid?: string;
	/** Twilio's id of the text message. */
	messageSid?: string;
	/** Id of the e-mail. */
	emailId?: string;
	/** Id of the e-mail answered. */
	inReplyTo?: string;
	/** Sender. */
	from?: string;
	/** Recipient. */
	to?: string;
	/** Subject of the e-mail. */
	subject?: string;
	/** State of the session. */
	status?: string;
	/** Length in seconds. */
	duration?: number;
	/** Who takes part. */
	participants?: string[];
	[field: string]: any;
}
/**
 * One thing the agent remembers. All text and JSON must be free of NUL characters and lone surrogates, and
 * JSON may nest 31 levels deep: what some supported database could not hold is refused by every storage.
 */
export interface Memory {
	/** 1 to 512 characters, compared exactly. Saving the same id again replaces the memory. */
	id: string;
	/** What was said or decided. */
	content: string;
	/** When it happened; kept to the millisecond, years 1000 to 9999. */
	timestamp: Date;
	/** What kind of memory. */
	type: "conversation" | "decision" | "error" | "tool_execution" | "system";
	/** 1 (trivial) to 10 (never forget). */
	importance?: number;
	/** The line it belongs to. */
	channel?: Channel;
	/** The session it belongs to. */
	sessionMetadata?: SessionMetadata;
	/** Who spoke. */
	role?: "system" | "user" | "assistant" | "tool";
	/** The call, of a `tool_execution`. */
	toolCall?: AgentToolCall;
	/** The result, of a `tool_execution`. */
	toolResult?: AgentToolResult;
	/** Anything else. */
	metadata?: Record<string, unknown>;
	/** Whether a goal was reached; such memories are always persisted. */
	goalAchieved?: boolean;
}
/** Which memories to find. Every filter given must hold; the same query gives the same rows on every storage. */
export interface MemorySearchQuery {
	/**
	 * Any of these in `content`: literally (`%`, `_` and `*` match themselves), ignoring case, minding accents.
	 * At most 100 of 1,000 characters.
	 */
	keywords?: string[];
	/** This kind, or any of these. */
	type?: Memory["type"] | Memory["type"][];
	/** Exactly this channel. */
	channel?: Channel;
	/** Exactly this conversation. */
	conversationId?: string;
	/** These fields of `sessionMetadata` have these values: strings, numbers, booleans or null. */
	sessionMetadata?: Record<string, any>;
	/** Not before this time. */
	startDate?: Date;
	/** Not after this time. */
	endDate?: Date;
	/** At least this important; memories without importance never are. */
	minImportance?: number;
	/** Exactly this speaker. */
	role?: "system" | "user" | "assistant" | "tool";
	/** At most so many; a non-negative integer. @defaultValue 100 */
	limit?: number;
	/** Skip so many first; a non-negative integer. @defaultValue 0 */
	offset?: number;
	/**
	 * What to order by; ties are in the order of time, then of saving. Memories without importance come last
	 * in either direction. @defaultValue 'timestamp'
	 */
	orderBy?: "timestamp" | "importance";
	/** @defaultValue 'desc' */
	orderDirection?: "asc" | "desc";
}
/**
 * A place that keeps memories: one of ours, or your own over whatever you have. Methods may also return without a promise;
 * what they throw reaches you as the same object; a promise that does not settle within 30 s fails the call.
 */
export interface IStorage {
	/** Saves a memory; the same id again replaces it and keeps its place in the order. */
	save(memory: Memory): Promise<void>;
	/** Saves all or none; of several with the same id the last one wins. @defaultValue one `save` after the other */
	saveBatch?(memories: Memory[]): Promise<void>;
	/** The memory of that id, or null. */
	get(id: string): Promise<Memory | null>;
	/** The memories a query asks for, in its order. */
	search(query: MemorySearchQuery): Promise<Memory[]>;
	/** Removes the memory of that id, if there is one. */
	delete(id: string): Promise<void>;
	/** Whether the storage answers. */
	healthCheck(): Promise<boolean>;
}
/** How much is remembered. */
export interface MemoryStats {
	/** Memories in the windows of all conversations. */
	shortTermCount: number;
	/** Memories this receptionist has persisted, as far as it knows without asking the database. */
	longTermCount: number;
	/** How the embedding of memories goes, with vectors. */
	vectors?: VectorStats;
}
/** How the embedding of memories goes. */
export interface VectorStats {
	/** The embedder's model. */
	model: string;
	/** Numbers of a vector; absent until the embedder has answered. */
	dimensions?: number;
	/** Memories embedded since the start. */
	embedded: number;
	/** Memories that wait for it. */
	waiting: number;
	/** Whether the storage is being looked through for memories without a vector. */
	catchingUp: boolean;
	/** Memories that the embedder refused. */
	skipped: number;
	/** Code of what is wrong now; absent when all is well. */
	problem?: ErrorCode;
}
/** The vector of a memory. */
export interface VectorEntry {
	/** Id of the memory. */
	id: string;
	/** Of length 1, so that the dot product is the cosine. */
	vector: number[];
	/**
	 * What searches filter by: `space` (model and dimensions; vectors of different spaces cannot be compared), and as far as they
	 * are known `conversationId`, `channel`, `customerId`, `customerEmail`, `customerPhone`, `shared`.
	 */
	metadata: Record<string, string | boolean>;
}
/** What a search lets through: entries whose metadata has all fields of `all` and those of at least one of `anyOf`, if there are any. */
export interface VectorFilter {
	/** Fields that must be equal. */
	all: Record<string, string | boolean>;
	/** Alternatives: of at least one of these, all fields must be equal. Empty means that everything passes. */
	anyOf: Record<string, string | boolean>[];
}
/** What is looked for. */
export interface VectorQuery {
	/** Of length 1. */
	vector: number[];
	/** At most so many. */
	limit: number;
	/**
	 * What may be found. A store that ignores it finds less than it should; nobody is told what is another customer's, because that is
	 * decided by the memories themselves.
	 */
	filter: VectorFilter;
}
/** A vector that was found. */
export interface VectorMatch {
	/** Id of the memory. */
	id: string;
	/** Cosine similarity: 1 is the same meaning, 0 is none in common. */
	score: number;
}
/**
 * A place that keeps vectors and finds the nearest: {@link InMemoryVectorStore}, or your own over whatever you have. Methods may
 * also return without a promise; one that does not settle within 30 s fails the call. While it fails, memories are found by keywords.
 */
export interface IVectorStore {
	/** Keeps vectors; the same id again replaces it. */
	upsert(entries: VectorEntry[]): Promise<void> | void;
	/** The nearest vectors that pass the filter, the nearest first. */
	search(query: VectorQuery): Promise<VectorMatch[]> | VectorMatch[];
	/** Removes the vectors of these memories. */
	delete(ids: string[]): Promise<void> | void;
	/**
	 * Which of these memories have a vector whose metadata has this `space`. Without it, memories that were saved before, or while your
	 * store was down, are only embedded by `memory.reindex()`.
	 */
	has?(ids: string[], space: string): Promise<string[]> | string[];
}
/** Your own function from texts to vectors: one for each text, in order, all of the same length. */
export type EmbedFunction = (texts: string[]) => Promise<ArrayLike<number>[]> | ArrayLike<number>[];
/** Your own embedder. */
export interface CustomEmbedder {
	/** Name of what it computes with, so that another model is noticed. @defaultValue 'custom' */
	model?: string;
	/** Numbers of a vector, if they are to be checked. */
	dimensions?: number;
	/** From texts (at most 64, of 4,000 characters) to vectors; fails when it takes longer than 30 s. */
	embed: EmbedFunction;
}
/**
 * Keeps vectors in this process and searches them exactly: gone when it ends, and made again at the next start.
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
	 * Keeps vectors; the same id again replaces it.
	 * @throws {@link ValidationError} if one is empty or holds NaN
	 */
	upsert(entries: VectorEntry[]): Promise<void>;
	/** The nearest vectors that pass the filter, the nearest first. */
	search(query: Omit<VectorQuery, "filter"> & Partial<Pick<VectorQuery, "filter">>): Promise<VectorMatch[]>;
	/** Removes the vectors of these memories. */
	delete(ids: string[]): Promise<void>;
	/** Which of these memories have a vector of that space. */
	has(ids: string[], space: string): Promise<string[]>;
	/** How many vectors there are. */
	count(): number;
	/** Removes all vectors. */
	clear(): void;
}
/** A service that turns texts into vectors. */
export interface EmbedderConfig {
	/** The service; `openai` for any server that speaks OpenAI's embeddings. */
	provider: "openai" | "openrouter" | "google";
	/** Name of the model. @defaultValue `text-embedding-3-small`, Google `gemini-embedding-001` */
	model?: string;
	/** The service's key. Appears in no message, log or stack. @defaultValue the model's, if that is of the same service */
	apiKey?: string | undefined;
	/** Another server with the same API, up to and including its version. @defaultValue the model's, if that is of the same service */
	baseUrl?: string;
	/** Numbers of a vector, where the model lets one choose. @defaultValue the model's */
	dimensions?: number;
}
/** What the agent remembers and what of it is kept. */
export interface MemoryConfig {
	/**
	 * Memories kept in the window of each conversation. When set, it also caps what the model sees of the
	 * conversation; unset, only the token budget does. @defaultValue 20
	 */
	contextWindow?: number;
	/**
	 * Whether the storage is used. `false` wins over a storage; `true` without one is an error.
	 * @defaultValue true when there is a storage
	 */
	longTermEnabled?: boolean;
	/**
	 * Where memories are kept: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a storage of your own.
	 * @defaultValue a {@link DatabaseStorage} over `database`, when that is given
	 */
	longTermStorage?: IStorage;
	/**
	 * Whether memories are found by what they mean, and join the prompt of the customer they are of.
	 * @defaultValue true when there is a `vectorStore` or an `embedder`
	 */
	vectorEnabled?: boolean;
	/**
	 * Where vectors are kept: a store of your own, or an {@link InMemoryVectorStore}.
	 * @defaultValue the table `<tablePrefix>vectors` of the database that memories are in
	 */
	vectorStore?: IVectorStore;
	/**
	 * What turns memories into vectors: a service, or your own function.
	 * @defaultValue `text-embedding-3-small` or `gemini-embedding-001` with the model's key and `baseUrl`, if the model is OpenAI's or
	 * Google's
	 */
	embedder?: EmbedderConfig | CustomEmbedder | EmbedFunction;
	/**
	 * Which memories are persisted; any rule that matches suffices, and `goalAchieved` always is.
	 * What is not persisted is still in the window. @defaultValue everything is
	 */
	autoPersist?: {
		/** From this importance on. @defaultValue 7 */
		minImportance?: number;
		/** These kinds. */
		types?: Memory["type"][];
		/** Everything. */
		persistAll?: boolean;
	};
}
/** Who the agent is. */
export interface IdentityConfig {
	/** Name it answers with. */
	name: string;
	/** Its role, for example `Sales Representative`. */
	role: string;
	/** Job title. @defaultValue the role */
	title?: string;
	/** The business it answers for. */
	company?: string;
	/** Its story. */
	backstory?: string;
	/** Its department. */
	department?: string;
	/** Its superior. */
	reportsTo?: string;
	/** How much it may decide on its own. */
	authorityLevel?: "low" | "medium" | "high";
	/** When it must hand over to a human. */
	escalationRules?: string[];
	/** Experience in years. */
	yearsOfExperience?: number;
	/** What it is best at. */
	specializations?: string[];
	/** What it is certified in. */
	certifications?: string[];
}
/** A trait of character, explained. */
export interface PersonalityTrait {
	/** The word. */
	name: string;
	/** What it means in practice. */
	description: string;
	/** How strong it is. */
	weight?: number;
}
/** A style of speech. */
export interface CommunicationStyleConfig {
	/** The main style. */
	primary: "consultative" | "assertive" | "empathetic" | "analytical" | "casual";
	/** Tone of voice. */
	tone?: "formal" | "friendly" | "professional" | "casual";
	/** 1 (casual) to 10 (formal). */
	formalityLevel?: number;
}
/** How the agent behaves. */
export interface PersonalityConfig {
	/** Traits of character: words, or words explained. */
	traits?: string[] | PersonalityTrait[];
	/** Style of speech: a word, or in detail. */
	communicationStyle?: string | CommunicationStyleConfig;
	/** Sense for feelings. */
	emotionalIntelligence?: "low" | "medium" | "high";
	/** Readiness to adapt. */
	adaptability?: "low" | "medium" | "high";
	/** Behaviour in conflicts. */
	conflictStyle?: string;
	/** Way of deciding. */
	decisionStyle?: string;
	/** Behaviour under stress. */
	stressResponse?: string;
	/** When and how to adapt. */
	adaptabilityRules?: string[];
}
/** Languages by fluency. */
export interface LanguageConfig {
	/** Spoken fluently. */
	fluent?: string[];
	/** Spoken well enough to converse. */
	conversational?: string[];
}
/** What the agent knows. */
export interface KnowledgeConfig {
	/** The field of business. */
	domain?: string;
	/** Areas of expertise. */
	expertise?: string[];
	/** Languages: a list, or by fluency. */
	languages?: string[] | LanguageConfig;
	/** Industries served. */
	industries?: string[];
	/** Domains it can talk about. */
	knownDomains?: string[];
	/** What it must not claim to know. */
	limitations?: string[];
	/** What to do when unsure. */
	uncertaintyThreshold?: string;
}
/** What the agent aims at. */
export interface GoalConfig {
	/** The main goal. */
	primary: string;
	/** Further goals. */
	secondary?: string[];
	/** Limits while pursuing them. */
	constraints?: string[];
	/** How success is measured: name → target. */
	metrics?: Record<string, string>;
}
/** What the agent is. */
export interface AgentConfig {
	/** Who it is. Required, unless `customSystemPrompt` is given. */
	identity?: IdentityConfig;
	/** How it behaves. */
	personality?: PersonalityConfig;
	/** What it knows. */
	knowledge?: KnowledgeConfig;
	/** What it aims at. */
	goals?: GoalConfig;
	/** What it remembers. */
	memory?: MemoryConfig;
	/** Replaces the whole system prompt that is made of the above. */
	customSystemPrompt?: string;
}
/**
 * Who a customer is. Comes from you, never from what a conversation claims: tools tell and change only
 * what belongs to this person.
 */
export interface Customer {
	/** Your own id of the person. */
	id?: string;
	/** E-mail address; case is ignored. */
	email?: string;
	/** Phone number in any usual notation. */
	phone?: string;
}
/** A JSON Schema. */
export interface JSONSchema {
	type: string;
	properties?: Record<string, any>;
	required?: string[];
	[keyword: string]: any;
}
/** Something the agent can do. */
export interface ITool {
	/** Unique: at most 64 letters, digits, underscores and dashes, beginning with a letter or underscore. */
	name: string;
	/** When to use it, for the model. */
	description: string;
	/** JSON Schema of its arguments, of `type: 'object'`. */
	parameters: JSONSchema;
	/** What it does, per channel. */
	handlers: ToolHandlers;
	/** Yours to use. */
	version?: string;
}
/**
 * What a tool does: the handler of the channel, else `default`. A tool that has neither is not offered on that channel.
 * Handlers are looked up when they are called; `this` is the object that holds them.
 */
export interface ToolHandlers {
	/** During a call. */
	onCall?: ToolHandler;
	/** In an SMS conversation. */
	onSMS?: ToolHandler;
	/** In an e-mail thread. */
	onEmail?: ToolHandler;
	/** In text. */
	onText?: ToolHandler;
	/** On every other channel. */
	default: ToolHandler;
}
/** Does what a tool is for. `params` satisfy the tool's JSON Schema. */
export type ToolHandler = (params: any, context: ExecutionContext) => Promise<ToolResult>;
/**
 * A handler as it may be given: with or without a promise, of a {@link ToolResult} or anything that stands for one. Text is
 * what to say, and `data`; any other value is `data`; nothing means that it was done. What it throws is a failure.
 */
export type ToolFunction = (params: any, context: ExecutionContext) => unknown;
/** A tool as it may be given: with any of the handlers. */
export interface ToolDefinition extends Omit<ITool, "handlers" | "parameters"> {
	/** JSON Schema of its arguments, of `type: 'object'`. @defaultValue none */
	parameters?: JSONSchema;
	/** At least one. */
	handlers: {
		[Handler in keyof ToolHandlers]?: ToolFunction;
	};
}
/** Where and for whom a tool runs. Nothing of it comes from the model. */
export interface ExecutionContext {
	/** The line of the conversation. */
	channel: Channel;
	/** The conversation. */
	conversationId: string;
	/** Who it is with, where that is known. */
	customer?: Customer;
	/** Twilio's id of the call. */
	callSid?: string;
	/** Twilio's id of the text message. */
	messageSid?: string;
	/** What was passed along with the message. */
	metadata?: Record<string, any>;
	/** The agent, where several share tools. */
	agentId?: string;
	/** Aborted when the tool has taken too long. Handlers are given one. */
	signal?: AbortSignal;
}
/** Words for the customer, per channel. */
export interface ChannelResponse {
	/** To be spoken. */
	speak?: string;
	/** To be sent as a message. */
	message?: string;
	/** To be sent as HTML. */
	html?: string;
	/** To be shown as text. */
	text?: string;
	/** To go with it. */
	attachments?: any[];
}
/** What a tool returns. */
export interface ToolResult<T = any> {
	/** Whether it did what was asked. */
	success: boolean;
	/** What it found or wrote. */
	data?: T;
	/** What went wrong. */
	error?: string;
	/** Words for the customer, per channel. */
	response: ChannelResponse;
	/** What the tool threw, or the error that stopped it; not enumerable. Only `execute()` tells. */
	cause?: unknown;
}
/** A tool that was run, by the model or by your own code. */
export interface ToolExecuteEvent {
	/** Name of the tool. */
	toolName: string;
	/** What it was called with. */
	parameters: any;
	/** What the model was told. */
	result: ToolResult;
	/** How long it took, in milliseconds. */
	duration: number;
	/** The line. */
	channel: Channel;
	/** The conversation. */
	conversationId: string;
	/** Who it is with; empty where nobody knows. */
	customer: Customer;
	/** What was passed along with the message. */
	metadata: Record<string, any>;
	/** Twilio's id of the call. */
	callSid?: string;
	/** Twilio's id of the text message. */
	messageSid?: string;
	/** When. */
	timestamp: Date;
}
/** A tool that gave no result: it threw, took too long, or could not be run. */
export interface ToolErrorEvent extends ToolExecuteEvent {
	/** What it threw, the same object; else a {@link ToolError} or {@link UserCodeError}. */
	error: unknown;
}
/** A conversation that begins: its first message, or the first `startSession` or `createConversation`. */
export interface ConversationStartEvent {
	/** The conversation. */
	conversationId: string;
	/** The line. */
	channel: Channel;
	/** What was passed along. */
	metadata?: Record<string, any>;
	/** When. */
	timestamp: Date;
}
/** A conversation that ended: a call that was hung up, or `endSession`. */
export interface ConversationEndEvent {
	/** The conversation. */
	conversationId: string;
	/** The line, where its beginning is remembered. */
	channel?: Channel;
	/** What came of it. */
	summary: string;
	/** When. */
	timestamp: Date;
}
/**
 * What you want to know as it happens. A callback is started before the turn goes on, in the order of what happened, and not
 * waited for; what it throws or rejects with is reported as a warning and changes nothing.
 */
export interface EventCallbacks {
	/** A tool gave a result, `success: false` included. */
	onToolExecute?: (event: ToolExecuteEvent) => unknown;
	/** A tool gave none. */
	onToolError?: (event: ToolErrorEvent) => unknown;
	/** A conversation begins. */
	onConversationStart?: (event: ConversationStartEvent) => unknown;
	/** A conversation ended. */
	onConversationEnd?: (event: ConversationEndEvent) => unknown;
}
/** How important an entry is. */
export type LogLevelName = "DEBUG" | "INFO" | "WARN" | "ERROR";
/** Something that was logged. It holds no secrets and nothing of what was said. */
export interface LogEntry {
	/** How important it is. */
	level: LogLevelName;
	/** When it happened. */
	time: Date;
	/** The part that speaks: `agent`, `tools`, `database`, `http`, … */
	tag: string;
	/** What happened, in words that stay the same. */
	message: string;
	/** About this time: `conversationId`, `channel`, `durationMs`, `code`, `tool`, … */
	context: LoggerContext;
}
/** Facts that go with a message. */
export interface LoggerContext {
	[key: string]: unknown;
}
/** Takes entries one by one. What it returns is not waited for. */
export type LogFunction = (entry: LogEntry) => unknown;
/**
 * A logger by its methods: pino, bunyan, winston, `console`, a child of one, an {@link ILogger}. They are called on the object
 * itself, pino's and bunyan's as `(context, message)`, others' as `(message, context)`.
 */
export interface LogMethods {
	debug(...args: any[]): unknown;
	info(...args: any[]): unknown;
	warn(...args: any[]): unknown;
	error(...args: any[]): unknown;
}
/** How important an entry must be to be logged. */
export declare enum LogLevel {
	DEBUG = 0,
	INFO = 1,
	WARN = 2,
	ERROR = 3,
	NONE = 4
}
/** What to log on the console, and how it looks. */
export interface LoggerConfig {
	/** How important an entry is at least. @defaultValue `'INFO'`; for a receptionist `'WARN'` */
	level?: LogLevel | "DEBUG" | "INFO" | "WARN" | "ERROR" | "NONE";
	/** What lines begin with. @defaultValue `'[AIReceptionist]'` */
	prefix?: string;
	/** Whether lines have the time, in UTC. @defaultValue true */
	enableTimestamps?: boolean;
	/** Whether levels are coloured. @defaultValue whether the output is a terminal */
	enableColors?: boolean;
	/** Messages that carry one of these tags, `[tag]`, are left out. */
	ignoreTags?: Array<string | RegExp>;
}
/** A logger, ours or your own. */
export interface ILogger {
	debug(message: string, context?: LoggerContext): void;
	info(message: string, context?: LoggerContext): void;
	warn(message: string, context?: LoggerContext): void;
	error(message: string, error?: Error, context?: LoggerContext): void;
	setLevel(level: LogLevel): void;
	getLevel(): LogLevel;
}
/** The logger of this process, for your own messages; {@link configureLogger} replaces it. */
export declare function getLogger(): ILogger;
/** Replaces the logger of this process. Receptionists without a `logger` of their own, made later, log like it. */
export declare function configureLogger(config: LoggerConfig): void;
/** A logger of its own, with lines that begin with `prefix`. */
export declare function createLogger(prefix: string, config?: Omit<LoggerConfig, "prefix">): ILogger;
/** The logger of this process, whichever it is when called. */
export declare const logger: {
	debug: (message: string, context?: LoggerContext) => void;
	info: (message: string, context?: LoggerContext) => void;
	warn: (message: string, context?: LoggerContext) => void;
	error: (message: string, error?: Error, context?: LoggerContext) => void;
};
/** Who keeps the calendar of appointments. */
export interface CalendarProviderConfig {
	/** Google. */
	google?: GoogleConfig;
}
/** A calendar of Google's. */
export interface GoogleConfig extends AppointmentConfig {
	/** Its id: an e-mail address, or `…@group.calendar.google.com`. */
	calendarId: string | undefined;
	/** Of a service account that the calendar is shared with, or of a user who has consented. */
	credentials?: GoogleServiceAccountCredentials | GoogleOAuth2Credentials;
	/** Read by the TypeScript SDK; an API key cannot book. */
	apiKey?: string;
	/** Another address than `https://www.googleapis.com/calendar/v3`: a test. */
	baseUrl?: string;
}
/** A service account, as its key file has it. */
export interface GoogleServiceAccountCredentials {
	/** `…@….iam.gserviceaccount.com`. */
	client_email: string | undefined;
	/** PEM; line breaks may be written as `\n`. Appears in no message, log or stack. */
	private_key: string | undefined;
	/** @defaultValue 'https://oauth2.googleapis.com/token' */
	token_uri?: string;
	type?: string;
	project_id?: string;
	private_key_id?: string;
	client_id?: string;
	auth_uri?: string;
	auth_provider_x509_cert_url?: string;
	client_x509_cert_url?: string;
	universe_domain?: string;
}
/** An OAuth client, and what a user's consent gave. */
export interface GoogleOAuth2Credentials {
	/** Of the client. */
	client_id: string | undefined;
	/** Of the client. Appears in no message, log or stack. */
	client_secret: string | undefined;
	/** What the consent gave. Appears in no message, log or stack. */
	refresh_token?: string;
	/** @defaultValue 'https://oauth2.googleapis.com/token' */
	token_uri?: string;
	redirect_uri?: string;
	access_token?: string;
	expiry_date?: number;
	scope?: string;
	token_type?: string;
}
/** When appointments can be had. */
export interface AppointmentConfig {
	/** The business's zone, an IANA name: `America/New_York`. @defaultValue the calendar's */
	timeZone?: string;
	/** When it is open: `HH:MM` to `HH:MM` (`24:00` is midnight) on `days`, 1 (Monday) to 7 (Sunday). @defaultValue 09:00 to 17:00, Monday to Friday */
	workingHours?: {
		start?: string;
		end?: string;
		days?: number[];
	};
	/** Minutes of an appointment when nobody says otherwise. @defaultValue 30 */
	slotMinutes?: number;
	/** Whether customers with an e-mail address are invited; service accounts may not. @defaultValue false */
	inviteCustomers?: boolean;
}
/** Who carries e-mail. With both, Postmark does unless an e-mail says otherwise. */
export interface EmailProviderConfig {
	/** Postmark. */
	postmark?: PostmarkConfig;
	/** Any server that speaks SMTP. */
	smtp?: SmtpConfig;
}
interface EmailSenderConfig {
	/** The address; answers come back to it unless `replyTo` is given. */
	fromEmail: string | undefined;
	/** The name with it. */
	fromName?: string;
	/** Where answers are to go, when that is elsewhere. */
	replyTo?: string;
	/** The first is what Postmark's statistics group e-mails by that have no tag of their own. */
	tags?: string[];
	/** Who gets a copy of every e-mail. */
	archiveCc?: string | string[];
}
/** A server of Postmark's. */
export interface PostmarkConfig extends EmailSenderConfig {
	/** The server's API token. Appears in no message, log or stack. */
	apiKey: string | undefined;
	/** What inbound webhooks prove themselves with: the password in their address, `https://any:secret@…`, or `user:password`. */
	webhookSecret?: string;
	/** Postmark's message stream. @defaultValue Postmark's `outbound` */
	messageStream?: string;
	/** Another address than `https://api.postmarkapp.com`: a test. */
	baseUrl?: string;
	/** Read by the TypeScript SDK; here Postmark comes first. */
	priority?: number;
	/** Read by the TypeScript SDK; say `provider` with an e-mail instead. */
	domains?: string[];
}
/** A server that speaks SMTP. */
export interface SmtpConfig extends EmailSenderConfig {
	/** Its name, which its certificate must have. */
	host: string | undefined;
	/** @defaultValue 465 with `secure: true`, else 587 */
	port?: number;
	/** `true`: TLS from the first byte. `false`: STARTTLS, without which nothing is sent. `'none'`: no encryption. @defaultValue by port */
	secure?: boolean | "none";
	/** Who logs in; with `password`. */
	user?: string;
	/** Appears in no message, log or stack. */
	password?: string;
	/** PEM of an authority that the server's certificate may be signed by, beside those of the system. */
	ca?: string;
}
/** How e-mail is answered. */
export interface EmailChannelConfig {
	/** E-mails of one customer answered an hour. @defaultValue 10 */
	maxPerHour?: number;
	/** E-mails of one customer answered a day. @defaultValue 40 */
	maxPerDay?: number;
	/** Whether e-mails are answered at all. @defaultValue true */
	autoReply?: boolean;
}
/** Who carries calls, messages and mail. */
export interface ProviderConfig {
	/** Calls and SMS. */
	communication?: {
		/** Twilio. */
		twilio?: TwilioConfig;
	};
	/** E-mail. */
	email?: EmailProviderConfig;
	/** Appointments. */
	calendar?: CalendarProviderConfig;
}
/** An account and number of Twilio's. */
export interface TwilioConfig {
	/** `AC…`. */
	accountSid: string | undefined;
	/** The account's token, with which webhooks are signed. Appears in no message, log or stack. */
	authToken: string | undefined;
	/** The number that calls and is called, E.164. */
	phoneNumber: string | undefined;
	/** Where Twilio reaches this server: `https://example.com`. Without it calls go out, but nobody listens. */
	webhookBaseUrl?: string;
	/** Path of the webhook for calls. @defaultValue '/webhooks/voice/inbound' */
	voiceWebhookPath?: string;
	/** Path of the webhook for SMS. @defaultValue '/webhooks/sms/inbound' */
	smsWebhookPath?: string;
	/** Whose voice speaks in calls. Of ElevenLabs' `<Say>` has none: `initialize()` warns. @defaultValue Twilio's own */
	voice?: VoiceConfig;
	/** Another address than `https://api.twilio.com`: a region, an edge, a test. */
	baseUrl?: string;
}
/** A voice that Twilio speaks with. */
export interface VoiceConfig {
	/** Amazon Polly's, Google's. */
	provider?: "amazon" | "google" | "elevenlabs";
	/** The voice's name there: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`. */
	voiceId?: string;
	/** Known from the TypeScript SDK; without effect. */
	stability?: number;
	/** Known from the TypeScript SDK; without effect. */
	similarityBoost?: number;
}
/** How the channels behave. */
export interface ChannelsConfig {
	/** Calls. */
	voice?: {
		/** Calls of one customer answered an hour. @defaultValue 5 */
		maxPerHour?: number;
		/** Language that is spoken and listened to, BCP 47. @defaultValue Twilio's, `en-US` */
		language?: string;
		/** Seconds to wait for the first word; asked once more, then the line hangs up. @defaultValue 5 */
		silenceSeconds?: number;
		/** Whether callers who hide their number are turned away. @defaultValue false */
		rejectAnonymous?: boolean;
		/** What is said first. @defaultValue who answers, and for whom */
		greeting?: string;
		/** What else the line itself says. @defaultValue English */
		phrases?: {
			/** After a silence. */
			silence?: string;
			/** After a second silence; then the line hangs up. */
			goodbye?: string;
			/** When nothing was understood. */
			repeat?: string;
			/** When the answer takes long. */
			moment?: string;
			/** When the model or the database is down. */
			apology?: string;
			/** To who called too often. */
			limit?: string;
		};
	};
	/**
	 * Whether `receptionist.webhooks` takes only what the provider has signed. @defaultValue true; `false` lets anybody post, for tests
	 */
	verifySignatures?: boolean;
	/**
	 * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` tell the public address, which is signed too, where `webhookBaseUrl` does
	 * not. @defaultValue false
	 */
	trustProxy?: boolean;
	/** Numbers that are not answered, E.164, or their beginnings: `+1900*`. @defaultValue none */
	blocked?: string[];
	/** SMS. */
	sms?: {
		/** Messages of one customer answered an hour. @defaultValue 10 */
		maxPerHour?: number;
		/** Hours of silence after which a conversation is over. @defaultValue 24 */
		conversationHours?: number;
		/** Whether messages are answered at all. @defaultValue true */
		autoReply?: boolean;
		/** What STOP, START and HELP are answered, if you told Twilio not to. @defaultValue nothing */
		keywordReplies?: {
			stop?: string;
			start?: string;
			help?: string;
		};
	};
	/** E-mail. */
	email?: EmailChannelConfig;
	/** Whether `handle…Webhook` refuses what comes without a signature. @defaultValue false, with a warning */
	requireSignature?: boolean;
}
/**
 * A Drizzle database, or a transaction of one (`tx`). Described by what every version of drizzle-orm has, so that
 * this package's types need none of them.
 */
export interface DrizzleConnection {
	select: (...args: any[]) => any;
	insert: (...args: any[]) => any;
	transaction: (...args: any[]) => any;
}
type Via = "native" | "client";
/** Connection pool, named as in node-postgres. */
export interface PoolOptions {
	/** Connections at most. @defaultValue 10 */
	max?: number;
	/** Milliseconds an unused connection stays open. @defaultValue 600000 */
	idleTimeoutMillis?: number;
	/** Milliseconds in which a call finds a connection that works, trying again when one breaks. @defaultValue 10000 */
	connectionTimeoutMillis?: number;
	/** Milliseconds in which the database answers a statement; more for large ones. @defaultValue 30000 */
	queryTimeoutMillis?: number;
}
/** TLS towards the database server, as node-postgres takes it. */
export interface SslOptions {
	/** `false` accepts any certificate. @defaultValue true */
	rejectUnauthorized?: boolean;
	/** PEM of the authority to trust. */
	ca?: string;
	/** PEM of the client certificate. */
	cert?: string;
	/** PEM of the client key. */
	key?: string;
}
/** The database that leads and call logs live in, and memories unless a storage is given. */
export interface DatabaseConfig {
	/**
	 * A Drizzle database (`drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on), or a URL:
	 * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
	 * `sqlite::memory:`.
	 */
	connection: DrizzleConnection | string;
	/**
	 * How a Drizzle database is used: `native` by connections of this package to the same database, `client` by its
	 * own client. @defaultValue native where its settings describe the connection fully
	 */
	via?: Via;
	/**
	 * Create missing tables, columns and indexes on `initialize()`; nothing is ever dropped or rewritten.
	 * @defaultValue true
	 */
	autoMigrate?: boolean;
	/** Prefix of all table names. @defaultValue 'ai_receptionist_' */
	tablePrefix?: string;
	/** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue the first of the connection's search path */
	schema?: string;
	/**
	 * Whose rows are read and written, 1 to 128 characters; see docs/tenants.md. Left out, those of nobody in particular; given as
	 * `undefined`, `null` or `''` it is refused, so that a tenant that is missing opens nothing.
	 */
	tenantId?: string;
	/** Connection pool. */
	pool?: PoolOptions;
}
interface DatabaseStorageOptions {
	/**
	 * Create missing tables, columns and indexes on first use.
	 * @defaultValue true; with `db`, what the receptionist's `database` says
	 */
	autoMigrate?: boolean;
	/** Prefix of all table names. @defaultValue 'ai_receptionist_'; with `db`, what the receptionist's `database` says */
	tablePrefix?: string;
	/** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue as for `tablePrefix`: `database`'s, else the connection's */
	schema?: string;
	/**
	 * Whose rows are read and written, 1 to 128 characters; see docs/tenants.md. Left out, with `db` what the receptionist's `database` says, else those
	 * of nobody in particular; given as `undefined`, `null` or `''` it is refused, so that a tenant that is missing opens nothing.
	 */
	tenantId?: string;
	/** Connection pool. */
	pool?: PoolOptions;
}
/** A database for memories: a Drizzle object, a connection string, or a server by its parts. */
export type DatabaseStorageConfig = DatabaseStorageOptions & ({
	/**
	 * A Drizzle database, or `tx` inside `db.transaction`: what is saved through that commits or rolls back with
	 * it, and nothing is migrated there.
	 */
	db: DrizzleConnection;
	/** How `db` is used, see {@link DatabaseConfig.via}. */
	via?: Via;
} | {
	/**
	 * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
	 * `sqlite::memory:`.
	 */
	connectionString: string;
} | {
	/** What the server speaks; `mysql` is MariaDB's language too. @defaultValue 'postgres' */
	dialect?: "postgres" | "mysql";
	/** Server. */
	host: string;
	/** Port. @defaultValue 5432, for MySQL 3306 */
	port?: number;
	/** Database name. */
	database: string;
	/** User name. */
	user: string;
	/** Password. Appears in no message, log or stack. */
	password?: string;
	/** `true`: required and verified; `false`: off. @defaultValue used when the server offers it */
	ssl?: boolean | SslOptions;
});
/** Where memories live: in a `database`, which leads and call logs live in too, or in this process (`memory`). */
export interface StorageConfig {
	/** What keeps them. */
	type: "database" | "memory";
	/** Which database: a Drizzle object, a connection string, or a server by its parts. */
	database?: {
		/** A Drizzle database. */
		db?: any;
		/** `postgres://…`, `mysql://…`, `sqlite:path`, … as in {@link DatabaseConfig.connection}. */
		connectionString?: string;
		/** What the server at `host` speaks. @defaultValue 'postgres' */
		dialect?: "postgres" | "mysql";
		/** Server. */
		host?: string;
		/** Port. @defaultValue 5432, for MySQL 3306 */
		port?: number;
		/** Database name. */
		database?: string;
		/** User name. */
		user?: string;
		/** Password. Appears in no message, log or stack. */
		password?: string;
		/** `true`: required and verified; `false`: off. @defaultValue used when the server offers it */
		ssl?: boolean | SslOptions;
		/** How `db` is used, see {@link DatabaseConfig.via}. */
		via?: Via;
	} & DatabaseStorageOptions;
}
interface ModelOptions {
	/** Sampling temperature. @defaultValue the provider's */
	temperature?: number;
	/** Longest answer in tokens. @defaultValue the provider's; 4096 for Anthropic, which has none */
	maxTokens?: number;
	/**
	 * Milliseconds one attempt may take; of a streamed answer, until it begins and between its pieces, ten times as many
	 * for all of it.
	 * @defaultValue 60000
	 */
	timeout?: number;
	/** Tokens of prompt and history sent at most; the newest messages are kept. @defaultValue 16000 */
	maxContextTokens?: number;
}
/** A model of a service. */
export interface AIModelConfig extends ModelOptions {
	/** The service, or `openai` for any server that speaks OpenAI's chat completions. */
	provider: "openai" | "openrouter" | "anthropic" | "google";
	/** The service's key. Appears in no message, log or stack. */
	apiKey?: string | undefined;
	/** Name of the model, for example `gpt-4o-mini`. */
	model: string;
	/** Another server with the same API, up to and including its version: `http://localhost:11434/v1`. */
	baseUrl?: string;
	/** OpenRouter's `HTTP-Referer`. */
	httpReferer?: string;
	/** Further attempts after 429, 5xx and network failures; `Retry-After` is honoured. @defaultValue 2 */
	maxRetries?: number;
}
/** What a model of your own is asked: the same shape whatever service is behind it. */
export interface ModelRequest {
	/** The transcript, instructions first. Every tool call is followed by its result. */
	messages: ModelMessage[];
	/** The tools that may be asked for; none forbids them. */
	tools: {
		name: string;
		description: string;
		parameters: Record<string, any>;
	}[];
	/** The conversation that is answered. */
	conversationId: string;
	/** `model` of the options. */
	model?: string;
	/** `temperature` of the options. */
	temperature?: number;
	/** `maxTokens` of the options. */
	maxTokens?: number;
}
/** One message of a transcript. */
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
	}[];
} | {
	role: "tool";
	toolCallId: string;
	content: string;
};
/** What a model of your own answers, whole or a piece of it: text, tools to be called, or both. */
export interface ModelResponse {
	/** What the agent says. */
	content?: string | null;
	/** Tools to be called; `parameters` is an object or its JSON, `id` is made when there is none. */
	toolCalls?: {
		id?: string;
		name: string;
		parameters?: any;
	}[] | null;
}
/** About the call of a model of your own. */
export interface ModelCall {
	/** Aborted when nobody waits for the answer any more: it took too long, or its reader left. */
	signal: AbortSignal;
}
/** An answer that arrives in pieces: texts, or pieces with tool calls. */
export type ModelStream = AsyncIterable<string | ModelResponse> | Iterable<string | ModelResponse>;
/**
 * A model of your own. Its functions are looked up at every call and may return a promise or not; what they throw reaches you as
 * the same object; a promise that does not settle within `timeout` fails the call.
 */
export interface CustomModelConfig extends ModelOptions {
	/** Says that the model is your own. */
	provider: "custom";
	/** Its name, as answers tell it. @defaultValue 'custom' */
	model?: string;
	/** Answers a transcript, whole or as an async iterable of pieces. */
	chat(request: ModelRequest, call: ModelCall): ModelResponse | AsyncIterable<string | ModelResponse> | Promise<ModelResponse | AsyncIterable<string | ModelResponse>>;
	/** Answers a transcript in pieces, for `text.stream()`. @defaultValue `chat` */
	stream?(request: ModelRequest, call: ModelCall): ModelStream | ModelResponse | Promise<ModelStream | ModelResponse>;
}
/** What the agent thinks with. */
export type ModelConfig = (AIModelConfig | CustomModelConfig) & {
	/**
	 * Models that are asked in this order when the one before cannot answer: not available, too slow, limited, refusing the key or
	 * the request, or answering nothing that can be used.
	 */
	fallbacks?: (AIModelConfig | CustomModelConfig)[];
};
/** What the tools may do. */
export interface ToolConfig {
	/**
	 * What `find_customer` tells about people other than the caller: that there is one (`own`), or the whole
	 * record (`full`, for trusted back offices only). @defaultValue 'own'
	 */
	customerLookup?: "own" | "full";
	/** ISO 3166-1 alpha-2 country of phone numbers given without a country code. @defaultValue 'US' */
	defaultCountry?: string;
	/**
	 * Numbers that the agent may call and write to by itself, beside the customer on the line: E.164, or their beginnings, `+1555*`.
	 * @defaultValue none
	 */
	allowedNumbers?: string[];
	/** Whom `send_email` may write to, beside the customer on the line. */
	email?: {
		/** Addresses, or whole domains: `@acme.example`. @defaultValue nobody */
		allowedRecipients?: string[];
	};
	/** Tools of your own. Further ones: `receptionist.getToolRegistry().register(tool)`. */
	custom?: ToolDefinition[];
	/** Milliseconds a tool may take. @defaultValue 30000 */
	timeout?: number;
	/** @deprecated Refused unless empty: give tools of your own in `custom`. */
	defaults?: ("calendar" | "booking" | "crm")[];
	/** @deprecated Refused: configure `providers.calendar`, or give a tool of your own in `custom` that calls your calendar. */
	calendar?: CalendarToolConfig;
	/** @deprecated Refused: give a tool of your own in `custom` that calls your booking system. */
	booking?: BookingToolConfig;
	/** @deprecated Refused: give a tool of your own in `custom` that calls your CRM. */
	crm?: CRMToolConfig;
}
/** @deprecated Of the TypeScript SDK, which never used it. */
export interface CalendarToolConfig {
	provider: "google" | "microsoft" | "apple";
	apiKey: string;
	calendarId?: string;
	credentials?: any;
}
/** @deprecated Of the TypeScript SDK, which never used it. */
export interface BookingToolConfig {
	apiUrl: string;
	apiKey: string;
}
/** @deprecated Of the TypeScript SDK, which never used it. */
export interface CRMToolConfig {
	provider: "salesforce" | "hubspot" | "pipedrive";
	apiKey: string;
	credentials?: any;
}
/**
 * Everything `new AIReceptionist(…)` takes. With `database` and neither `agent` nor `model`, only
 * `receptionist.database` can be used.
 */
export interface AIReceptionistConfig extends EventCallbacks {
	/** Who answers. */
	agent?: AgentConfig;
	/** What it thinks with. */
	model?: ModelConfig;
	/** Where leads and call logs live, and memories unless a storage is given. */
	database?: DatabaseConfig;
	/** The same as `database`, in the words of the TypeScript SDK; give one of them. */
	storage?: StorageConfig;
	/** What the tools may do. */
	tools?: ToolConfig;
	/** Who carries calls, messages and mail. */
	providers?: ProviderConfig;
	/** How the channels behave. */
	channels?: ChannelsConfig;
	/**
	 * Where the log goes: settings for the console, a function, or your own logger. @defaultValue warnings and errors, to the
	 * console
	 */
	logger?: LoggerConfig | LogFunction | LogMethods;
	/** Logs everything, the durations of every turn too, whatever the level of `logger`. @defaultValue false */
	debug?: boolean;
}
/** Builds an {@link Agent} of its own, part by part. An identity (or a prompt) and a model are needed. */
export declare class AgentBuilder {
	constructor();
	/** Begins to build. */
	static create(): AgentBuilder;
	/** Who it is. */
	withIdentity(identity: IdentityConfig): this;
	/** How it behaves. */
	withPersonality(personality: PersonalityConfig): this;
	/** What it knows. */
	withKnowledge(knowledge: KnowledgeConfig): this;
	/** What it remembers; a storage makes the tools for customers available too. */
	withMemory(memory: MemoryConfig): this;
	/** What it aims at. */
	withGoals(goals: GoalConfig): this;
	/** What it can do, beside our own tools. */
	withTools(tools: ToolDefinition[]): this;
	/** What it thinks with: the options that a receptionist's `model` takes. */
	withProvider(model: NonNullable<AIReceptionistConfig["model"]>): this;
	/** The same as {@link withProvider}. */
	withAIProvider(model: NonNullable<AIReceptionistConfig["model"]>): this;
	/** Replaces the whole system prompt. */
	withCustomSystemPrompt(customPrompt: string): this;
	/**
	 * The agent; connects to nothing yet.
	 * @throws {@link ConfigurationError} if something is missing or cannot be used
	 */
	build(): Agent;
}
/** Something the agent aims at. */
export interface Goal {
	/** What it is called; unique. */
	name: string;
	/** What is aimed at. */
	description: string;
	/** The main goal, or a further one. */
	type: "primary" | "secondary";
	/** Its rank: 1 comes first. */
	priority: number;
	/** How success is measured. */
	metric?: string;
	/** Limits while pursuing it. */
	constraints: string[];
}
/** `agent.getGoals()`: what the agent aims at. A change counts from the agent's next answer on. */
export declare class GoalSystem {
	private constructor();
	/** All goals, the main one first; limits that hold for all are the first's. */
	getCurrent(): Goal[];
	/** The main goal. */
	getPrimary(): Goal | undefined;
	/** The further goals. */
	getSecondary(): Goal[];
	/** What the prompt says of them. */
	getDescription(): string;
	/** The options, as they are now. */
	toJSON(): Record<string, unknown>;
	/**
	 * Adds a goal; a main one takes the place of the one there is.
	 * @throws {@link ValidationError} if there is one of that name
	 */
	addGoal(goal: Goal): void;
	/** Removes a goal; whether there was one of that name. */
	removeGoal(name: string): boolean;
	/** Changes a goal; whether there was one of that name. */
	updateGoal(name: string, updates: Partial<Goal>): boolean;
}
/** Something said to an agent. */
export interface AgentRequest {
	/** Names the request: the same again writes the same memories. */
	id: string;
	/** What was said; not empty. */
	input: string;
	/** Where. */
	channel: Channel;
	/** About the conversation; what is not listed here is kept with the message, and handed to tools. */
	context: {
		/** The conversation: 1 to 512 characters. */
		conversationId: string;
		/** Who says it, where you know it. */
		customer?: Customer;
		/** Twilio's id of the call. */
		callSid?: string;
		/** Twilio's id of the text message. */
		messageSid?: string;
		[key: string]: any;
	};
}
/** What an agent answers. */
export interface AgentResponse {
	/** The words. */
	content: string;
	/** Where. */
	channel: Channel;
	/** How it came about. */
	metadata?: {
		/** The conversation. */
		conversationId?: string;
		/** Names of the tools that ran, in order, with repetitions. */
		toolsUsed?: string[];
		/** Their results, in the same order. */
		toolResults?: any[];
		[key: string]: any;
	};
}
/** What an agent is made of. */
export interface AgentConfiguration {
	/** Who it is. */
	identity?: IdentityConfig;
	/** How it behaves. */
	personality?: PersonalityConfig;
	/** What it knows. */
	knowledge?: KnowledgeConfig;
	/** What it remembers. */
	memory?: MemoryConfig;
	/** What it aims at. */
	goals?: GoalConfig;
	/** What it can do. */
	tools?: ToolDefinition[];
	/** What it thinks with: the options of a model. */
	aiProvider: NonNullable<AIReceptionistConfig["model"]>;
	/** Replaces the whole system prompt. */
	customSystemPrompt?: string;
}
/** What is going on in an agent. */
export interface AgentState {
	/** Where it is in its life. */
	status: AgentStatus;
	/** Who it is. */
	identity: Record<string, unknown>;
	/** What it aims at. */
	currentGoals: Goal[];
	/** How much it remembers. */
	memoryStats: MemoryStats;
}
/** `receptionist.agent.memory`: all that was said and decided, from the windows and the storage as one. */
export declare class MemoryManager {
	private constructor();
	/**
	 * Remembers something, and persists it as `autoPersist` says.
	 * @throws {@link ValidationError} if no supported database could hold it
	 */
	store(memory: Memory): Promise<void>;
	/**
	 * Remembers several, all or none of them, and persists each as `autoPersist` says.
	 * @throws {@link ValidationError} if no supported database could hold one of them
	 */
	storeBatch(memories: Memory[]): Promise<void>;
	/** The memory of that id, persisted or not, or null. */
	get(id: string): Promise<Memory | null>;
	/** Forgets the memory of that id, in the window and in the storage; no error if there is none. */
	delete(id: string): Promise<void>;
	/**
	 * The memories a query asks for, in its order: by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query cannot be answered
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** The whole conversation, oldest first, however long. */
	getConversationHistory(conversationId: string): Promise<Memory[]>;
	/**
	 * What happened on a channel, newest first.
	 * @param options - `limit` (100 unless given), and `conversationId` for one conversation only
	 */
	getChannelHistory(channel: Channel, options?: {
		limit?: number;
		conversationId?: string;
	}): Promise<Memory[]>;
	/** Notes that a session began. `metadata` becomes part of its `sessionMetadata`. */
	startSession(session: {
		conversationId: string;
		channel: Channel;
		metadata?: Record<string, any>;
	}): Promise<void>;
	/** Notes that a session ended, with what came of it. */
	endSession(conversationId: string, summary?: string): Promise<void>;
	/**
	 * Embeds the memories that have no vector of the present embedder, and removes the vectors of other ones; resolves when every memory
	 * can be found by its meaning. The same goes on in the background by itself.
	 * @param options - `everything`: embed anew what has a vector, too
	 * @throws {@link ConfigurationError} without vectors
	 * @throws {@link ModelError} if the embedder fails
	 */
	reindex(options?: {
		everything?: boolean;
	}): Promise<{
		embedded: number;
		skipped: number;
	}>;
	/** An id for a new conversation: `conv_<milliseconds>_<random>`. */
	generateConversationId(): string;
	/** The newest memory of a channel that came from or went to a number or address. */
	getConversationByIdentifier(channel: Channel, identifier: string): Promise<Memory | null>;
	/** The newest memory of a call. */
	getConversationByCallId(callSid: string): Promise<Memory | null>;
	/** The newest memory of a text message. */
	getConversationByMessageId(messageSid: string): Promise<Memory | null>;
	/** Notes which call a conversation is, so that it is found by it. */
	attachCallSid(conversationId: string, callSid: string): Promise<void>;
	/** Notes which text message a conversation is, so that it is found by it. */
	attachMessageSid(conversationId: string, messageSid: string): Promise<void>;
	/**
	 * Does nothing beyond checking that it works: the receptionist's `initialize()` makes it ready.
	 * @throws {@link LifecycleError} before that
	 */
	initialize(): Promise<void>;
	/** Empties the windows; the storage is closed by whoever opened it. */
	dispose(): Promise<void>;
	/** How much is remembered; answers at once. */
	getStats(): MemoryStats;
	/** Empties the windows of all conversations; what was persisted stays. */
	clearShortTerm(): void;
	/** Forgets what is known of persisted memories; nothing is deleted from the storage. */
	clearLongTerm(): void;
	/**
	 * Memories that bear on `text`, of all customers: those that share words with it, and with vectors those of a similar meaning.
	 * @param options - narrow it to a conversation or channel; `limit` caps the number
	 */
	retrieve(text: string, options?: {
		conversationId?: string;
		channel?: Channel;
		limit?: number;
	}): Promise<Memory[]>;
}
/** `agent.getIdentity()`: who the agent is. A change counts from the agent's next answer on. */
export declare class Identity {
	private constructor();
	/** Name it answers with. */
	get name(): string;
	/** Its role. */
	get role(): string;
	/** Job title; the role unless given. */
	get title(): string;
	/** Its story; empty unless given. */
	get backstory(): string;
	/** Its department. */
	get department(): string | undefined;
	/** Its superior. */
	get reportsTo(): string | undefined;
	/** How much it may decide on its own; `medium` unless given. */
	get authorityLevel(): "low" | "medium" | "high";
	/** When it must hand over to a human; the defaults of the prompt are not listed. */
	get escalationRules(): string[];
	/** Experience in years; 0 unless given. */
	get yearsOfExperience(): number;
	/** What it is best at. */
	get specializations(): string[];
	/** What it is certified in. */
	get certifications(): string[];
	/** `Sarah (Sales Representative)`. */
	summary(): string;
	/** What the prompt says of it. */
	getDescription(): string;
	/** The options, as they are now. */
	toJSON(): Record<string, unknown>;
	/** @throws {@link ConfigurationError} if it is empty */
	updateName(name: string): void;
	/** @throws {@link ConfigurationError} if it is empty */
	updateRole(role: string): void;
	/** Another job title. */
	updateTitle(title: string): void;
	/** Another story. */
	updateBackstory(backstory: string): void;
	/** Another department. */
	updateDepartment(department: string): void;
	/** Another superior. */
	updateReportsTo(reportsTo: string): void;
	/** How much it may decide on its own. */
	setAuthorityLevel(authorityLevel: "low" | "medium" | "high"): void;
	/** One more reason to hand over to a human. */
	addEscalationRule(rule: string): void;
	/** One reason less to hand over. */
	removeEscalationRule(rule: string): void;
	/** Experience in years. */
	setYearsOfExperience(yearsOfExperience: number): void;
	/** Something else it is best at. */
	addSpecialization(specialization: string): void;
	/** Something it is not best at any more. */
	removeSpecialization(specialization: string): void;
	/** Something else it is certified in. */
	addCertification(certification: string): void;
	/** Something it is not certified in any more. */
	removeCertification(certification: string): void;
}
/** `agent.getKnowledge()`: what the agent knows. A change counts from the agent's next answer on. */
export declare class KnowledgeBase {
	private constructor();
	/** The field of business; empty unless given. */
	get domain(): string;
	/** Areas of expertise. */
	get expertise(): string[];
	/** Languages by fluency; a plain list counts as fluent. */
	get languages(): LanguageConfig;
	/** Industries served. */
	get industries(): string[];
	/** Domains it can talk about. */
	get knownDomains(): string[];
	/** What it must not claim to know. */
	get limitations(): string[];
	/** What to do when unsure; empty unless given. */
	get uncertaintyThreshold(): string;
	/** Nothing is held: there is nothing to let go of. */
	dispose(): Promise<void>;
	/** What the prompt says of it. */
	getDescription(): string;
	/** The options, as they are now. */
	toJSON(): Record<string, unknown>;
	/** Another field of business. */
	updateDomain(domain: string): void;
	/** One more area of expertise. */
	addExpertise(area: string): void;
	/** One area of expertise less. */
	removeExpertise(area: string): void;
	/** One more language, spoken fluently unless said otherwise. */
	addLanguage(language: string, proficiency?: "fluent" | "conversational"): void;
	/** One language less, however well it was spoken. */
	removeLanguage(language: string): void;
	/** One more industry. */
	addIndustry(industry: string): void;
	/** One industry less. */
	removeIndustry(industry: string): void;
	/** One more domain it can talk about. */
	addKnownDomain(domain: string): void;
	/** One domain less. */
	removeKnownDomain(domain: string): void;
	/** Something else it must not claim to know. */
	addLimitation(limitation: string): void;
	/** Something it may claim to know again. */
	removeLimitation(limitation: string): void;
	/** What to do when unsure. */
	updateUncertaintyThreshold(uncertaintyThreshold: string): void;
}
type Level = "low" | "medium" | "high";
/** `agent.getPersonality()`: how the agent behaves. A change counts from the agent's next answer on. */
export declare class PersonalityEngine {
	private constructor();
	/** Traits of character; the description of one given as a word is empty. */
	get traits(): PersonalityTrait[];
	/** Style of speech; `consultative` unless given. */
	get communicationStyle(): CommunicationStyleConfig;
	/** Tone of voice; empty unless given. */
	get tone(): string;
	/** 1 (casual) to 10 (formal); 5 unless given. */
	get formalityLevel(): number;
	/** Sense for feelings; `medium` unless given. */
	get emotionalIntelligence(): Level;
	/** Readiness to adapt; `medium` unless given. */
	get adaptability(): Level;
	/** Behaviour in conflicts; empty unless given. */
	get conflictStyle(): string;
	/** Way of deciding; empty unless given. */
	get decisionStyle(): string;
	/** Behaviour under stress; empty unless given. */
	get stressResponse(): string;
	/** When and how to adapt. */
	get adaptabilityRules(): string[];
	/** What the agent says when it has no answer, the same on every channel. */
	getErrorMessage(_channel: Channel): string;
	/** What the prompt says of it. */
	getDescription(): string;
	/** The options, as they are now. */
	toJSON(): Record<string, unknown>;
	/** Adds a trait; one of the same name is replaced. */
	addTrait(trait: string | PersonalityTrait): void;
	/** Takes a trait away; nothing happens if there is none of that name. */
	removeTrait(traitName: string): void;
	/** Changes a trait; nothing happens if there is none of that name. */
	updateTrait(traitName: string, updates: Partial<PersonalityTrait>): void;
	/** Changes the style of speech; what is not given stays. */
	updateCommunicationStyle(style: Partial<CommunicationStyleConfig>): void;
	/** @param formalityLevel - 1 (casual) to 10 (formal) */
	setFormalityLevel(formalityLevel: number): void;
}
/** `receptionist.getToolRegistry()`: the tools the agent can use, ours and yours. */
export declare class ToolRegistry {
	private constructor();
	/**
	 * Adds a tool. One of the same name is replaced, with a warning; of ours, too, without one. It can be used from the model's next
	 * request on, and stays through `dispose()` and `initialize()`.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if models would not accept it: its name, description or JSON Schema, or
	 *   if it has no handler
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
	/** Removes a tool; whether there was one. A call that is under way is finished. */
	unregister(toolName: string): boolean;
	/** Removes all tools, ours too. */
	clear(): void;
	/** The tools available on a channel, or all of them: your own objects, and ours with handlers that run them. */
	listAvailable(channel?: Channel): ITool[];
	/** All tools. */
	list(): ITool[];
	/** The tool of that name: your own object, or ours. */
	get(toolName: string): ITool | undefined;
	/** Whether there is a tool of that name. */
	has(toolName: string): boolean;
	/** How many tools there are. */
	count(): number;
	/**
	 * Runs a tool as the model would, and remembers the execution. A tool that ran and failed, or took too long, resolves with
	 * `success: false`; `cause` is then what it threw, the same object.
	 * @param timeoutMs - milliseconds it may take. `@defaultValue` `tools.timeout`, else 30000
	 * @throws {@link ToolError} if there is no such tool on the channel, or its parameters are invalid
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
/** Where an agent is in its life. */
export declare enum AgentStatus {
	/** Not initialized yet. */
	INITIALIZING = "INITIALIZING",
	/** Waiting for somebody to say something. */
	READY = "READY",
	/** Answering. */
	PROCESSING = "PROCESSING",
	/** `initialize()` failed. */
	ERROR = "ERROR",
	/** Disposed of. */
	DISPOSED = "DISPOSED"
}
/**
 * An agent: that of a receptionist, or one of its own, which you initialize and dispose of yourself.
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
	/** Unique in this process and others. */
	readonly id: string;
	/** What it remembers. */
	readonly memory: MemoryManager;
	private constructor();
	/** Builds an agent of its own. */
	static builder(): AgentBuilder;
	/** Makes it ready, as the `initialize()` of its receptionist does. Twice is as good as once. */
	initialize(): Promise<void>;
	/** Ends it, and the receptionist it belongs to. `initialize()` opens it again. */
	dispose(): Promise<void>;
	/**
	 * Answers, with tools, and remembers all of it. A request of the same `id` writes the same memories again.
	 * @throws {@link ModelError} if the model cannot answer; what was said is remembered nevertheless
	 * @throws {@link ValidationError} if the request cannot be used
	 */
	process(request: AgentRequest): Promise<AgentResponse>;
	/** Where it is in its life. */
	getStatus(): AgentStatus;
	/**
	 * The instructions it works by, as they are now: with those of a channel, or without any.
	 * @throws {@link LifecycleError} before `initialize()`
	 */
	getSystemPrompt(channel?: Channel): string;
	/** Nothing to wait for: the prompt is made anew for every answer. */
	rebuildSystemPrompt(): Promise<void>;
	/** Nothing to do: the prompt is made anew for every answer. */
	markPromptForRebuild(): void;
	/** Who it is; what you change counts from the next answer on. */
	getIdentity(): Identity;
	/** How it behaves; what you change counts from the next answer on. */
	getPersonality(): PersonalityEngine;
	/** What it knows; what you change counts from the next answer on. */
	getKnowledge(): KnowledgeBase;
	/** What it aims at; what you change counts from the next answer on. */
	getGoals(): GoalSystem;
	/** What it remembers: the same object as `memory`. */
	getMemory(): MemoryManager;
	/** What it can do. */
	getToolRegistry(): ToolRegistry;
	/**
	 * Changes who it is while it works: the fields of `identity`, `personality`, `knowledge` and `goals` that are given, and
	 * `customSystemPrompt`. Everything else is decided when it is made.
	 * @throws {@link ConfigurationError} if the result cannot be used; then nothing is changed
	 */
	withAgentConfig(config: Partial<AgentConfiguration>): this;
}
/**
 * Who is answered on a channel, by number or address. The first message of a customer adds them; whom you remove is kept, but not
 * answered until you add them again. Kept in the table `<prefix>allowlist`, which every process asks before it answers;
 * `has`, `getAll` and `count` tell what this process knows: the table as of `initialize()` and what it did itself. Without a
 * database it lasts as long as the process.
 */
export declare class Allowlist {
	/** Whose list it is. */
	readonly channel: "sms" | "email";
	private constructor();
	/**
	 * Adds a number or address; `addedBy` is noted with it.
	 * @throws {@link ValidationError} if it is none
	 */
	add(identifier: string, addedBy?: string): Promise<void>;
	/** Whether a number or address is on the list. */
	has(identifier: string): boolean;
	/**
	 * Removes a number or address.
	 * @throws {@link ValidationError} if it is none
	 */
	remove(identifier: string): Promise<void>;
	/** All of them: numbers in E.164, addresses in lower case. */
	getAll(): string[];
	/** How many there are. */
	count(): number;
	/** Removes all of them. */
	clear(): Promise<void>;
}
/** Whom to call. */
export interface MakeCallOptions {
	/** A phone number; E.164, or as it is dialled in `tools.defaultCountry`. */
	to: string;
	/** What is said first. @defaultValue `channels.voice.greeting` */
	greeting?: string;
	/** Kept with the conversation's start. */
	metadata?: Record<string, any>;
	/** Whether Twilio records the call. @defaultValue false */
	record?: boolean;
	/** Seconds to let it ring, 5 to 600. @defaultValue 60 */
	timeout?: number;
}
/** Which calls to list. */
export interface CallQuery {
	/** Who was called. */
	to?: string;
	/** Who called. */
	from?: string;
	/** Twilio's word for the state: `queued`, `ringing`, `in-progress`, `completed`, … */
	status?: string;
	/** At most, 1 to 1,000. @defaultValue 50 */
	limit?: number;
}
/** A call. */
export interface CallSession {
	/** Twilio's id of the call, `CA…`. */
	id: string;
	/** The same: a call is its own conversation. */
	conversationId: string;
	/** Who is called. */
	to: string;
	/** Who calls. */
	from: string;
	/** How far it is. */
	status: "initiated" | "ringing" | "in-progress" | "completed" | "busy" | "no-answer" | "canceled" | "failed";
	/** Who began. */
	direction: "inbound" | "outbound";
	/** When it began. */
	startedAt: Date;
	/** When it ended. */
	endedAt?: Date;
	/** Seconds, once it is over. */
	duration?: number;
}
/** `receptionist.calls`, also known as `receptionist.voice`: calls that you make. */
export declare class VoiceResource {
	private constructor();
	/**
	 * Calls somebody. With `providers.communication.twilio.webhookBaseUrl` the agent talks to whoever answers; without, the greeting
	 * is said and the call ends. Never tried again when it may have rung.
	 * @throws {@link ValidationError} if `to` is no phone number
	 * @throws {@link ProviderError} if Twilio is not configured, or refuses, or does not answer: `PROVIDER_OUTCOME_UNKNOWN` when the
	 * phone may ring nevertheless
	 *
	 * @example
	 * ```ts
	 * const call = await receptionist.calls.make({ to: '+15551234567', metadata: { leadId: 7 } })
	 * console.log(call.conversationId, call.status)
	 * ```
	 */
	make(options: MakeCallOptions): Promise<CallSession>;
	/** A call as it is now. */
	get(id: string): Promise<CallSession>;
	/** The newest calls of the account that match, newest first. */
	list(query?: CallQuery): Promise<CallSession[]>;
	/** Hangs up, or stops the phone from ringing. */
	end(id: string): Promise<CallSession>;
}
/** Options to change, see `updateConfig` and `clone`: of sections that are merged, the fields that change suffice. */
export type ConfigChanges = Omit<Partial<AIReceptionistConfig>, "agent" | "model"> & {
	/** Who answers. */
	agent?: {
		[Pillar in keyof AgentConfig]?: Partial<NonNullable<AgentConfig[Pillar]>> | null;
	};
	/** What it thinks with. */
	model?: Partial<NonNullable<AIReceptionistConfig["model"]>>;
};
/**
 * Names of models at OpenRouter, to complete as you type. There are many more: any name it lists works as `model`.
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
/** Everything that is held of a person, wherever it is. */
export interface PersonExport {
	/** What was said and done, oldest first. */
	memories: Memory[];
	/** Records of the person. */
	leads: {
		id: string;
		name: string | null;
		email: string | null;
		phone: string | null;
		source: string | null;
		metadata: Record<string, any>;
	}[];
	/** How conversations with the person ended; `duration` in seconds. */
	callLogs: {
		id: string;
		conversationId: string;
		phoneNumber: string | null;
		duration: number | null;
		outcome: string | null;
		summary: string | null;
		metadata: Record<string, any>;
	}[];
	/** What came in, how it was answered, and what is noted of the person, such as `opt_out`. */
	inbox: {
		kind: string;
		state: string;
		answer: string | null;
		at: Date;
	}[];
	/** On whose lists the person is: `sms`, `email`. */
	allowlist: string[];
}
/** How much was forgotten. */
export interface ForgetReport {
	memories: number;
	leads: number;
	callLogs: number;
	inbox: number;
}
/** How to migrate. */
export interface MigrateOptions {
	/** Only tell what would be run. @defaultValue false */
	dryRun?: boolean;
}
/** How to move old conversations. */
export interface MigrateConversationsOptions {
	/** The table they are in. @defaultValue 'ai_receptionist_conversations' */
	from?: string;
	/** Conversations moved at a time, 1 to 10,000. @defaultValue 100 */
	batchSize?: number;
	/** Called after each batch, with the totals so far. What it throws ends the migration, which can be started again. */
	onProgress?: (progress: {
		conversations: number;
		messages: number;
		skipped: number;
	}) => void;
}
/** What became of old conversations. */
export interface ConversationsReport {
	/** Conversations read. */
	conversations: number;
	/** Messages that are memories now. */
	messages: number;
	/** What was left out and why; `message` is the position in the conversation, absent when it is all of it. */
	skipped: {
		conversationId: string;
		message?: number;
		reason: string;
	}[];
}
interface PruneOptions {
	/** Memories from before this moment are deleted. */
	before: Date;
	/** Only memories of this type, or of these. @defaultValue all types */
	type?: Memory["type"] | Memory["type"][];
	/** Called after each batch, with the total so far. What it throws ends the work, which can be started again. */
	onProgress?: (progress: {
		memories: number;
	}) => void;
}
/** `receptionist.database`: the tables, usable before `initialize()` too. */
export declare class DatabaseResource {
	private constructor();
	/**
	 * Creates missing tables, columns and indexes, whatever `autoMigrate` says; never drops or rewrites.
	 * Safe to call from many processes at once.
	 * @returns the SQL that was run, or would be, in order; empty when everything is in place
	 * @throws {@link DatabaseError} if the database cannot be reached or refuses
	 *
	 * @example
	 * ```ts
	 * const sql = await receptionist.database.migrate({ dryRun: true })
	 * console.log(sql.join(';\n'))
	 * ```
	 */
	migrate(options?: MigrateOptions): Promise<string[]>;
	/**
	 * Deletes old memories and their vectors, the oldest first, a batch of 200 at a time, so that nobody who saves waits long. Call it
	 * from a job of yours, as often as you like; if it ends early, the next call goes on. Leads and call logs stay.
	 * @returns how many were deleted
	 * @throws {@link ValidationError} if `before` is no date or `type` no type of memories
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
	 * Moves conversations of the architecture before memory (a row each, their messages as a JSON array) into
	 * memory. The old table stays as it is; running it again, also after a failure, changes nothing that was moved.
	 * @throws {@link ValidationError} if there is no such table
	 *
	 * @example
	 * ```ts
	 * const { messages, skipped } = await receptionist.database.migrateConversations()
	 * ```
	 */
	migrateConversations(options?: MigrateConversationsOptions): Promise<ConversationsReport>;
	/**
	 * Everything that is held of a person, named by an e-mail address, a phone number, your own id, or several of them: memories
	 * of their conversations, leads, call logs, what came in from them.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if it names nobody
	 *
	 * @example
	 * ```ts
	 * const held = await receptionist.database.export({ email: 'john@example.com' })
	 * await writeFile('john.json', JSON.stringify(held, null, 2))
	 * ```
	 */
	export(person: Customer): Promise<PersonExport>;
	/**
	 * Forgets a person: removes what {@link DatabaseResource.export} shows, and vectors, in the database and in this receptionist.
	 * In conversations with others too, only what carries the person's address goes. That they want no messages stays, as a
	 * hash. Doing it again, also after a failure, removes what is left.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` if it names nobody
	 *
	 * @example
	 * ```ts
	 * const { memories } = await receptionist.database.forget({ phone: '+15551234567' })
	 * ```
	 */
	forget(person: Customer): Promise<ForgetReport>;
}
/**
 * Keeps memories in your PostgreSQL, MySQL, MariaDB or SQLite database, given as a Drizzle object or a URL, in a
 * table you can query: `<tablePrefix>memory`. Connects, and creates the tables unless `autoMigrate` is off, on first use or on
 * `initialize()`. Any failure of the database rejects with a {@link DatabaseError} within seconds.
 *
 * @example
 * ```ts
 * const storage = new DatabaseStorage({ db: drizzle(pool) })
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * await storage.dispose()
 * ```
 */
export declare class DatabaseStorage implements IStorage {
	/** @throws {@link ConfigurationError} if the options describe no supported database */
	constructor(config: DatabaseStorageConfig);
	/**
	 * Connects and, unless `autoMigrate` is off, creates what is missing. Optional: first use does it.
	 * @throws {@link DatabaseError} `DATABASE_TABLES_MISSING` if `autoMigrate` is off and tables are missing
	 */
	initialize(): Promise<void>;
	/**
	 * Creates missing tables, columns and indexes, whatever `autoMigrate` says; never drops or rewrites.
	 * Safe to call from many processes at once.
	 * @returns the SQL that was run, or with `dryRun` would be
	 */
	migrate(options?: MigrateOptions): Promise<string[]>;
	/** Finishes what is under way and closes the connections that are not yours. Later calls reject with `DISPOSED`. */
	dispose(): Promise<void>;
	/**
	 * Saves a memory; resolves once it is committed. The same id again replaces it and keeps its place.
	 * @throws {@link ValidationError} if no supported database could hold it
	 */
	save(memory: Memory): Promise<void>;
	/**
	 * Saves all or none; of several with the same id the last one wins.
	 * @throws {@link ValidationError} if one of them could not be held
	 */
	saveBatch(memories: Memory[]): Promise<void>;
	/** The memory of that id, or null. */
	get(id: string): Promise<Memory | null>;
	/**
	 * The memories a query asks for, in its order: by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query cannot be answered
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** Removes the memory of that id, if there is one. */
	delete(id: string): Promise<void>;
	/** Whether the database answers; never rejects for a database that does not. */
	healthCheck(): Promise<boolean>;
	/** How many memories the table holds. */
	count(): Promise<number>;
	/** Removes all memories; leads and call logs stay. */
	clear(): Promise<void>;
	/** The addresses that are answered by e-mail, as the table `<tablePrefix>allowlist` has them, oldest first. */
	getAllAllowlistedEmails(): Promise<{
		email: string;
	}[]>;
	/** Adds an address, in lower case, to those that are answered by e-mail; `addedBy` is noted with it. */
	addToEmailAllowlist(email: string, addedBy?: string): Promise<void>;
	/** Removes an address: its e-mails are kept, but not answered. */
	removeFromEmailAllowlist(email: string): Promise<void>;
	/** Removes all addresses. */
	clearEmailAllowlist(): Promise<void>;
	/** The numbers that are answered by SMS, as the table `<tablePrefix>allowlist` has them, oldest first. */
	getAllAllowlistedPhoneNumbers(): Promise<{
		phoneNumber: string;
	}[]>;
	/** Adds a number, as E.164, to those that are answered by SMS; `addedBy` is noted with it. */
	addToPhoneAllowlist(phoneNumber: string, addedBy?: string): Promise<void>;
	/** Removes a number: its messages are kept, but not answered. */
	removeFromPhoneAllowlist(phoneNumber: string): Promise<void>;
	/** Removes all numbers. */
	clearPhoneAllowlist(): Promise<void>;
}
/** A file that goes with an e-mail: its `content`, or the `path` it is read from. */
export interface EmailAttachment {
	/** Its file name. @defaultValue the last part of `path` */
	name?: string;
	/** The same, as nodemailer calls it. */
	filename?: string;
	/** MIME type. @defaultValue 'application/octet-stream' */
	contentType?: string;
	/** The bytes; a string is base64. */
	content?: string | Uint8Array;
	/** A file of this machine, at most 10 MiB. */
	path?: string;
	/** What `html` refers to it by: `cid:…`. */
	contentId?: string;
}
/** An e-mail to send. */
export interface SendEmailOptions {
	/** To whom: `ann@example.com` or `Ann <ann@example.com>`, or up to 50 of them; the first is whose conversation it belongs to. */
	to: string | string[];
	/** One line of at most 500 characters. @defaultValue `Re: …` with `inReplyTo` */
	subject?: string;
	/** The plain text. @defaultValue the text of `html` */
	body?: string;
	/** The same as HTML. */
	html?: string;
	/** Files; text, HTML and files are at most 10 MiB together. */
	attachments?: EmailAttachment[];
	/** Kept with the e-mail in memory; nothing of it is sent. */
	metadata?: Record<string, any>;
	/** The conversation it belongs to. @defaultValue that of the mail it answers, else a new one */
	conversationId?: string;
	/** The id of an e-mail that was sent or received here, which this one answers. */
	inReplyTo?: string;
	/** Which of the configured providers sends it. @defaultValue 'postmark' when it is configured */
	provider?: "postmark" | "smtp";
	/** The first is what Postmark's statistics group it by. */
	tags?: string[];
}
/** An e-mail that was sent, or drafted. */
export interface EmailSession {
	/** The `Message-ID`, without angle brackets: pass it as `inReplyTo`. */
	id: string;
	/** The same; absent from a draft. */
	messageId?: string;
	/** Postmark's own id of it. */
	providerId?: string;
	/** The conversation it belongs to; its answers arrive there. */
	conversationId: string;
	/** To whom. */
	to: string | string[];
	/** From whom. */
	from: string;
	/** Its subject. */
	subject: string;
	/** Always `email`. */
	channel: "email";
	/** Always `outbound`. */
	direction: "outbound";
	/** `sent`: the provider took it. `draft`: nothing was sent. */
	status: "sent" | "draft";
	/** The e-mail it answers. */
	inReplyTo?: string;
	/** When. */
	startedAt: Date;
	/** When it was sent; absent from a draft. */
	sentAt?: Date;
	/** What was given along; `{ draft: { subject, body } }` of a draft. */
	metadata?: Record<string, any>;
}
/** Many e-mails to send. */
export interface SendBulkOptions {
	/** Up to 10,000, each in a conversation of its own. */
	emails: (SendEmailOptions & {
		tag?: string;
	})[];
	/** On their way at once, at most 10. @defaultValue 10 */
	chunkSize?: number;
}
/** What became of one of many. */
export interface BulkEmailResult {
	/** To whom. */
	to: string | string[];
	/** Whether the provider took it. */
	success: boolean;
	/** Its `Message-ID`. */
	messageId?: string;
	/** Why not, for people. */
	error?: string;
	/** Why not, for programs; `PROVIDER_OUTCOME_UNKNOWN` means that it may have gone out. */
	code?: string;
}
/** What an e-mail is to say. */
export interface GenerateEmailOptions {
	/** In a sentence or more. */
	prompt: string;
	/** What else the agent should know. */
	context?: string;
	/** How it sounds. @defaultValue 'professional' */
	tone?: string;
	/** Kept with the conversation it is written in. */
	metadata?: Record<string, any>;
}
/** Which e-mail to answer. */
export interface ReplyEmailOptions {
	/** Its id, as `handleEmailWebhook` and `send` return it. */
	inReplyTo: string;
	/** What the answer is to say. @defaultValue what the agent finds right */
	prompt?: string;
	/** Whether it is sent. @defaultValue false: a draft */
	autoSend?: boolean;
}
/** `receptionist.email`: e-mails of your own, and who is answered. Those that come in are answered by `handleEmailWebhook`. */
export declare class EmailResource {
	/** Who is answered: the first e-mail of an address that would be answered adds it. */
	readonly allowlist: Allowlist;
	private constructor();
	/**
	 * Sends an e-mail, once, and remembers it: the customer's answer continues the conversation.
	 * @throws {@link ValidationError} if an argument cannot be used; nothing was sent
	 * @throws {@link ProviderError} `PROVIDER_OUTCOME_UNKNOWN` if it may have gone out; with other codes it has not
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
	 * Sends many e-mails; resolves to what became of each, in their order.
	 * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` without a provider
	 */
	sendBulk(options: SendBulkOptions): Promise<BulkEmailResult[]>;
	/** Has the agent write an e-mail; nothing is sent. */
	generate(options: GenerateEmailOptions): Promise<{
		subject: string;
		body: string;
		html?: string;
	}>;
	/** Has the agent answer an e-mail, in its conversation and thread; sends it with `autoSend`. */
	reply(options: ReplyEmailOptions): Promise<EmailSession>;
}
/**
 * Keeps memories in this process: for development and tests, and gone when it ends.
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
	 * Saves a memory; the same id again replaces it and keeps its place in the order.
	 * @throws {@link ValidationError} if no database could hold it
	 */
	save(memory: Memory): Promise<void>;
	/**
	 * Saves all or none; of several with the same id the last one wins.
	 * @throws {@link ValidationError} if one of them could not be held
	 */
	saveBatch(memories: Memory[]): Promise<void>;
	/** The memory of that id, or null. */
	get(id: string): Promise<Memory | null>;
	/**
	 * The memories a query asks for, in its order: by default the newest 100, newest first.
	 * @throws {@link ValidationError} if the query cannot be answered
	 */
	search(query?: MemorySearchQuery): Promise<Memory[]>;
	/** Removes the memory of that id, if there is one. */
	delete(id: string): Promise<void>;
	/** Always true. */
	healthCheck(): Promise<boolean>;
	/** How many memories there are. */
	count(): number;
	/** Removes all memories. */
	clear(): void;
	/** All memories, oldest first. */
	getAll(): Memory[];
}
/** What to send, and to whom. */
export interface SendSMSOptions {
	/** A phone number; E.164, or as it is dialled in `tools.defaultCountry`. */
	to: string;
	/** At most 1,600 characters. */
	body: string;
	/** Another number of the account. @defaultValue the configured `phoneNumber` */
	from?: string;
	/** Public addresses of pictures. */
	mediaUrl?: string[];
	/** Kept with the message. */
	metadata?: Record<string, any>;
	/** The conversation it belongs to, to which answers then belong too. @defaultValue the customer's */
	conversationId?: string;
}
/** A message that was sent. */
export interface SMSSession {
	/** Twilio's id of the message, `SM…`. */
	id: string;
	/** The same. */
	messageSid: string;
	/** The customer's conversation. */
	conversationId: string;
	/** E.164. */
	to: string;
	/** E.164. */
	from: string;
	/** What was written. */
	body: string;
	/** Always `sms`. */
	channel: "sms";
	/** Always `outbound`. */
	direction: "outbound";
	/** How far it is: `queued`, `sent`, `delivered`, `failed`, … */
	status: string;
	/** When it was sent. */
	sentAt: Date;
}
/** `receptionist.sms`: messages that you send, and who is answered. */
export declare class SMSResource {
	/** Who is answered: the first message of a number adds it, STOP removes it, START adds it again. */
	readonly allowlist: Allowlist;
	private constructor();
	/**
	 * Sends an SMS and remembers it in the customer's conversation. Never tried again when it may have arrived.
	 * @throws {@link ValidationError} if an option cannot be used, or `RECIPIENT_OPTED_OUT`; nothing was sent
	 * @throws {@link ProviderError} if Twilio is not configured, or refuses, or does not answer: `PROVIDER_OUTCOME_UNKNOWN` when the
	 * message may arrive nevertheless
	 */
	send(options: SendSMSOptions): Promise<SMSSession>;
}
/** What a receptionist is. */
export interface ReceptionistInfo {
	/** Of this package. */
	version: string;
	/** The agent's name; `Custom Agent` if it has none. */
	agentName: string;
	/** Whether it works. */
	initialized: boolean;
	/** Lines on which it answers. */
	channels: string[];
	/** Services it uses: `openai`, `twilio`, … */
	providers: string[];
	/** How many tools the agent has. */
	tools: number;
}
/** Whether everything answers. */
export interface ReceptionistHealth {
	/** Whether all of it does. */
	healthy: boolean;
	/** Whether the agent is ready. */
	agent: boolean;
	/** Whether the database answers, or the storage that was given; absent without either. */
	database?: boolean;
	/** Whether the services answer and take the credentials, by name. */
	providers: Record<string, boolean>;
	/** What is wrong, in words without secrets. */
	errors: string[];
}
/** An answer. */
export interface TextResponse {
	/** What the agent says. */
	text: string;
	/** About the answer. */
	metadata: {
		/** When it was given. */
		timestamp: Date;
		/** The conversation it belongs to. */
		conversationId: string;
		/** Whose model gave it: `openai`, `anthropic`, …, `custom`. */
		provider: string;
		/** The model that gave it, by its name in the options; a fallback's where one stood in. */
		model: string;
		/**
		 * With vectors: ids of the memories that joined the prompt, and how they were found; `problem` is the code of why not by their
		 * meaning.
		 */
		recalled?: {
			by: "meaning" | "keywords";
			ids: string[];
			problem?: string;
		};
		[key: string]: any;
	};
}
/** An answer that is read as it arrives: `for await (const piece of receptionist.text.stream({ … }))`. */
export declare class TextStream implements AsyncIterableIterator<string> {
	/** The whole answer, with which tools ran and which model gave it, once all pieces were read. */
	response: TextResponse | undefined;
	private constructor();
	/**
	 * The next piece of text, as soon as there is one. The first call begins the turn.
	 * @throws {@link ModelError} if the model cannot answer; `MODEL_STREAM_INTERRUPTED` after its first words
	 */
	next(): Promise<IteratorResult<string, undefined>>;
	/**
	 * Stops reading: the model is stopped too, and what was read of its answer is kept, marked as interrupted. Resolves when that is
	 * done; a tool that runs already is finished first. `break` calls it.
	 */
	return(): Promise<IteratorResult<string, undefined>>;
	[Symbol.asyncIterator](): this;
}
/** What to answer. */
export interface GenerateTextOptions {
	/** What the customer said. */
	prompt: string;
	/** The conversation to continue or begin. @defaultValue a new one */
	conversationId?: string;
	/** Kept with the customer's message. */
	metadata?: Record<string, any>;
	/** Who is asking, where you know it. */
	customer?: Customer;
}
/** A conversation that can be continued by its id. */
export interface TextConversation {
	/** Pass it as `conversationId`. */
	id: string;
	/** Always `text`. */
	channel: "text";
	/** When it was created. */
	startedAt: Date;
}
/** `receptionist.text`: conversations by text, from your own code. */
export declare class TextResource {
	private constructor();
	/**
	 * Answers a message: the model may use tools for up to 8 rounds first. The message, every tool execution
	 * and the answer are remembered as they happen; calls with the same `conversationId` continue it.
	 * @throws {@link ModelError} if the model cannot answer; what the customer said is remembered nevertheless
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
	 * Answers like {@link generate}, handing out the text as it arrives, also what the agent says before it uses tools. What cannot
	 * be begun is told by the first piece that is asked for. An answer that breaks off, or is not read to its end, is kept as far as
	 * it came: its memory has `interrupted` and the code in its `metadata`.
	 *
	 * @example
	 * ```ts
	 * for await (const piece of receptionist.text.stream({ prompt: 'Tell me about your plans.' })) {
	 *   response.write(piece)
	 * }
	 * ```
	 */
	stream(options: GenerateTextOptions): TextStream;
	/** Opens a conversation. `metadata` becomes part of its `sessionMetadata`. */
	createConversation(options?: {
		metadata?: Record<string, any>;
		customer?: Customer;
	}): Promise<TextConversation>;
}
/** `receptionist.getToolStore()`: what tools did, found in memory. */
export declare class ToolStore {
	private constructor();
	/**
	 * Executions, the newest first, with their `toolCall` and `toolResult`.
	 * @param params - `conversationId`, `toolName` and `success` narrow it; without `success` it finds those too that never
	 *   ended. `limit` is 20 unless given.
	 *
	 * @example
	 * ```ts
	 * const failed = await receptionist.getToolStore().findExecutions({ toolName: 'book_table', success: false })
	 * ```
	 */
	findExecutions(params?: {
		conversationId?: string;
		toolName?: string;
		success?: boolean;
		limit?: number;
	}): Promise<Memory[]>;
	/** The newest execution of a tool that did what was asked, or null. */
	getLastExecution(toolName: string, conversationId?: string): Promise<Memory | null>;
}
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
 * `receptionist.webhooks`: one handler for everything that providers post. A listener for Node's `http` and middleware for Express; its
 * `fetch` is for everything that speaks the Fetch API (Next, Hono, Bun, Deno).
 *
 * @example
 * ```ts
 * app.use(receptionist.webhooks)                    // Express
 * http.createServer(receptionist.webhooks)          // Node
 * export const POST = receptionist.webhooks.fetch   // Next
 * ```
 */
export interface WebhookHandler {
	/** Answers, or calls `next` when the path is not one of a webhook. */
	(request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): void;
	/** Answers; paths of others with 404. */
	fetch(request: Request): Promise<Response>;
}
/** The parsed form of a webhook, as body parsers give it. */
export type WebhookPayload = Record<string, any>;
/** What shows where a webhook comes from. */
export interface WebhookProof {
	/** The header `X-Twilio-Signature`. */
	signature?: string | undefined;
	/** The public URL that Twilio posted to, as Twilio has it, with its query. */
	url?: string;
}
/** An e-mail that came in: what Postmark posts, or `{ raw }`, a MIME message from any other source. */
export type EmailPayload = Record<string, any> | {
	raw: string | Uint8Array;
};
/** How an e-mail that came in is treated. */
export interface EmailWebhookOptions {
	/** The header `Authorization`, which Postmark makes of `https://user:secret@…` in the webhook's address. */
	authorization?: string | undefined;
	/** Whether it is answered. @defaultValue `channels.email.autoReply` */
	autoReply?: boolean;
	/** What you want of this answer, beside the agent's own instructions; at most 10,000 characters. The customer does not see it. */
	instructions?: string;
}
/** What became of an e-mail that came in. */
export interface EmailReceipt {
	/** The conversation it belongs to; absent while it is `pending`. */
	conversationId?: string;
	/** Its `Message-ID`, without angle brackets. */
	emailId: string;
	/** Whether an answer went out. */
	autoReplied: boolean;
	/** Why none did; `unknown`: one may have. */
	reason?: "automatic" | "bulk" | "no_reply" | "own_message" | "spam" | "rate_limited" | "auto_reply_off" | "not_allowlisted" | "rejected" | "pending" | "unknown";
}
/**
 * An agent with an identity that answers, uses tools, and remembers everything in your own database.
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
	/** Conversations by text. */
	readonly text: TextResource;
	/** Calls that you make. */
	readonly calls: VoiceResource;
	/** The same object as `calls`. */
	readonly voice: VoiceResource;
	/** Messages that you send, and who is answered by SMS. */
	readonly sms: SMSResource;
	/** One handler for everything that providers post; see {@link WebhookHandler}. */
	readonly webhooks: WebhookHandler;
	/** E-mails of your own, and who is answered by e-mail. */
	readonly email: EmailResource;
	/** The tables; `database.migrate()` works before `initialize()` too. */
	readonly database: DatabaseResource;
	/**
	 * Checks the configuration; connects to nothing yet.
	 * @throws {@link ConfigurationError} if something is missing or cannot be used
	 */
	constructor(config: AIReceptionistConfig);
	/**
	 * Connects, creates missing tables (unless `autoMigrate` is off) and registers the tools.
	 * @throws {@link DatabaseError} if the database cannot be used: wrong password, host, file, missing tables
	 */
	initialize(): Promise<void>;
	/**
	 * Finishes what is under way and closes the connections this receptionist opened, unless clones still use them. Twice is as
	 * good as once; `initialize()` opens it again. The log is complete then.
	 */
	dispose(): Promise<void>;
	/** `dispose()` and `initialize()`, with what {@link updateConfig} changed. The objects you hold stay the same. */
	reinitialize(): Promise<void>;
	/**
	 * Another receptionist with the same options, changed by `overrides`: sections are merged, lists and everything else replaced,
	 * `null` takes an option away; a `model` of another provider replaces the whole section. Unless `overrides` has a `database` or
	 * `storage`, both use one pool of connections, which is closed when the last of them is disposed of.
	 * Tools, windows and conversations are its own. Call `initialize()` on it.
	 * @throws {@link ConfigurationError} if the result cannot be used
	 *
	 * @example
	 * ```ts
	 * const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Support Specialist' } } })
	 * await bob.initialize()
	 * ```
	 */
	clone(overrides?: ConfigChanges): AIReceptionist;
	/**
	 * What it is; channels, providers and tools are those of an initialized receptionist.
	 *
	 * @example
	 * ```ts
	 * const { version, agentName, tools } = receptionist.getInfo()
	 * ```
	 */
	getInfo(): ReceptionistInfo;
	/**
	 * A copy of the options, to be looked at and logged: secrets read `[redacted]`, passwords in URLs `***`, and what is not plain data
	 * (storages, Drizzle objects, functions) is left out. Passed back to {@link updateConfig}, what was redacted stays as it is.
	 */
	getConfig(): Readonly<AIReceptionistConfig>;
	/**
	 * Changes options as {@link clone} does; they take effect on `reinitialize()`.
	 * @throws {@link ConfigurationError} if the result cannot be used; then nothing is changed
	 *
	 * @example
	 * ```ts
	 * receptionist.updateConfig({ model: { ...receptionist.getConfig().model, model: 'gpt-4o' } })
	 * await receptionist.reinitialize()
	 * ```
	 */
	updateConfig(updates: ConfigChanges): void;
	/**
	 * Whether everything it depends on answers: the database, the model's service, Twilio, e-mail, the calendar; asked at once, and
	 * never for longer than five seconds. Costs no tokens.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
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
	 * Answers what Twilio posted about a call, with TwiML: the call itself, what the caller said, the call's end, its
	 * recording. The same request delivered again gets the same answer, on any process. While the model thinks longer than Twilio
	 * waits, Twilio is told to ask again; when the model or the database is down, the caller hears an apology.
	 * @param payload - the parsed form of the request
	 * @param proof - what shows that Twilio sent it; without it anybody can
	 * @throws {@link WebhookError} if the payload is no call, or Twilio did not sign it
	 * @throws {@link DatabaseError} if the end of a call cannot be kept: answer 503, and Twilio tries again
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/voice/inbound', express.urlencoded({ extended: false }), async (req, res) => {
	 *   const signature = req.get('X-Twilio-Signature')
	 *   const twiml = await receptionist.handleVoiceWebhook(req.body, { signature, url: 'https://example.com' + req.originalUrl })
	 *   res.type('text/xml').send(twiml)
	 * })
	 * ```
	 */
	handleVoiceWebhook(payload: WebhookPayload, proof?: WebhookProof): Promise<string>;
	/**
	 * Answers an SMS that Twilio posted, with TwiML. The same message delivered again gets the same answer, on any process.
	 * @param payload - the parsed form of the request
	 * @param proof - what shows that Twilio sent it; without it anybody can
	 * @throws {@link WebhookError} if the payload is no SMS, or Twilio did not sign it
	 * @throws {@link DatabaseError} if the message cannot be kept: answer 503, and Twilio tries again
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/sms/inbound', express.urlencoded({ extended: false }), async (req, res) => {
	 *   const signature = req.get('X-Twilio-Signature')
	 *   const twiml = await receptionist.handleSMSWebhook(req.body, { signature, url: 'https://example.com' + req.originalUrl })
	 *   res.type('text/xml').send(twiml)
	 * })
	 * ```
	 */
	handleSMSWebhook(payload: WebhookPayload, proof?: WebhookProof): Promise<string>;
	/**
	 * Keeps an e-mail that came in and answers it by e-mail. The same e-mail delivered again is answered once, whatever process
	 * gets it; what machines send is kept and not answered.
	 * @param payload - the JSON that Postmark posted, or `{ raw }`: a MIME message
	 * @param options - what shows that Postmark sent it; without it anybody can
	 * @throws {@link WebhookError} if the payload is no e-mail, or the secret is wrong
	 * @throws {@link DatabaseError} if it cannot be kept, {@link ProviderError} if the answer cannot go out now: answer 503, and
	 *   Postmark tries again
	 *
	 * @example
	 * ```ts
	 * app.post('/webhooks/email/inbound', express.json({ limit: '50mb' }), async (req, res) => {
	 *   res.json(await receptionist.handleEmailWebhook(req.body, { authorization: req.get('Authorization') }))
	 * })
	 * ```
	 */
	handleEmailWebhook(payload: EmailPayload, options?: EmailWebhookOptions): Promise<EmailReceipt>;
	/**
	 * The agent; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
	 */
	get agent(): Agent;
	/**
	 * The agent: the same object as `agent`.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
	 */
	getAgent(): Agent;
	/**
	 * The tools; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
	 */
	getToolRegistry(): ToolRegistry;
	/**
	 * What tools did, found in memory; always the same object.
	 * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
	 */
	getToolStore(): ToolStore;
}
/** What all agents of a factory have in common: the options of a receptionist without an agent. */
export type FactoryConfig = Omit<AIReceptionistConfig, "agent"> & {
	agent?: never;
};
/** What one agent of a factory is; a `memory.longTermStorage` of its own takes the place of the common one. */
export type AgentInstanceConfig = AgentConfig;
/** An agent of a factory, ready to answer. */
export interface AgentInstance {
	/** The agent. */
	agent: Agent;
	/** The receptionist it is the agent of: its webhooks, events and health. */
	receptionist: AIReceptionist;
	/** Its conversations by text. */
	text: TextResource;
	/** Its calls. */
	voice: VoiceResource;
	/** Its messages. */
	sms: SMSResource;
	/** Its e-mail. */
	email: EmailResource;
	/** Ends it; what it has in common with others stays open. Twice is as good as once. */
	dispose: () => Promise<void>;
}
/**
 * Makes agents that share a model's options, a pool of connections and a storage. Each has tools, windows and conversations of its
 * own, and is made in about a millisecond: one for each request is fine.
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
	 * Connects and creates missing tables.
	 * @throws {@link ConfigurationError} if an option is missing or cannot be used
	 * @throws {@link DatabaseError} if the database cannot be used
	 */
	static create(config: FactoryConfig): Promise<AIReceptionistFactory>;
	/**
	 * Makes an agent that is ready to answer.
	 * @throws {@link ConfigurationError} if it has no identity, or an option cannot be used
	 * @throws {@link LifecycleError} `DISPOSED` after `dispose()`
	 */
	createAgent(config: AgentInstanceConfig): Promise<AgentInstance>;
	/** The common storage; `undefined` without `storage` and `database`. */
	getStorage(): DatabaseStorage | InMemoryStorage | undefined;
	/** Ends all its agents and closes the connections. Twice is as good as once. */
	dispose(): Promise<void>;
}
/** What was found in a text. */
export interface SecurityResult {
	/** Whether nothing was. */
	isSecure: boolean;
	/** The text without marks that models take for the end of a message. */
	sanitizedContent: string;
	/** How bad the worst of it is. */
	riskLevel: "low" | "medium" | "high";
	/** `category: sign`, for each sign. */
	detectedPatterns: string[];
}
/**
 * Looks for signs that a text wants to change what the agent is, instead of talking to it: `role_override`, `prompt_extraction`,
 * `roleplay`, `dan_style`, `delimiter_confusion`, `special_tokens`. Words prove nothing: use it to flag, not to protect. What
 * protects customers is that tools trust nothing that is said.
 */
export declare class InputValidator {
	/** Looks at a text. */
	validate(input: string): SecurityResult;
	/** Something polite to answer with. */
	getSecurityResponse(riskLevel: "medium" | "high"): string;
	/** Whether signs of a category were found. */
	hasCategory(result: SecurityResult, category: string): boolean;
}
/** A tool the model asked for. */
export type ToolCall = AgentToolCall;
/** One thing that was said. */
export interface Message {
	/** Who said it. */
	role: "user" | "assistant" | "system" | "tool";
	/** The words. */
	content: string;
	/** When. */
	timestamp?: Date;
	/** The tool that was asked for. */
	toolCall?: AgentToolCall;
	/** What came of it. */
	toolResult?: AgentToolResult;
}
/** A conversation as messages. */
export interface ConversationHistory {
	/** What was said, oldest first. */
	messages: Message[];
	/** What else is worth knowing. */
	contextMessages?: Message[];
	/** About the conversation. */
	metadata: ConversationHistoryMetadata;
}
/** About a conversation. */
export interface ConversationHistoryMetadata {
	/** Which it is. */
	conversationId?: string;
	/** How many messages it has. */
	messageCount: number;
	/** When it began. */
	oldestMessageTimestamp?: Date;
	/** When something was said last. */
	newestMessageTimestamp?: Date;
	/** Whether there are memories of other conversations among it. */
	hasLongTermContext: boolean;
}
/** How long a prompt is, in tokens of OpenAI's current models. */
export interface PromptStats {
	/** Tokens. */
	totalTokens: number;
	/** Characters. */
	totalChars: number;
	/** Lines. */
	totalLines: number;
	/** What stands beneath each title. */
	sections: {
		name: string;
		tokens: number;
		chars: number;
	}[];
}
/** Keeps prompts and histories within a number of tokens. */
export declare class PromptOptimizer {
	/**
	 * The prompt without repeated lines and needless blanks.
	 * @param context - `maxTokens` it may have, 8000 unless given
	 * @throws {@link PromptTooLargeError} if it has more even so
	 */
	optimize(prompt: string, context?: {
		maxTokens?: number;
	}): Promise<string>;
	/** The newest messages that fit into so many tokens, in their order. */
	compressChatHistory(messages: Message[], targetTokens: number): Promise<Message[]>;
	/** How long a prompt and its parts are. */
	getStats(prompt: string): Promise<PromptStats>;
	/** What would make a prompt fit; nothing if it does. */
	suggestOptimizations(prompt: string, maxTokens: number): Promise<string[]>;
}
/** A part of a prompt. */
export interface PromptSection {
	/** Its title. */
	name: string;
	/** Its rank. */
	priority?: number;
	/** Its words. */
	content: string;
}
/** A conversation to learn from. */
export interface PromptExample {
	/** The situation. */
	scenario: string;
	/** What the person says. */
	input: string;
	/** How the agent thinks. */
	reasoning: string;
	/** What it answers. */
	response: string;
	/** Why that is right. */
	explanation: string[];
}
/** What a prompt is built from; what is absent is left out. */
export interface PromptContext {
	/** Who the agent is: its pillar, or the options of one. */
	identity?: Identity | IdentityConfig;
	/** How it behaves. */
	personality?: PersonalityEngine | PersonalityConfig;
	/** What it knows. */
	knowledge?: KnowledgeBase | KnowledgeConfig;
	/** What it aims at. */
	goalSystem?: GoalSystem | GoalConfig;
	/** Where it speaks. */
	channel?: Channel;
	/** Tokens it may have, for {@link PromptOptimizer}. @defaultValue 8000 */
	maxTokens?: number;
	/** Rules of the business. */
	policies?: {
		name: string;
		rule: string;
	}[];
	/** When it hands over, beside what its identity says. */
	escalationRules?: string[];
	/** Conversations to learn from. */
	examples?: PromptExample[];
	/** What it should know of this conversation. */
	businessContext?: {
		/** About the company. */
		companyInfo?: string;
		/** About the person. */
		leadInfo?: string;
		/** Anything else. */
		additionalContext?: string;
	};
}
/**
 * Builds prompts in the words of the agents' own, with what else you know. Give the result to an agent as `customSystemPrompt`.
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
	/** The prompt. */
	build(context: PromptContext): Promise<string>;
}
/**
 * Makes a tool step by step.
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
	/** Unique name: at most 64 letters, digits, underscores and dashes, beginning with a letter or underscore. */
	withName(name: string): this;
	/** When to use it, for the model. */
	withDescription(description: string): this;
	/** JSON Schema of its arguments, of `type: 'object'`. */
	withParameters(schema: JSONSchema): this;
	/** What it does during a call. */
	onCall(handler: ToolFunction): this;
	/** What it does in an SMS conversation. */
	onSMS(handler: ToolFunction): this;
	/** What it does in an e-mail thread. */
	onEmail(handler: ToolFunction): this;
	/** What it does in text. */
	onText(handler: ToolFunction): this;
	/** What it does on every channel without a handler of its own. */
	default(handler: ToolFunction): this;
	/**
	 * The tool: a new object each time.
	 * @throws {@link ValidationError} `INVALID_ARGUMENT` without name, description, parameters or any handler
	 */
	build(): ITool;
}
/** Tools in one call. */
export declare const Tools: {
	/**
	 * A tool with one handler for every channel.
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
