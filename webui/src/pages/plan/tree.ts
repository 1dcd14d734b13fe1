// Pure: reading and writing the settings tree by path, and finding the errors of
// a place.
import type { Change, FieldError, Json, Tree } from "../../api/types"

export type Path = (string | number)[]

export function at(tree: Json | undefined, path: Path): Json | undefined {
  let v: Json | undefined = tree
  for (const step of path) {
    if (v === null || v === undefined || typeof v !== "object") return undefined
    v = Array.isArray(v) ? v[Number(step)] : v[step]
  }
  return v
}

/** The tree with value at path; groups on the way are made. The old one stays. */
export function put(tree: Json | undefined, path: Path, value: Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === "number") {
    const list = Array.isArray(tree) ? [...tree] : []
    list[step] = put(list[step], rest, value)
    return list
  }
  const group: Tree = tree && typeof tree === "object" && !Array.isArray(tree) ? { ...tree } : {}
  group[step] = put(group[step], rest, value)
  return group
}

/** The name by which the box tells items of a list apart. */
export function keyOf(item: Json | undefined): string {
  for (const field of ["extension", "name", "dial", "prefix"]) {
    const v = at(item, [field])
    if (typeof v === "string") return v
  }
  return ""
}

/** A path as the box writes it: queues[citas].target.share. */
export function written(tree: Tree, path: Path): string {
  let out = ""
  path.forEach((step, i) => {
    if (typeof step === "number") out += `[${keyOf(at(tree, path.slice(0, i + 1))) || step}]`
    else out += out ? `.${step}` : step
  })
  return out
}

/** The errors of a place: its own, and those of the words in its list. */
export const errorsAt = (errors: FieldError[], path: string) =>
  errors.filter(e => e.path === path || e.path.startsWith(`${path}[`))

/** The errors of a place and everything under it. */
export const errorsUnder = (errors: FieldError[], path: string) =>
  errors.filter(e => e.path === path || e.path.startsWith(`${path}[`) || e.path.startsWith(`${path}.`))

/** What a person needs to see of a comparison: an item that goes takes all that is
    in it along. */
export function essential(changes: Change[]): Change[] {
  const gone = changes.filter(c => c.path.endsWith("]") && !c.new).map(c => `${c.path}.`)
  return changes.filter(c => !gone.some(g => c.path.startsWith(g)))
}

export const list = (v: Json | undefined): Json[] => (Array.isArray(v) ? v : [])
export const text = (v: Json | undefined): string => (typeof v === "string" ? v : typeof v === "number" ? String(v) : "")
export const words = (v: Json | undefined): string[] => list(v).map(text).filter(Boolean)

/** Every place that a call can be sent to. */
export function destinations(tree: Tree): string[] {
  return [
    ...list(tree.menus).map(m => `menu/${keyOf(m)}`),
    ...list(tree.queues).map(q => `queue/${keyOf(q)}`),
    ...list(tree.stations)
      .map(keyOf)
      .filter(e => /^\d+$/.test(e))
      .map(e => `station/${e}`),
  ]
}
