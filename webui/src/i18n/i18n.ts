// Words of the page in the chosen language: our own catalogue, and the firmware's
// shared one for what the box itself says (causes, alarms, states).
import { computed, signal } from "@preact/signals"
import type catalogue from "./en.json"
import { fill, pluralOf } from "./fill"
import { pseudo } from "./pseudo"

export type Key = keyof typeof catalogue
/** Keys that come in forms: "x_one", "x_other". */
export type PluralKey = Key extends infer K ? (K extends `${infer P}_other` ? P : never) : never
type Words = Record<string, string>

export const languages = ["es", "it", "en"] as const

/** The language spoken now; "" until its words are here. */
export const lang = signal("")
/** For Intl: English by European custom, 24 hours and the day first. */
export const locale = computed(() => (lang.value === "en" ? "en-GB" : lang.value || "en"))
const words = signal<Words>({})
const shared = signal<Words>({})

const own = import.meta.glob<Words>("./{es,it,en}.json", { import: "default" })
// The firmware's words live outside; a page built without them still speaks.
const box = import.meta.glob<unknown>("../../../firmware/words/{es,it,en}.json", { import: "default" })

/** Loads a language and speaks it from now on. */
export async function speak(l: string) {
  const of = l === "pseudo" ? "en" : l
  const mine = await own[`./${of}.json`]?.()
  const theirs = await box[`../../../firmware/words/${of}.json`]?.()
  if (!mine) return
  const say = (w: Words) => (l === "pseudo" ? Object.fromEntries(Object.entries(w).map(([k, v]) => [k, pseudo(v)])) : w)
  words.value = say(mine)
  shared.value = say(flatten(theirs))
  lang.value = of
  document.documentElement.lang = of
}

/** Catalogues may nest; keys are joined by dots. */
function flatten(tree: unknown, prefix = "", out: Words = {}): Words {
  if (typeof tree === "string") out[prefix] = tree
  else if (tree && typeof tree === "object")
    for (const [k, v] of Object.entries(tree)) flatten(v, prefix ? `${prefix}.${k}` : k, out)
  return out
}

/** The word for a key, its {names} filled in. */
export function t(key: Key, args: Record<string, string | number> = {}): string {
  return fill(words.value[key] ?? key, args)
}

/** The form of a word for a number, which also fills {n}. */
export function tn(key: PluralKey, n: number, args: Record<string, string | number> = {}): string {
  const form = pluralOf(lang.value || "en", n, f => `${key}_${f}` in words.value)
  return fill(words.value[`${key}_${form}`] ?? key, { n: number(n), ...args })
}

/** The word for a value of an open list ("cause", "busy"), or the value itself. */
export function word(family: string, value: string): string {
  return words.value[`${family}.${value}`] ?? shared.value[`${family}.${value}`] ?? value
}

/** Arguments that are said in the reader's language: "#key" is a word, "@2026-11-17T14:10" a moment of the office's clock. */
function resolve(arg: string): string {
  if (arg[0] === "#") return shared.value[arg.slice(1)] ?? arg
  const when = /^@(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)$/.exec(arg)
  if (!when) return arg
  const [, year, month, day, hour] = when
  const weekday = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()
  return boxSays("moment", [shared.value[`weekday.${weekday}`] ?? "", String(Number(day)), shared.value[`month.${Number(month)}`] ?? "", hour ?? ""])
}

/** A sentence of the box by its key, arguments in order as {0} {1} or %s. */
export function boxSays(key: string, given: string[] | null): string {
  const text = shared.value[key] ?? words.value[key]
  const args = given?.map(resolve)
  if (!text) return [key, ...(args ?? [])].join(" · ")
  let i = 0
  return fill(text, Object.fromEntries((args ?? []).map((a, n) => [n, a]))).replace(/%[sdvq]/g, () => args?.[i++] ?? "")
}

/** A number by the language's custom. */
export const number = (n: number, digits = 0) =>
  new Intl.NumberFormat(locale.value, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n)
export const percent = (share: number) =>
  new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 0 }).format(share)
