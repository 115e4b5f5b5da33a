import { Tabs as Radix } from 'radix-ui'

interface Props {
  label: string
  tabs: readonly { readonly value: string; readonly label: string }[]
}

/** The tabs alone; what each shows stands in a `TabPanel` below, both in `Tabs`. */
export function TabList({ label, tabs }: Props) {
  return (
    <Radix.List aria-label={label} className="flex h-full gap-1">
      {tabs.map(tab => (
        <Radix.Trigger
          key={tab.value}
          value={tab.value}
          className="-mb-px border-b-2 -outline-offset-8 border-transparent px-3 text-row text-soft transition-colors hover:text-ink data-[state=active]:border-ember data-[state=active]:text-ink"
        >
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
  )
}

export const Tabs = Radix.Root
export const TabPanel = Radix.Content
