import { coderCalls } from './qwen.ts'

/**
 * Nemotron Nano, which thinks unless it is told not to.
 * @param switches whether `/think` and `/no_think` in a question tell it so, too, as version 3 has it
 * @param close what ends its thinking
 */
const nemotron = (switches: boolean, close: string): string => String.raw`
{%- macro tagged(key, value) -%}
  {{- '\n<' ~ key ~ '>' ~ (value if value is string else value | tojson(ensure_ascii=false)) ~ '</' ~ key ~ '>' }}
{%- endmacro -%}
{%- set ns = namespace(thinks=enable_thinking is not defined or enable_thinking, question=-1) -%}
{%- set led = messages and messages[0].role == 'system' -%}
{%- set turns = messages[1:] if led else messages -%}
{%- for message in messages if ${switches} and message.role in ['user', 'system'] -%}
  {%- if '/think' in message.content.replace('</think>', '') -%}{%- set ns.thinks = true -%}
  {%- elif '/no_think' in message.content -%}{%- set ns.thinks = false -%}{%- endif -%}
{%- endfor -%}
{%- for message in turns -%}
  {%- if message.role == 'user' -%}{%- set ns.question = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- set guidance = messages[0].content if led else '' -%}
{%- if ${switches} -%}
  {%- set guidance = guidance.replace('</think>', '<_end_think>').replace('/think', '').replace('/no_think', '').replace('<_end_think>', '</think>') -%}
{%- endif -%}
{{- '<|im_start|>system\n' ~ guidance }}
{%- if tools -%}
  {{- ('\n\n' if guidance else '') ~ '# Tools\n\nYou have access to the following functions:\n\n<tools>' }}
  {%- for tool in tools -%}
    {%- set schema = tool.function.parameters -%}
    {{- '\n<function>' ~ tagged('name', tool.function.name) }}
    {{- tagged('description', tool.function.description | trim) if tool.function.description else '' }}
    {{- '\n<parameters>' }}
    {%- for name, property in (schema.properties or {}) | items -%}
      {{- '\n<parameter>' ~ tagged('name', name) }}
      {%- if property.type -%}{{ tagged('type', property.type if property.type is string else property.type ~ '') }}{%- endif -%}
      {%- if property.description -%}{{ tagged('description', property.description | trim) }}{%- endif -%}
      {%- for key in ['enum', 'anyOf', 'items', 'properties', 'required'] if key in property -%}{{ tagged(key, property[key]) }}{%- endfor -%}
      {{- '\n</parameter>' }}
    {%- endfor -%}
    {%- for key in ['$defs', 'items', 'required'] if key in schema -%}{{ tagged(key, schema[key]) }}{%- endfor -%}
    {{- '\n</parameters>\n</function>' }}
  {%- endfor -%}
  {{- '\n</tools>' }}
  ${coderCalls}
{%- endif -%}
{{- '<|im_end|>\n' }}
{%- for message in turns -%}
  {%- if message.role == 'assistant' -%}
    {%- set text = message.content -%}
    {%- if message.reasoning_content -%}{%- set text = '<think>\n' ~ message.reasoning_content ~ '${close}' ~ text -%}
    {%- elif '<think>' not in text and '</think>' not in text -%}{%- set text = '<think></think>' ~ text -%}{%- endif -%}
    {%- if loop.index0 < ns.question and '</think>' in text -%}
      {%- set text = text.split('</think>')[-1] -%}
      {%- set text = '<think></think>' ~ (text | trim if ${switches} and message.tool_calls else text) -%}
    {%- endif -%}
    {{- '<|im_start|>assistant\n' ~ text | trim ~ ('\n' if message.tool_calls else '') }}
    {%- for call in message.tool_calls or [] -%}
      {{- '<tool_call>\n<function=' ~ call.function.name ~ '>\n' }}
      {%- for key, value in call.function.arguments | items -%}
        {%- set is_plain = value is string or not (value is mapping or value is sequence) -%}
        {{- '<parameter=' ~ key ~ '>\n' ~ (value if is_plain else value | tojson(ensure_ascii=false)) ~ '\n</parameter>\n' }}
      {%- endfor -%}
      {{- '</function>\n</tool_call>\n' }}
    {%- endfor -%}
    {{- '<|im_end|>\n' }}
  {%- elif message.role == 'tool' -%}
    {{- '<|im_start|>user\n' if not loop.previtem or loop.previtem.role != 'tool' else '' }}
    {{- '<tool_response>\n' ~ message.content ~ '\n</tool_response>\n' }}
    {{- '<|im_end|>\n' if not loop.nextitem or loop.nextitem.role != 'tool' else '' }}
  {%- else -%}{{ '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|im_start|>assistant\n' ~ ('<think>\n' if ns.thinks else '<think></think>') }}
{%- endif -%}`

export const nemotron3Nano = nemotron(true, String.raw`\n</think>\n`)
export const nemotron35Nano = nemotron(false, '</think>')
