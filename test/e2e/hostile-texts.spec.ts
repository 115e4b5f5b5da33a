import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { vectors } from '../unit/renderer/markdown/xss-vectors.ts'
import { chats, importChats } from './chat.ts'
import { expect, picture, test } from './launch.ts'

// What the test does itself at its end, to see that it would be seen.
test.use({ expectedComplaint: /proof\.png/ })

const redCircle = await readFile(join(import.meta.dirname, '..', 'fixtures', 'pictures', 'red-circle.jpg'))
const hash = createHash('sha256').update(redCircle).digest('hex')

const id = (kind: number, n: number) => `0${kind}a1fe4f-ee7e-70f8-9eb6-${String(n).padStart(12, '0')}`
const leaf = vectors.length - 1

/** A chat for each vector, called by it; and one whose messages, models, pictures and tools are all of them. */
const records = [
  { type: 'attachment', hash, data: redCircle.toString('base64') },
  ...vectors.flatMap((vector, n) => [
    chat(n, vector, 0),
    message(n, vector, { id: id(2, n), conversationId: id(1, n) }),
  ]),
  chat(leaf + 1, 'All of them', leaf),
  ...vectors.map((vector, n) =>
    message(n, vector, {
      id: id(3, n),
      parentId: n === 0 ? null : id(3, n - 1),
      conversationId: id(1, leaf + 1),
      ...(n % 2 === 0
        ? { role: 'user', attachments: [{ hash, name: vector, type: 'image/jpeg', width: 96, height: 96, bytes: 1 }] }
        : { toolCalls: [{ id: vector, name: vector, arguments: { [vector]: vector } }] }),
    }),
  ),
]

function chat(n: number, title: string, last: number) {
  const own = { type: 'conversation', id: id(1, n), title, model: title, createdAt: n, updatedAt: n, pinned: false }
  return { ...own, activeLeaf: id(3, last), folderId: null, system: title, parameters: {} }
}

function message(n: number, text: string, over: object) {
  const own = { type: 'message', parentId: null, role: 'assistant', content: text, thinking: text, state: 'complete' }
  const rest = { model: text, createdAt: n, problem: null, metrics: null, context: null, toolCalls: [], tool: null }
  return { ...own, ...rest, attachments: [], ...over }
}

