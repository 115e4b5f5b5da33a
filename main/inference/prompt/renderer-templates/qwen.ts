/** How Qwen 3 Coder was taught to write calls, and families that learned it from Qwen. */
export const coderCalls = String.raw`
  {{- '\n\nIf you choose to call a function ONLY reply in the following format with NO suffix:\n\n<tool_call>\n' }}
  {{- '<function=example_function_name>\n<parameter=example_parameter_1>\nvalue_1\n</parameter>\n' }}
  {{- '<parameter=example_parameter_2>\nThis is the value for the second parameter\nthat can span\nmultiple lines\n' }}
  {{- '</parameter>\n</function>\n</tool_call>\n\n<IMPORTANT>\nReminder:\n- Function calls MUST follow the specified ' }}
  {{- 'format: an inner <function=...></function> block must be nested within <tool_call></tool_call> XML tags\n' }}
  {{- '- Required parameters MUST be specified\n- You may provide optional reasoning for your function call in natural ' }}
  {{- 'language BEFORE the function call, but NOT after\n- If there is no function call available, answer the question ' }}
  {{- 'like normal with your current knowledge and do not tell the user about function calls\n</IMPORTANT>' }}`

/** A value of a call as text. */
const plain = `(value if value is string else value | tojson(ensure_ascii=false))`

/** Results of tools, those next to each other in one turn of the user's. */
const results = String.raw`
    {{- '<|im_start|>user' if not loop.previtem or loop.previtem.role != 'tool' else '' }}
    {{- '\n<tool_response>\n' ~ message.content ~ '\n</tool_response>' }}
    {{- '<|im_end|>\n' if not loop.nextitem or loop.nextitem.role != 'tool' else '' }}`

/** The last question; what follows it still belongs to its answer. */
const lastQuestion = `
{%- set last = namespace(question=messages | length - 1) -%}
{%- set found = namespace(is=false) -%}
{%- for message in messages | reverse -%}
  {%- set text = message.content | trim -%}
  {%- if not found.is and message.role == 'user' and not (text.startswith('<tool_response>') and text.endswith('</tool_response>')) -%}
    {%- set found.is = true -%}
    {%- set last.question = loop.revindex0 -%}
  {%- endif -%}
{%- endfor -%}`

export const qwen3Coder = String.raw`
{%- set system = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | select | list -%}
{%- set turns = messages | rejectattr('role', 'equalto', 'system') | list -%}
{%- if system or tools -%}
  {{- '<|im_start|>system\n' ~ (system[0] if system else 'You are Qwen, a helpful AI assistant that can interact with a computer to solve tasks.') }}
  {%- if tools -%}
    {{- '\n\n# Tools\n\nYou have access to the following functions:\n\n<tools>' }}
    {%- for tool in tools -%}
      {{- '\n<function>\n<name>' ~ tool.function.name ~ '</name>' }}
      {{- '\n<description>' ~ tool.function.description ~ '</description>' if tool.function.description else '' }}
      {{- '\n<parameters>' }}
      {%- for name, property in (tool.function.parameters.properties or {}) | items -%}
        {{- '\n<parameter>\n<name>' ~ name ~ '</name>' }}
        {%- for key in ['type', 'description'] if property[key] -%}
          {{- '\n<' ~ key ~ '>' ~ (property[key] if property[key] is string else property[key] | tojson(ensure_ascii=false)) ~ '</' ~ key ~ '>' }}
        {%- endfor -%}
        {%- for key, value in property | items if key not in ['type', 'description'] and value is not none -%}
          {{- '\n<' ~ key ~ '>' ~ ${plain} ~ '</' ~ key ~ '>' }}
        {%- endfor -%}
        {{- '\n</parameter>' }}
      {%- endfor -%}
      {%- for key, value in tool.function.parameters | items if key not in ['type', 'properties'] and value is not none -%}
        {{- '\n<' ~ key ~ '>' ~ ${plain} ~ '</' ~ key ~ '>' }}
      {%- endfor -%}
      {{- '\n</parameters>\n</function>' }}
    {%- endfor -%}
    {{- '\n</tools>' }}
    ${coderCalls}
  {%- endif -%}
  {{- '<|im_end|>\n' }}
{%- endif -%}
{%- for message in turns -%}
  {%- if message.role == 'tool' -%}
    ${results}
  {%- else -%}
    {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ ('\n' if message.tool_calls and message.content else '') }}
    {%- for call in message.tool_calls or [] -%}
      {{- '\n<tool_call>\n<function=' ~ call.function.name ~ '>' }}
      {%- for key, value in call.function.arguments | items -%}
        {{- '\n<parameter=' ~ key ~ '>\n' ~ ${plain} ~ '\n</parameter>' }}
      {%- endfor -%}
      {{- '\n</function>\n</tool_call>' }}
    {%- endfor -%}
    {{- '<|im_end|>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}`

/** How much Qwen 3.8 is to think: much, unless it is told otherwise. */
const effort = String.raw`
{%- set effort = '' -%}
{%- if thinks and reasoning_effort is defined and reasoning_effort == 'low' -%}
  {%- set effort = 'Reasoning effort is set to low. Keep your thinking brief and focused, moving directly to the conclusion without unnecessary elaboration.\n\n' -%}
{%- elif thinks and (reasoning_effort is not defined or reasoning_effort != 'medium') -%}
  {%- set effort = 'Reasoning effort is set to xhigh. Please think carefully through the task, validate key assumptions, consider plausible alternatives, and prioritize correctness, consistency, and clarity in the final answer.\n\n' -%}
{%- endif -%}`

