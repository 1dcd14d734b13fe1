// A language that nobody speaks, 35 % longer and accented: what does not fit or
// was never translated shows at once.

const accents: Record<string, string> = { a: "á", e: "ë", i: "ï", o: "ó", u: "ü", n: "ñ", c: "ç", A: "Á", E: "É", I: "Í", O: "Ö", U: "Ú" }

/** The text in pseudo-language; {names} stay as they are. */
export function pseudo(text: string): string {
  const letters = text.replace(/\{\w+\}/g, "").length
  const more = Math.ceil(letters * 0.35)
  const inside = text
    .split(/(\{\w+\})/)
    .map(part => (part.startsWith("{") ? part : part.replace(/[a-zA-Z]/g, c => accents[c] ?? c)))
    .join("")
  return `[${inside}${"~".repeat(Math.max(0, more - 2))}]`
}
