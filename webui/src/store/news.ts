// Pure: what the page knows of the stream, and which views a record makes stale.
import type { ViewName } from "../api/types"

export interface News {
  /** Last record seen; commands wait for theirs to come back. */
  seq: number
  /** The box's clock against the page's: at = page + offset. */
  offset: number
  /** The wall clock against the box's: wall = at + wallOffset. */
  wallOffset: number
  /** Whether the stream is open, and when it last gave a sign (page's clock). */
  open: boolean
  signAt: number
  version: string
}

export const noNews: News = { seq: 0, offset: 0, wallOffset: 0, open: false, signAt: 0, version: "" }

export type Fact =
  | { type: "hello"; seq: number; at: number; wall: number; version: string; page: number }
  | { type: "record"; seq: number; at: number; wall: number; page: number }
  | { type: "sign"; page: number }
  | { type: "broken" }

/** The state after a fact; page is performance.now() at its arrival. */
export function after(n: News, f: Fact): News {
  switch (f.type) {
    case "broken":
      return n.open ? { ...n, open: false } : n
    case "sign":
      return { ...n, open: true, signAt: f.page }
    case "hello":
      // A hello may go back: another box, or one that was reset.
      return { seq: f.seq, offset: f.at - f.page, wallOffset: f.wall - f.at, open: true, signAt: f.page, version: f.version }
    case "record":
      // Records resumed after a break are old: only the newest may set the clock,
      // and never backwards by the time they spent on the way.
      return {
        ...n,
        seq: Math.max(n.seq, f.seq),
        offset: Math.max(n.offset, f.at - f.page),
        wallOffset: f.seq >= n.seq ? f.wall - f.at : n.wallOffset,
        open: true,
        signAt: f.page,
      }
  }
}

const needs: Record<ViewName, RegExp> = {
  "call/live": /^(Call|Leg|Menu|Recording|Dial|Agent)/,
  "trunk/lines": /^(Line|Trunk|Leg|CallBegan|CallEnded)/,
  "station/stations": /^(Phone|Leg|Call)/,
  "acd/floor": /^(Agent|Call)/,
  "alarm/list": /^Alarm/,
  "lifeline/lifeline": /^Lifeline/,
  "trunk/checks": /^TrunkTest/,
  "security/refused-phones": /^Alarm/,
  "guard/spending": /^(CallBarred|LimitNeared|LegEnded)/,
  "provision/devices": /^(Provisioning|Device|Phone)/,
  "line/profiles": /^Line(Measured|Accepted|Forgotten|Tuned)/,
  "line/tests": /^Line(Test|Tuned)/,
}
const everything = /^(BoxStarted|SettingsCommitted|ClockStepped)$/

/** The views that may look different after a record of this kind. */
export function stale(kind: string): ViewName[] {
  const all = Object.keys(needs) as ViewName[]
  return everything.test(kind) ? all : all.filter(v => needs[v].test(kind))
}
