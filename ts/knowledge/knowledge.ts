import { guardRead, invalidInput } from '../bridge/invalid-input'
import { copyOf, encodeArgument, requireString } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import { attachNative, nativeOf } from '../bridge/native-handle'
import { callNativeAsync } from '../errors'
import type { Channel } from '../storage/memory'

/** Description of a document, without its content. */
interface DocumentDescription {
  /** Title, of which each passage tells. @defaultValue the first heading, else the id */
  title?: string
  /** Origin that you can cite: an address, a file name. */
  source?: string
  /** Time from which on the document is told. */
  validFrom?: Date
  /** Time at which it is no longer told. */
  validUntil?: Date
  /** Tags, by which `search` selects documents. */
  tags?: string[]
}

/** A document to add, with exactly one of `text`, `html`, `markdown` and `file`. */
export interface KnowledgeDocument extends DocumentDescription {
  /** Id, 1 to 256 characters. Adding the same id again replaces the document. */
  id: string
  /** Content as text; `contentType` is plain text unless given. */
  text?: string
  /** Content as HTML. */
  html?: string
  /** Content as Markdown. */
  markdown?: string
  /** Path of a file, or its bytes. Bytes need a `contentType`, unless the id has an extension. */
  file?: string | Uint8Array
  /**
   * `text/plain`, `text/markdown`, `text/html`, `text/csv`, `application/pdf`, or the type of DOCX.
   * @defaultValue the type of the file's extension
   */
  contentType?: string
}

/** A web page to add. */
export interface KnowledgePage extends DocumentDescription {
  /** Address of the page, which becomes its `source`. */
  url: string
  /** HTML of the page, as you fetched it. */
  html: string
  /** Id of the document. @defaultValue the address */
  id?: string
}

/** Result of adding a document. */
export interface AddedDocument {
  /** Id of the document. */
  id: string
  /** Number of its passages. */
  chunks: number
  /** `false` if the document was the same before, so that nothing was written. */
  changed: boolean
}

/** A document that was added. */
export interface KnowledgeDocumentInfo {
  id: string
  title: string
  source?: string
  tags: string[]
  validFrom?: Date
  validUntil?: Date
  /** Number of its passages. */
  chunks: number
  /** Time of the last change. */
  updatedAt: Date
}

/** A passage of a document. */
export interface KnowledgePassage {
  /** Id of the memory that holds the passage. */
  id: string
  documentId: string
  /** Title of the document. */
  title: string
  /** Title and headings above the passage, joined by ` › `. */
  heading: string
  /** Text of the passage, below a line with its headings. */
  content: string
  source?: string
  tags: string[]
}

/** A passage that `knowledge.search` has found. */
export interface FoundPassage extends KnowledgePassage {
  /** Score, higher is better: at most 1, or 3 for a passage of a time that the text names. */
  score: number
}

/** Options of `knowledge.gaps`. */
export interface KnowledgeGapOptions {
  /** Only questions from this time on. @defaultValue all */
  since?: Date
  /** Maximum number of gaps, 1 to 500. @defaultValue 50 */
  limit?: number
}

/** A question of customers that no document covers. */
export interface KnowledgeGap {
  /** The question, as it was asked last. */
  question: string
  /** Time at which it was asked last. */
  at: Date
  /** Conversation in which it was asked last. */
  conversationId?: string
  /** Channel on which it was asked last. */
  channel?: Channel
  /** Number of times that it was asked, in any order of its words. */
  times: number
  /** The nearest passage. Absent if no passage has a word of the question's topic. */
  best?: {
    /** Id of the memory that holds the passage. */
    id: string
    documentId: string
    /** Title of the document. */
    title: string
    /** Share of the question's topic that the passage has, 0 to 0.5. */
    score: number
  }
}

/**
 * `receptionist.knowledge`: documents of the owner, told to all customers. They are cut into
 * passages, which are memories shared with all customers.
 */
export class KnowledgeResource {
  private constructor() {}

