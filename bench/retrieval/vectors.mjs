// The nearest memories by vectors alone, as a rival.

/** Embeds documents `{ id, content }` by a server of OpenAI's embeddings API. */
export async function embedAll(url, documents) {
  const vectors = []
  for (let n = 0; n < documents.length; n += 64) {
    vectors.push(
      ...(await embed(
        url,
        documents.slice(n, n + 64).map(({ content }) => content),
      )),
    )
  }
  const ids = documents.map(({ id }) => id)
  return {
    /** Returns the ids of the nearest documents, nearest first. */
    async search(question, _language, limit) {
      const [asked] = await embed(url, [question])
      return vectors
        .map((vector, n) => [n, dot(vector, asked)])
        .sort(([a, x], [b, y]) => y - x || b - a)
        .slice(0, limit)
        .map(([n]) => ids[n])
    },
  }
}

async function embed(url, input) {
  const response = await fetch(`${url}/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'all-MiniLM-L6-v2', input }),
  })
  if (!response.ok) throw new Error(`the embedder answers ${response.status}`)
  const { data } = await response.json()
  return data.sort((a, b) => a.index - b.index).map(({ embedding }) => normalised(embedding))
}

function normalised(vector) {
  const length = Math.hypot(...vector) || 1
  return vector.map((number) => number / length)
}

function dot(a, b) {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