/** What stands in the page that no text may have become. */
const dangers = (page: Page) =>
  page.evaluate(() => {
    const own = (address: string) => /^(app:|data:|blob:|#|$|\/attachments\/[0-9a-f]{64}$)/.test(address)
    return [...document.body.querySelectorAll('*')].flatMap(element => {
      const tag = element.tagName.toLowerCase()
      const found = /^(script|iframe|object|embed|base|meta|link|video|audio|foreignobject)$/.test(tag) ? [tag] : []
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(`${tag} ${name}`)
        if (/^(src|srcset|data|poster|action|formaction|background|xlink:href)$/.test(name) && !own(value))
          found.push(`${tag} ${name}=${value}`)
        if (name === 'href' && !/^(https?:|mailto:|app:|#)/.test(value)) found.push(`${tag} href=${value}`)
        if (name === 'style' && /url\(|expression/.test(value)) found.push(`${tag} style=${value}`)
      }
      return found
    })
  })

/** Goes through all there is to scroll in the largest list of a part of the page, looking at every screen of it. */
async function lookThrough(page: Page, part: string): Promise<void> {
  for (let top = 0, end = false; !end; top += 700) {
    end = await page.evaluate(
      async ([part, top]) => {
        const boxes = [...document.querySelectorAll<HTMLElement>(`${part}, ${part} *`)]
        const box = boxes.reduce((a, b) => (b.scrollHeight - b.clientHeight > a.scrollHeight - a.clientHeight ? b : a))
        box.scrollTop = top
        for (let frames = 0; frames < 3; frames += 1) await new Promise(resolve => requestAnimationFrame(resolve))
        return box.scrollTop + box.clientHeight >= box.scrollHeight - 2
      },
      [part, top] as const,
    )
    expect(await dangers(page)).toEqual([])
  }
}

test('texts that carry script run nothing and load nothing, wherever they stand', async ({ computer }) => {
  expect(new Set(vectors).size).toBeGreaterThanOrEqual(150)
  const { app, page } = await computer.start({ settings: { language: 'en', theme: 'light' } })
  const outside: string[] = []
  const dialogs: string[] = []
  page.on('request', request => {
    if (!/^(app|data|blob):/.test(request.url())) outside.push(request.url())
  })
  page.on('dialog', dialog => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })

  // Titles, messages, thinking, names of models, pictures and tools.
  await importChats({ app, page }, computer.home, records)
  await expect(
    page.getByText(`New chats: ${vectors.length + 1}, new messages: ${2 * vectors.length}.`, { exact: true }),
  ).toBeVisible()
  await chats(page).getByRole('button', { name: 'All of them', exact: true }).click()
  await expect(page.getByRole('article').last()).toBeVisible()
  await lookThrough(page, 'main')
  await lookThrough(page, 'nav')
  await picture(page, 'hostile-chat')

  // Excerpts, with the words marked in the middle of them.
  for (const words of ['alert(1)', 'evil.example', '<']) {
    await page.locator('#search').fill(words)
    await expect(page.getByRole('navigation').locator('mark').first()).toBeVisible()
    await lookThrough(page, 'nav')
  }
  await page.locator('#search').fill('')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox').fill('alert')
  await expect(page.getByRole('option').first()).toBeVisible()
  expect(await dangers(page)).toEqual([])
  await page.keyboard.press('Escape')

  // Names and fields of forms, names of files; what was deleted.
  const { formId } = (await page.evaluate(
    async ([vectors, chatId]) => {
      const fields = vectors.slice(0, 60).map(vector => ({
        key: vector.slice(0, 60),
        title: vector.slice(0, 60),
        hint: vector.slice(0, 200),
        required: true,
        shape: { kind: 'choice' as const, choices: [vector.slice(0, 80)] },
      }))
      const keys = new Set<string>()
      const once = fields.filter(({ key }) => !keys.has(key) && keys.add(key))
      const form = { name: vectors[0] ?? '', instructions: vectors[1] ?? '', fields: once }
      const made = (await window.hearth.call('forms.create', form)) as { formId: string }
      await window.hearth.call('forms.pause', made)
      const files = await Promise.all(
        vectors.slice(0, 90).map(async text => {
          const { hash } = (await window.hearth.call('forms.addText', { text })) as { hash: string }
          return { kind: 'document' as const, name: text, hash }
        }),
      )
      await window.hearth.call('forms.keepSources', { ...made, revision: 0, files })
      await window.hearth.call('forms.run', { ...made, model: 'hearth-demo', revision: 1 })
      await window.hearth.call('conversations.delete', { conversationId: chatId })
      return made
    },
    [vectors, id(1, 0)] as const,
  )) as { formId: string }
  await page.evaluate(hash => (location.hash = hash), `#/forms/${formId}`)
  // A form with a queue opens on its results.
  await page.getByRole('radio', { name: 'Form', exact: true }).click()
  await page.locator('input[type=file]').setInputFiles(
    vectors.slice(0, 30).map((name, n) => ({
      name,
      mimeType: n % 2 === 0 ? 'image/png' : 'text/plain',
      buffer: Buffer.from(n % 3 === 0 ? '' : name),
    })),
  )
  await expect(page.getByRole('alert')).toContainText('was not added')
  await lookThrough(page, 'main')
  await page.getByRole('radio', { name: /Results/ }).click()
  await expect(page.getByRole('table').getByRole('row').nth(3)).toBeVisible()
  await lookThrough(page, 'main')
  await picture(page, 'hostile-form')
  await page.getByRole('button', { name: 'Recently deleted' }).click()
  await expect(page.getByRole('heading', { name: 'Recently deleted', level: 1 })).toBeVisible()
  expect(await dangers(page)).toEqual([])

  // What a registry answers, and what a model says of itself.
  const registry = createServer((request, response) => {
    const n = Number(/\d+/.exec(request.url?.split('/').at(-1) ?? '')?.[0] ?? 0)
    response.writeHead([403, 404, 401, 500][n % 4] ?? 500, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ errors: [{ code: vectors[n], message: vectors[n], detail: vectors[n] }] }))
  })
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`
  const { apiAddress } = (await page.evaluate(() => window.hearth.call('app.info', {}))) as {
    apiAddress: string
  }
  const described = {
    model: 'hostile',
    from: 'hearth-demo',
    system: vectors.join('\n'),
    license: [vectors.join('\n')],
    parameters: { stop: vectors.slice(0, 50) },
    messages: vectors.map(content => ({ role: 'user', content })),
  }
  const made = await fetch(`${apiAddress}/api/create`, { method: 'POST', body: JSON.stringify(described) })
  expect(await made.text()).toContain('success')
  await page.keyboard.press('ControlOrMeta+Shift+m')
  const card = page.getByRole('listitem', { name: 'hostile', exact: true })
  await card.getByRole('button', { name: 'Details' }).click()
  const details = page.getByRole('dialog')
  for (const summary of await details.locator('summary').all()) await summary.click()
  await expect(details).toContainText('<script>alert(1)</script>')
  expect(await dangers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Discover' }).click()
  const field = page.getByRole('textbox', { name: 'Name or link of a model' })
  for (let n = 0; n < 4; n += 1) {
    await field.fill(`http://${host}/library/tiny:t${n}`)
    await field.press('Enter')
  }
  await expect(page.getByRole('region', { name: 'On the way' }).getByRole('listitem')).toHaveCount(4)
  for (const summary of await page.getByRole('region', { name: 'On the way' }).locator('summary').all())
    await summary.click()
  for (const vector of vectors.slice(0, 20)) {
    await field.fill(vector)
    await field.press('Enter')
    expect(await dangers(page)).toEqual([])
  }
  await picture(page, 'hostile-models')
  await new Promise(resolve => registry.close(resolve))

  expect(outside).toEqual([])
  expect(dialogs).toEqual([])

  // It would be seen: by the look at the page, and as a request that the page's policy refuses.
  await page.evaluate(() => {
    const proof = document.createElement('div')
    proof.innerHTML = '<img src="https://evil.example/proof.png"><a href="javascript:alert(1)">x</a>'
    document.body.append(proof)
  })
  expect(await dangers(page)).toEqual(['img src=https://evil.example/proof.png', 'a href=javascript:alert(1)'])
})
