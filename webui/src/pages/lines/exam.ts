// Pure: what the page says of a line's guided test.
import type { Exam, LineProfile } from "../../api/types"

/** The test that a line takes part in now, if any. */
export const running = (tests: Exam[], port?: string): Exam | undefined =>
  tests.find(t => t.result === "" && (port === undefined || t.port === port || t.with === port))

/** The last test of a line that has come to an end. */
export const last = (tests: Exam[], port: string): Exam | undefined => tests.find(t => t.port === port && t.result !== "")

/** Other lines that a line can be tested with. */
export const partners = (ports: string[], port: string): string[] => ports.filter(p => p !== port && p.startsWith("fxo"))

/** The lines of a box: those with a profile and those that are known otherwise, in order. */
export function linesOf(profiles: LineProfile[], known: string[]): string[] {
  const all = new Set([...profiles.map(p => p.port), ...known].filter(p => p.startsWith("fxo")))
  return [...all].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
}
