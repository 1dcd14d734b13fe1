import { expect, test } from "vitest"
import { callBody, first, parseScript } from "../src/pages/bench/callbody"
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

test("a script is read a step a line and replaces voice and keys", () => {
  const script = "wait 4\n\n press 1 \nsay ana.wav 5\nuntil silence 10\nhangup"
  const acts = [{ wait_s: 4 }, { digits: "1" }, { speak: "ana.wav", for_s: 5 }, { until: "silence", for_s: 10 }, { hangup: true }]
  expect(parseScript(script)).toEqual(acts)
  const body = callBody({ ...first, script })
  expect(body).toMatchObject({ script: acts })
  expect(body).not.toHaveProperty("voice")
  expect(body).not.toHaveProperty("digits")
})

test.each([["wait", 1], ["wait 2\npress x", 2], ["dance", 1], ["hangup now", 1]])("%j is wrong in line %i", (text, line) => expect(parseScript(text)).toBe(line))
