import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Parser } from "../src/store/sse"
import { pauseMS, Refetcher, settleMS } from "../src/store/refetch"

test("messages come whole however the bytes are cut", () => {
  const text = ": heartbeat\n\nid: 7\nevent: record\ndata: {\"a\":\ndata: 1}\n\nevent: hello\r\ndata:x\r\n\r\n"
  const whole = new Parser().feed(text)
  expect(whole).toEqual([
    { id: "7", event: "record", data: '{"a":\n1}' },
    { id: "7", event: "hello", data: "x" },
  ])
  for (let cut = 1; cut < text.length; cut++) {
    if (text[cut - 1] === "\r") continue // a lone CR ends a line; the box sends LF
    const p = new Parser()
    expect([...p.feed(text.slice(0, cut)), ...p.feed(text.slice(cut))], `cut at ${cut}`).toEqual(whole)
  }
})

test("a comment alone is no message", () => expect(new Parser().feed(": beat\n\n")).toEqual([]))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("many records are one fetch, soon", async () => {
  let fetches = 0
  const r = new Refetcher(async () => void fetches++, () => Date.now())
  for (let i = 0; i < 20; i++) r.mark()
  expect(fetches).toBe(0)
  await vi.advanceTimersByTimeAsync(settleMS)
  expect(fetches).toBe(1)
})

test("a record during a fetch is one more fetch after it", async () => {
  let fetches = 0
  let finish = () => {}
  const r = new Refetcher(() => (fetches++, new Promise<void>(resolve => (finish = resolve))), () => Date.now())
  r.now()
  r.mark()
  r.mark()
  await vi.advanceTimersByTimeAsync(1000)
  expect(fetches).toBe(1)
  finish()
  await vi.advanceTimersByTimeAsync(pauseMS)
  expect(fetches).toBe(2)
})

test("a storm of records is bounded, and its last record is still seen", async () => {
  let fetches = 0
  let last = 0
  const r = new Refetcher(async () => void (fetches++, (last = Date.now())), () => Date.now())
  const begin = Date.now()
  for (let i = 0; i < 100; i++) {
    r.mark()
    await vi.advanceTimersByTimeAsync(10)
  }
  const stormEnd = Date.now()
  await vi.advanceTimersByTimeAsync(1000)
  expect(fetches).toBeLessThanOrEqual(Math.ceil((stormEnd - begin) / pauseMS) + 1)
  expect(last).toBeGreaterThanOrEqual(stormEnd - 10)
})
