// Settings on trial: what comes back by itself, and when. Whoever may set anything
// sees it on every page.
import { computed, signal } from "@preact/signals"
import { get, post } from "../api/http"
import type { Committed, Trial } from "../api/types"
import { may } from "./session"
import { beat } from "./store"

const kept = signal<{ trial: Trial; until: number } | undefined>(undefined)

/** The trial under way, if any. */
export const trial = computed(() => kept.value?.trial)
/** What it still has, in milliseconds, to the second. */
export const left = computed(() => (kept.value ? Math.max(0, kept.value.until - beat.value) : 0))

export function told(t: Trial | undefined) {
  kept.value = t?.on ? { trial: t, until: performance.now() + t.left_ms } : undefined
}

/** Asks the box; one that does not answer may have moved, and what was known stays. */
export async function askTrial() {
  if (!may("owner")) return told(undefined)
  try {
    told(await get<Trial>("settings/trial"))
  } catch {
    if (left.value === 0) told(undefined)
  }
}

const end = (how: "keep" | "return") => async () => told((await post<Committed>(`settings/${how}`)).trial)
export const keepTrial = end("keep")
export const returnTrial = end("return")
