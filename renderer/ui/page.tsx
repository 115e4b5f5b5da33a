import type { ReactNode } from 'react'

interface PageProps {
  title: string
  /** What stands at the right of the title. */
  tools?: ReactNode
  children: ReactNode
}

/** A place with a title and a column of sections. */
export function Page({ title, tools, children }: PageProps) {
  return (
    <main aria-label={title} className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-(--header) flex-none items-center justify-between gap-4 border-b border-line px-5">
        <h1 className="font-bold">{title}</h1>
        {tools}
      </header>
      <div className="column-box min-h-0 flex-1 px-6">
        <div className="mx-auto max-w-column pb-12">{children}</div>
      </div>
    </main>
  )
}

/** Rows that belong together. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="pt-9">
      <h2 tabIndex={-1} className="scroll-mt-9 pb-2 font-bold outline-none">
        {title}
      </h2>
      <div className="divide-y divide-line border-y border-line">{children}</div>
    </section>
  )
}

/** One thing to choose: its name and what it means at the left, the choice at the right. */
export function Row({ name, hint, children }: { name: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="max-w-[30rem] min-w-0 flex-1 basis-72">
        <p>{name}</p>
        {hint ? <p className="text-small leading-normal text-soft">{hint}</p> : null}
      </div>
      {children}
    </div>
  )
}
