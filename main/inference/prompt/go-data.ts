import { goJson, goMapJson } from '../../go/text.ts'
import type { ChatMessage, Tool, ToolCall } from '../requests.ts'
import { fromJson, GoMap, GoSlice, GoStruct, type GoValue } from './go-template/values.ts'
import {
  ordered,
  parametersJson,
  propertiesJson,
  propertyJson,
  type ToolParameters,
  type ToolProperty,
  toolParameters,
} from './tool-schema.ts'

/** Messages as a Go template sees them (upstream template/template.go): fields Role, Content, ToolCalls … */
export function templateMessages(messages: readonly ChatMessage[]): GoValue {
  const items = messages.map(message => {
    const images = (message.images ?? []).map(() => '')
    return struct('*template.templateMessage', {
      Role: message.role,
      Content: message.content,
      Thinking: message.thinking ?? '',
      Images: new GoSlice(images, { typeName: '[]api.ImageData' }),
      ToolCalls: new GoSlice((message.toolCalls ?? []).map(templateToolCall), {
        typeName: '[]template.templateToolCall',
      }),
      ToolName: message.toolName ?? '',
      ToolCallID: message.toolCallId ?? '',
    })
  })
  return new GoSlice(items, { typeName: '[]*template.templateMessage' })
}

function templateToolCall(call: ToolCall): GoStruct {
  const { index = 0, name } = call.function
  const text = () => goMapJson(call.function.arguments)
  const args = new GoMap(
    new Map(Object.entries(call.function.arguments).map(([key, value]) => [key, fromJson(value)])),
    {
      typeName: 'template.templateArgs',
      text,
    },
  )
  return struct('template.templateToolCall', {
    ID: call.id ?? '',
    Function: struct('template.templateToolCallFunction', { Index: BigInt(index), Name: name, Arguments: args }),
  })
}

/**
 * Tools as a Go template sees them; they and their parts print as JSON with sorted properties. Upstream's latest types
 * print a tool's Function and Parameters alone as Go prints a struct, which no model was trained to read.
 */
export function templateTools(tools: readonly Tool[]): GoValue {
  const items = tools.map(templateTool)
  const text = () => `[${items.map(item => item.shape.text!()).join(',')}]`
  return new GoSlice(items, { typeName: 'template.templateTools', text, json: text })
}

function templateTool(tool: Tool): GoStruct {
  const parameters = toolParameters(tool)
  const { name, description = '' } = tool.function
  const functionJson = { name, description, parameters: parametersJson(parameters, 'sorted') }
  const items = tool.items ?? undefined
  return struct(
    'template.templateTool',
    {
      Type: tool.type,
      Items: fromJson(tool.items),
      Function: struct(
        'template.templateToolFunction',
        { Name: name, Description: description, Parameters: templateParameters(parameters) },
        () => goJson(functionJson),
      ),
    },
    () => goJson({ type: tool.type, items: ordered(items, 'sorted'), function: functionJson }),
  )
}

function templateParameters(parameters: ToolParameters): GoStruct {
  return struct(
    'template.templateToolFunctionParameters',
    {
      Type: parameters.type,
      Defs: fromJson(parameters.$defs),
      Items: fromJson(parameters.items),
      Required: strings(parameters.required),
      Properties: templateProperties(parameters.properties),
    },
    () => goJson(parametersJson(parameters, 'sorted')),
  )
}

/** Where there are none they print as an empty map, and are null in JSON. */
function templateProperties(properties: Readonly<Record<string, ToolProperty>> | undefined): GoMap {
  const text = () => goJson(propertiesJson(properties ?? {}, 'sorted'))
  return new GoMap(
    new Map(Object.entries(properties ?? {}).map(([name, property]) => [name, templateProperty(property)])),
    { typeName: 'map[string]api.ToolProperty', text, json: properties ? text : () => 'null' },
    noProperty,
  )
}

function templateProperty(property: ToolProperty): GoStruct {
  return propertyStruct(property, templateProperties(property.properties))
}

function propertyStruct(property: ToolProperty, properties: GoMap): GoStruct {
  const types = property.type ?? []
  return struct(
    'api.ToolProperty',
    {
      AnyOf: new GoSlice((property.anyOf ?? []).map(templateProperty), { typeName: '[]api.ToolProperty' }),
      Type: new GoSlice(types, {
        typeName: 'api.PropertyType',
        text: () => (types.length > 1 ? `[${types.join(' ')}]` : (types[0] ?? '')),
        json: () => goJson(types.length === 1 ? types[0] : types),
      }),
      Items: fromJson(property.items),
      Description: property.description ?? '',
      Enum: fromJson(property.enum ?? []),
      Properties: properties,
      Required: strings(property.required),
    },
    undefined,
    () => goJson(propertyJson(property, 'sorted')),
  )
}

/** What a template gets for a property that does not exist. */
const noProperty = propertyStruct({}, new GoMap(new Map(), { typeName: 'map[string]api.ToolProperty' }))

function strings(values: readonly string[] = []): GoSlice {
  return new GoSlice(values, { typeName: '[]string' })
}

function struct(typeName: string, fields: Record<string, GoValue>, text?: () => string, json = text): GoStruct {
  return new GoStruct(new Map(Object.entries(fields)), { typeName, text, json })
}
