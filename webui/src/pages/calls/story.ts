// Pure: what a call's events say, as stretches on a time axis and as sentences.
import type { CallEvent } from "../../api/types"

export type Stretch = {
  kind: "begin" | "menu" | "queue" | "ring" | "talk" | "hold" | "station"
  name: string
  from: number
  to: number
}

export interface Story {
  /** Beginning and end of the axis, on the box's clock. */
  from: number
  to: number
  stretches: Stretch[]
  /** When the sound file begins, undefined without one. */
  soundFrom: number | undefined
}

const text = (v: unknown) => (typeof v === "string" || typeof v === "number" ? String(v) : "")

/** Folds the events of one call, in their order; nowAt ends one that is still up. */
export function tell(events: CallEvent[], nowAt: number): Story {
  const first = events[0]
  if (!first) return { from: 0, to: 0, stretches: [], soundFrom: undefined }
  const ended = events.find(e => e.kind === "CallEnded")
  const to = Math.max(ended?.at ?? nowAt, first.at)
  const stretches: Stretch[] = []
  let soundFrom: number | undefined
  let queue = ""
  let talking = ""
  const own = first.body?.call
  const begin = (kind: Stretch["kind"], name: string, at: number) => {
    const last = stretches.at(-1)
    if (last && last.kind === kind && last.name === name) return
    if (last) last.to = at
    stretches.push({ kind, name, from: at, to })
  }
  for (const e of events) {
    const b = e.body ?? {}
    switch (e.kind) {
      case "CallBegan":
        begin("begin", "", e.at)
        break
      case "CallRouted": {
        const [kind = "", name = ""] = text(b.to).split(/\/(.*)/s)
        if (kind === "menu") begin("menu", name, e.at)
        else if (kind === "queue") begin("queue", (queue = name), e.at)
        else begin("station", name, e.at)
        break
      }
      case "CallQueued":
        begin("queue", (queue = text(b.queue)), e.at)
        break
      case "CallPresented":
        begin("ring", text(b.agent) || text(b.station), e.at)
        break
      case "CallReturned":
        begin("queue", queue, e.at)
        break
      case "CallConnected":
        begin("talk", (talking = text(b.agent) || text(b.station) || text(b.port)), e.at)
        break
      case "CallHeld":
        begin("hold", "", e.at)
        break
      case "CallTransferred":
        if (text(b.how) === "attended" && b.call === own) begin("talk", (talking = text(b.agent) || text(b.taken) || text(b.port)), e.at)
        else if (b.call === own) begin("ring", text(b.taken) || text(b.to).split("/")[1] || "", e.at)
        break
      case "CallWaits":
        begin("ring", "", e.at)
        break
      case "ConferenceBegan":
        begin("talk", talking, e.at)
        break
      case "CallResumed":
        begin("talk", talking, e.at)
        break
      case "RecordingBegan":
        soundFrom ??= e.at
        break
    }
  }
  return { from: first.at, to, stretches: stretches.filter(s => s.to > s.from), soundFrom }
}

/** Kinds that matter to people; the others are of the wire. */
const told = new Set([
  "CallBegan", "CallRouted", "CallConnected", "CallHeld", "CallResumed", "CallTransferred", "CallWaits", "ConferenceBegan", "ConferenceEnded", "CallEnded", "RecordingBegan", "RecordingEnded",
  "MenuAsked", "MenuChose", "CallQueued", "CallPresented", "CallReturned", "CallLeft", "PositionTold", "LegTrouble",
  "LegAnswered", "LegEnded", "CallBarred", "CallForwarded", "PageBegan", "PageOpened",
])

/** Causes that an outside line judged from its signs, and how is told. */
const signs = new Set(["loop-break", "polarity", "busy-tone", "dial-tone", "silence"])

/** Causes of two ends that could not agree on their sound. */
const unsound = new Set(["no-codec", "bad-description", "encryption"])

/** Whether the box ended the call by an outside line's signs, and may have been wrong. */
export function judged(events: CallEvent[]): boolean {
  return events.some(e => e.kind === "LegEnded" && text(e.body?.text) !== "" && signs.has(text(e.body?.cause)))
}

/** Whether an event is worth a sentence: another one may say the same better. */
export function forPeople(e: CallEvent): boolean {
  if (!told.has(e.kind)) return false
  if (e.kind === "MenuAsked") return e.body?.try !== 0 // not yet asked: the line is being answered
  if (e.kind === "LegAnswered") return !["", "hook", "sip"].includes(text(e.body?.by)) // else nobody doubts it
  if (e.kind === "LegEnded" && unsound.has(text(e.body?.cause))) return text(e.body?.text) !== ""
  if (e.kind === "LegEnded") return text(e.body?.text) !== "" && signs.has(text(e.body?.cause))
  if (e.kind === "CallRouted") return !/^(queue|barred)\//.test(text(e.body?.to)) && e.body?.why !== "guard"
  return !(e.kind === "CallLeft" && e.body?.why === "connected")
}
