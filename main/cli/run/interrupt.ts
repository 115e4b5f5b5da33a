/**
 * Hears the person's Ctrl-C, for an answer that is to stop while the program goes on.
 * @returns what ends the listening; from then on it ends the program again
 */
export function onInterrupt(stop: () => void): () => void {
  process.on('SIGINT', stop)
  return () => void process.off('SIGINT', stop)
}
