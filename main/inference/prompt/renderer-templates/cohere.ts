/** Command A and North, which think unless they are told not to. Calls are told by their number. */
export const cohere = String.raw`
{%- set led = messages and messages[0].role == 'system' -%}
{%- set ns = namespace(ids=[]) -%}
{{- bos_token ~ '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|START_TEXT|>' }}
{{- messages[0].content ~ '\n\n\n\n' if led and messages[0].content else '' }}
{{- '# Available Tools\n${'```'}json\n[\n' }}
{%- for tool in tools or [] -%}
  {{- '\n    {"name": ' ~ tool.function.name | tojson(ensure_ascii=false) }}
  {{- ', "description": ' ~ (tool.function.description or '') | tojson(ensure_ascii=false) }}
  {{- ', "parameters": ' ~ tool.function.parameters | tojson(ensure_ascii=false) ~ ', "responses": null}' }}
  {{- ('' if loop.last else ',') ~ '\n\n' }}
{%- else -%}{{ '\n\n' }}{%- endfor -%}
{{- '\n]\n${'```'}<|END_TEXT|><|END_OF_TURN_TOKEN|>' }}
{%- for message in (messages[1:] if led else messages) -%}
  {%- if message.role == 'tool' -%}
    {{- ',' if loop.previtem and loop.previtem.role == 'tool' else '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><|START_TOOL_RESULT|>[' }}
    {%- set own = namespace(id=message.tool_call_id or '') -%}
    {%- for id in ns.ids if id and id == message.tool_call_id -%}{%- set own.id = ns.ids.index(id) -%}{%- endfor -%}
    {{- '\n    {\n        "tool_call_id": "' ~ own.id ~ '",\n        "results": {\n\n            \n            "0": ' }}
    {{- {'content': message.content} | tojson(ensure_ascii=false) ~ '\n\n        },\n        "is_error": null\n    }' }}
    {{- '' if loop.nextitem and loop.nextitem.role == 'tool' else '\n\n]<|END_TOOL_RESULT|><|END_OF_TURN_TOKEN|>' }}
  {%- elif message.role == 'assistant' -%}
    {{- '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' ~ ('\n            \n                ' if message.tool_calls else '') }}
    {{- '<|START_THINKING|>' ~ message.reasoning_content ~ '<|END_THINKING|>' if message.reasoning_content else '' }}
    {%- if message.tool_calls -%}
      {{- '<|START_ACTION|>[' }}
      {%- for call in message.tool_calls -%}
        {{- '\n\n    {"tool_call_id": "' ~ ns.ids | length ~ '", "tool_name": "' ~ call.function.name }}
        {{- '", "parameters": ' ~ call.function.arguments | tojson(ensure_ascii=false) ~ '}' ~ ('' if loop.last else ',') }}
        {%- set ns.ids = ns.ids + [call.id] -%}
      {%- endfor -%}
      {{- '\n\n]<|END_ACTION|><|END_OF_TURN_TOKEN|>' }}
    {%- else -%}{{ '<|START_TEXT|>' ~ message.content ~ '<|END_TEXT|><|END_OF_TURN_TOKEN|>' }}{%- endif -%}
  {%- else -%}
    {{- '<|START_OF_TURN_TOKEN|><|' ~ ('SYSTEM' if message.role == 'system' else 'USER') ~ '_TOKEN|><|START_TEXT|>' }}
    {{- message.content ~ '<|END_TEXT|><|END_OF_TURN_TOKEN|>' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>' }}
  {{- '<|END_THINKING|>' if enable_thinking is defined and not enable_thinking else '' }}
{%- endif -%}`
