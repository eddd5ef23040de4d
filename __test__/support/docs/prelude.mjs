// Declarations that the code in the documentation assumes. `type` is the TypeScript type; `value`,
// if present, creates a value for a run from its options and its receptionist.

const MEMORY = { id: 'note', content: 'Closed on Mondays', timestamp: new Date(0), type: 'system' }
const TOOL = { name: 'another', description: 'x', parameters: { type: 'object', properties: {} } }
const TOOL_OF = { ...TOOL, handlers: { default: () => 'done' } }
/** The parts of Express, Hono and Fastify that the documentation uses. */
const APP = `{
  use(...handlers: (string | ((request: any, response: any, next: () => void) => unknown))[]): void;
  get(path: string, ...handlers: ((request: any, response: any) => unknown)[]): void;
  post(path: string, ...handlers: ((request: any, response: any) => unknown)[]): void;
}`

const COMMON = {
  options: { type: 'AIReceptionistConfig', value: ({ options }) => options },
  identity: {
    type: "{ name: 'Sarah'; role: 'Receptionist' }",
    value: ({ options }) => options.agent.identity,
  },
  model: { type: 'ModelConfig', value: ({ options }) => options.model },
  receptionist: { type: 'AIReceptionist', value: ({ receptionist }) => receptionist },
  sarah: { type: 'AIReceptionist', value: ({ receptionist }) => receptionist },
  agent: { type: 'Agent', value: ({ receptionist }) => receptionist.agent },
  conversationId: { type: 'string', value: () => 'conv_123' },
  note1: { type: 'Memory', value: () => ({ ...MEMORY, id: 'note1' }) },
  note2: { type: 'Memory', value: () => ({ ...MEMORY, id: 'note2' }) },
  another: { type: 'ITool', value: () => TOOL_OF },
  tables: { type: '{ book(...given: any[]): any }', value: () => ({ book: () => 'booked' }) },
  response: { type: "import('node:http').ServerResponse", value: () => ({ write: () => true }) },
  send: { type: '(entry: LogEntry) => void', value: () => () => {} },
  audit: { type: '(id: string) => Promise<void>', value: () => async () => {} },
  candidates: { type: '(conversationId?: string) => Promise<Memory[]>', value: () => async () => [] },
  buffer: { type: 'Buffer' },
  accountSid: { type: 'string' },
  authToken: { type: 'string' },
  readFile: { type: "typeof import('node:fs/promises').readFile" },
  http: { type: "typeof import('node:http')" },
  pino: { type: "typeof import('pino').pino" },
  express: { type: '{ urlencoded(options: object): () => void; json(options?: object): () => void }' },
  app: { type: APP },
  fastify: {
    type: '{ addHook(event: string, hook: (request: any, reply: any, done: () => void) => void): void }',
  },
  db: { type: "import('drizzle-orm/node-postgres').NodePgDatabase" },
  eq: { type: "typeof import('drizzle-orm').eq" },
  orders: { type: "import('drizzle-orm/pg-core').PgTableWithColumns<any>" },
  order: { type: 'any' },
  test: { type: '(title: string, code: () => Promise<void>) => void', value: ({ test }) => test },
  expect: {
    type: '(value: unknown) => { toBe(other: unknown): void; toHaveLength(length: number): void }',
    value: ({ expect }) => expect,
  },
}

/** Names with another meaning on one page. */
const OF_PAGES = {
  // Without a Twilio account.
  'docs/calls.md': { receptionist: { type: 'AIReceptionist' } },
  'docs/live-calls.md': {
    receptionist: { type: 'AIReceptionist' },
    fastify: {
      type: '{ get(path: string, options: object, handler: (socket: any, request: any) => void): void }',
    },
    Deno: {
      type: '{ serve(handler: (request: Request) => Response): void; upgradeWebSocket(request: Request): { socket: any; response: Response } }',
    },
    upgradeWebSocket: {
      type: '(handler: (c: any) => Record<string, (event: any, socket: any) => unknown>) => any',
    },
  },
  'docs/sms.md': { receptionist: { type: 'AIReceptionist' } },
  'docs/whatsapp.md': { receptionist: { type: 'AIReceptionist' } },
  // With a library of schemas, and without `agent.extract`.
  'docs/extraction.md': { receptionist: { type: 'AIReceptionist' }, z: { type: 'any' } },
  // Without the tables of an older program.
  'docs/databases.md': { memory: { type: 'Memory' }, receptionist: { type: 'AIReceptionist' } },
  'docs/drizzle.md': { memory: { type: 'Memory' } },
  'docs/vectors.md': {
    memory: { type: 'MemoryManager', value: ({ receptionist }) => receptionist.agent.memory },
  },
}

/** The assumed declarations of a page, by name. */
export const preludeOf = (page) => ({ ...COMMON, ...OF_PAGES[page] })
