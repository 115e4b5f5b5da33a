/** The arrows of docs/architecture.md. Every rule here is one sentence there. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** What a person or a program asks for, in main. */
const rooms = 'desktop|bridge|api|inference|conversations|forms|library|settings|backups|updates'

/** What all of them stand on. */
const ground = 'go|gguf|media|files|attachments|database|threads'

module.exports = {
  forbidden: [
    forbid('no-circles', 'No circle anywhere.', {}, { circular: true }),
    forbid(
      'renderer-knows-only-the-contract',
      'The window imports nothing of main, and of preload only the contract.',
      { path: '^renderer/' },
      { path: '^(main/|preload/(?!contract))' },
    ),
    forbid(
      'main-knows-only-the-contract',
      'Main imports nothing of the renderer, and of preload only the contract.',
      { path: '^main/' },
      { path: '^(renderer/|preload/(?!contract))' },
    ),
    forbid(
      'forms-stand-alone',
      'What a form is, is pure: it imports neither side, nor the contract, nor anything of Node.',
      { path: '^forms/' },
      { path: '^(main|preload|renderer)/' },
    ),
    forbid(
      'nobody-below-knows-form-studio',
      'Only the doors and compose know Form Studio; it uses conversations and inference, not the other way round.',
      { path: `^main/(api|inference|conversations|library|settings|updates|engine|${ground})/` },
      { path: '^(main/forms|forms)/' },
    ),
    forbid(
      'forms-read-chats-alone',
      'Of conversations Form Studio knows a chat as one text.',
      { path: '^main/forms/' },
      { path: '^main/conversations/(?!transcript\\.ts$)' },
    ),
    forbid(
      'backups-know-databases-alone',
      'Backups know of rooms only what these tell of their databases; of settings the notices.',
      { path: '^main/backups/' },
      { path: '^main/(desktop|bridge|api|inference|library|conversations|forms|engine)/' },
    ),
    forbid(
      'contract-stands-alone',
      'The contract imports neither side.',
      { path: '^preload/' },
      { path: '^(main|renderer)/' },
    ),
    forbid(
      'electron-only-in-desktop',
      'Only main/desktop, main/index.ts and preload/index.ts import electron.',
      { pathNot: '^(main/desktop/|main/index\\.ts$|preload/index\\.ts$)' },
      { path: '(^|node_modules/)electron(/|$)' },
    ),
    forbid(
      'engine-is-the-floor',
      'The engine imports no other room.',
      { path: '^main/engine/' },
      { path: `^main/(${rooms})/` },
    ),
    forbid(
      'formats-below-all-rooms',
      "Go's conventions, the GGUF format, those of pictures, files, attachments, the database and threads know no room.",
      { path: `^main/(${ground})/` },
      { path: `^main/(${rooms}|engine)/` },
    ),
    forbid(
      'engine-through-its-interface',
      'The rooms know of engines only what engine.ts and tool-engine.ts say; who starts one knows more.',
      { path: '^main/(inference|conversations|forms|library|settings|backups|updates|api|bridge)/' },
      { path: '^main/engine/(?!(engine|tool-engine)\\.ts$)' },
    ),
    forbid(
      'only-the-engine-computes',
      'Only the engine imports llama.cpp.',
      { pathNot: '^main/engine/' },
      { path: '(^|node_modules/)(@?node-llama-cpp|@fugood)(/|$)' },
    ),
    forbid(
      'window-without-node',
      'The window and the contract import no built-in module of Node.',
      { path: '^(renderer/|preload/contract|forms/)' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'product-without-scripts',
      'What is shipped imports neither scripts nor tests.',
      { path: '^(main|preload|renderer)/' },
      { path: '^(scripts|test)/' },
    ),
    forbid(
      'rooms-do-not-look-up',
      'No other room imports a door, or what puts the rooms together.',
      { path: '^main/(inference|conversations|forms|library|settings|backups|updates)/' },
      { path: '^main/(desktop|bridge|api)/|^main/(compose|serve|index|headless)\\.ts$' },
    ),
    forbid(
      'library-and-settings-are-leaves',
      'Library and settings know neither conversations nor inference.',
      { path: '^main/(library|settings)/' },
      { path: '^main/(inference|conversations)/' },
    ),
    forbid(
      'inference-does-not-know-conversations',
      'Conversations use inference, not the other way round.',
      { path: '^main/inference/' },
      { path: '^main/conversations/' },
    ),
    forbid(
      'doors-are-apart',
      'The API does not know the bridge or the desktop; the bridge does not know the desktop.',
      { path: '^main/api/' },
      { path: '^main/(bridge|desktop)/' },
    ),
    forbid(
      'command-line-is-a-client',
      'The command line talks to a server over HTTP; of the rooms it knows Modelfiles and names of models alone.',
      { path: '^main/cli/' },
      {
        path: '^main/',
        pathNot: '^main/(cli|go)/|^main/library/(modelfile[^/]*|model-name)\\.ts$|^main/(ollama-host|variables)\\.ts$',
      },
    ),
    forbid(
      'nobody-calls-the-command-line',
      'Only the entries run the command line.',
      { path: '^main/', pathNot: '^main/cli(/|\\.ts$)|^main/desktop/app-command\\.ts$' },
      { path: '^main/cli(/|\\.ts$)' },
    ),
    forbid(
      'bridge-below-desktop',
      'The bridge does not know the desktop.',
      { path: '^main/bridge/' },
      { path: '^main/desktop/' },
    ),
    forbid(
      'features-do-not-reach-down-from-ui',
      'Primitives, state and texts know no feature.',
      { path: '^renderer/(ui|state|i18n)/' },
      { path: '^renderer/features/' },
    ),
    forbid('no-unresolved', 'Every import resolves.', {}, { couldNotResolve: true, pathNot: '\\.css$' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
