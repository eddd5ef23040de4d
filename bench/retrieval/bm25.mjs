// BM25 (k1 1.2, b 0.75) over memories, as a rival: every memory is a document of its own.
const K1 = 1.2
const B = 0.75

/** Cuts a text into words in lower case, by ICU's word breaks; these know Chinese words. */
export function words(text, language) {
  return [...segmenter(language).segment(text.toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment)
}

/** Cuts as `words` does, without the stop words and with at most six characters of each word. Numbers stay whole. */
export function cutWords(stopWords) {
  return (text, language) =>
    words(text, language)
      .filter((word) => !stopWords.has(word))
      .map((word) => (/^\p{L}/u.test(word) ? [...word].slice(0, 6).join('') : word))
}

/** An index of documents `{ id, content }`. */
export class Bm25 {
  #postings = new Map()
  #lengths = []
  #ids = []
  #analyse

  constructor(documents, analyse) {
    this.#analyse = analyse
    for (const [n, { id, content, language }] of documents.entries()) {
      const terms = analyse(content, language)
      this.#ids.push(id)
      this.#lengths.push(terms.length)
      for (const term of terms) {
        if (!this.#postings.has(term)) this.#postings.set(term, new Map())
        const postings = this.#postings.get(term)
        postings.set(n, (postings.get(n) ?? 0) + 1)
      }
    }
    this.average = this.#lengths.reduce((sum, length) => sum + length, 0) / this.#lengths.length
  }

  /** Returns the ids of the best documents, best first; of equal ones the later first. */
  search(question, language, limit) {
    const scores = new Map()
    const count = this.#ids.length
    for (const term of new Set(this.#analyse(question, language))) {
      const postings = this.#postings.get(term)
      if (!postings) continue
      const idf = Math.log(1 + (count - postings.size + 0.5) / (postings.size + 0.5))
      for (const [n, frequency] of postings) {
        const norm = K1 * (1 - B + (B * this.#lengths[n]) / this.average)
        scores.set(n, (scores.get(n) ?? 0) + (idf * frequency * (K1 + 1)) / (frequency + norm))
      }
    }
    return [...scores]
      .sort(([a, x], [b, y]) => y - x || b - a)
      .slice(0, limit)
      .map(([n]) => this.#ids[n])
  }
}

const segmenters = new Map()
function segmenter(language) {
  if (!segmenters.has(language))
    segmenters.set(language, new Intl.Segmenter(language, { granularity: 'word' }))
  return segmenters.get(language)
}
