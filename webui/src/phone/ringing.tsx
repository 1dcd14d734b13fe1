// A call comes in.
import { useEffect, useState } from "preact/hooks"
import { t } from "../i18n/i18n"
import { Button } from "../ui/basics"
import { answer, hangup } from "./phone"
import type { PhoneCall } from "./types"

export function Ringing({ call: c }: { call: PhoneCall }) {
  const [busy, setBusy] = useState(false)
  const take = async () => {
    setBusy(true)
    if (!(await answer())) setBusy(false)
  }
  useEffect(() => {
    if (c.media === "failed") setBusy(false)
  }, [c.media])
  const kind = c.pattern === "queue" || c.pattern === "internal" || c.pattern === "recall" ? t(`phone.from.${c.pattern}`) : t("phone.from.external")
  return (
    <div class="phone-who" role="alert" data-testid="phone-ringing" style="gap:12px">
      <Who caller={c} about={kind} />
      <div class="keys">
        <Button kind="main" busy={busy} testid="phone-answer" onClick={() => void take()}>
          {t("phone.answer")}
        </Button>
        <Button kind="danger" testid="phone-reject" onClick={() => void hangup()}>
          {t("phone.reject")}
        </Button>
      </div>
    </div>
  )
}

/** Name and number of the far end, with a word about it. */
export function Who({ caller, about }: { caller: { from: string; name: string }; about: string }) {
  return (
    <div class="phone-who">
      <span class="small soft">{about}</span>
      <strong data-testid="phone-who">{caller.name || caller.from || t("someone")}</strong>
      {caller.name && caller.from ? <span class="num soft">{caller.from}</span> : null}
    </div>
  )
}
