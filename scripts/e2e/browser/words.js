// What a page says: no key of a catalogue, no "undefined", no gap that nobody
// filled may be read on it.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"

const root = new URL("../../../", import.meta.url)
const read = path => JSON.parse(readFileSync(new URL(path, root), "utf8"))

const flatten = (tree, prefix = "", out = {}) => {
  if (typeof tree === "string") out[prefix] = tree
  else for (const [k, v] of Object.entries(tree)) flatten(v, prefix ? `${prefix}.${k}` : k, out)
  return out
}
export const catalogue = l => ({ ...flatten(read(`firmware/words/${l}.json`)), ...flatten(read(`webui/src/i18n/${l}.json`)) })
const keys = new Set(Object.keys(catalogue("en")).flatMap(k => [k, k.replace(/_(one|few|many|other)$/, "")]).filter(k => k.includes(".")))

/** Every piece of text that a person can see or be read: words and names. */
const said = page =>
  page.evaluate(() => {
    const out = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const text = n.textContent.trim()
      if (text && n.parentElement.checkVisibility() && !n.parentElement.closest("code,pre,script,style")) out.push(text)
    }
    for (const e of document.querySelectorAll("[aria-label],[title],[placeholder]"))
      for (const name of ["aria-label", "title", "placeholder"]) if (e.getAttribute(name)) out.push(e.getAttribute(name))
    return out
  })

/** Fails where a page shows a raw key or an unfilled gap. */
export async function readable(page, where) {
  const all = await said(page)
  assert.ok(all.length > 3, `${where}: the page says next to nothing: ${all}`)
  for (const text of all) {
    assert.doesNotMatch(text, /\bundefined\b|\bNaN\b|\[object |\{\w+\}|%!?[sdvq]\b|Invalid Date/, `${where}: "${text}"`)
    for (const word of text.split(/[\s,;:()"«»“”]+/)) assert.ok(!keys.has(word), `${where}: the raw key ${word} in "${text}"`)
  }
  return all
}
