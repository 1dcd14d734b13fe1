import { expect, test } from "vitest"
import type { Exam, LineProfile } from "../src/api/types"
import { last, linesOf, partners, running } from "../src/pages/lines/exam"

const exam = (port: string, other: string, result: string): Exam => ({
  port, with: other, number: "", began_at: 0, ended_wall: 0, step: "dial", percent: 2, result,
})

test("a test shows at both of its lines while it runs, and its result at the one that asked", () => {
  const tests = [exam("fxo1", "fxo2", ""), exam("fxo3", "fxo4", "done")]
  expect(running(tests, "fxo2")?.port).toBe("fxo1")
  expect(running(tests, "fxo3")).toBeUndefined()
  expect(running(tests)?.port).toBe("fxo1")
  expect(last(tests, "fxo3")?.result).toBe("done")
  expect(last(tests, "fxo4")).toBeUndefined()
})

test("lines are those with a profile and those that are known, in order, without handsets", () => {
  const profile = (port: string): LineProfile => ({ port, calls: 1, sure: 50, drifts: null })
  expect(linesOf([profile("fxo10"), profile("fxs1")], ["fxo2", "fxo10"])).toEqual(["fxo2", "fxo10"])
  expect(partners(["fxo1", "fxo2"], "fxo1")).toEqual(["fxo2"])
})
