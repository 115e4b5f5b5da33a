import { expect, test } from 'vitest'
import { clientUrl, ollamaHost } from '../../main/ollama-host.ts'

// What upstream's own table expects of OLLAMA_HOST (envconfig/config_test.go), as the URL a client would use.
test.each([
  [undefined, 'http', '127.0.0.1', 11434, 'http://127.0.0.1:11434'],
  ['', 'http', '127.0.0.1', 11434, 'http://127.0.0.1:11434'],
  ['1.2.3.4', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  [':1234', 'http', '', 1234, 'http://127.0.0.1:1234'],
  ['1.2.3.4:1234', 'http', '1.2.3.4', 1234, 'http://1.2.3.4:1234'],
  ['example.com', 'http', 'example.com', 11434, 'http://example.com:11434'],
  ['example.com:1234', 'http', 'example.com', 1234, 'http://example.com:1234'],
  [':0', 'http', '', 0, 'http://127.0.0.1:0'],
  [':66000', 'http', '', 11434, 'http://127.0.0.1:11434'],
  [':-1', 'http', '', 11434, 'http://127.0.0.1:11434'],
  ['1.2.3.4:', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  ['1.2.3.4:abc', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  ['[::1]', 'http', '::1', 11434, 'http://[::1]:11434'],
  ['[::]', 'http', '::', 11434, 'http://[::1]:11434'],
  ['::1', 'http', '::1', 11434, 'http://[::1]:11434'],
  ['[::1]:1337', 'http', '::1', 1337, 'http://[::1]:1337'],
  [' 1.2.3.4 ', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  ['"1.2.3.4"', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  [' " 1.2.3.4 " ', 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  ["'1.2.3.4'", 'http', '1.2.3.4', 11434, 'http://1.2.3.4:11434'],
  ['http://1.2.3.4', 'http', '1.2.3.4', 80, 'http://1.2.3.4:80'],
  ['http://1.2.3.4:4321', 'http', '1.2.3.4', 4321, 'http://1.2.3.4:4321'],
  ['http://:66000', 'http', '', 80, 'http://127.0.0.1:80'],
  ['https://1.2.3.4', 'https', '1.2.3.4', 443, 'https://1.2.3.4:443'],
  ['https://example.com/ollama', 'https', 'example.com', 443, 'https://example.com:443/ollama'],
  ['example.com/a/b', 'http', 'example.com', 11434, 'http://example.com:11434/a/b'],
  ['ollama.com', 'https', 'ollama.com', 443, 'https://ollama.com:443'],
  ['0.0.0.0:8080', 'http', '0.0.0.0', 8080, 'http://127.0.0.1:8080'],
])('%j', (text, scheme, host, port, url) => {
  const parsed = ollamaHost({ OLLAMA_HOST: text })
  expect(parsed).toMatchObject({ scheme, host, port })
  expect(clientUrl(parsed)).toBe(url)
})
