// Reasoning of models: it is never part of answers or stored, and is sent back with tool calls
// within a turn.
import test from 'ava'
import { call, completion, chunk, event, openRaw, ways, DONE } from '../support/models/raw-model.mjs'

/**
 * Each row: source, content of an answer, and the text without reasoning.
 * `src/llm/reasoning/tests.rs` has more, cut at every character.
 */
const ANSWERS = [
  [
    'Ollama with DeepSeek R1',
    '<think>She is angry; do not admit the fault.</think>\nI am sorry.',
    'I am sorry.',
  ],
  ['LM Studio with Qwen 3', '\n<think>\nHm.\n</think>\n\nAt nine.', 'At nine.'],
  ['Claude’s and Reflection’s prompts', '<thinking>a</thinking>\n<reflection>b</reflection>\nYes.', 'Yes.'],
  ['EXAONE Deep', '<thought>\na\n</thought>\n\nYes.', 'Yes.'],
  ['Granite and others', '<reasoning>a</reasoning>Yes.', 'Yes.'],
  ['Magistral', '[THINK]Hm.[/THINK]Yes.', 'Yes.'],
  ['Kimi VL', '◁think▷Hm.◁/think▷Yes.', 'Yes.'],
  [
    'Command A Reasoning',
    '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>',
    'Yes.',
  ],
  ['Seed OSS', '<seed:think>a</seed:think>Yes.', 'Yes.'],
  ['Gemma 4', '<|channel>thought\na<channel|>Yes.', 'Yes.'],
  [
    'gpt-oss (openai/harmony, docs/format.md)',
    '<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
    'Yes.',
  ],
  ['gpt-oss, marks stripped (vLLM, Ollama)', 'analysisWe should.assistantfinalYes.', 'Yes.'],
  ['the template begins (perplexityai/api-discussion #177)', 'She asks.\n</think>\n\nAt nine.', 'At nine.'],
  ['llama.cpp #27661', '<think>The tag `</think>` ends it.</think>Yes.', 'Yes.'],
  ['MiniMax M2', 'One moment.\n<think>a</think>\nDone.', 'One moment.\n\nDone.'],
  [
    'code stays',
    'Write:\n```\n<think>a</think>\n```\nand `</think>`.',
    'Write:\n```\n<think>a</think>\n```\nand `</think>`.',
  ],
]

for (const [source, content, expected] of ANSWERS) {
  for (const [way, ask] of Object.entries(ways)) {
    test(`reasoning is not part of the answer: ${source}, ${way}`, async (t) => {
      const { receptionist, memory } = await openRaw(t, () => ({ content }))
      t.is(await ask(receptionist, { prompt: 'Hello?', conversationId: 'c' }), expected)
      const stored = await memory.getConversationHistory('c')
      t.deepEqual(
        stored.map((memory) => memory.content),
        ['Hello?', expected],
      )
    })
  }
}

/** Content in parts, and fields beside the content. */
const BESIDE = [
  [
    'Mistral’s documentation of Magistral',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
        { type: 'text', text: 'Yes.' },
      ],
    },
  ],
  [
    'parts that think in their text',
    {
      content: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Yes.' },
      ],
    },
  ],
  [
    'parts with a mark (Gemini’s)',
    {
      content: [
        { thought: true, text: 'Hm.' },
        { type: 'text', text: 'Yes.' },
      ],
    },
  ],
  ['DeepSeek', { reasoning_content: 'Hm.', content: 'Yes.' }],
  ['OpenRouter, Groq, Ollama', { reasoning: 'Hm.', content: 'Yes.' }],
  ['OpenRouter', { reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0 }], content: 'Yes.' }],
  ['LiteLLM', { thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }], content: 'Yes.' }],
]

for (const [source, message] of BESIDE) {
  test(`reasoning beside the text is not part of the answer: ${source}`, async (t) => {
    for (const ask of Object.values(ways)) {
      const { receptionist } = await openRaw(t, () => message)
      t.is(await ask(receptionist, { prompt: 'Hello?' }), 'Yes.')
    }
  })
}

