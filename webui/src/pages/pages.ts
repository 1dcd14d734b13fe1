// The list of pages: one line a page. Who may see it, its key after "g", its
// drawing; each is fetched when it is first opened.
import type { ComponentType } from "preact"
import type { Role } from "../api/types"
import type { Key } from "../i18n/i18n"
import type { IconName } from "../ui/icons"

export interface Page {
  name: string
  title: Key
  icon: IconName
  key: string
  role: Role
  /** Only on a simulated board. */
  simulated?: true
  load: () => Promise<{ default: ComponentType }>
}

export const pages: Page[] = [
  { name: "floor", title: "nav.floor", icon: "floor", key: "f", role: "agent", load: () => import("./floor/floor") },
  { name: "calls", title: "nav.calls", icon: "calls", key: "c", role: "agent", load: () => import("./calls/calls") },
  { name: "plan", title: "nav.plan", icon: "plan", key: "p", role: "owner", load: () => import("./plan/plan") },
  { name: "lines", title: "nav.lines", icon: "line", key: "l", role: "supervisor", load: () => import("./lines/lines") },
  { name: "box", title: "nav.box", icon: "box", key: "b", role: "agent", load: () => import("./box/box") },
  { name: "bench", title: "nav.bench", icon: "bench", key: "t", role: "owner", simulated: true, load: () => import("./bench/bench") },
]
