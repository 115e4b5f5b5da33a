import type { DetectedTemplate } from '../../library/creation.ts'
import type { GgufFacts } from '../../library/model.ts'
import type { ChatMessage } from '../requests.ts'
import { parseGoTemplate, renderMessages } from './go-rendering.ts'
import { JinjaError } from './jinja/error.ts'
import { JinjaTemplate } from './jinja/template.ts'
import { templateTable } from './template-table.ts'

/** What is known of the template that a GGUF carries. */
export type TemplateFacts = Pick<GgufFacts, 'chatTemplate' | 'bosToken' | 'eosToken'>

const talk: readonly ChatMessage[] = [
  { role: 'user', content: 'First question' },
  { role: 'assistant', content: 'First answer' },
  { role: 'user', content: 'Second question' },
]
const ledTalk: readonly ChatMessage[] = [{ role: 'system', content: 'Some guidance' }, ...talk]

/**
 * The Go template that does what a GGUF's Jinja template does. Upstream (template/template.go, Named) compares the text
 * with a list of known ones; here both are tried on a conversation, and must write the same. A template that offers
 * tools or thinking has more to it than any of these, and stays alone.
 */
export function detectTemplate({ chatTemplate, bosToken, eosToken }: TemplateFacts): DetectedTemplate | undefined {
  if (chatTemplate === undefined || /\btools\b|thinking/.test(chatTemplate)) return undefined
  const jinja = { bos_token: bosToken ?? '', eos_token: eosToken ?? '' }
  const options = { think: undefined, now: () => new Date(0) }
  // The token that begins every text is the tokenizer's business, whoever writes it.
  const withoutBos = (text: string) => (bosToken && text.startsWith(bosToken) ? text.slice(bosToken.length) : text)
  const written = [talk, ledTalk].map(messages => rendered(chatTemplate, { ...jinja, messages }))
  if (written[0] === undefined) return undefined
  return templateTable.find(({ template }) =>
    [talk, ledTalk].every((messages, i) => {
      const wanted = written[i]
      // Some refuse guidance, or pass it over; then the rest decides.
      if (wanted === undefined || (i > 0 && wanted === written[0])) return true
      const ours = renderMessages(parseGoTemplate(template), { messages, tools: [] }, options)
      return withoutBos(ours) === withoutBos(wanted)
    }),
  )
}

/** What a Jinja template writes; undefined when it refuses. */
function rendered(source: string, variables: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return JinjaTemplate.parse(source).render({ ...variables, add_generation_prompt: true }, () => new Date(0))
  } catch (error) {
    if (error instanceof JinjaError) return undefined
    throw error
  }
}
