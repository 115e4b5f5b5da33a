import fc from 'fast-check'

// The same cases at every run, so that a change fails by what it changes and not by what was drawn; `npm run soak:api`
// draws others.
fc.configureGlobal({ seed: 20261122 })

export { default as fc } from 'fast-check'
