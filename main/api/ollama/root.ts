/** GET and HEAD /: what clients look for to know that a server is there. */
export const root = (): Response =>
  new Response('Ollama is running', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
