/** A program to copy. */
export interface Example {
  readonly id: string
  /** As its makers write it, in every language. */
  readonly name: string
  /** For the colours. */
  readonly language: string
  readonly code: (address: string, model: string) => string
}

const question = 'Why is the sky blue?'

/** The same question in the ways programs ask it. Names are written as JSON, whose strings all four languages read. */
export const examples: readonly Example[] = [
  {
    id: 'curl',
    name: 'curl',
    language: 'sh',
    code: (address, model) =>
      `curl ${address}/api/chat -d '{
  "model": ${JSON.stringify(model)},
  "messages": [{ "role": "user", "content": ${JSON.stringify(question)} }]
}'`,
  },
  {
    id: 'python',
    name: 'Python, ollama',
    language: 'python',
    code: (address, model) => `from ollama import Client

client = Client(host=${JSON.stringify(address)})
answer = client.chat(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": ${JSON.stringify(question)}}],
)
print(answer.message.content)`,
  },
  {
    id: 'openai',
    name: 'Python, openai',
    language: 'python',
    code: (address, model) => `from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(`${address}/v1`)}, api_key="none")
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": ${JSON.stringify(question)}}],
)
print(answer.choices[0].message.content)`,
  },
  {
    id: 'javascript',
    name: 'JavaScript, ollama',
    language: 'javascript',
    code: (address, model) => `import { Ollama } from 'ollama'

const ollama = new Ollama({ host: ${JSON.stringify(address)} })
const answer = await ollama.chat({
  model: ${JSON.stringify(model)},
  messages: [{ role: 'user', content: ${JSON.stringify(question)} }],
})
console.log(answer.message.content)`,
  },
]
