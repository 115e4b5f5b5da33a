import { regularExpression } from './regex-format.ts'

/**
 * Values of `format` as regular expressions; each text they match is one that validators accept, though not every one
 * that some would (names and addresses keep to ASCII and to sensible lengths).
 */
const hex = '[0-9a-fA-F]'
const date =
  // Days that every year has, then 29 February of leap years (RFC 3339 §5.7 and appendix C).
  '(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'
const localTime = `${clock}:[0-5][0-9](?:\\.[0-9]{1,9})?`
const time = `${localTime}(?:Z|[+-]${clock})`
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const ipv4 = `${octet}(?:\\.${octet}){3}`
const group = `${hex}{1,4}`
const ipv6 = [
  `(?:${group}:){7}${group}`,
  `(?:${group}:){7}:`,
  `(?:${group}:){6}${ipv4}`,
  `::(?:ffff:)?${ipv4}`,
  // "::" behind none to six groups, with what still fits after it.
  ...[0, 1, 2, 3, 4, 5, 6].map(
    before =>
      `${before === 0 ? '' : `${group}(?::${group}){${before - 1}}`}::(?:${group}(?::${group}){0,${6 - before}})?`,
  ),
].join('|')
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,28}[a-zA-Z0-9])?'
const hostname = `${label}(?:\\.${label}){0,5}`
// Mail and web addresses bound no lengths, which keeps their grammars small.
const freeLabel = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*'
const freeHost = `${freeLabel}(?:\\.${freeLabel})*`
const atom = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]"
const duration =
  'P(?!$)(?:[0-9]{1,9}W|(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}D)?(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?)'
const pathCharacter = `(?:[a-zA-Z0-9._~!$&'()*+,;=:@-]|%${hex}{2})`
const pathOrQuery = `(?:${pathCharacter}|[/?])*`
const authority = `${freeHost}(?::[0-9]{1,5})?`
const relative = `(?:/${pathCharacter}+)*/?(?:\\?${pathOrQuery})?(?:#${pathOrQuery})?`
const jsonPointer = '(?:/(?:[^~/]|~[01])*)*'

const uuid = (version: string) => `${hex}{8}-${hex}{4}-${version}${hex}{3}-${hex}{4}-${hex}{12}`

const base64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?'
const base64url = '[A-Za-z0-9_-]+'
const network = { 4: `(?:${ipv4})/(?:[12]?[0-9]|3[0-2])`, 6: `(?:${ipv6})/(?:[1-9]?[0-9]|1[01][0-9]|12[0-8])` }

const email = `${atom}+(?:\\.${atom}+)*@${freeLabel}(?:\\.${freeLabel})+`
const uri = `[a-zA-Z][a-zA-Z0-9+.-]*:(?://${authority}${relative}|${pathCharacter}+${relative})`
const uriReference = `(?:(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//${authority})?${relative}`
// RFC 6570 §2: literals, which no apostrophe is, and variables in braces.
const templateLiteral = `[a-zA-Z0-9._~!$&()*+,;=:@/?#-]|%${hex}{2}`
const templateVariable = '[a-zA-Z0-9_]+(?:\\*|:[1-9][0-9]{0,3})?'
const uriTemplate = `(?:${templateLiteral}|\\{[+#./;?&]?${templateVariable}(?:,${templateVariable})*\\})*`

const expressions: Record<string, string> = {
  date,
  time,
  'date-time': `${date}T${time}`,
  duration,
  email,
  hostname,
  ipv4,
  ipv6,
  uri,
  'uri-reference': uriReference,
  'uri-template': uriTemplate,
  uuid: uuid(hex),
  regex: regularExpression,
  // Of any language; what ASCII can say of them.
  'idn-email': email,
  'idn-hostname': hostname,
  iri: uri,
  'iri-reference': uriReference,
  'json-pointer': jsonPointer,
  'relative-json-pointer': `(?:0|[1-9][0-9]*)(?:#|${jsonPointer})`,
  byte: base64,
  base64,
  // Both with and without padding at the end.
  base64url: '(?:[A-Za-z0-9_-]{4})*',
  color: `#${hex}{6}`,
  char: '[\\s\\S]',
  decimal: '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?',
  // Those of libraries: of Pydantic and Zod, of schemars, of NJsonSchema.
  'name-email': email,
  'multi-host-uri': uri,
  ipvanyaddress: `${ipv4}|${ipv6}`,
  ipv4network: network[4],
  ipv6network: network[6],
  ipvanynetwork: `${network[4]}|${network[6]}`,
  jwt: `${base64url}\\.${base64url}\\.${base64url}`,
  ...Object.fromEntries([...'12345678'].map(version => [`uuid${version}`, uuid(version)])),
  'partial-date-time': `${date}T${localTime}`,
  'partial-time': localTime,
  'date-time-local': `${date}T${localTime}`,
  'time-local': localTime,
  guid: uuid(hex),
  'time-span': `-?(?:[0-9]{1,7}\\.)?${clock}:[0-5][0-9](?:\\.[0-9]{7})?`,
}

/**
 * Formats that only tell a person what a value is for (OpenAPI's registry of formats, Pydantic's kinds of paths,
 * zod-to-json-schema's times).
 */
const hints = new Set('password binary float double html commonmark path file-path directory-path unix-time'.split(' '))

/** The anchored regular expression of a format; `hint` when it restricts nothing, undefined when it is not known. */
export function stringFormat(name: string): string | 'hint' | undefined {
  if (hints.has(name)) return 'hint'
  return Object.hasOwn(expressions, name) ? `^(?:${expressions[name]})$` : undefined
}
