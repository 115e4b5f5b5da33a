/** A window's background until its page has drawn itself: `--paper` of renderer/styles/tokens.css. */
export const paper = { light: '#faf7f2', dark: '#1d1a17' }
