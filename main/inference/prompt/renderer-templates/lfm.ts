/**
 * LFM 2. Thinking of earlier answers is told where the model is to think, and that of the last answer always.
 * @param thinks whether the model can think
 */
export const lfm2 = (thinks: boolean): string => String.raw`
{%- set led = messages and messages[0].role == 'system' -%}
{%- set turns = messages[1:] if led else messages -%}
{%- set guidance = messages[0].content if led else '' -%}
{{- bos_token }}
{%- if guidance or tools -%}
  {{- '<|im_start|>system\n' ~ guidance }}
  {%- if tools -%}
    {{- ('\n' if guidance else '') ~ 'List of tools: <|tool_list_start|>[' }}
    {%- for tool in tools -%}
      {{- tool.function | tojson(ensure_ascii=false) ~ ('' if loop.last else ', ') }}
    {%- endfor -%}
    {{- ']<|tool_list_end|>' }}
  {%- endif -%}
  {{- '<|im_end|>\n' }}
{%- endif -%}
{%- set last = namespace(answer=-1) -%}
{%- for message in turns -%}
  {%- if message.role == 'assistant' -%}{%- set last.answer = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- for message in turns -%}
  {{- '<|im_start|>' ~ message.role ~ '\n' }}
  {%- if message.role == 'assistant' -%}
    {%- set keeps = ${thinks ? '(enable_thinking is defined and enable_thinking) or ' : ''}loop.index0 == last.answer -%}
    ${thinks ? `{{- '<think>' ~ message.reasoning_content ~ '</think>' if keeps and message.reasoning_content else '' }}` : ''}
    {%- set calls = message.tool_calls or [] -%}
    {%- if calls -%}
      {{- '<|tool_call_start|>[' }}
      {%- for call in calls -%}
        {{- call.function.name ~ '(' }}
        {%- for key, value in call.function.arguments | dictsort -%}
          {{- key ~ '=' ~ value | tojson(ensure_ascii=false) ~ ('' if loop.last else ',') }}
        {%- endfor -%}
        {{- ')' ~ ('' if loop.last else ',') }}
      {%- endfor -%}
      {{- ']<|tool_call_end|>' ~ ('\n' if message.content | trim else '') }}
    {%- endif -%}
    {%- if keeps or not ('</think>' in message.content${thinks ? ' or message.reasoning_content' : ''}) -%}{{ message.content }}
    {%- else -%}{{ message.content.split('</think>')[-1] | trim }}{%- endif -%}
  {%- elif message.role == 'tool' -%}
    {{- '<|tool_response_start|>' ~ message.content ~ '<|tool_response_end|>' }}
  {%- else -%}{{ message.content }}{%- endif -%}
  {{- '<|im_end|>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}`
