import type { Html, Paragraph, Parents, PhrasingContent, Root, Text } from 'mdast'

/** Containers whose children are lines of text; elsewhere a bare text would stand outside any paragraph. */
const phrasing = new Set(['paragraph', 'heading', 'emphasis', 'strong', 'delete', 'link', 'linkReference', 'tableCell'])

/** A remark plugin that turns raw HTML into the text it is, so that it is read and never run. */
export function rawHtmlAsText() {
  return (root: Root) => replaceIn(root)
}

function replaceIn(parent: Parents): void {
  const children = parent.children as (Parents['children'][number] | Paragraph)[]
  children.forEach((child, index) => {
    if (child.type === 'html') children[index] = phrasing.has(parent.type) ? text(child) : paragraph(child)
    else if ('children' in child) replaceIn(child)
  })
}

const text = ({ value, position }: Html): Text => ({ type: 'text', value, position })

function paragraph(html: Html): Paragraph {
  const children: PhrasingContent[] = [text(html)]
  return { type: 'paragraph', children, position: html.position }
}
