// Durations and moments as people read them. Pure.

/** 02:31, 1:02:31; never negative. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, "0")
  const h = Math.floor(s / 3600)
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  return h > 0 ? `${h}:${rest}` : rest
}

/** The settings' durations ("90s", "1h30m", "90d") in milliseconds, or undefined. */
export function parseDuration(text: string): number | undefined {
  const units: Record<string, number> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 }
  const trimmed = text.trim()
  if (trimmed === "0") return 0
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) return undefined
  let ms = 0
  for (const [, n, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) ms += Number(n) * (units[unit ?? ""] ?? 0)
  return ms
}

/** A moment: the hour alone today, with the day before that. */
export function moment(wall: number, nowWall: number, lang: string): string {
  const day = (w: number) => new Date(w).toDateString()
  const hour: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" }
  const full: Intl.DateTimeFormatOptions = { ...hour, day: "numeric", month: "short" }
  return new Intl.DateTimeFormat(lang, day(wall) === day(nowWall) ? hour : full).format(wall)
}

/** Day, month, hour, minute and second. */
export function exact(wall: number, lang: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium" }).format(wall)
}
