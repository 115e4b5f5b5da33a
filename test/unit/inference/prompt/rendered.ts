import { type AnswerPlan, answerPlan } from '../../../../main/inference/prompt/answer-plan.ts'
import {
  chatSource,
  generateSource,
  type PromptSource,
  type RawSource,
} from '../../../../main/inference/prompt/prompt-source.ts'
import { rawPrompt } from '../../../../main/inference/prompt/raw-prompt.ts'
import { type RenderedPrompt, type RenderOptions, renderPrompt } from '../../../../main/inference/prompt/render.ts'
import type { TemplateWishes } from '../../../../main/inference/prompt/template-choice.ts'
import type { GgufFacts, Model } from '../../../../main/library/model.ts'

export type Options = RenderOptions & TemplateWishes & { tidies?: boolean }
type Rendered = RenderedPrompt & AnswerPlan

/** A prompt and how its answer is read, as inference puts them together; rendered on the spot. */
export async function renderChat(
  model: Model,
  facts: GgufFacts,
  asked: Parameters<typeof chatSource>[2],
  options: Options = {},
): Promise<Rendered> {
  return rendered(model, facts, chatSource(model, facts, asked, options), { ...options, tools: asked.tools })
}

export async function renderGenerate(
  model: Model,
  facts: GgufFacts,
  asked: Parameters<typeof generateSource>[2],
  options: Options = {},
): Promise<Rendered> {
  return rendered(model, facts, generateSource(model, facts, asked, options), { ...options, raw: asked.raw })
}

async function rendered(
  model: Model,
  facts: GgufFacts,
  source: PromptSource | RawSource,
  asked: Options & Parameters<typeof answerPlan>[2],
): Promise<Rendered> {
  const prompt = 'raw' in source ? rawPrompt(source, facts.contextLength) : await renderPrompt(source, asked)
  return { ...prompt, ...answerPlan(model, facts, asked, prompt.text) }
}