/**
 * Qwen 3.5.
 * @param allThinking tells the thinking of every earlier answer, as Ornith and Qwen 3.8 want it
 * @param efforts in words, as Qwen 3.8 wants them
 */
export const qwen35 = (allThinking: boolean, efforts = false): string => String.raw`
{%- set thinks = enable_thinking is not defined or enable_thinking -%}
{%- set led = messages and messages[0].role == 'system' -%}
{%- set guidance = messages[0].content | trim if led else '' -%}
${efforts ? effort : `{%- set effort = '' -%}`}
{%- if tools -%}
  {{- '<|im_start|>system\n' ~ effort ~ '# Tools\n\nYou have access to the following functions:\n\n<tools>' }}
  {%- for tool in tools -%}{{ '\n' ~ tool | tojson(ensure_ascii=false) }}{%- endfor -%}
  {{- '\n</tools>' }}
  ${coderCalls}
  {{- ('\n\n' ~ guidance if guidance else '') ~ '<|im_end|>\n' }}
{%- elif led or effort -%}
  {{- '<|im_start|>system\n' ~ (effort ~ guidance if guidance else effort | trim) ~ '<|im_end|>\n' }}
{%- endif -%}
${lastQuestion}
{%- for message in messages -%}
  {%- set text = message.content | trim -%}
  {%- if message.role == 'tool' -%}
    ${results.replace('message.content', 'text')}
  {%- elif message.role == 'assistant' -%}
    {%- set shows = ${allThinking} or (thinks and loop.index0 > last.question) -%}
    {%- set thought = (message.reasoning_content or '') | trim if shows else '' -%}
    {%- if not thought and '</think>' in text -%}
      {%- set thought = text.split('</think>')[0].split('<think>')[-1] | trim -%}
      {%- set text = text.split('</think>', 1)[1].lstrip('\n') -%}
    {%- endif -%}
    {{- '<|im_start|>assistant\n' ~ ('<think>\n' ~ thought ~ '\n</think>\n\n' if shows else '') ~ text }}
    {%- for call in message.tool_calls or [] -%}
      {{- ('\n\n' if text | trim else '') if loop.first else '\n' }}
      {{- '<tool_call>\n<function=' ~ call.function.name ~ '>\n' }}
      {%- for key, value in call.function.arguments | items -%}
        {{- '<parameter=' ~ key ~ '>\n' ~ ${plain} ~ '\n</parameter>\n' }}
      {%- endfor -%}
      {{- '</function>\n</tool_call>' }}
    {%- endfor -%}
    {{- '<|im_end|>\n' }}
  {%- elif message.role != 'system' or not loop.first -%}
    {{- '<|im_start|>' ~ message.role ~ '\n' ~ text ~ '<|im_end|>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|im_start|>assistant\n' ~ ('<think>\n' if thinks else '<think>\n\n</think>\n\n') }}
{%- endif -%}`

/** Qwen 3 VL. @param thinking whether the model thinks unless it is told not to */
export const qwen3Vl = (thinking: boolean): string => String.raw`
{%- set thinks = enable_thinking if enable_thinking is defined else ${thinking} -%}
{%- set led = messages and messages[0].role == 'system' -%}
{%- if tools -%}
  {{- '<|im_start|>system\n' ~ (messages[0].content ~ '\n\n' if led else '') }}
  {{- '# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' }}
  {{- 'You are provided with function signatures within <tools></tools> XML tags:\n<tools>' }}
  {%- for tool in tools -%}{{ '\n' ~ tool | tojson(ensure_ascii=false) }}{%- endfor -%}
  {{- '\n</tools>\n\nFor each function call, return a json object with function name and arguments within ' }}
  {{- '<tool_call></tool_call> XML tags:\n<tool_call>\n' }}
  {{- '{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call><|im_end|>\n' }}
{%- elif led -%}{{ '<|im_start|>system\n' ~ messages[0].content ~ '<|im_end|>\n' }}{%- endif -%}
${lastQuestion}
{%- for message in messages -%}
  {%- if message.role == 'tool' -%}
    ${results}
  {%- elif message.role == 'assistant' -%}
    {%- set thought = message.reasoning_content or '' -%}
    {{- '<|im_start|>assistant\n' }}
    {%- if thinks and loop.index0 > last.question and (thought or loop.last) -%}
      {{- '<think>\n' ~ thought.strip('\n') ~ ('\n</think>\n\n' ~ message.content.lstrip('\n') if message.content else '') }}
    {%- else -%}{{ message.content }}{%- endif -%}
    {%- for call in message.tool_calls or [] -%}
      {{- '\n' if message.content or not loop.first else '' }}
      {{- '<tool_call>\n{"name": "' ~ call.function.name ~ '", "arguments": ' ~ call.function.arguments | tojson(ensure_ascii=false) ~ '}\n</tool_call>' }}
    {%- endfor -%}
    {{- '<|im_end|>\n' }}
  {%- elif message.role != 'system' or not loop.first -%}
    {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' ~ ('<think>\n' if thinks else '') }}{%- endif -%}`
