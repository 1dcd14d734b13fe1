import { expect, test } from "vitest"
import { clock, moment, parseDuration } from "../src/format/time"

test.each([
  [0, "00:00"],
  [999, "00:00"],
  [1000, "00:01"],
  [151_000, "02:31"],
  [3_599_999, "59:59"],
  [3_600_000, "1:00:00"],
  [36_061_000, "10:01:01"],
  [-5000, "00:00"],
])("%i ms reads %s", (ms, text) => expect(clock(ms)).toBe(text))

test.each([
  ["15s", 15_000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["90d", 7_776_000_000],
  ["500ms", 500],
  ["1.5s", 1500],
  [" 20s ", 20_000],
  ["0", 0],
])("%s is %i ms", (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each(["", "15", "s", "-3s", "5 s", "mucho", "10x", "1h 30m"])("%j is no duration", text => expect(parseDuration(text)).toBeUndefined())

test("a moment of today is an hour, an older one has its day", () => {
  const noon = new Date(2026, 2, 9, 12, 0).getTime()
  expect(moment(noon, noon + 1000, "es")).toBe("12:00")
  expect(moment(noon, noon + 86_400_000, "es")).toContain("9 mar")
})
