// Empties dist but for .keep, which lets the Go package build without the page.
import { readdirSync, rmSync } from "node:fs"

for (const name of readdirSync("dist")) {
  if (name !== ".keep") rmSync(`dist/${name}`, { recursive: true })
}
