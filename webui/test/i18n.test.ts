import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { fill, pluralOf } from "../src/i18n/fill"
import { pseudo } from "../src/i18n/pseudo"

const read = (l: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../src/i18n/${l}.json`, import.meta.url), "utf8"))
const all = { es: read("es"), it: read("it"), en: read("en") }
const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(m => m[0]).sort()

test("the three languages have the same keys, in the same order", () => {
  expect(Object.keys(all.it)).toEqual(Object.keys(all.es))
  expect(Object.keys(all.en)).toEqual(Object.keys(all.es))
})

test.each(["it", "en"] as const)("%s fills in the same names as es, and no text is empty", l => {
  for (const [key, text] of Object.entries(all[l])) {
    expect(text.trim(), key).not.toBe("")
    expect(names(text), key).toEqual(names(all.es[key] ?? ""))
  }
})

test("plural forms come in pairs", () => {
  for (const key of Object.keys(all.en)) {
    if (key.endsWith("_one")) expect(all.en, key).toHaveProperty([key.replace(/_one$/, "_other")])
    if (key.endsWith("_other")) expect(all.en, key).toHaveProperty([key.replace(/_other$/, "_one")])
  }
})

/** Source text, by which keys are found that no page says. */
function sources(dir: URL): string {
  return readdirSync(dir, { withFileTypes: true })
    .map(e => (e.isDirectory() ? sources(new URL(`${e.name}/`, dir)) : /\.tsx?$/.test(e.name) ? readFileSync(new URL(e.name, dir), "utf8") : ""))
    .join("\n")
}

test("every key that the pages say literally exists", () => {
  const said = [...sources(new URL("../src/", import.meta.url)).matchAll(/\bt\("([^"]+)"/g)].map(m => m[1] ?? "")
  expect(said.length).toBeGreaterThan(80)
  for (const key of said) expect(all.en, key).toHaveProperty([key])
})

test("plural by the language's own rule, other where a form is missing", () => {
  const pair = (f: string) => f === "one" || f === "other"
  expect(pluralOf("es", 1, pair)).toBe("one")
  expect(pluralOf("es", 0, pair)).toBe("other")
  expect(pluralOf("es", 1_000_000, pair)).toBe("other") // "many" in Spanish
  expect(pluralOf("it", 2, pair)).toBe("other")
})

test("names are filled in, unknown ones stay to be seen", () => {
  expect(fill("{n} of {all} {x}", { n: 1, all: 4 })).toBe("1 of 4 {x}")
})

test("the pseudo-language is 35 % longer and keeps the names", () => {
  for (const [key, text] of Object.entries(all.en)) {
    const long = pseudo(text)
    expect(names(long), key).toEqual(names(text))
    expect(long.length, key).toBeGreaterThanOrEqual(Math.min(text.length * 1.2, text.length + 2))
  }
  expect(pseudo("Calls answered today")).toHaveLength("Calls answered today".length + 7)
})
