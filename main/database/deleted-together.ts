/**
 * Rows of a trash in groups: those of one owner that one deed deleted, and so at the same time. Groups and what is in
 * them keep the order of the rows.
 * @param owner whose row it is; those of nobody are left out
 */
export function deletedTogether<Row extends { readonly deleted_at: number | null }>(
  rows: readonly Row[],
  owner: (row: Row) => string | null,
): readonly [Row, ...Row[]][] {
  const groups = new Map<string, [Row, ...Row[]]>()
  for (const row of rows) {
    const of = owner(row)
    if (!of) continue
    const key = `${of} ${row.deleted_at}`
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()]
}
