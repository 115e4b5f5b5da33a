/** How a field that takes words looks. */
export const fieldLook =
  'rounded-small border border-line-strong bg-raised px-3 py-1.5 text-row text-ink transition-colors hover:border-faint disabled:opacity-60 aria-invalid:border-rose read-only:hover:border-line-strong'
