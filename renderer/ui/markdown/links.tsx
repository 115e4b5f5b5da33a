import { ImageIcon } from 'lucide-react'
import type { ComponentProps, MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { openLink, safeLink } from '../../state/open-link.ts'

/** A link in a text: opened outside, its true address in the tooltip. An unsafe one is only its words. */
export function MarkdownLink({ href, children }: Pick<ComponentProps<'a'>, 'href' | 'children'>) {
  const { t } = useTranslation()
  const url = safeLink(href)
  if (url === null) return <span>{children}</span>
  const open = (event: MouseEvent) => {
    event.preventDefault()
    void openLink(url)
  }
  return (
    <a
      href={url}
      rel="noreferrer"
      title={t('markdown.opensOutside', { url })}
      onClick={open}
      onAuxClick={open}
      className="text-ember-text underline decoration-line-strong underline-offset-3 hover:decoration-ember-text"
    >
      {children}
    </a>
  )
}

/** A picture in a text is never loaded: it could tell a stranger what is read here. Its place says where it is. */
export function MarkdownImage({ src, alt }: Pick<ComponentProps<'img'>, 'src' | 'alt'>) {
  const { t } = useTranslation()
  const url = safeLink(src)
  const host = url ? new URL(url).host : ''
  const words = alt?.trim() || t('markdown.picture')
  return (
    <span className="inline-flex max-w-full items-center gap-2 rounded-small border border-line px-2 align-middle text-small text-soft">
      <ImageIcon aria-hidden />
      {url && host ? (
        <>
          <MarkdownLink href={url}>{words}</MarkdownLink>
          <span className="truncate text-faint">{t('markdown.remotePicture', { host })}</span>
        </>
      ) : (
        words
      )}
    </span>
  )
}
