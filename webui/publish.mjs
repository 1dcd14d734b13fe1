// Moves a finished build into dist so that dist holds a whole page at every
// moment: new files first, the page itself last, then what no longer belongs.
// .keep stays: it lets the Go package build without the page.
import { cpSync, readdirSync, rmSync } from "node:fs"

const [from, to] = ["node_modules/.out", "dist"]

const files = (dir, prefix = "") =>
  readdirSync(dir, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? files(`${dir}/${e.name}`, `${prefix}${e.name}/`) : [prefix + e.name]))

const built = files(from)
const isPage = name => name.startsWith("index.html")
for (const name of built.filter(n => !isPage(n)).concat(built.filter(isPage))) cpSync(`${from}/${name}`, `${to}/${name}`)
for (const name of files(to)) if (name !== ".keep" && !built.includes(name)) rmSync(`${to}/${name}`)
