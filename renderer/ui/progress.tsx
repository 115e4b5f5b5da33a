interface Props {
  label: string
  /** 0 to 1; null while it cannot be told. */
  fraction: number | null
  /** Something is happening now. */
  live: boolean
}

/** How far a long work is. */
export function Progress({ label, fraction, live }: Props) {
  return (
    <progress
      aria-label={label}
      max={100}
      value={fraction === null ? undefined : Math.min(100, Math.floor(fraction * 100))}
      className={`my-2.5 block h-1.5 w-full appearance-none overflow-hidden rounded-pill bg-sunk [&::-webkit-progress-bar]:bg-sunk [&::-webkit-progress-value]:rounded-pill [&::-webkit-progress-value]:bg-current ${live ? 'text-ember' : 'text-faint'}`}
    />
  )
}
