import { bind } from './arguments.ts'
import { JinjaError } from './error.ts'
import { stringMethods } from './string-methods.ts'
import {
  type CallArguments,
  Callable,
  type Dict,
  equal,
  integer,
  isKey,
  iterate,
  LoopState,
  Namespace,
  numberOf,
  orElse,
  sequence,
  str,
  Tuple,
  typeName,
  Undefined,
  use,
  type Value,
} from './values.ts'

/**
 * `object.name`: a method or attribute, then an entry of that name, else undefined (jinja2/environment.py, getattr).
 * @throws JinjaError when the object is itself undefined
 */
export function attribute(object: Value, name: string): Value {
  use(object)
  const own = methodOf(object, name)
  if (own !== undefined) return own
  return orElse(entry(object, name), missing(object, name))
}

/** A method or attribute alone, never an entry. @throws JinjaError */
export function method(object: Value, name: string): Value {
  use(object)
  return orElse(methodOf(object, name), missing(object, name))
}

/** `object[key]`: an entry, then a method or attribute of that name, else undefined (getitem). @throws JinjaError */
export function item(object: Value, key: Value): Value {
  use(object)
  const found = entry(object, key)
  if (found !== undefined) return found
  return orElse(typeof key === 'string' ? methodOf(object, key) : undefined, missing(object, key))
}

function missing(object: Value, key: Value): Undefined {
  if (typeof key === 'string') return new Undefined(`'${described(object)}' has no attribute '${key}'`)
  return new Undefined(`${described(object)} has no element ${String(numberOf(key) ?? typeName(key))}`)
}

function described(object: Value): string {
  if (object === null) return 'None'
  return object instanceof Namespace ? 'Namespace object' : `${typeName(object)} object`
}

function entry(object: Value, key: Value): Value | undefined {
  if (object instanceof Map) return isKey(key) ? object.get(key) : undefined
  if (object instanceof Namespace) return typeof key === 'string' ? object.attributes.get(key) : undefined
  const items = typeof object === 'string' && typeof key === 'number' ? [...object] : sequence(object)
  return items && (typeof key === 'number' || typeof key === 'boolean') ? items.at(Number(key)) : undefined
}

function methodOf(object: Value, name: string): Value | undefined {
  if (object instanceof LoopState) return object.member(name)
  const bound = (call: ((args: CallArguments) => Value) | undefined) => call && new Callable(name, call)
  if (typeof object === 'string') {
    const method = stringMethods.get(name)
    return bound(method && (args => method(object, args)))
  }
  if (object instanceof Map) return bound(dictMethod(object, name))
  const items = sequence(object)
  return items && bound(listMethod(object as Value[] | Tuple, items, name))
}

type Method = (args: CallArguments) => Value

function dictMethod(dict: Dict, name: string): Method | undefined {
  const plain: Record<string, () => Value> = {
    items: () => [...dict].map(([key, value]) => new Tuple([key, value])),
    keys: () => [...dict.keys()],
    values: () => [...dict.values()],
    copy: () => new Map(dict),
  }
  if (Object.hasOwn(plain, name)) return withoutArguments(name, plain[name]!)
  const value = (key: Value) => (isKey(key) ? dict.get(key) : undefined)
  switch (name) {
    case 'get':
      return args => {
        const bound = bind(name, args, ['key', 'default'])
        return orElse(value(bound.required('key')), orElse(bound.optional('default'), null))
      }
    // Transformers' sandbox forbids what changes a value; llama.cpp allows it, and nothing outlives the rendering.
    case 'update':
      return ({ positional, named }) => {
        const [other] = positional
        if (other instanceof Map) for (const [key, item] of other) dict.set(key, item)
        for (const [key, item] of named) dict.set(key, item)
        return null
      }
    case 'pop':
      return args => {
        const bound = bind(name, args, ['key', 'default'])
        const key = bound.required('key')
        const taken = orElse(value(key), orElse(bound.optional('default'), new Undefined(`KeyError: ${str(key)}`)))
        use(taken)
        if (isKey(key)) dict.delete(key)
        return taken
      }
    default:
      return undefined
  }
}

function listMethod(list: Value[] | Tuple, items: readonly Value[], name: string): Method | undefined {
  switch (name) {
    case 'index':
      return args => {
        const wanted = bind(name, args, ['value']).required('value')
        const at = items.findIndex(candidate => equal(candidate, wanted))
        if (at < 0) throw new JinjaError(`${str(wanted)} is not in ${typeName(list)}`)
        return at
      }
    case 'count':
      return args => {
        const wanted = bind(name, args, ['value']).required('value')
        return items.filter(candidate => equal(candidate, wanted)).length
      }
    default:
      return Array.isArray(list) ? mutatingMethod(list, name) : undefined
  }
}

function mutatingMethod(list: Value[], name: string): Method | undefined {
  switch (name) {
    case 'append':
      return args => {
        list.push(bind(name, args, ['object']).required('object'))
        return null
      }
    case 'extend':
      return args => {
        for (const added of iterate(bind(name, args, ['iterable']).required('iterable'))) list.push(added)
        return null
      }
    case 'insert':
      return args => {
        const bound = bind(name, args, ['index', 'object'])
        list.splice(integer(bound.required('index'), 'index'), 0, bound.required('object'))
        return null
      }
    case 'pop':
      return args => {
        const at = integer(orElse(bind(name, args, ['index']).optional('index'), -1), 'index')
        const [taken] = list.splice(at, 1)
        if (taken === undefined) throw new JinjaError('pop from empty list')
        return taken
      }
    case 'copy':
      return withoutArguments(name, () => [...list])
    default:
      return undefined
  }
}

function withoutArguments(name: string, call: () => Value): Method {
  return args => {
    bind(name, args, [])
    return call()
  }
}

/** `object[start:stop:step]` @throws JinjaError */
export function slice(object: Value, start: Value, stop: Value, step: Value): Value {
  use(object)
  const isText = typeof object === 'string'
  const items = isText ? [...object] : sequence(object)
  if (!items) throw new JinjaError(`'${typeName(object)}' object is not subscriptable`)
  const by = step === null ? 1 : integer(step, 'slice step')
  if (by === 0) throw new JinjaError('slice step cannot be zero')
  const { length } = items
  const clamp = (value: Value, fallback: number) => {
    if (value === null) return fallback
    const at = integer(value, 'slice index')
    const absolute = at < 0 ? at + length : at
    return by > 0 ? Math.min(Math.max(absolute, 0), length) : Math.min(Math.max(absolute, -1), length - 1)
  }
  const [from, to] = [clamp(start, by > 0 ? 0 : length - 1), clamp(stop, by > 0 ? length : -1)]
  const taken: Value[] = []
  for (let at = from; by > 0 ? at < to : at > to; at += by) taken.push(items[at]!)
  if (isText) return taken.join('')
  return Array.isArray(object) ? taken : new Tuple(taken)
}

/** The value an attribute path such as `function.name` or `0.role` leads to, for filters. */
export function byPath(value: Value, path: Value): Value {
  if (typeof path !== 'string') return item(value, path)
  return path
    .split('.')
    .reduce<Value>((current, part) => item(current, /^\d+$/.test(part) ? Number(part) : part), value)
}
