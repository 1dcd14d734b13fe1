import { expect, test } from "vitest"
import type { CallEvent } from "../src/api/types"
import { endsOf, heardAs, pathOf } from "../src/format/sound"

test("a score has the word that the box gives it", () => {
  expect([4.4, 4, 3.99, 3.1, 3.09, 1].map(heardAs)).toEqual(["good", "good", "fair", "fair", "poor", "poor"])
  expect(heardAs(0)).toBeUndefined()
})

test("packets were relayed, mixed, or both", () => {
  expect(pathOf({ ms: 30_000, relayed_ms: 29_000 })).toBe("relayed")
  expect(pathOf({ ms: 30_000, relayed_ms: 10_000 })).toBe("both")
  expect(pathOf({ ms: 30_000, relayed_ms: 0 })).toBe("mixed")
  expect(pathOf({ ms: 0, relayed_ms: 0 })).toBe("mixed")
})

const sound = { codec: "PCMA", ms: 30_000, relayed_ms: 0, sent: 1500, received: 1425, lost: 75, late: 15, jitter_ms: 4.2, far_lost: 0.01, far_jitter_ms: 2, mos: 3.8, far_mos: 4.3 }
const measured = (port: string, s: object): CallEvent => ({ at: 1, wall: 1, kind: "LegMeasured", body: { leg: 3, port, sound: s } })

test("each end tells both directions, where the far end told its own", () => {
  const ends = endsOf([{ at: 0, wall: 0, kind: "CallBegan", body: {} }, measured("sip/201", sound), measured("trunk/prov", { ...sound, far_mos: 0, received: 0, lost: 0, mos: 0 })])
  expect(ends.map(e => e.port)).toEqual(["sip/201", "trunk/prov"])
  expect(ends[0]?.ways).toEqual([
    { here: true, mos: 3.8, loss: 0.06, jitter: 4.2 },
    { here: false, mos: 4.3, loss: 0.01, jitter: 2 },
  ])
  expect(ends[1]?.ways).toEqual([{ here: true, mos: 0, loss: 0, jitter: 4.2 }])
})

test("an event of another shape is no end", () => {
  expect(endsOf([{ at: 0, wall: 0, kind: "LegMeasured", body: { leg: 1 } }])).toEqual([])
})
