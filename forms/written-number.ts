const currency = /^(?:EUR|USD|GBP|CNY|RMB|JPY|CHF|[€$£¥￥₹])\s*|\s*(?:EUR|USD|GBP|CNY|RMB|JPY|CHF|[€$£¥￥₹元円])$/giu

/** Digits in groups of three, parted by one sign, and a decimal part after another. */
const grouped = [
  /^\d{1,3}(?:\.\d{3})+,\d+$/,
  /^\d{1,3}(?:,\d{3})+\.\d+$/,
  /^\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+[.,]\d+$/,
]

/**
 * A number as a person writes it: 43,05 and 1.234,50 € as well as $1,234.50.
 * @returns undefined for what is none, for one that begins with a needless 0, as a postcode does, and for one that
 * means different numbers to different people, such as 1,234
 */
export function writtenNumber(text: string): number | undefined {
  const bare = text.trim().replace(currency, '')
  const sign = /^[+-]/.exec(bare)?.[0] ?? ''
  const digits = bare.slice(sign.length)
  if (/^0\d/.test(digits)) return undefined
  const plain = plainDigits(digits)
  return plain === undefined ? undefined : Number(sign + plain)
}

function plainDigits(digits: string): string | undefined {
  if (/^\d+(?:\.\d+)?$/.test(digits)) return digits
  if (/^(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+)$/.test(digits)) return digits.replace(',', '.')
  if (/^\d{1,3}(?:,\d{3}){2,}$/.test(digits)) return digits.replaceAll(',', '')
  if (!grouped.some(form => form.test(digits))) return undefined
  const end = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'))
  return `${digits.slice(0, end).replace(/\D/g, '')}.${digits.slice(end + 1)}`
}
