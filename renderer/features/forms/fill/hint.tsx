/** Keys may hold spaces, which part ids from each other. */
const idOf = (id: string, what: string) => `${id.replace(/\s/g, '-')}-${what}`

/** The id of what is wrong with a field. */
export const troubleId = (id: string) => idOf(id, 'trouble')
/** The id of what is asked for in it. */
export const hintId = (id: string) => idOf(id, 'hint')

/** What is asked for: below a field, and below the name of a group or a list. */
export function Hint({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null
  return (
    <p id={hintId(id)} dir="auto" className="field-hint text-tiny break-words text-faint">
      {text}
    </p>
  )
}
