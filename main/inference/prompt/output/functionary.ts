import { headerFormat } from './header-reader.ts'
import { isObject, tryJson } from './json-scanner.ts'

const start = '>>>'
const everyone = 'all'

/**
 * Functionary 3.2: each message begins with whom it is for, `all` or a function, on a line of its own:
 * `>>>all\nText>>>get_weather\n{…}`. Only names that are known make a header: `>>>` is also how Python prompts.
 */
export const functionary = headerFormat(
  {
    start,
    message: '\n',
    ends: ({ tools }) => [everyone, ...tools.map(tool => tool.function.name)].map(name => `${start}${name}\n`),
    endsAreHeaders: true,
    kind(header, { tools }) {
      const recipient = header.replace(start, '').trim()
      if (recipient === everyone) return { type: 'content' }
      return tools.some(tool => tool.function.name === recipient) ? { type: 'call', recipient } : undefined
    },
    calls({ recipient }, text) {
      const args = text.trim() === '' ? {} : tryJson(text)
      return isObject(args) ? [{ name: recipient, arguments: args }] : undefined
    },
  },
  { markers: [] },
)
