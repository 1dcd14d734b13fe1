import { expect, test } from "vitest"
import words from "../src/i18n/es.json"
import type { CallEvent } from "../src/api/types"
import { forPeople, tell } from "../src/pages/calls/story"
import { sentenceOf } from "../src/pages/calls/sentence"
import { enlargement, extremes } from "../src/ui/waveform"

const event = (at: number, kind: string, body: Record<string, unknown> = {}): CallEvent => ({ at, wall: at, kind, body })

const call = [
  event(100, "CallBegan", { from: "600", port: "fxo1" }),
  event(1100, "CallRouted", { to: "menu/dia" }),
  event(5000, "CallRouted", { to: "queue/citas" }),
  event(5000, "CallQueued", { queue: "citas" }),
  event(6000, "CallPresented", { agent: "ana", station: "201" }),
  event(9000, "CallReturned", { agent: "ana" }),
  event(9500, "CallPresented", { agent: "marta", station: "101" }),
  event(12000, "CallConnected", { agent: "marta", station: "101" }),
  event(12100, "RecordingBegan", { file: "x" }),
  event(20000, "CallHeld"),
  event(25000, "CallResumed"),
  event(30000, "CallEnded", { cause: "normal" }),
]

test("a call reads as stretches without gaps", () => {
  const s = tell(call, 99_000)
  expect(s.stretches.map(x => [x.kind, x.name, x.from, x.to])).toEqual([
    ["begin", "", 100, 1100],
    ["menu", "dia", 1100, 5000],
    ["queue", "citas", 5000, 6000],
    ["ring", "ana", 6000, 9000],
    ["queue", "citas", 9000, 9500],
    ["ring", "marta", 9500, 12000],
    ["talk", "marta", 12000, 20000],
    ["hold", "", 20000, 25000],
    ["talk", "marta", 25000, 30000],
  ])
  expect([s.from, s.to, s.soundFrom]).toEqual([100, 30000, 12100])
})

test("a call that is still up ends now", () => {
  const s = tell(call.slice(0, 4), 8000)
  expect(s.to).toBe(8000)
  expect(s.stretches.at(-1)).toMatchObject({ kind: "queue", to: 8000 })
})

test("no events, no story", () => expect(tell([], 5).stretches).toEqual([]))

test("what another sentence says better is left out", () => {
  expect(forPeople(event(0, "CallRouted", { to: "queue/citas" }))).toBe(false)
  expect(forPeople(event(0, "CallRouted", { to: "menu/dia" }))).toBe(true)
  expect(forPeople(event(0, "CallLeft", { why: "connected" }))).toBe(false)
  expect(forPeople(event(0, "CallLeft", { why: "abandoned" }))).toBe(true)
  expect(forPeople(event(0, "MenuAsked", { try: 0 }))).toBe(false)
  expect(forPeople(event(0, "MenuAsked", { try: 1 }))).toBe(true)
  expect(forPeople(event(0, "LegAnswered"))).toBe(false)
})

test("a bar of the waveform shows the extremes of all its columns", () => {
  const columns: [number, number][] = [[-1, 1], [-90, 5], [-3, 100], [-2, 2]]
  expect(extremes(columns, 0, 2)).toEqual([-90, 5])
  expect(extremes(columns, 1, 2)).toEqual([-3, 100])
  expect(extremes(columns, 7, 8)).toEqual([-2, 2])
  expect(extremes([], 0, 10)).toEqual([0, 0])
})

test("quiet speech is drawn larger, noise is not blown up, loud speech stays inside", () => {
  const of = (lo: number, hi: number) => enlargement({ ms: 1000, left: [[lo, hi]], right: [[0, 0]] })
  expect(of(-40, 30)).toBe(3)
  expect(of(-1, 1)).toBe(4)
  expect(of(-128, 127) * 128).toBeLessThanOrEqual(128)
})

test("a call that was handed over goes on as a talk with who took it", () => {
  const s = tell(
    [
      event(0, "CallBegan", { call: 2 }),
      event(1000, "CallConnected", { call: 2, station: "101" }),
      event(5000, "CallHeld", { call: 2, by: 3 }),
      event(9000, "CallTransferred", { call: 2, via: 4, how: "attended", taken: "102", station: "101" }),
      event(20000, "CallEnded", { call: 2 }),
    ],
    99_000,
  )
  expect(s.stretches.map(x => [x.kind, x.name, x.from, x.to])).toEqual([
    ["begin", "", 0, 1000],
    ["talk", "101", 1000, 5000],
    ["hold", "", 5000, 9000],
    ["talk", "102", 9000, 20000],
  ])
})

test("two ends that found no common sound are told apart by why", () => {
  const ended = (cause: string) => event(1, "LegEnded", { cause, text: "port 0" })
  const said = ["no-codec", "bad-description", "encryption"].map(c => {
    expect(forPeople(ended(c))).toBe(true)
    return sentenceOf(ended(c))
  })
  expect(new Set(said).size).toBe(3)
  for (const s of said) expect((words as Record<string, string>)[s]).toContain("{text}") // without words a sentence is its key
})
