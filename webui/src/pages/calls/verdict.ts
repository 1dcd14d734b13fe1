// Why a line was released, from the words of its judge in the journal (English) to
// the reader's language: "busy tone for 2.0 s (weight 3.8), ...; certainty 4.2 of 4.0".
import { number, t, word } from "../../i18n/i18n"

/** The signs as the journal names them. */
const signs: Record<string, string> = {
  "loop open": "loop-break",
  "loop opened": "loop-break",
  "polarity reversed": "polarity",
  "loop current down": "current-drop",
  "busy tone": "busy",
  "congestion tone": "congestion",
  "dial tone": "dial-tone",
  "special information tone": "sit",
  silence: "silence",
}

const named = (name: string) => word("sign", signs[name] ?? name)

/** "2.0 s" and "680 ms" with the reader's comma. */
function lasted(text: string): string {
  const [value = "", unit = ""] = text.split(" ")
  return `${number(Number(value), unit === "s" ? 1 : 0)} ${unit}`
}

/** The words of a verdict; what is none stays as it is. */
export function verdict(text: string): string {
  if (signs[text]) return named(text)
  const whole = /^(.+); certainty ([\d.]+) of ([\d.]+)$/.exec(text)
  if (!whole) return text
  const [, list = "", score = "", certain = ""] = whole
  const said: string[] = []
  for (const part of list.split(", ")) {
    const one = /^(.+?)(?: for ([\d.]+ m?s))? \(weight [\d.]+\)$/.exec(part)
    if (!one) return text
    const [, name = "", time] = one
    said.push(time ? t("verdict.lasted", { sign: named(name), time: lasted(time) }) : named(name))
  }
  return t("verdict", { signs: said.join(", "), score: number(Number(score), 1), certain: number(Number(certain), 1) })
}
