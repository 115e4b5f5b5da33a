/** What Go's `%T` prints of a value that encoding/json read into an interface. */
export function goTypeName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    default:
      if (value === undefined || value === null) return '<nil>'
      return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
  }
}
