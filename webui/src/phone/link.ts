// The link by which this page is the person's telephone: one event stream that
// heals by itself, until another page takes over.
import { Parser } from "../store/sse"
import type { PhoneNews } from "./types"

export interface Ear {
  news(n: PhoneNews): void
  /** The link stands, or is broken and tried again. */
  here(yes: boolean): void
  /** Another page is the telephone; the link is not tried again. */
  elsewhere(): void
  /** The box refuses it for a reason that trying again does not cure. */
  refused(sentence: string): void
}

/** The box sends a heartbeat every 10 s; two missing ones are a dead link. */
const silenceMS = 25_000
/** Short at first: a call may be waiting for us. */
const retryMS = [200, 400, 800, 1500]

/** Opens the link; the returned function closes it. */
export function open(tab: string, take: boolean, ear: Ear): () => void {
  const life = new AbortController()
  let failures = 0
  const once = async () => {
    const link = new AbortController()
    const stop = () => link.abort()
    life.signal.addEventListener("abort", stop)
    let watchdog = setTimeout(stop, silenceMS)
    try {
      const answer = await fetch(`/api/v1/phone/stream?tab=${encodeURIComponent(tab)}${take ? "&take=1" : ""}`, {
        headers: { Accept: "text/event-stream" },
        cache: "no-store",
        signal: link.signal,
      })
      if (answer.status === 409) {
        const no = (await answer.json()) as { code?: string; text?: string }
        life.abort()
        if (no.code === "phone-elsewhere") ear.elsewhere()
        else ear.refused(no.text ?? "")
        return
      }
      if (answer.status === 401) {
        life.abort()
        ear.here(false)
        return
      }
      if (!answer.ok || !answer.body) return
      const parser = new Parser()
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        clearTimeout(watchdog)
        watchdog = setTimeout(stop, silenceMS)
        if (failures >= 0) ear.here(true)
        failures = 0
        take = false // once it is ours, who takes it from us keeps it
        for (const m of parser.feed(value)) {
          if (m.event === "phone") ear.news(JSON.parse(m.data) as PhoneNews)
          if (m.event === "taken") {
            life.abort()
            ear.elsewhere()
            return
          }
        }
      }
    } catch {
      // broken link or nonsense on it: begin again
    } finally {
      clearTimeout(watchdog)
      life.signal.removeEventListener("abort", stop)
      link.abort()
    }
  }
  const run = async () => {
    while (!life.signal.aborted) {
      await once()
      if (life.signal.aborted) return
      ear.here(false)
      const wait = retryMS[Math.min(failures++, retryMS.length - 1)] ?? 1500
      await new Promise(r => setTimeout(r, wait))
    }
  }
  // The network is back: do not wait for the next try.
  const online = () => (failures = 0)
  addEventListener("online", online)
  life.signal.addEventListener("abort", () => removeEventListener("online", online))
  void run()
  return () => life.abort()
}
