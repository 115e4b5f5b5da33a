import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { forkEngine } from '../../../main/engine/fork.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'
import { eachOf } from '../../../main/portions.ts'
import { alive } from '../processes.ts'
import { answer, ask, askEndlessly, chatModel, chatPrompt, engineEntry, startEngine } from './engine.ts'

const endless = askEndlessly(chatPrompt('Tell me a story'))
const crashed = {
  name: 'Problem',
  code: 'engine-crashed',
  status: 500,
  message:
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
}

const gone = (pid: number) => expect.poll(() => alive(pid)).toBe(false)

it('a kill -9 in the middle of an answer fails everything that waits, and a new engine works', async () => {
  const engine = await startEngine(chatModel)
  // In the queue behind the endless answer, as there is one slot.
  let waiting: Promise<void> | undefined
  let text = ''
  const reading = (async () => {
    for await (const event of eachOf(engine.generate(endless))) {
      if (event.type !== 'text') continue
      text += event.text
      waiting ??= expect(answer(engine, ask(chatPrompt('Hello')))).rejects.toMatchObject(crashed)
      if (text.length > 20 && alive(engine.pid!)) process.kill(engine.pid!, 'SIGKILL')
    }
  })()
  await expect(reading).rejects.toMatchObject(crashed)
  await waiting
  expect(text.length).toBeGreaterThan(20)
  expect(await engine.exited).toMatchObject({ code: null, signal: 'SIGKILL', expected: false })

  await expect(answer(engine, endless)).rejects.toMatchObject(crashed)
  await expect(engine.tokenize('x')).rejects.toMatchObject(crashed)
  await expect(engine.embed(['x'])).rejects.toMatchObject(crashed)
  await expect(engine.ping()).rejects.toMatchObject(crashed)
  await engine.dispose()

  const next = await startEngine(chatModel)
  expect((await answer(next, ask(chatPrompt('What is the capital of France?')))).text).toContain('Paris')
  await next.dispose()
})

it('an engine that hangs is noticed by a ping and can be disposed of', async () => {
  const engine = await startEngine(chatModel)
  process.kill(engine.pid!, 'SIGSTOP')
  await expect(engine.ping(200)).rejects.toMatchObject({ code: 'engine-crashed' })
  await engine.dispose()
  expect(await engine.exited).toMatchObject({ signal: 'SIGKILL', expected: true })
})

it('disposing in the middle of an answer ends it and the process', async () => {
  const engine = await startEngine(chatModel)
  const reading = expect(answer(engine, endless)).rejects.toMatchObject(crashed)
  await engine.ping()
  await Promise.all([engine.dispose(), engine.dispose()])
  await reading
  await gone(engine.pid!)
})

it('an engine never outlives a main that was killed, not even in the middle of a long prompt', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-orphan-'))
  const project = new URL('../../..', import.meta.url).pathname
  const main = join(folder, 'main.mts')
  await writeFile(
    main,
    `import { forkEngine } from '${project}main/engine/fork.ts'
import { createEngineStarter } from '${project}main/engine/start-engine.ts'
const engine = await createEngineStarter(forkEngine(${JSON.stringify(engineEntry)}))(${JSON.stringify(chatModel)})
const events = engine.generate(${JSON.stringify({ ...endless, prompt: Array.from({ length: 2000 }, (_, index) => 40 + (index % 900)) })})
process.stdout.write(String(engine.pid))
for await (const event of events) if (event.type === 'end') break`,
  )
  try {
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = Number(await new Promise<string>(resolve => child.stdout.once('data', data => resolve(String(data)))))
    expect(alive(pid)).toBe(true)
    child.kill('SIGKILL')
    await gone(pid)
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('an engine keeps running when Ctrl-C is meant for main', async () => {
  const engine = await startEngine(chatModel)
  process.kill(engine.pid!, 'SIGINT')
  expect((await answer(engine, ask(chatPrompt('What is the capital of France?')))).text).toContain('Paris')
  await engine.dispose()
})

it('a program that cannot be started, or is no engine, fails the load with its last words', async () => {
  const start = createEngineStarter(forkEngine('/nowhere/engine-process.js'))
  await expect(start(chatModel)).rejects.toMatchObject({
    code: 'engine-crashed',
    details: expect.stringContaining('Cannot find module'),
  })
})

it('an engine killed by the system while it loads is taken for a lack of memory, so that there is another try', async () => {
  const spawned: number[] = []
  const start = createEngineStarter(() => {
    const engineProcess = forkEngine(engineEntry)()
    spawned.push(engineProcess.pid!)
    // However quick the machine: it does not come to the end of its load.
    process.kill(engineProcess.pid!, 'SIGSTOP')
    return engineProcess
  })
  const loading = expect(start(chatModel)).rejects.toMatchObject({ code: 'out-of-memory' })
  process.kill(spawned[0]!, 'SIGKILL')
  await loading
})

it('an engine that hangs while it loads is killed', async () => {
  const spawned: number[] = []
  const hangs = () => {
    const engineProcess = forkEngine(engineEntry)()
    spawned.push(engineProcess.pid!)
    process.kill(engineProcess.pid!, 'SIGSTOP')
    return engineProcess
  }
  await expect(createEngineStarter(hangs, { stallTimeout: 200 })(chatModel)).rejects.toMatchObject({
    code: 'internal',
    status: 500,
    message: 'timed out waiting for llama-server to start - progress 0.00',
  })
  expect(spawned.map(alive)).toEqual([false])
})
