/** Values as Google's function calls write them, `quote` around texts. */
const values = (quote: string): string => `
{%- macro value(v) -%}
  {%- if v is string -%}{{ '${quote}' ~ v ~ '${quote}' }}
  {%- elif v is none -%}null
  {%- elif v is boolean -%}{{ 'true' if v else 'false' }}
  {%- elif v is mapping -%}
    {{- '{' }}
    {%- for key, item in v | dictsort -%}{{ key ~ ':' ~ value(item) ~ ('' if loop.last else ',') }}{%- endfor -%}
    {{- '}' }}
  {%- elif v is sequence -%}
    {{- '[' }}
    {%- for item in v -%}{{ value(item) ~ ('' if loop.last else ',') }}{%- endfor -%}
    {{- ']' }}
  {%- else -%}{{ v }}{%- endif -%}
{%- endmacro -%}
{%- macro arguments(call) -%}
  {%- for key, item in call.function.arguments | dictsort -%}
    {{- key ~ ':' ~ value(item) ~ ('' if loop.last else ',') }}
  {%- endfor -%}
{%- endmacro -%}`

/** The types of a property, those of simple alternatives too. */
const types = `
{%- macro typed(property) -%}
  {%- if property.type is string -%}{{ property.type | upper }}
  {%- elif property.type -%}{{ property.type | upper }}
  {%- elif property.anyOf and property.anyOf | map(attribute='type') | select('string') | list | length == property.anyOf | length -%}
    {{- property.anyOf | map(attribute='type') | list | upper }}
  {%- endif -%}
{%- endmacro -%}`

