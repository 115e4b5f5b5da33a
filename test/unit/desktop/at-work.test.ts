import { expect, test } from 'vitest'
import { AtWork, type Work } from '../../../main/desktop/at-work.ts'
import { quitter } from '../../../main/desktop/quitting.ts'
import { desktopTexts } from '../../../main/desktop/texts.ts'
import { workWords } from '../../../main/desktop/work-words.ts'

type Doers = ConstructorParameters<typeof AtWork>[0]

const half = { completed: 50, total: 100 }
const idle: Doers = {
  inference: { isBusy: false },
  pulls: { underWay: () => [] },
  makings: { list: () => [{ model: 'made', trial: false, state: 'done', ...half }] },
  modelsMove: { place: () => ({ move: { to: '/models', inPlace: false, state: 'done', ...half } }) },
  forms: {
    isHeldUp: false,
    watchList: listener => {
      listener({ type: 'forms', forms: [{ name: 'Paused', paused: true, waiting: 3 }] })
      listener({ type: 'pace' })
      return () => {}
    },
  },
}
const making = (trial: boolean): Partial<Doers> => ({
  makings: { list: () => [{ model: 'made', trial, state: 'running', completed: 0, total: 0 }] },
})
const move = (state: 'waiting' | 'copying' | 'removing' | 'cancelled', inPlace = false): Partial<Doers> => ({
  modelsMove: { place: () => ({ move: { to: '/models', inPlace, state, ...half } }) },
})
const pulling: Partial<Doers> = { pulls: { underWay: () => [{ model: 'gemma3:latest', ...half }] } }
const filling = (isHeldUp: boolean): Partial<Doers> => ({
  forms: {
    isHeldUp,
    watchList: listener => {
      listener({ type: 'forms', forms: [{ name: 'Bills', paused: false, waiting: 3 }] })
      return () => {}
    },
  },
})
const at = (doers: Partial<Doers>) => new AtWork({ ...idle, ...doers })

// Closing the window ended what the window had said goes on without it.
test.each<[name: string, doers: Partial<Doers>, atEnd: Work['atEnd'][], words: string[]]>([
  ['nothing', {}, [], []],
  ['a pull', pulling, ['resumed'], ['Getting gemma3 · 50%']],
  ['a model in the making', making(false), ['lost'], ['Making made']],
  ['a trial', making(true), ['cut'], ['Making a model to try']],
  ['a queue of a form', filling(false), ['resumed'], ['Filling Bills']],
  // The app stayed for ever, without a window, for rows it could not write down.
  ['a queue whose database takes nothing', filling(true), [], []],
  ['an answer, in a window or through the API', { inference: { isBusy: true } }, ['cut'], ['A model is answering']],
  ['models being moved', move('copying'), ['lost'], ['Moving the models · 50%']],
  ['a move that waits', move('waiting'), ['lost'], ['Moving the models · 50%']],
  ['old files that go', move('removing'), ['resumed'], ['Moving the models · 50%']],
  ['a move given up', move('cancelled'), [], []],
  // Quitting asked whether to give up moving models that nobody moved.
  ['a folder that is to be used as it is', move('waiting', true), [], []],
])('%s', (_, doers, atEnd, words) => {
  const atWork = at(doers)
  const list = atWork.list()
  expect(list.map(work => work.atEnd)).toEqual(atEnd)
  expect(list.map(work => workWords(work, desktopTexts('en', 'en')))).toEqual(words)
  // What the next start goes on with is nothing an update waits for: a large pull may take a day.
  expect(atWork.isToBeWaitedFor).toBe(atEnd.some(end => end !== 'resumed'))
})

function quitting(doers: Partial<Doers>) {
  const asked: string[] = []
  let answer = (_yes: boolean) => {}
  let quits = 0
  const quit = quitter({
    atWork: at(doers),
    ask: ({ detail }) => {
      asked.push(detail)
      return new Promise(resolve => {
        answer = resolve
      })
    },
    quit: () => {
      quits += 1
    },
    texts: () => desktopTexts('en', 'en'),
  })
  return { quit, asked, answer: (yes: boolean) => answer(yes), quits: () => quits }
}

test('quitting asks where a making or a move would be lost, and nowhere else', () => {
  for (const doers of [{}, pulling, filling(false), making(true), move('removing'), { inference: { isBusy: true } }]) {
    const { quit, asked, quits } = quitting(doers)
    quit()
    expect([asked, quits()]).toEqual([[], 1])
  }
  for (const [doers, told] of [
    [making(false), 'The model made is still being made'],
    [move('copying'), 'The models are still being moved'],
  ] as const) {
    const { quit, asked, quits } = quitting(doers)
    quit()
    expect(asked.join()).toContain(told)
    expect(quits()).toBe(0)
  }
})

// A second press would put a second question over the first.
test('the question stands once, and its answer is heard', async () => {
  const { quit, asked, answer, quits } = quitting(making(false))
  quit()
  quit()
  expect(asked).toHaveLength(1)
  answer(false)
  await new Promise(setImmediate)
  expect(quits()).toBe(0)
  quit()
  answer(true)
  await new Promise(setImmediate)
  expect([asked.length, quits()]).toEqual([2, 1])
})
