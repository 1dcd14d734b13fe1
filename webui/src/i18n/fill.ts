// Pure helpers of the catalogue.

/** Fills {name} in a text; a name without a value stays to be seen. */
export function fill(text: string, args: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole))
}

/** The plural form of n that exists in the catalogue. */
export function pluralOf(lang: string, n: number, exists: (form: string) => boolean): string {
  const form = new Intl.PluralRules(lang).select(n)
  return exists(form) ? form : "other"
}
