// Pure: how a call sounded, from the figures of the box.
import type { CallEvent, LegSound } from "../api/types"
import type { Shape } from "../ui/shapes"
import type { Tone } from "../ui/states"

export type Heard = "good" | "fair" | "poor"

/** The word for a mean opinion score, as the box has it; undefined where it is not known. */
export const heardAs = (mos: number): Heard | undefined => (mos > 0 ? (mos >= 4 ? "good" : mos >= 3.1 ? "fair" : "poor") : undefined)

export const looks: Record<Heard, { shape: Shape; tone: Tone }> = {
  good: { shape: "full", tone: "good" },
  fair: { shape: "half", tone: "warn" },
  poor: { shape: "triangle", tone: "bad" },
}

/** How packets went: most of the time relayed, all mixed, or some of both. */
export function pathOf(s: { ms: number; relayed_ms: number }): "relayed" | "mixed" | "both" {
  const share = s.ms > 0 ? s.relayed_ms / s.ms : 0
  return share >= 0.9 ? "relayed" : share > 0.02 ? "both" : "mixed"
}

/** One direction of an end. */
export interface Way {
  /** Whether the box hears it, or the far end does. */
  here: boolean
  mos: number
  /** Part of the sound lost or late, 0..1. */
  loss: number
  jitter: number
}

/** One end of a call, with what is heard of it and, where it told, what it hears. */
export interface End {
  port: string
  sound: LegSound
  ways: Way[]
}

const figure = (v: unknown) => (typeof v === "number" && Number.isFinite(v) ? v : 0)

/** The ends of a call whose sound went in packets, in the order of their end. */
export function endsOf(events: CallEvent[]): End[] {
  return events
    .filter(e => e.kind === "LegMeasured" && typeof e.body?.sound === "object" && e.body.sound !== null)
    .map(e => {
      const s = e.body.sound as LegSound
      const sent = figure(s.received) + figure(s.lost)
      const ways: Way[] = [{ here: true, mos: figure(s.mos), loss: sent > 0 ? Math.min(1, (figure(s.lost) + figure(s.late)) / sent) : 0, jitter: figure(s.jitter_ms) }]
      if (figure(s.far_mos) > 0) ways.push({ here: false, mos: s.far_mos, loss: figure(s.far_lost), jitter: figure(s.far_jitter_ms) })
      return { port: String(e.body.port ?? ""), sound: s, ways }
    })
}