/** Gemma 4. @param large with an empty thought where none is wanted, as the models from 12B on expect */
export const gemma4 = (large: boolean): string => String.raw`
${values('<|"|>')}
${types}
{%- macro texts(list) -%}
  {{- '[' }}
  {%- for text in list -%}{{ '<|"|>' ~ text ~ '<|"|>' ~ ('' if loop.last else ',') }}{%- endfor -%}
  {{- ']' }}
{%- endmacro -%}
{%- macro quoted(v) -%}
  {%- if v is mapping -%}
    {{- '{' }}
    {%- for key, item in v | dictsort -%}
      {{- '<|"|>' ~ key ~ '<|"|>:' ~ quoted(item) ~ ('' if loop.last else ',') }}
    {%- endfor -%}
    {{- '}' }}
  {%- else -%}{{ value(v) }}{%- endif -%}
{%- endmacro -%}
{%- macro items(schema) -%}
  {%- set ns = namespace(comma='') -%}
  {%- for key, item in schema | dictsort if item is not none -%}
    {{- ns.comma }}
    {%- set ns.comma = ',' -%}
    {%- if key == 'properties' -%}{{ 'properties:{' ~ properties(item) ~ '}' }}
    {%- elif key == 'required' -%}{{ 'required:' ~ texts(item) }}
    {%- elif key == 'type' -%}
      {{- 'type:' ~ ('<|"|>' ~ item | upper ~ '<|"|>' if item is string else texts(item | map('upper') | list)) }}
    {%- else -%}{{ key ~ ':' ~ quoted(item) }}{%- endif -%}
  {%- endfor -%}
{%- endmacro -%}
{%- macro properties(all, besides=[]) -%}
  {%- set ns = namespace(comma='') -%}
  {%- for name, property in all | dictsort if property is mapping and name not in besides -%}
    {{- ns.comma ~ name ~ ':{' }}
    {%- set ns.comma = ',' -%}
    {%- set type = typed(property) -%}
    {%- set parts = namespace(all=[]) -%}
    {%- if property.description -%}
      {%- set parts.all = parts.all + ['description:<|"|>' ~ property.description ~ '<|"|>'] -%}
    {%- endif -%}
    {%- if type == 'STRING' and property.enum -%}
      {%- set parts.all = parts.all + ['enum:' ~ texts(property.enum)] -%}
    {%- elif type == 'ARRAY' and property['items'] is mapping -%}
      {%- set parts.all = parts.all + ['items:{' ~ items(property['items']) ~ '}'] -%}
    {%- endif -%}
    {%- if property.nullable -%}{%- set parts.all = parts.all + ['nullable:true'] -%}{%- endif -%}
    {%- if type == 'OBJECT' -%}
      {%- set keywords = ['description', 'type', 'properties', 'required', 'nullable'] -%}
      {%- set inner = properties(property.properties) if property.properties is mapping else properties(property, keywords) -%}
      {%- set parts.all = parts.all + ['properties:{' ~ inner ~ '}'] -%}
      {%- if property.required -%}{%- set parts.all = parts.all + ['required:' ~ texts(property.required)] -%}{%- endif -%}
    {%- endif -%}
    {%- if type -%}{%- set parts.all = parts.all + ['type:<|"|>' ~ type ~ '<|"|>'] -%}{%- endif -%}
    {{- parts.all | join(',') ~ '}' }}
  {%- endfor -%}
{%- endmacro -%}
{%- macro declaration(function) -%}
  {%- set schema = function.parameters -%}
  {%- set ns = namespace(all=[]) -%}
  {%- if schema.properties -%}{%- set ns.all = ['properties:{' ~ properties(schema.properties) ~ '}'] -%}{%- endif -%}
  {%- if schema.required -%}{%- set ns.all = ns.all + ['required:' ~ texts(schema.required)] -%}{%- endif -%}
  {%- if schema.type -%}{%- set ns.all = ns.all + ['type:<|"|>' ~ schema.type | upper ~ '<|"|>'] -%}{%- endif -%}
  {{- '<|tool>declaration:' ~ function.name ~ '{description:<|"|>' ~ (function.description or '') ~ '<|"|>' }}
  {{- ',parameters:{' ~ ns.all | join(',') ~ '}}<tool|>' }}
{%- endmacro -%}
{%- set thinks = enable_thinking is defined and enable_thinking -%}
{%- set led = messages and messages[0].role in ['system', 'developer'] -%}
{%- set turns = messages[1:] if led else messages -%}
{{- bos_token }}
{%- if led or tools or thinks -%}
  {{- '<|turn>system\n' ~ ('<|think|>\n' if thinks else '') ~ (messages[0].content | trim if led else '') }}
  {%- for tool in tools or [] -%}{{ declaration(tool.function) }}{%- endfor -%}
  {{- '<turn|>\n' }}
{%- endif -%}
{%- set ns = namespace(question=-1, before='', open='') -%}
{%- for message in turns -%}
  {%- if message.role == 'user' -%}{%- set ns.question = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- for message in turns -%}
  {%- if message.role != 'tool' -%}
    {%- set answers = message.role == 'assistant' -%}
    {%- set calls = message.tool_calls or [] -%}
    {%- set ns.open = 'call' if calls else '' -%}
    {%- if not (answers and ns.before == 'assistant') -%}
      {{- '<|turn>' ~ ('model' if answers else message.role) ~ '\n' }}
    {%- endif -%}
    {%- set ns.before = message.role -%}
    {%- if answers and message.reasoning_content and loop.index0 > ns.question -%}
      {{- '<|channel>thought\n' ~ message.reasoning_content ~ '\n<channel|>' }}
    {%- endif -%}
    {%- for call in calls -%}
      {{- '<|tool_call>call:' ~ call.function.name ~ '{' ~ arguments(call) ~ '}<tool_call|>' }}
    {%- endfor -%}
    {%- set next = namespace(role=loop.nextitem.role if loop.nextitem else '') -%}
    {%- for result in (turns[loop.index:] if next.role == 'tool' else []) -%}
      {%- set next.role = result.role if result.role != 'tool' else '' -%}
      {%- if next.role -%}{%- break -%}{%- endif -%}
      {%- if calls -%}
        {%- set named = namespace(name=result.name or 'unknown') -%}
        {%- for call in calls if call.id and call.id == result.tool_call_id -%}
          {%- set named.name = call.function.name -%}
        {%- endfor -%}
        {{- '<|tool_response>response:' ~ named.name ~ '{value:' ~ value(result.content) ~ '}<tool_response|>' }}
        {%- set ns.open = 'result' -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set said = message.content | trim -%}
    {{- said }}
    {%- if ns.open == 'call' -%}{{ '<|tool_response>' }}
    {%- elif answers and next.role == 'assistant' -%}
    {%- elif ns.open != 'result' or said or next.role -%}{{ '<turn|>\n' }}{%- endif -%}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt and ns.open == '' -%}
  {{- '<|turn>model\n' }}
  ${large ? String.raw`{%- if not thinks -%}{{ '<|channel>thought\n<channel|>' }}{%- endif -%}` : ''}
{%- elif add_generation_prompt and ns.open == 'result' and thinks -%}{{ '<|channel>thought\n' }}
{%- endif -%}`