test('an answer of reasoning alone counts as empty, and a fallback is asked', async (t) => {
  for (const content of ['<think>Let me see', '<|channel|>analysis<|message|>Hm.', '<think>a</think>']) {
    for (const ask of Object.values(ways)) {
      const { receptionist } = await openRaw(t, () => ({ content }))
      const error = await t.throwsAsync(ask(receptionist, { prompt: 'Hi' }), {
        code: 'MODEL_RESPONSE_INVALID',
      })
      t.regex(error.message, /thoughts/)
    }
  }
})

test('a custom model can return reasoning in its text', async (t) => {
  const chat = async function* () {
    yield '<thi'
    yield 'nk>Hm.</think>'
    yield 'Yes.'
  }
  for (const ask of Object.values(ways)) {
    const { receptionist } = await openRaw(t, () => t.fail(), { model: { provider: 'custom', chat } })
    t.is(await ask(receptionist, { prompt: 'Hi' }), 'Yes.')
  }
})

test('text before an unopened end-of-reasoning tag is held back', async (t) => {
  const script = (_, n) => ({ content: n === 0 ? 'Hm.</think>One.' : 'Hm, hm.</think>Two, three.' })
  const { receptionist } = await openRaw(t, script)
  t.is(await ways.stream(receptionist, { prompt: 'Hi' }), 'One.')
  t.is(await ways.stream(receptionist, { prompt: 'Hi' }), 'Two, three.')
})

test('a missing start tag is also learned from whole answers, and remembered', async (t) => {
  const answers = ['Hm.</think>One.', 'Hm, hm.</think>Two, three.']
  const { receptionist } = await openRaw(t, (_, n) => ({ content: answers[n] }), {
    model: { model: 'llama3.2' },
  })
  t.is(await ways.generate(receptionist, { prompt: 'Hi' }), 'One.')
  t.is(await ways.stream(receptionist, { prompt: 'Hi' }), 'Two, three.')

  const plain = ['One.', 'Hm.</think>Two.', 'Hm, hm.</think>Three.']
  const other = await openRaw(t, (_, n) => ({ content: plain[n] }))
  t.is(await ways.stream(other.receptionist, { prompt: 'Hi' }), 'One.')
  t.is(await ways.generate(other.receptionist, { prompt: 'Hi' }), 'Two.')
  t.is(await ways.stream(other.receptionist, { prompt: 'Hi' }), 'Three.')
})

const recall = (id, more) => call('recall_preference', { key: 'x' }, id, more)
const details = [{ type: 'reasoning.encrypted', data: 'AbC', id: 'k1', format: 'google-gemini-v1', index: 0 }]
const texts = [
  {
    type: 'reasoning.text',
    text: 'I should look.',
    signature: 'sig',
    format: 'anthropic-claude-v1',
    index: 0,
  },
]
const google = { google: { thought_signature: 'sig' } }

/**
 * Each row: source, a message with calls, and the fields that are sent back: of the message, its
 * call, and the call's function.
 */
const ECHOES = [
  ['OpenRouter with Gemini 3 (docs, “Preserving reasoning”)', { reasoning_details: details }],
  ['OpenRouter with Claude', { reasoning: 'I should look.', reasoning_details: texts }],
  ['DeepSeek V4 (earendil-works/pi #3636)', { reasoning_content: 'I should look that up.' }],
  ['DeepSeek and Kimi without a thought (kimi-cli #2498)', { reasoning_content: '' }],
  ['Groq and Ollama', { reasoning: 'I should look.' }],
  ['vLLM', { reasoning: 'a', reasoning_content: 'a' }],
  ['LiteLLM with Claude', { thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }] }],
  ['LiteLLM with Gemini', { provider_specific_fields: { thought_signatures: ['sig'] } }],
  ['Copilot’s API', { reasoning_text: 'a', reasoning_opaque: 'AbC' }],
  ['xAI', { encrypted_content: 'AbC' }],
  ['Google’s endpoint (langroid #969)', {}, { extra_content: google }],
  ['Vertex (pi #6733)', {}, { extra_content: { vertex: { thought_signature: 'sig' } } }],
  ['a gateway', {}, { thought_signature: 'sig' }],
  ['LiteLLM, in the call', {}, { provider_specific_fields: { thought_signature: 'sig' } }],
  ['LiteLLM, in the function', {}, {}, { provider_specific_fields: { thought_signature: 'sig' } }],
  ['both', { reasoning_content: 'a' }, { extra_content: google }],
]

