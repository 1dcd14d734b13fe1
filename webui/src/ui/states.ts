// Every state's shape and colour; its word is in the catalogue under the family's
// name. Unknown states are shown as they are, with a neutral ring.
import type { Shape } from "./shapes"

export type Tone = "good" | "warn" | "bad" | "info" | "accent" | "soft"
export type Family = "agent" | "call" | "line" | "station" | "trunk"
interface Look {
  shape: Shape
  tone: Tone
}

const looks: Record<Family, Record<string, Look>> = {
  agent: {
    ready: { shape: "full", tone: "good" },
    reserved: { shape: "half", tone: "info" },
    presented: { shape: "half", tone: "info" },
    talking: { shape: "play", tone: "accent" },
    "wrap-up": { shape: "pen", tone: "info" },
    away: { shape: "bars", tone: "warn" },
    missed: { shape: "triangle", tone: "bad" },
    "signed-out": { shape: "ring", tone: "soft" },
  },
  call: {
    dialling: { shape: "dots", tone: "soft" },
    menu: { shape: "dots", tone: "info" },
    waiting: { shape: "half", tone: "warn" },
    ringing: { shape: "half", tone: "info" },
    talking: { shape: "play", tone: "accent" },
    held: { shape: "bars", tone: "warn" },
    conference: { shape: "play", tone: "accent" },
    paging: { shape: "play", tone: "accent" },
  },
  line: {
    idle: { shape: "ring", tone: "soft" },
    ringing: { shape: "half", tone: "info" },
    busy: { shape: "play", tone: "accent" },
    "busy-elsewhere": { shape: "bars", tone: "warn" },
    "no-battery": { shape: "triangle", tone: "bad" },
    fault: { shape: "cross", tone: "bad" },
  },
  station: {
    idle: { shape: "ring", tone: "soft" },
    ringing: { shape: "half", tone: "info" },
    dialling: { shape: "dots", tone: "soft" },
    talking: { shape: "play", tone: "accent" },
    unreachable: { shape: "cross", tone: "bad" },
    "off-hook": { shape: "triangle", tone: "warn" },
  },
  trunk: { up: { shape: "full", tone: "good" }, down: { shape: "cross", tone: "bad" } },
}

export const lookOf = (family: Family, state: string): Look => looks[family][state] ?? { shape: "ring", tone: "soft" }

/** Agents as the floor orders them: who needs an eye first. */
const order = ["missed", "presented", "reserved", "talking", "wrap-up", "ready", "away", "signed-out"]
export const agentRank = (state: string) => {
  const i = order.indexOf(state)
  return i < 0 ? order.length : i
}
