import { expect, test } from "vitest"
import { stale } from "../src/store/news"

test("what a call teaches makes the profiles stale, and a test's progress the tests", () => {
  expect(stale("LineMeasured")).toContain("line/profiles")
  expect(stale("LineTestMoved")).toContain("line/tests")
  expect(stale("LineTestMoved")).not.toContain("line/profiles")
})