for (const [source, fields, ofCall = {}, ofFunction = {}] of ECHOES) {
  for (const [way, ask] of Object.entries(ways)) {
    test(`reasoning fields of a tool call are sent back with it: ${source}, ${way}`, async (t) => {
      const calls = recall('k1', ofCall)
      Object.assign(calls.function, ofFunction)
      const { receptionist, requests } = await openRaw(t, ({ messages }) =>
        messages.at(-1).role === 'tool' ? { content: 'ok' } : { ...fields, tool_calls: [calls] },
      )
      const conversationId = 'c'
      t.is(await ask(receptionist, { prompt: 'Hi', conversationId }), 'ok')
      const sent = requests[1].body.messages.find((message) => message.tool_calls)
      for (const [name, value] of Object.entries(fields)) t.deepEqual(sent[name], value)
      t.deepEqual(sent.tool_calls, [calls])
      t.is(requests[1].body.messages.at(-1).tool_call_id, 'k1')
      // Only within the turn.
      await ask(receptionist, { prompt: 'And?', conversationId })
      const later = requests[2].body.messages.find((message) => message.tool_calls)
      t.deepEqual(Object.keys(later).sort(), ['role', 'tool_calls'])
      t.deepEqual(Object.keys(later.tool_calls[0]).sort(), ['function', 'id', 'type'])
    })
  }
}

test('streamed reasoning details are sent back whole', async (t) => {
  const parts = [
    { reasoning_content: 'I should ' },
    { reasoning_content: 'look.' },
    { reasoning_details: [{ type: 'reasoning.text', text: 'I should ', index: 0 }] },
    { reasoning_details: [{ type: 'reasoning.text', text: 'look.', index: 0 }] },
    { reasoning_details: [{ type: 'reasoning.text', signature: 'sig', index: 0 }] },
    { reasoning_details: [{ type: 'reasoning.encrypted', data: 'AbC', id: 'k1', index: 1 }] },
    { thinking_blocks: [{ type: 'thinking', thinking: 'I ', signature: '' }] },
    { thinking_blocks: [{ type: 'thinking', thinking: 'look.', signature: '' }] },
    { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 'sig' }] },
    { thinking_blocks: [{ type: 'redacted_thinking', data: 'AbC' }] },
    { tool_calls: [{ index: 0, id: 'k1', function: { name: 'recall_preference', arguments: '{"key"' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ':"x"}' }, extra_content: google }] },
  ]
  const { receptionist, requests } = await openRaw(t, ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? { content: 'ok' }
      : { events: [...parts.map((part) => chunk(part)), chunk({}, 'tool_calls')].map(event).concat(DONE) },
  )
  t.is(await ways.stream(receptionist, { prompt: 'Hi' }), 'ok')
  const sent = requests[1].body.messages.find((message) => message.tool_calls)
  t.is(sent.reasoning_content, 'I should look.')
  t.deepEqual(sent.reasoning_details, [
    { type: 'reasoning.text', text: 'I should look.', signature: 'sig', index: 0 },
    { type: 'reasoning.encrypted', data: 'AbC', id: 'k1', index: 1 },
  ])
  t.deepEqual(sent.thinking_blocks, [
    { type: 'thinking', thinking: 'I look.', signature: 'sig' },
    { type: 'redacted_thinking', data: 'AbC' },
  ])
  t.deepEqual(sent.tool_calls[0].extra_content, google)
  t.is(sent.tool_calls[0].function.arguments, '{"key":"x"}')
})

test('reasoning in the text is sent back with its call, and not stored', async (t) => {
  const thinking = [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }]
  const contents = [
    ['<think>Look.</think>One moment.', 'MiniMax M2’s documentation'],
    [[...thinking, { type: 'text', text: 'One moment.' }], 'Mistral'],
  ]
  for (const [content] of contents) {
    for (const ask of Object.values(ways)) {
      const { receptionist, requests, memory } = await openRaw(t, ({ messages }) =>
        messages.at(-1).role === 'tool' ? { content: 'ok' } : { content, tool_calls: [recall('k1')] },
      )
      await ask(receptionist, { prompt: 'Hi', conversationId: 'c' })
      t.deepEqual(requests[1].body.messages.find((message) => message.tool_calls).content, content)
      const said = (await memory.getConversationHistory('c')).map(({ content }) => content)
      t.true(said.includes('One moment.') && !said.some((text) => /think|Look|Hm/.test(text)))
    }
  }
})

