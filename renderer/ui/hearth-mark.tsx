/** The mark: a hearth's arch with a fire in it. */
export function HearthMark({ className = 'size-5' }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden className={`flex-none ${className}`}>
      <path d="M0 10a10 10 0 0 1 20 0v6a4 4 0 0 1-4 4H4a4 4 0 0 1-4-4z" fill="var(--ember)" />
      <path d="M10 5c2.6 2.2 4.6 4.7 4.6 7.8V20H5.4v-7.2C5.4 9.7 7.4 7.2 10 5z" fill="var(--flame)" />
      <path d="M10 10.5c1.5 1.4 2.5 2.9 2.5 4.9V20h-5v-4.6c0-2 1-3.5 2.5-4.9z" fill="var(--flame-heart)" />
    </svg>
  )
}
