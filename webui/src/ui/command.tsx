// Commands: busy until their own event came back, refused with a sentence beside
// the control.
import { useState } from "preact/hooks"
import { post, Refusal, unreachable } from "../api/http"
import { t } from "../i18n/i18n"
import { seen } from "../store/store"

/** The sentence of a refusal. */
export function sentence(e: unknown): string {
  if (!(e instanceof Refusal)) return t("refused.unknown")
  if (e.status === unreachable) return t("refused.unreachable")
  if (e.message) return e.message
  if (e.status === 403) return t("refused.role")
  if (e.status === 429) return t("refused.limited")
  return t("refused.unknown")
}

export interface Command {
  busy: boolean
  refusal: string
  /** Runs work; true when it was not refused. */
  run(work: () => Promise<unknown>): Promise<boolean>
  /** Sends a command of a feature and waits for its event. */
  send(path: string, body: unknown): Promise<boolean>
  clear(): void
}

export function useCommand(): Command {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState("")
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setRefusal("")
    try {
      await work()
      return true
    } catch (e) {
      setRefusal(sentence(e))
      return false
    } finally {
      setBusy(false)
    }
  }
  const send = (path: string, body: unknown) =>
    run(async () => {
      const done = await post<{ seq?: number } | undefined>(path, body)
      if (done?.seq) await seen(done.seq)
    })
  return { busy, refusal, run, send, clear: () => setRefusal("") }
}

/** Where a refused command says why. */
export function Refused({ of }: { of: Command }) {
  if (!of.refusal) return null
  return (
    <p class="small bad" role="alert" data-testid="refusal">
      {of.refusal}
    </p>
  )
}