/** The models made for calling functions. */
export const functionGemma = String.raw`
${values('<escape>')}
{%- macro declaration(function) -%}
  {%- set schema = function.parameters -%}
  {{- '<start_function_declaration>declaration:' ~ function.name }}
  {{- '{description:<escape>' ~ (function.description or '') ~ '<escape>,parameters:{' }}
  {%- set ns = namespace(all=[], properties=[]) -%}
  {%- for name, property in (schema.properties or {}) | dictsort -%}
    {%- set type = property.type if property.type is string else (property.type or [''])[0] -%}
    {%- set ns.properties = ns.properties + [name ~ ':{description:<escape>' ~ (property.description or '') ~ '<escape>'
      ~ (',type:<escape>' ~ type | upper ~ '<escape>' if type else '') ~ '}'] -%}
  {%- endfor -%}
  {%- if ns.properties -%}{%- set ns.all = ['properties:{' ~ ns.properties | join(',') ~ '}'] -%}{%- endif -%}
  {%- if schema.required -%}{%- set ns.all = ns.all + ['required:' ~ value(schema.required)] -%}{%- endif -%}
  {%- if schema.type -%}{%- set ns.all = ns.all + ['type:' ~ value(schema.type | upper)] -%}{%- endif -%}
  {{- ns.all | join(',') ~ '}}<end_function_declaration>' }}
{%- endmacro -%}
{%- set led = messages and messages[0].role in ['system', 'developer'] -%}
{%- set turns = messages[1:] if led else messages -%}
{%- set guidance = messages[0].content | trim if led else '' -%}
{%- set offer = 'You can do function calling with the following functions:' -%}
{{- bos_token }}
{%- if guidance or tools -%}
  {{- '<start_of_turn>developer\n' ~ guidance }}
  {%- if tools -%}{{ ('\n' if guidance else '') ~ ('' if guidance == offer else offer) }}{%- endif -%}
  {%- for tool in tools or [] -%}{{ declaration(tool.function) }}{%- endfor -%}
  {{- '<end_of_turn>\n' }}
{%- endif -%}
{%- set ns = namespace(open='', calls=[], result=0) -%}
{%- for message in turns -%}
  {%- if message.role == 'tool' -%}
    {%- set name = ns.calls[ns.result].function.name if ns.result < ns.calls | length else message.name or '' -%}
    {%- set ns.result = ns.result + 1 -%}
    {{- '' if ns.open == 'call' else '<start_function_response>' }}
    {{- 'response:' ~ name ~ '{' ~ value(message.content) ~ '}<end_function_response>' }}
    {%- set ns.open = 'result' -%}
  {%- else -%}
    {%- set answers = message.role == 'assistant' -%}
    {{- '' if ns.open == 'result' else '<start_of_turn>' ~ ('model' if answers else message.role) ~ '\n' }}
    {{- message.content | trim }}
    {%- set ns.calls = message.tool_calls or [] -%}
    {%- set ns.result = 0 -%}
    {%- for call in ns.calls -%}
      {{- '<start_function_call>call:' ~ call.function.name ~ '{' ~ arguments(call) ~ '}<end_function_call>' }}
    {%- endfor -%}
    {%- set ns.open = 'call' if ns.calls and loop.nextitem and loop.nextitem.role == 'tool' else '' -%}
    {{- '<start_function_response>' if ns.open == 'call' else '<end_of_turn>\n' }}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt and ns.open != 'result' -%}{{ '<start_of_turn>model\n' }}{%- endif -%}`