test('another model does not receive the reasoning', async (t) => {
  const second = await openRaw(t, () => ({ content: 'ok' }))
  const { baseUrl } = second.receptionist.getConfig().model
  const fallbacks = [{ provider: 'openai', apiKey: 'sk-other', model: 'n', baseUrl }]
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? { status: 503, body: {} }
      : { reasoning_content: 'a', tool_calls: [recall('k1', { extra_content: google })] }
  const { receptionist } = await openRaw(t, script, { model: { fallbacks } })
  t.is(await ways.generate(receptionist, { prompt: 'Hi' }), 'ok')
  const sent = second.requests[0].body.messages.find((message) => message.tool_calls)
  t.deepEqual(sent, { role: 'assistant', tool_calls: [recall('k1')] })
})

test('Anthropic blocks and Gemini parts are sent back unchanged', async (t) => {
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'sig' }
  const redacted = { type: 'redacted_thinking', data: 'AbC' }
  const use = { type: 'tool_use', id: 'toolu_1', name: 'recall_preference', input: { key: 'x' } }
  const text = { type: 'text', text: 'One moment.' }
  const blocks = [thinking, redacted, text, use]
  const started = blocks.flatMap((block, index) => {
    const start = (content_block) => ({ type: 'content_block_start', index, content_block })
    const delta = (delta) => ({ type: 'content_block_delta', index, delta })
    if (block === thinking)
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: 'Hm' }),
        delta({ type: 'thinking_delta', thinking: '.' }),
        delta({ type: 'signature_delta', signature: 'sig' }),
      ]
    if (block === text)
      return [start({ type: 'text', text: '' }), delta({ type: 'text_delta', text: text.text })]
    if (block === use)
      return [start({ ...use, input: {} }), delta({ type: 'input_json_delta', partial_json: '{"key":"x"}' })]
    return [start(block)]
  })
  const end = { type: 'message_delta', delta: { stop_reason: 'tool_use' } }
  const anthropic = ({ messages, stream }) => {
    const isLast = messages.at(-1).content.some(({ type }) => type === 'tool_result')
    if (stream) {
      const last = [{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ok' } }]
      return { events: [...(isLast ? last : started), end, { type: 'message_stop' }].map(event) }
    }
    return { body: { content: isLast ? [{ type: 'text', text: 'ok' }] : blocks, stop_reason: 'end_turn' } }
  }
  for (const ask of Object.values(ways)) {
    const model = { provider: 'anthropic', model: 'claude-sonnet-4-5' }
    const { receptionist, requests } = await openRaw(t, anthropic, { model })
    t.regex(await ask(receptionist, { prompt: 'Hi' }), /ok$/)
    t.deepEqual(requests[1].body.messages.find(({ role }) => role === 'assistant').content, blocks)
  }

  const parts = [
    { text: 'One moment.', thoughtSignature: 'first' },
    { functionCall: { id: 'g1', name: 'recall_preference', args: { key: 'x' } }, thoughtSignature: 'second' },
    { text: '', thoughtSignature: 'third' },
  ]
  const content = (parts) => ({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }] })
  const gemini = ({ contents }, n) => {
    const answer = contents.at(-1).parts.some((part) => part.functionResponse) ? [{ text: 'ok' }] : parts
    return n < 2 && !gemini.streamed
      ? { body: content(answer) }
      : { events: answer.map((part) => event(content([part]))) }
  }
  for (const [way, ask] of Object.entries(ways)) {
    gemini.streamed = way === 'stream'
    const model = { provider: 'google', model: 'gemini-3-pro' }
    const { receptionist, requests } = await openRaw(t, gemini, { model })
    t.regex(await ask(receptionist, { prompt: 'Hi' }), /ok$/)
    t.deepEqual(requests[1].body.contents.find(({ role }) => role === 'model').parts, parts)
  }
})

test('a whole completion with reasoning is parsed like a streamed one', async (t) => {
  const { receptionist } = await openRaw(t, () => ({ body: completion({ content: '<think>a</think>Yes.' }) }))
  t.is(await ways.stream(receptionist, { prompt: 'Hi' }), 'Yes.')
})
