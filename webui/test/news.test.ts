import { expect, test } from "vitest"
import { after, noNews, stale, type Fact, type News } from "../src/store/news"

const all = (facts: Fact[]) => facts.reduce(after, noNews as News)
const hello: Fact = { type: "hello", seq: 40, at: 10_000, wall: 1_000_010_000, version: "1", page: 500 }

test("a hello sets the clocks and opens the stream", () => {
  expect(all([hello])).toMatchObject({ seq: 40, offset: 9500, wallOffset: 1_000_000_000, open: true, signAt: 500 })
})

test("a record that spent time on the way does not set the clock back", () => {
  const n = all([hello, { type: "record", seq: 41, at: 10_000, wall: 1_000_010_000, page: 900 }])
  expect(n.offset).toBe(9500)
  expect(n.seq).toBe(41)
})

test("records that are resumed do not lower the number", () => {
  expect(all([hello, { type: "record", seq: 12, at: 1, wall: 2, page: 600 }])).toMatchObject({ seq: 40, wallOffset: 1_000_000_000 })
})

test("a broken stream keeps when it last gave a sign, and heals", () => {
  const broken = all([hello, { type: "sign", page: 700 }, { type: "broken" }])
  expect(broken).toMatchObject({ open: false, signAt: 700 })
  expect(after(broken, { ...hello, page: 9000 } as Fact)).toMatchObject({ open: true, signAt: 9000 })
})

test("another box may begin at a lower number", () => {
  expect(all([hello, { ...hello, seq: 3 } as Fact]).seq).toBe(3)
})

test("records make stale exactly the views that show them", () => {
  expect(stale("AgentChanged").sort()).toEqual(["acd/floor", "call/live"])
  expect(stale("AlarmRaised").sort()).toEqual(["alarm/list", "security/refused-phones"])
  expect(stale("PhoneChanged")).toEqual(["station/stations", "provision/devices"])
  expect(stale("LineChanged")).toEqual(["trunk/lines"])
  expect(stale("CallEnded").sort()).toEqual(["acd/floor", "call/live", "station/stations", "trunk/lines"])
  expect(stale("SettingsCommitted")).toHaveLength(12)
  expect(stale("SignedIn")).toEqual([])
})
