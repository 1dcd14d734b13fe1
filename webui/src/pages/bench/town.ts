// The town's state, asked for a few times a second while the bench is open.
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { townChoices, townState, type Choices, type Town } from "../../api/bench"

const everyMS = 250

export const town = signal<Town | undefined>(undefined)
export const choices = signal<Choices | undefined>(undefined)
export const silent = signal(false)

async function ask() {
  try {
    town.value = await townState()
    silent.value = false
  } catch {
    silent.value = true
  }
}

export function useTown() {
  useEffect(() => {
    let over = false
    const round = async () => {
      while (!over) {
        if (document.visibilityState === "visible") await ask()
        await new Promise(r => setTimeout(r, everyMS))
      }
    }
    void round()
    townChoices().then(
      c => (choices.value = c),
      () => {},
    )
    return () => {
      over = true
    }
  }, [])
}

/** What was done shows at once, not at the next round. */
export const refreshTown = ask
