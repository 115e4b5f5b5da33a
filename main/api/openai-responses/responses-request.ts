import {
  anyMap,
  bool,
  float64,
  type GoType,
  type Infer,
  int,
  lazy,
  pointer,
  raw,
  slice,
  string,
  struct,
} from '../../go/json/types.ts'
import { responsesInput } from './input-items.ts'

/** A function, or a namespace with functions in it. */
export interface ResponsesTool {
  type: string
  name: string
  description?: string
  strict?: boolean
  parameters?: Record<string, unknown>
  tools?: ResponsesTool[]
}

const nestedTool: GoType<ResponsesTool> = lazy('openai.ResponsesTool', () => tool)

const tool: GoType<ResponsesTool> = struct(
  'ResponsesTool',
  {
    type: string,
    name: string,
    description: pointer(string),
    strict: pointer(bool),
    parameters: anyMap,
    tools: slice(nestedTool),
  },
  'openai.ResponsesTool',
)

const textFormat = struct(
  'ResponsesTextFormat',
  { type: string, name: string, schema: raw, strict: pointer(bool) },
  'openai.ResponsesTextFormat',
)

/** The body of POST /v1/responses (upstream openai/responses.go, ResponsesRequest), as far as it is used. */
export const responsesRequest = struct(
  'ResponsesRequest',
  {
    model: string,
    background: bool,
    include: slice(string),
    input: responsesInput,
    instructions: string,
    max_output_tokens: pointer(int),
    reasoning: struct('ResponsesReasoning', { effort: string, summary: string }, 'openai.ResponsesReasoning'),
    temperature: pointer(float64),
    text: pointer(struct('ResponsesText', { format: pointer(textFormat) }, 'openai.ResponsesText')),
    top_p: pointer(float64),
    truncation: pointer(string),
    tools: slice(tool),
    stream: pointer(bool),
  },
  'openai.ResponsesRequest',
)
export type ResponsesRequest = Infer<typeof responsesRequest>

/** What an answer tells of its request. */
export type EchoedRequest = Omit<ResponsesRequest, 'input'>