  /** Creates the knowledge of a native receptionist. @internal */
  static of(native: NativeReceptionist): KnowledgeResource {
    const instance = new KnowledgeResource()
    attachNative(instance, native)
    return instance
  }

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
  async add(document: KnowledgeDocument): Promise<AddedDocument> {
    const { file, ...rest } = copyOf('document', document, 'KnowledgeDocument')
    const isBytes = guardRead('INVALID_ARGUMENT', 'document.file', () => file instanceof Uint8Array)
    if (file != null && typeof file !== 'string' && !isBytes) {
      throw invalidInput('INVALID_ARGUMENT', 'document.file', 'must be a path, a Buffer or a Uint8Array')
    }
    const bytes = typeof file === 'string' || file == null ? null : file
    const json = encodeArgument('document', bytes === null ? { ...rest, file } : rest, null)
    return JSON.parse(await callNativeAsync(() => native(this).knowledgeAdd(json, bytes)))
  }

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
  async addUrl(page: KnowledgePage): Promise<AddedDocument> {
    const { url, html, ...rest } = copyOf('page', page, 'KnowledgePage')
    if (typeof html !== 'string') throw invalidInput('INVALID_ARGUMENT', 'page.html', 'must be a string')
    if (!isWebAddress(url)) {
      throw invalidInput('INVALID_ARGUMENT', 'page.url', 'must be an http or https address')
    }
    return await this.add({ source: url, ...rest, id: rest.id ?? url, html })
  }

  /**
   * Adds all files of a folder and its subfolders that have a supported extension: `.txt`, `.md`,
   * `.html`, `.csv`, `.docx`, `.pdf`. Ids are the paths below the folder. Hidden files and links are
   * left out. Stops at the first file that cannot be read; the files before it stay.
   * @param options - `tags` of all its documents
   */
  async addFolder(path: string, options: { tags?: string[] } = {}): Promise<AddedDocument[]> {
    requireString('path', path)
    const json = encodeArgument('options', options, 'KnowledgeFolderOptions')
    return JSON.parse(await callNativeAsync(() => native(this).knowledgeAddFolder(path, json)))
  }

  /** Returns all documents, the oldest change first. */
  async list(): Promise<KnowledgeDocumentInfo[]> {
    const documents = JSON.parse(await callNativeAsync(() => native(this).knowledgeList()))
    return documents.map(revive)
  }

  /** Returns the document with that id and its passages, or null. */
  async get(id: string): Promise<(KnowledgeDocumentInfo & { passages: KnowledgePassage[] }) | null> {
    requireString('id', id)
    const document = JSON.parse(await callNativeAsync(() => native(this).knowledgeGet(id)))
    return document === null ? null : revive(document)
  }

  /** Removes a document. Returns `false` if there is none with that id. */
  async remove(id: string): Promise<boolean> {
    requireString('id', id)
    return await callNativeAsync(() => native(this).knowledgeRemove(id))
  }

  /**
   * Returns the passages that bear on a text, best first, of the documents that apply now.
   * @param options - `limit`, 1 to 100, by default 5; `tags` that the document must all have
   *
   * @example
   * ```ts
   * const [passage] = await receptionist.knowledge.search('How much is a crown?', { limit: 1 })
   * ```
   */
  async search(text: string, options: { limit?: number; tags?: string[] } = {}): Promise<FoundPassage[]> {
    requireString('text', text)
    const json = encodeArgument('options', options, 'KnowledgeSearchOptions')
    return JSON.parse(await callNativeAsync(() => native(this).knowledgeSearch(text, json)))
  }

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
  async gaps(options: KnowledgeGapOptions = {}): Promise<KnowledgeGap[]> {
    const json = encodeArgument('options', options, 'KnowledgeGapOptions')
    const gaps: KnowledgeGap[] = JSON.parse(await callNativeAsync(() => native(this).knowledgeGaps(json)))
    for (const gap of gaps) gap.at = new Date(gap.at)
    return gaps
  }
}

function native(knowledge: KnowledgeResource): NativeReceptionist {
  return nativeOf(knowledge)
}

function isWebAddress(url: unknown): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false
  return ['http:', 'https:'].includes(new URL(url).protocol)
}

/** Restores the Dates of a document. */
function revive<Info extends KnowledgeDocumentInfo>(document: Info): Info {
  document.updatedAt = new Date(document.updatedAt)
  if (document.validFrom !== undefined) document.validFrom = new Date(document.validFrom)
  if (document.validUntil !== undefined) document.validUntil = new Date(document.validUntil)
  return document
}
