import type { GgufFacts, Model } from '../../library/model.ts'
import type { Tool } from '../requests.ts'
import { parseGoTemplate } from './go-rendering.ts'
import { thinkingTags, toolCallTag } from './go-template/introspection.ts'
import { harmonyNames } from './harmony-names.ts'
import { beginsThinking, type OutputFormat } from './output/format.ts'
import { inferredFormat } from './output/formats.ts'
import { harmony } from './output/harmony.ts'
import { markerFormat } from './output/marker-reader.ts'
import type { OutputPlan } from './output/output-parser.ts'
import { tagsIn } from './output/special-texts.ts'
import { templateCalls } from './output/template-calls.ts'
import { chooseTemplate, isHarmony, parserFormat, type TemplateWishes } from './template-choice.ts'

/** How the answer to a prompt is to be made and read. */
export interface AnswerPlan {
  /** Texts that end the answer, beside those of request and model. */
  readonly stop: readonly string[]
  /** Special tokens whose text the output parser must see. */
  readonly preservedTokens: readonly string[]
  /** For createOutputParser. */
  readonly output: OutputPlan
}

interface Asked extends TemplateWishes {
  readonly tools?: readonly Tool[]
  /** The prompt was given as it is; only the thinking of a Go template is told apart. */
  readonly raw?: boolean
}

/**
 * How the answer will be read: as the model writes, also where the request brings a template of its own (upstream
 * server/routes.go, GenerateHandler).
 * @param prompt as it was rendered
 * @param tidies see OutputPlan
 */
export function answerPlan(
  model: Model,
  facts: GgufFacts,
  asked: Asked & { tidies?: boolean },
  prompt: string,
): AnswerPlan {
  const { tools = [], think, tidies } = asked
  const format = answerFormat(model, facts, asked)
  return {
    stop: format.stop ?? [],
    preservedTokens: [...new Set(format.markers.flatMap(marker => [marker, ...tagsIn(marker)]))],
    output: {
      format,
      context: {
        tools,
        prompt,
        readsCalls: tools.length > 0 || parserFormat(model) !== undefined || format === harmony,
      },
      toolNames:
        format === harmony ? new Map([...harmonyNames(tools)].map(([asked, told]) => [told, asked])) : undefined,
      tidies,
      thinks: beginsThinking(format, prompt) || (Boolean(think) && format.thinking !== undefined),
    },
  }
}

/** The format a model answers in: that of its parser, of gpt-oss, or what its template shows. */
export function answerFormat(
  model: Model,
  facts: GgufFacts,
  { tools = [], raw, think, goTemplate }: Asked,
): OutputFormat {
  const goFormat = (source: string): OutputFormat => {
    const { root } = parseGoTemplate(source)
    // Thinking is told apart only when it was asked for (upstream server/routes.go).
    const tags = think ? thinkingTags(root) : undefined
    return markerFormat({
      thinking: tags && { open: tags.open, close: [tags.close] },
      calls: tools.length > 0 ? templateCalls(toolCallTag(root)) : undefined,
      keepsSpace: true,
    })
  }
  if (raw) return model.template ? goFormat(model.template) : markerFormat({})
  const named = parserFormat(model)
  if (named) return named
  if (isHarmony(model, facts)) return harmony
  const choice = chooseTemplate(model, facts, goTemplate)
  return choice.kind === 'jinja' ? inferredFormat(choice.source) : goFormat(choice.source)
}
