// The live stream: one connection that heals by itself and goes on after the last
// record it saw.
import { streamURL } from "../api/http"
import type { Rec } from "../api/types"
import { Parser } from "./sse"

export interface Listener {
  /** The stream is open; the box is at this point of its journal. */
  hello(h: { seq: number; at: number; wall: number; version?: string }): void
  record(r: Rec): void
  /** Bytes came, heartbeats included. */
  sign(): void
  broken(): void
  signedOut(): void
}

/** The box sends a heartbeat every 10 s; two missing ones are a dead link. */
const silenceMS = 25_000
/** Waits between attempts; the last one repeats. */
const retryMS = [250, 500, 1000, 2000]

/** Follows the stream until the returned function is called. */
export function follow(l: Listener): () => void {
  const life = new AbortController()
  let last = ""
  let failures = 0

  const once = async () => {
    const link = new AbortController()
    const stop = () => link.abort()
    life.signal.addEventListener("abort", stop)
    let watchdog = setTimeout(stop, silenceMS)
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" }
      if (last) headers["Last-Event-ID"] = last
      const answer = await fetch(streamURL, { headers, cache: "no-store", signal: link.signal })
      if (answer.status === 401) {
        life.abort()
        l.signedOut()
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
        failures = 0
        l.sign()
        for (const m of parser.feed(value)) {
          if (m.id) last = m.id
          if (m.event === "hello") {
            const h = JSON.parse(m.data)
            last ||= String(h.seq) // what comes while the link is broken is not missed
            l.hello(h)
          }
          if (m.event === "record") l.record(JSON.parse(m.data))
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
      l.broken()
      const wait = retryMS[Math.min(failures++, retryMS.length - 1)] ?? 2000
      await new Promise(r => setTimeout(r, wait))
    }
  }
  void run()
  return () => life.abort()
}
