const variables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

/**
 * Whether the person's requests may go by a proxy. Those do with `undici`, which knows proxies and all their
 * exceptions; all others with Node's own client, as undici compiles its parser first: a tenth of a second, of which
 * main would be held up for a part.
 */
export const mayHaveProxy = (env: NodeJS.ProcessEnv = process.env): boolean => variables.some(name => env[name])
