import { openMove } from './moving.ts'

/**
 * Moves a models folder and ends itself, as the system does when memory runs out, at one of its moments. Arguments:
 * home, the folder, where to, the moment.
 */
const [home, from, to, moment] = process.argv.slice(2) as [string, string, string, string]
const die = () => process.kill(process.pid, 'SIGKILL')

const { move, settings } = openMove(home, from, {
  remember: async path => {
    if (moment === 'all copied') die()
    await settings.change({ modelsFolder: path })
    if (moment === 'switched') die()
  },
})
move.watch(({ move: now }) => {
  if (moment === 'begun' && now?.state === 'copying') die()
  if (moment === 'removing' && now?.state === 'removing') die()
})
// Watchers are told a few times a second, by when all is copied.
const look = () => {
  if ((move.place().move?.completed ?? 0) > 0) die()
  setImmediate(look)
}
if (moment === 'half copied') look()
await move.start(to)
