import { expect, test } from "vitest"
import { callBody, first } from "../src/pages/bench/callbody"
import { samples } from "../src/pages/bench/listen"

test("what was left empty is left out of the wish", () => {
  expect(callBody({ ...first, number: "954 12-34", name: "", digits: "", hangup: "" })).toEqual({ number: "9541234", voice: "babble" })
})

test("a withheld call has neither number nor name", () => {
  expect(callBody({ ...first, withheld: true })).toMatchObject({ number: "", withheld: "P" })
  expect(callBody({ ...first, withheld: true })).not.toHaveProperty("name")
})

test("a sign of the exchange is the only one", () => {
  expect(callBody({ ...first, sign: "polarity", hangup: "2,5" })).toMatchObject({
    hangup_after_s: 2.5,
    supervision: { loop_break_ms: 0, polarity: true, busy_tone: false, dial_tone_after_s: 0 },
  })
})

test("sound is 16-bit little-endian", () => {
  const pcm = btoa(String.fromCharCode(0x00, 0x80, 0xff, 0x7f, 0x00, 0x00))
  const heard = samples(pcm)
  expect(heard[0]).toBe(-1)
  expect(heard[1]).toBeCloseTo(1, 4)
  expect(heard[2]).toBe(0)
})
