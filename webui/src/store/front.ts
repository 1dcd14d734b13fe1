// The front of the box: lamps and sockets. They change without a record, so the
// pages that draw them ask once a second.
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { get } from "../api/http"
import type { Answer, Front } from "../api/types"

export const front = signal<Front | undefined>(undefined)

/** Whether the board is made of models: only then there is a bench. */
export const simulated = () => !!front.value && /sim/i.test(front.value.name)

export async function askFront() {
  try {
    const f = await get<Front | Answer<Front>>("board/front")
    front.value = "data" in f ? f.data : f
  } catch {
    // not allowed to see it, or the box is away: the drawing stays as it is
  }
}

/** Keeps the front fresh while the component is mounted and the page visible. */
export function useFront() {
  useEffect(() => {
    void askFront()
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void askFront()
    }, 1000)
    return () => clearInterval(timer)
  }, [])
  return front
}
