import { createHash } from 'node:crypto'
import { Fields } from '../source/fields.ts'

/**
 * llama.cpp's names by the SHA-256 of the expressions text is split by (upstream convert/tokenizer.go; the last three,
 * Mistral's, Phi-4-mini's and Seed-Coder's, by the expressions in llama.cpp's llama-vocab.cpp).
 */
const byExpressions: Readonly<Record<string, string>> = {
  d98f9631be1e9607a9848c26c1f9eac1aa9fc21ac6ba82a2fc0741af9780a48f: 'llama-bpe',
  '03df5c5863ad70781dcfdef491ead25140f895fe8010964be0daefe27be32b02': 'deepseek-llm',
  '21cde974d587f0d54dc8d56b183cc1e6239600172035c68fbd6d4b9f8da0576e': 'deepseek-coder',
  '1ff7f41064896984db5d1bb6ff64fa4bc29007d08c1b439e505b7392777a319e': 'qwen2',
  '00431aed57e696b747435f734d1e3b9b1bfd931a121fb5cac7129e97c181e9ba': 'qwen35',
  b92c0824a58e1d8dc3221cf3e12c433c3a86f57e46d57229993489f0798e7702: 'laguna',
  '1d64a9a8eaf9f1bd80331984d81fdd514e7feafe8df83a525dd31472f275699a': 'tekken',
  '2d1b8dc11e89af71459b36004f698ab3693f59fd84f63e8ec2b49564ab857420': 'gpt-4o',
  '042d2f5ff6a14c7f0b8c343dfea08171906342d12bbcfee0dff9fa8f81cecdc2': 'seed-coder',
}

/**
 * llama.cpp's name for the way a tokenizer.json cuts text before merging; undefined for expressions nobody knows, for
 * which `default` is the nearest there is.
 *
 * Upstream knows expressions alone. GPT-2's own rule has no expression in the file: it is what `ByteLevel` does by
 * itself, with single digits before it in SmolLM.
 */
export function preTokenizer(tokenizer: Fields): string | undefined {
  const outer = tokenizer.section('pre_tokenizer')
  const steps = (outer.has('pretokenizers') ? outer.list('pretokenizers') : [outer]).map(step =>
    step instanceof Fields ? step : new Fields(tokenizer.file, step),
  )
  const expressions = steps
    .filter(step => step.text('type') === 'Split')
    .map(step => step.section('pattern').text('Regex') ?? '')
    .join('')
  if (expressions !== '') return byExpressions[createHash('sha256').update(expressions).digest('hex')]
  const byteLevel = steps.find(step => step.text('type') === 'ByteLevel')
  if (!byteLevel || byteLevel.flag('use_regex') === false) return 'default'
  const digits = steps.find(step => step.text('type') === 'Digits')
  return digits?.flag('individual_digits') ? 'smollm' : 'gpt-2'
}
