export const placeTitleId = 'models-title'

/** Takes the focus where the button that had it is gone. */
export const placeTitle = () => document.getElementById(placeTitleId)
