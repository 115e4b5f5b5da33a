import type { ModelFolder } from '../source/model-folder.ts'
import { unusable } from '../unusable.ts'

/**
 * The chat template of tokenizer_config.json: a text, or the one called `default` of a list (upstream
 * convert/tokenizer.go). Newer folders have it in a file of its own, which counts where the other is missing.
 */
export async function readChatTemplate(folder: ModelFolder): Promise<string | undefined> {
  const template = (await folder.optionalFields('tokenizer_config.json')).get('chat_template') ?? undefined
  if (template === undefined) {
    const file = 'chat_template.jinja'
    return folder.has(file) ? (await folder.bytes(file)).toString('utf8') : undefined
  }
  if (typeof template === 'string') return template || undefined
  if (!Array.isArray(template)) throw unusable('invalid chat_template: neither a text nor a list of texts')
  const named = template.find(entry => (entry as { name?: unknown } | null)?.name === 'default')
  const text = (named as { template?: unknown } | undefined)?.template
  return typeof text === 'string' && text !== '' ? text : undefined
}
