import { expect, test } from "vitest"
import type { Tree } from "../src/api/types"
import words from "../src/i18n/en.json"
import { parts } from "../src/pages/plan/shape"
import { at, destinations, errorsAt, errorsUnder, essential, keyOf, put, written } from "../src/pages/plan/tree"

const tree: Tree = {
  office: { name: "Sol" },
  stations: [{ extension: "101", name: "Recepción" }, { extension: "201-210" }],
  menus: [{ name: "dia", keys: { "1": "queue/citas" } }],
  queues: [{ name: "citas", agents: ["ana"], target: { share: 80 } }],
}

test("a value is put at its place and nothing else changes", () => {
  const next = put(tree, ["queues", 0, "target", "share"], 90)
  expect(at(next, ["queues", 0, "target", "share"])).toBe(90)
  expect(at(next, ["queues", 0, "agents"])).toBe(at(tree, ["queues", 0, "agents"]))
  expect(at(tree, ["queues", 0, "target", "share"])).toBe(80)
})

test("groups and lists on the way are made", () => {
  expect(put({ trunks: null }, ["trunks", 0, "sip", "secret"], "x")).toEqual({ trunks: [{ sip: { secret: "x" } }] })
})

test("paths read as the box writes them", () => {
  expect(written(tree, ["queues", 0, "target", "share"])).toBe("queues[citas].target.share")
  expect(written(tree, ["stations", 1, "handset"])).toBe("stations[201-210].handset")
  expect(written(tree, ["office", "name"])).toBe("office.name")
})

test("an error shows at its field, also when it is about one word of its list", () => {
  const errors = ["queues[citas].agents[1]", "queues[citas].ring", "queues[citas]", "queues[citas-2].ring"].map(path => ({ path, reason: "r" }))
  expect(errorsAt(errors, "queues[citas].agents")).toHaveLength(1)
  expect(errorsAt(errors, "queues[citas].ring")).toHaveLength(1)
  expect(errorsUnder(errors, "queues[citas]")).toHaveLength(3)
  expect(errorsUnder(errors, "queues")).toHaveLength(4)
})

test("calls can be sent to menus, queues and single extensions", () => {
  expect(destinations(tree)).toEqual(["menu/dia", "queue/citas", "station/101"])
})

test("items are known by name, extension, dialled number or prefix", () => {
  expect([{ name: "a" }, { extension: "1" }, { dial: "600" }, { prefix: "" }, {}].map(keyOf)).toEqual(["a", "1", "600", "", ""])
})

test("every part and field of the plan has its word", () => {
  for (const part of parts) {
    expect(words, part.name).toHaveProperty([`plan.${part.name}`])
    if (part.many) expect(words, part.name).toHaveProperty([`plan.${part.name}.empty`])
    for (const f of part.fields) {
      expect(words).toHaveProperty([`plan.${part.name}.${f.at}`])
      if (f.kind === "choice" && f.of.includes("")) expect(words).toHaveProperty([`${f.family}.default`])
    }
  }
})

test("an item that goes takes its fields along, one that comes shows them", () => {
  const gone = { path: "people[ana]", old: "yes", new: "" }
  const role = { path: "people[ana].role", old: "agent", new: "" }
  const other = { path: "people[anais].role", old: "agent", new: "owner" }
  expect(essential([gone, role, other])).toEqual([gone, other])
  const come = { path: "people[ana]", old: "", new: "yes" }
  expect(essential([come, { ...role, old: "", new: "agent" }])).toHaveLength(2)
})
