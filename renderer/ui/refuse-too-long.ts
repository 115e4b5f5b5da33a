import { number } from '../i18n/format.ts'
import { i18next } from '../i18n/i18n.ts'
import { showToast } from '../state/toasts.ts'

/**
 * Refuses a text that a field has no room for, when it is pasted or dropped there, and says so: the browser would leave
 * out its end without a word. Called once, for all fields with a `maxLength`.
 */
export function refuseTooLong(): void {
  document.addEventListener('beforeinput', event => {
    const { target } = event
    if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return
    const { maxLength, value, selectionStart, selectionEnd } = target
    // Fields of other kinds, such as numbers, tell of no selection, and have no such limit.
    if (maxLength < 0 || selectionStart === null || selectionEnd === null) return
    // A line's end counts once there, however it came.
    const length = (event.data ?? event.dataTransfer?.getData('text/plain') ?? '').replaceAll('\r\n', '\n').length
    const room = Math.max(0, maxLength - value.length + (selectionEnd - selectionStart))
    // A letter that is typed where nothing more fits is seen to be missing.
    if (length <= Math.max(1, room) || !event.cancelable) return
    event.preventDefault()
    const [given, left] = [length, room].map(count => number(count, i18next.language)) as [string, string]
    showToast({ text: 'app.tooLong', values: { length: given, room: left } })
  })
}
