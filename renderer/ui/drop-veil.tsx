/** Lies over a place while files hover above the window, and says what dropping them does. */
export function DropVeil({ text }: { text: string }) {
  return (
    <div className="pointer-events-none absolute inset-3 z-20 grid place-items-center rounded-large border-2 border-dashed border-ember bg-ember-wash text-title text-ember-text opacity-95">
      {text}
    </div>
  )
}
