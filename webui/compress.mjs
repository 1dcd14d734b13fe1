// Writes .gz and .br beside every built file worth it, and holds the first load
// to its budget: the page, its entry script, its style and what they preload.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

const out = "node_modules/.out"
const budget = 120 * 1024

const files = dir =>
  readdirSync(dir).flatMap(name => {
    const path = `${dir}/${name}`
    return statSync(path).isDirectory() ? files(path) : [path]
  })

const sizes = new Map()
for (const path of files(out)) {
  if (!/\.(js|css|html|svg|json)$/.test(path)) continue
  const raw = readFileSync(path)
  const gz = gzipSync(raw, { level: 9 })
  const br = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  writeFileSync(`${path}.gz`, gz)
  writeFileSync(`${path}.br`, br)
  sizes.set(path.slice(out.length + 1), { raw: raw.length, gz: gz.length, br: br.length })
}

const html = readFileSync(`${out}/index.html`, "utf8")
const first = ["index.html", ...[...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(m => m[1])]
// One language comes with the first load too; count the largest.
const language = [...sizes.keys()]
  .filter(name => /assets\/(es|it|en)-/.test(name))
  .sort((a, b) => sizes.get(b).gz - sizes.get(a).gz)[0]
if (language) first.push(language)

const kb = n => `${(n / 1024).toFixed(1)} kB`
let total = 0
for (const name of [...new Set(first)]) {
  const size = sizes.get(name)
  if (!size) continue
  total += size.gz
  console.log(`${name.padEnd(40)} ${kb(size.raw).padStart(9)}  gz ${kb(size.gz).padStart(8)}  br ${kb(size.br).padStart(8)}`)
}
console.log(`first load ${kb(total)} gzip, budget ${kb(budget)}`)
if (total > budget) {
  console.error("The first load is over its budget: split a page off or drop a dependency.")
  process.exit(1)
}
