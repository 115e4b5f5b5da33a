import {
  any,
  anyInOrder,
  apart,
  bool,
  float64,
  type GoType,
  type Infer,
  int,
  nested,
  orderedMap,
  pointer,
  raw,
  slice,
  string,
  struct,
} from '../../go/json/types.ts'
import { Problem } from '../../problem.ts'

/** Where a picture is; only pictures sent along are read. */
const imageSource = struct(
  'ImageSource',
  { type: string, media_type: string, data: string, url: string },
  'anthropic.ImageSource',
)

const citation = struct(
  'Citation',
  { type: string, url: string, title: string, encrypted_index: string, cited_text: string },
  'anthropic.Citation',
)

/**
 * A block of a message, whatever its type (upstream anthropic/anthropic.go). Fields that nothing is made of are here as
 * well: a wrong type of theirs is refused.
 */
const contentBlock = struct(
  'ContentBlock',
  {
    type: string,
    text: pointer(string),
    citations: slice(citation),
    source: pointer(imageSource),
    id: string,
    name: string,
    input: orderedMap(anyInOrder),
    tool_use_id: string,
    content: any,
    is_error: bool,
    thinking: pointer(string),
    signature: string,
  },
  'anthropic.ContentBlock',
)
export type ContentBlock = Infer<typeof contentBlock>

const blocks = slice(contentBlock)
const noText: ContentBlock = contentBlock.zero()

/** The content of a message: blocks, or a text that stands for one block. Undefined when it is missing. */
const content: GoType<ContentBlock[] | undefined> = {
  goName: blocks.goName,
  zero: () => undefined,
  read(from, current) {
    if (from.kind() === 'array') return blocks.read(from, undefined)
    if (from.kind() === 'string') return [{ ...noText, type: 'text', text: from.string() }]
    // Go reads null into a string without complaint.
    if (from.kind() === 'null') return [{ ...noText, type: 'text', text: string.read(from, '') }]
    return blocks.read(from, current ?? [])
  },
}

const wholeMessage = struct(
  '',
  { role: string, content: apart(content) },
  String.raw`struct { Role string "json:\"role\""; Content json.RawMessage "json:\"content\"" }`,
)

const message: GoType<Infer<typeof wholeMessage>> = nested({
  ...wholeMessage,
  read(from, current) {
    const read = wholeMessage.read(from, current)
    from.endIfRefused()
    // Go decodes the text of a content that is not there.
    if (read.content === undefined) throw new Problem('invalid-request', 400, 'unexpected end of JSON input')
    return read
  },
})
export type MessageParam = Infer<typeof message>

const tool = struct(
  'Tool',
  { type: string, name: string, description: string, input_schema: raw, max_uses: int },
  'anthropic.Tool',
)
export type AnthropicTool = Infer<typeof tool>

const toolChoice = struct(
  'ToolChoice',
  { type: string, name: string, disable_parallel_tool_use: bool },
  'anthropic.ToolChoice',
)

/** The body of POST /v1/messages (upstream anthropic/anthropic.go, MessagesRequest). */
export const messagesRequest = struct(
  'MessagesRequest',
  {
    model: string,
    max_tokens: int,
    messages: slice(message, '[]anthropic.MessageParam'),
    system: any,
    stream: bool,
    temperature: pointer(float64),
    top_p: pointer(float64),
    top_k: pointer(int),
    stop_sequences: slice(string),
    tools: slice(tool),
    tool_choice: pointer(toolChoice),
    thinking: pointer(struct('ThinkingConfig', { type: string, budget_tokens: int }, 'anthropic.ThinkingConfig')),
    metadata: pointer(struct('Metadata', { user_id: string }, 'anthropic.Metadata')),
    output_config: pointer(struct('OutputConfig', { effort: string, format: any }, 'anthropic.OutputConfig')),
  },
  'anthropic.MessagesRequest',
)
export type MessagesRequest = Infer<typeof messagesRequest>
