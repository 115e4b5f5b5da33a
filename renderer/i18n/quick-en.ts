/** The texts of the quick window. */
export const quickEn = {
  quick: {
    title: 'Quick question',
    escape: 'Esc closes. The chat is kept.',
    openInHearth: 'Open in Hearth',
    key: 'Key for a quick question',
    keyHint: 'Opens a small window over any program while Hearth runs. Hearth takes no key unless you choose one.',
    off: 'None',
    refused:
      'The system does not give this key to Hearth: another program may have it. Choose another one. A quick question can also be asked from the menu and the icon beside the clock.',
    wayland:
      'On this system (Wayland) programs may not listen for keys everywhere, so the key may only work in some windows. A quick question can also be asked from the menu and the icon beside the clock.',
  },
}
