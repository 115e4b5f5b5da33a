import { goQuote } from '../../go/text.ts'
import type { GgufFacts, Model } from '../../library/model.ts'
import { Problem } from '../../problem.ts'
import type { Think } from '../requests.ts'
import { thinkingTags } from './go-template/introspection.ts'
import { inferredFormat, namedFormat } from './output/formats.ts'
import { goTemplate } from './parsed-templates.ts'
import { remembered } from './remembered.ts'
import { rendererTemplate } from './renderer-templates/table.ts'

/**
 * Which template renders a model's prompts: its Go TEMPLATE layer, the GGUF's Jinja, one of renderer-templates/, or the
 * plain default.
 */
export type TemplateChoice = { readonly kind: 'go'; readonly source: string } | JinjaChoice

export interface JinjaChoice {
  readonly kind: 'jinja'
  readonly source: string
  /** It stands for a renderer of Ollama's; otherwise llama-server renders. The two are told and guarded differently. */
  readonly forRenderer?: boolean
}

/** OLLAMA_GO_TEMPLATE; undefined when the person did not set it. */
export type GoTemplateSetting = boolean | undefined

/** What a request and the person say of how a prompt is rendered. */
export interface TemplateWishes {
  /** Settled by what the model can do: undefined for a model that does not think. */
  readonly think?: Think
  readonly goTemplate?: GoTemplateSetting
}

/** The renderers of upstream model/renderers/renderer.go. */
const rendererNames = new Set(
  (
    'qwen3-coder qwen3-vl-instruct qwen3-vl-thinking qwen3.5 qwen3.8 ornith cogito deepseek3.1 olmo3 olmo3.1 ' +
    'olmo3-think olmo3-32b-think nemotron-3-nano nemotron-3.5-nano gemma4 gemma4-small gemma4-large functiongemma ' +
    'glm-4.7 glm-ocr lfm2 lfm2-thinking laguna poolside-v1 cohere glimmer'
  ).split(' '),
)

const plain: TemplateChoice = { kind: 'go', source: '{{ .Prompt }}' }

/**
 * Chooses the template (upstream server/images.go). A model that names a renderer is rendered by its GGUF's Jinja
 * template, from which upstream's renderers were written, or else by one of renderer-templates/.
 * @throws Problem 500 for an unknown renderer
 */
export function chooseTemplate(model: Model, facts: GgufFacts, setting?: GoTemplateSetting): TemplateChoice {
  const go: TemplateChoice | undefined = model.template ? { kind: 'go', source: model.template } : undefined
  const jinja: JinjaChoice | undefined = facts.chatTemplate ? { kind: 'jinja', source: facts.chatTemplate } : undefined
  const { renderer, parser } = model.config
  if (renderer) {
    if (!rendererNames.has(renderer)) throw new Problem('invalid-request', 500, `unknown renderer ${goQuote(renderer)}`)
    const source = facts.chatTemplate || rendererTemplate(renderer, model, facts)
    return source ? { kind: 'jinja', source, forRenderer: true } : (go ?? plain)
  }
  if (!go || !jinja) return go ?? jinja ?? plain
  if (parser || isHarmony(model, facts)) return go
  if (setting === undefined) return prefersJinja(model.template!, facts.chatTemplate!) ? jinja : go
  return setting ? go : jinja
}

/** gpt-oss with a template in its own format (upstream server/routes.go). */
export function isHarmony(model: Model, facts: GgufFacts): boolean {
  const template = model.template ?? ''
  return isGptOss(model, facts) && template.includes('<|start|>') && template.includes('<|end|>')
}

export function isGptOss(model: Model, facts: GgufFacts): boolean {
  return [model.config.model_family, facts.architecture].some(family => family === 'gptoss' || family === 'gpt-oss')
}

interface Abilities {
  readonly tools: boolean
  readonly thinking: boolean
  /** Results of tools can be given back. */
  readonly toolResults: boolean
}

/** The Jinja template is taken where it can do more than the Go template (upstream server/images.go). */
function prefersJinja(goSource: string, jinjaSource: string): boolean {
  const go = goAbilities(goSource)
  const jinja = jinjaAbilities(jinjaSource)
  const count = (abilities: Abilities) => Number(abilities.tools) + Number(abilities.thinking)
  if (count(jinja) !== count(go)) return count(jinja) > count(go)
  return jinja.tools && go.tools && !go.toolResults && jinja.toolResults
}

/**
 * What a Go template can do, told from the fields it uses. One that does not parse can do nothing; using it tells why.
 */
export const goAbilities = remembered((source): Abilities & { readonly insert: boolean } => {
  const template = parsedOrNone(source)
  const used = template?.identifiers ?? new Set<string>()
  const showsResults = ['eq .Role "tool"', 'tool_response', 'TOOL_RESULTS'].some(text => source.includes(text))
  return {
    tools: used.has('tools'),
    insert: used.has('suffix'),
    thinking: template !== undefined && thinkingTags(template.root) !== undefined,
    toolResults: used.has('tools') && used.has('toolcalls') && showsResults,
  }
})

function parsedOrNone(source: string) {
  try {
    return goTemplate(source)
  } catch {
    return undefined
  }
}

/** How templates write their thinking tag that put it together of parts (Hunyuan 3, Kimi K3). */
const assembledThinking = ['<think{}>', "open_tag('think'"]

/** What a Jinja template can do, told from its text (upstream server/images.go). */
export const jinjaAbilities = remembered((source): Abilities => {
  const has = (text: string) => source.includes(text)
  const splitsThinking = /split\(\s*['"]<\/think>['"]/.test(source) && !has('reasoning_content') && !has('<SPECIAL_12>')
  const { open, close } = inferredFormat(source).thinking ?? {}
  // Formats whose thinking is not between <think> tags are known by their own markers.
  const ownMarkers =
    open !== undefined && open !== '<think>' && ((has(open) && has(close![0]!)) || assembledThinking.some(has))
  const showsResults =
    ['tool_response', 'tool_results', 'ipython'].some(has) || /role['"\]]*\s*==\s*['"]tool['"]/.test(source)
  return {
    tools: has('tools') || has('tool_call'),
    thinking: (has('<think>') && has('</think>')) || splitsThinking || ownMarkers,
    toolResults: (has('tool_calls') || has('assistant_tool_call')) && showsResults,
  }
})

/** The format that the parser named in a manifest means. */
export function parserFormat(model: Model) {
  return model.config.parser ? namedFormat(model.config.parser) : undefined
}
