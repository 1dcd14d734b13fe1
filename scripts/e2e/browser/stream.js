// The box's live stream, followed beside the page: what happened, and when.
import { until, url } from "./box.js"

/** Follows the stream with a page's cookies; records gather in .records. */
export async function follow(context) {
  const cookie = (await context.cookies()).map(c => `${c.name}=${c.value}`).join("; ")
  const link = new AbortController()
  const answer = await fetch(`${url}/api/v1/stream`, { headers: { cookie }, signal: link.signal })
  if (!answer.ok) throw new Error(`stream: ${answer.status}`)
  const records = []
  const read = async () => {
    let rest = ""
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + piece).split("\n\n")
      rest = messages.pop()
      for (const m of messages) {
        const data = /^event: record\n(?:.*\n)*?data: (.*)$/m.exec(m)?.[1]
        if (data) records.push({ ...JSON.parse(data), arrived: Date.now() })
      }
    }
  }
  read().catch(() => {}) // a cut link is told by what does not come
  return {
    records,
    /** Waits for a record of a kind for which fits is true. */
    find: (kind, fits = () => true, limitMS = 20_000) => until(`${kind} on the stream`, () => records.find(r => r.kind === kind && fits(r.body)), limitMS),
    stop: () => link.abort(),
  }
}

/** Notes in the page, from now on, when which data-state stood where. */
export const watch = page =>
  page.evaluate(() => {
    const seen = (window.seenStates = [])
    const now = {}
    const look = () => {
      const at = performance.timeOrigin + performance.now()
      const here = Object.fromEntries([...document.querySelectorAll("[data-testid][data-state]")].map(e => [e.dataset.testid, e.dataset.state]))
      for (const e of document.querySelectorAll('[data-testid^="waiting-"]')) here[e.dataset.testid] = "waiting"
      for (const [name, state] of Object.entries(here)) if (now[name] !== state) seen.push({ at, name, state: (now[name] = state) })
      for (const name of Object.keys(now)) {
        if (name in here) continue
        delete now[name]
        seen.push({ at, name, state: "gone" })
      }
    }
    look()
    // A yardstick for what the machine itself makes wait: a small question to the
    // box and a turn of the page, again and again.
    const trips = (window.trips = [])
    const measure = async () => {
      for (;;) {
        const from = performance.timeOrigin + performance.now()
        await fetch("/api/v1/session").catch(() => {})
        await new Promise(r => setTimeout(r, 0))
        trips.push({ from, to: performance.timeOrigin + performance.now() })
        await new Promise(r => setTimeout(r, 100))
      }
    }
    void measure()
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] })
  })

/** Milliseconds from a record to the moment in which the page showed it, and the
    longest round trip about that time. The record's wall is when the box decided;
    both clocks are this machine's. */
export async function delay(page, record, name, state) {
  const fits = s => s.name === name && s.state === state && s.at >= record.wall - 5
  const shown = await until(
    `${name} shown as ${state} after ${record.kind}`,
    async () => (await page.evaluate(() => window.seenStates)).find(fits),
    3000,
  )
  const trips = await page.evaluate(() => window.trips)
  const about = trips.filter(t => t.to >= record.wall - 200 && t.from <= shown.at).map(t => t.to - t.from)
  return { ms: Math.round(shown.at - record.wall), trip: Math.round(Math.max(0, ...about)) }
}
