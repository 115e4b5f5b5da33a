const olmo =
  'You are Olmo, a helpful AI assistant built by Ai2. Your date cutoff is December 2024, and your model weights are available at https://huggingface.co/allenai.'

const begin = String.raw`
{%- set system = messages | selectattr('role', 'equalto', 'system') | list -%}
{{- '<|im_start|>system\n' }}`

function olmo3(guidance: string): string {
  return String.raw`
${begin}
{%- if system -%}{{ system[0].content }}
{%- else -%}
  {{- '${guidance} ' }}
  {%- if tools -%}
    {{- 'You are provided with function signatures within <functions></functions> XML tags. You may call one or more functions to assist with the user query. Output any function calls within <function_calls></function_calls> XML tags. Do not make assumptions about what values to plug into functions.' }}
  {%- else -%}{{ 'You do not currently have access to any functions. <functions></functions>' }}{%- endif -%}
{%- endif -%}
{{- '<functions>' ~ tools | tojson(ensure_ascii=false) ~ '</functions>' if tools else '' }}
{{- '<|im_end|>\n' }}
{%- for message in messages if message.role != 'system' -%}
  {{- '<|im_start|>' ~ ('environment' if message.role == 'tool' else message.role) ~ '\n' ~ message.content }}
  {%- if message.tool_calls -%}
    {{- '<function_calls>' }}
    {%- for call in message.tool_calls -%}
      {{- call.function.name ~ '(' }}
      {%- for key, value in call.function.arguments | dictsort -%}
        {{- key ~ '=' ~ value | tojson(ensure_ascii=false) ~ ('' if loop.last else ', ') }}
      {%- endfor -%}
      {{- ')' ~ ('' if loop.last else '\n') }}
    {%- endfor -%}
    {{- '</function_calls>' }}
  {%- endif -%}
  {{- '<|im_end|>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}`
}

/** The models that think know no tools. */
function olmo3Think(guidance: string): string {
  return String.raw`
${begin}
{{- (system[0].content ~ ' You do not currently have access to any functions. <functions></functions>' if system else '${guidance}') ~ '<|im_end|>\n' }}
{%- for message in messages if message.role in ['user', 'assistant'] -%}
  {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content.split('</think>')[-1] ~ '<|im_end|>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n<think>' }}{%- endif -%}`
}

export const olmo30 = olmo3('You are a helpful function-calling AI assistant.')
export const olmo31 = olmo3(olmo)
export const olmoThink = olmo3Think(olmo)
export const olmo32bThink = olmo3Think('You are a helpful AI assistant.')
