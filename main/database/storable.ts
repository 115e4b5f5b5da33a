/** Text as the database gives it back: UTF-8 knows no half of a surrogate pair. */
export function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
