import { expect, test } from './launch.ts'

/*
 * A page that shows what models, people and web sites wrote must be able to do nothing with it. Each of these is one
 * way out of the window, tried from inside it.
 */

test('the window opens, named Hearth, on its own page', async ({ computer }) => {
  const { page } = await computer.start()
  expect(await page.title()).toBe('Hearth')
  expect(page.url()).toBe('app://hearth/')
})

test('the page has no Node and no way into Electron but the contract', async ({ computer }) => {
  const { page } = await computer.start()
  const found = await page.evaluate(() => ({
    names: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
      name => name in window,
    ),
    bridge: Object.keys(window.hearth).sort(),
  }))
  expect(found).toEqual({ names: [], bridge: ['call', 'offer', 'subscribe', 'window'] })
  // Which of the windows it is: a number, and nothing to call.
  expect(await page.evaluate(() => typeof window.hearth.window)).toBe('number')
})

test('a call the contract does not know, or with a wrong input, is refused with a problem', async ({ computer }) => {
  const { page } = await computer.start()
  const ask = (name: string, input: unknown) =>
    page.evaluate(
      ([name, input]) =>
        window.hearth.call(name as 'app.info', input as Record<string, never>).then(
          () => 'answered',
          (error: Error) => JSON.parse(error.message.slice(error.message.indexOf('{'))).code,
        ),
      [name, input] as const,
    )
  expect(await ask('constructor', {})).toBe('invalid-request')
  expect(await ask('settings.change', { theme: 'pink' })).toBe('invalid-request')
  expect(await ask('app.openExternal', { url: 'file:///etc/passwd' })).toBe('invalid-request')
})

test.describe('what the page tries', () => {
  test.use({
    expectedComplaint: /Content Security Policy|Failed to load resource|Refused to|Not allowed to/,
  })

  test('no script comes from a string, an attribute or elsewhere', async ({ computer }) => {
    const { page } = await computer.start()
    const ran = await page.evaluate(async () => {
      const marks: string[] = []
      Object.assign(window, { mark: (name: string) => marks.push(name) })
      // The debugger that runs this very function is exempt from the policy, what it leaves behind is not.
      await new Promise(resolve => setTimeout(resolve))
      try {
        new Function('window.mark("a string")')()
      } catch {
        // Refused, as it should be.
      }
      const inline = document.createElement('script')
      inline.textContent = 'window.mark("an inline script")'
      const attribute = document.createElement('div')
      attribute.innerHTML = '<img src="x" onerror="window.mark(\'an attribute\')">'
      const remote = document.createElement('script')
      remote.src = 'data:text/javascript,window.mark("a data address")'
      document.body.append(inline, attribute, remote)
      await new Promise(resolve => setTimeout(resolve, 500))
      return marks
    })
    expect(ran).toEqual([])
  })

  test('nothing reaches the network, not even this computer', async ({ computer }) => {
    const { page } = await computer.start()
    const reached = await page.evaluate(async () => {
      const { apiAddress } = await window.hearth.call('app.info', {})
      const tries = [
        fetch(`${apiAddress}/api/version`).then(() => 'fetch'),
        new Promise(resolve => {
          const image = new Image()
          image.onload = () => resolve('picture')
          image.onerror = () => resolve(null)
          image.src = `${apiAddress}/`
        }),
        new Promise(resolve => {
          try {
            const socket = new WebSocket(String(apiAddress).replace('http', 'ws'))
            socket.onopen = () => resolve('socket')
            socket.onerror = () => resolve(null)
          } catch {
            resolve(null)
          }
        }),
      ]
      const results = await Promise.allSettled(tries)
      return results.map(result => (result.status === 'fulfilled' ? result.value : null)).filter(Boolean)
    })
    expect(reached).toEqual([])
  })

  test('it opens no window, goes nowhere, downloads nothing, and gets no permission', async ({ computer }) => {
    const { app, page } = await computer.start()
    await app.evaluate(({ session, shell }) => {
      const seen = { handed: [] as string[], downloads: [] as boolean[] }
      Object.assign(globalThis, seen)
      shell.openExternal = async url => void seen.handed.push(url)
      // Behind Hearth's own listener: what has become of it.
      session.defaultSession.on('will-download', event => void seen.downloads.push(event.defaultPrevented))
    })
    const refused = await page.evaluate(async () => {
      const opened = [
        window.open('https://example.com/'),
        window.open('file:///etc/passwd'),
        window.open('app://hearth/'),
      ]
      const denied = async (asked: Promise<unknown>) => asked.then(() => false).catch(() => true)
      return {
        windows: opened.every(other => other === null),
        camera: await denied(navigator.mediaDevices.getUserMedia({ video: true })),
        notifications: (await Notification.requestPermission()) === 'denied',
        position: await denied(new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
      }
    })
    expect(refused).toEqual({ windows: true, camera: true, notifications: true, position: true })
    // Only the address of the web went to the person's browser.
    expect(await app.evaluate(() => (globalThis as unknown as { handed: string[] }).handed)).toEqual([
      'https://example.com/',
    ])

    await page.evaluate(() => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob(['a program']))
      link.download = 'program.sh'
      link.click()
    })
    const downloads = () => app.evaluate(() => (globalThis as unknown as { downloads: boolean[] }).downloads)
    await expect.poll(downloads).toEqual([true])

    for (const address of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,hello', 'app://elsewhere/']) {
      await page.evaluate(url => {
        location.href = url
      }, address)
    }
    await page.waitForTimeout(300)
    expect(page.url()).toBe('app://hearth/')
    expect(app.windows()).toHaveLength(1)
  })
})

test('the page gets files of the app only, however the path is written', async ({ computer }) => {
  const { app } = await computer.start()
  const statuses = await app.evaluate(async ({ net }) => {
    const paths = ['', 'index.html', '%2e%2e/main/index.js', '..%2fmain%2findex.js', '%00', '%zz', 'missing.js']
    return Promise.all(paths.map(async path => (await net.fetch(`app://hearth/${path}`)).status))
  })
  expect(statuses).toEqual([200, 200, 404, 404, 404, 404, 404])
})

// The second wall, should a page ever come without its policy.
test('the session of the page reaches no network either', async ({ computer }) => {
  const { app, page } = await computer.start()
  const { apiAddress } = await page.evaluate(() => window.hearth.call('app.info', {}))
  const reached = await app.evaluate(
    ({ session }, url) =>
      session.defaultSession.fetch(url).then(
        () => true,
        () => false,
      ),
    `${apiAddress}/`,
  )
  expect(reached).toBe(false)
})
