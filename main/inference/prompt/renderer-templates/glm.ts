const tools = String.raw`
{%- if tools -%}
  {{- '<|system|>\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' }}
  {{- 'You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n' }}
  {%- for tool in tools -%}{{ tool | tojson(ensure_ascii=false) ~ '\n' }}{%- endfor -%}
  {{- '</tools>\n\nFor each function call, output the function name and arguments within the following XML format:\n' }}
  {{- '<tool_call>{function-name}<arg_key>{arg-key-1}</arg_key><arg_value>{arg-value-1}</arg_value>' }}
  {{- '<arg_key>{arg-key-2}</arg_key><arg_value>{arg-value-2}</arg_value>...</tool_call>' }}
{%- endif -%}`

const calls = (before: string): string => `
{%- for call in message.tool_calls or [] -%}
  {{- '${before}<tool_call>' ~ call.function.name }}
  {%- for key, value in call.function.arguments | items -%}
    {{- '<arg_key>' ~ key ~ '</arg_key><arg_value>' }}
    {{- (value if value is string else value | tojson(ensure_ascii=false)) ~ '</arg_value>' }}
  {%- endfor -%}
  {{- '</tool_call>' }}
{%- endfor -%}`

/** GLM 4.7 keeps all earlier thinking, and thinks unless it is told not to. */
export const glm47 = `
{{- '[gMASK]<sop>' }}
${tools}
{%- for message in messages -%}
  {%- if message.role == 'assistant' -%}
    {{- '<|assistant|>' ~ ('<think>' ~ message.reasoning_content if message.reasoning_content else '') ~ '</think>' }}
    {{- message.content }}
    ${calls('')}
  {%- elif message.role == 'tool' -%}
    {%- if not loop.previtem or loop.previtem.role != 'tool' -%}{{ '<|observation|>' }}{%- endif -%}
    {{- '<tool_response>' ~ message.content ~ '</tool_response>' }}
  {%- else -%}{{ '<|' ~ message.role ~ '|>' ~ message.content }}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|assistant|>' ~ ('</think>' if enable_thinking is defined and not enable_thinking else '<think>') }}
{%- endif -%}`

export const glmOcr = String.raw`
{%- set silent = enable_thinking is defined and not enable_thinking -%}
{{- '[gMASK]<sop>' }}
${tools}
{%- for message in messages -%}
  {%- if message.role == 'assistant' -%}
    {{- '<|assistant|>\n<think>' ~ (message.reasoning_content or '') | trim ~ '</think>' }}
    {{- '\n' ~ message.content | trim if message.content else '' }}
    ${calls(String.raw`\n`)}
    {{- '\n' }}
  {%- elif message.role == 'tool' -%}
    {%- if not loop.previtem or loop.previtem.role != 'tool' -%}{{ '<|observation|>' }}{%- endif -%}
    {{- '\n<tool_response>\n' ~ message.content ~ '\n</tool_response>\n' }}
  {%- elif message.role == 'user' -%}
    {{- '<|user|>\n' ~ message.content }}
    {{- '/nothink' if silent and not message.content.endswith('/nothink') else '' }}
  {%- else -%}{{ '<|system|>\n' ~ message.content ~ '\n' }}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|assistant|>\n' ~ ('<think></think>\n' if silent else '') }}{%- endif -%}`

const poolsideBegin = `
{%- set thinks = enable_thinking is defined and enable_thinking -%}
{%- set led = messages and messages[0].role == 'system' -%}
{%- set guidance = messages[0].content if led else 'You are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.' -%}
{{- '〈|EOS|〉' }}`

const poolsideTools = String.raw`
    {{- '### Tools\n\nYou may call functions to assist with the user query.\n' }}
    {{- 'All available function signatures are listed below:\n<available_tools>\n' }}
    {%- for tool in tools -%}{{ tool | tojson(ensure_ascii=false) ~ '\n' }}{%- endfor -%}
    {{- '</available_tools>' }}`

/** Poolside's Laguna, whose format is GLM's in lines. */
export const laguna = String.raw`
${poolsideBegin}
{%- if guidance | trim or tools -%}
  {{- '<system>\n' ~ ('\n' ~ guidance.rstrip() if guidance | trim else '') }}
  {%- if tools -%}
    {{- '\n\n' }}
    ${poolsideTools}
    {%- set form = 'or each function call, return an unescaped XML-like object with function name and arguments within \'<tool_call>\' and \'</tool_call>\' tags, like here:\n' -%}
    {{- '\n\n' }}
    {%- if thinks -%}
      {{- 'Wrap your thinking in \'<think>\', \'</think>\' tags, followed by a function call. F' ~ form }}
      {{- '<think> your thoughts here </think>\n' }}
    {%- else -%}{{ 'F' ~ form }}{%- endif -%}
    {{- '<tool_call>function-name\n<arg_key>argument-key</arg_key>\n<arg_value>value-of-argument-key</arg_value>\n' }}
    {{- '</tool_call>' }}
  {%- endif -%}
  {{- '\n</system>\n' }}
{%- endif -%}
{%- for message in (messages[1:] if led else messages) -%}
  {%- if message.role == 'assistant' -%}
    {%- set thought = (message.reasoning_content or '') | trim -%}
    {{- '<assistant>\n' ~ ('<think>\n' ~ thought ~ '\n' if thought else '') ~ '</think>\n' }}
    {{- message.content | trim ~ '\n' if message.content | trim else '' }}
    {%- for call in message.tool_calls or [] -%}
      {{- '<tool_call>' ~ call.function.name ~ '\n' }}
      {%- for key, value in call.function.arguments | items -%}
        {{- '<arg_key>' ~ key ~ '</arg_key>\n<arg_value>' }}
        {{- (value if value is string else value | tojson(ensure_ascii=false)) ~ '</arg_value>\n' }}
      {%- endfor -%}
      {{- '</tool_call>\n' }}
    {%- endfor -%}
    {{- '</assistant>\n' }}
  {%- else -%}
    {%- set tag = 'tool_response' if message.role == 'tool' else message.role -%}
    {{- '<' ~ tag ~ '>\n' ~ message.content ~ '\n</' ~ tag ~ '>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<assistant>\n' ~ ('<think>' if thinks else '</think>') }}{%- endif -%}`

/** Poolside's later models, whose format has no lines. */
export const poolsideV1 = String.raw`
${poolsideBegin}
{%- if guidance | trim or tools or thinks -%}
  {{- '<system>' ~ (guidance.rstrip() ~ ('\n\n' if tools else '') if guidance | trim else '') }}
  {%- if tools -%}${poolsideTools}{%- endif -%}
  {{- '</system>\n' }}
{%- endif -%}
{%- for message in (messages[1:] if led else messages) -%}
  {%- if message.role == 'assistant' -%}
    {{- '<assistant>' ~ ('<think>' ~ (message.reasoning_content or '') if thinks else '') ~ '</think>' ~ message.content }}
    ${calls('')}
    {{- '</assistant>\n' }}
  {%- else -%}
    {%- set tag = 'tool_response' if message.role == 'tool' else message.role -%}
    {{- '<' ~ tag ~ '>' ~ message.content ~ '</' ~ tag ~ '>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<assistant>' ~ ('<think>' if thinks else '</think>') }}{%- endif -%}`
