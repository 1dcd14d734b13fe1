// What is not yet in force: always in sight while there is something.
import { useState } from "preact/hooks"
import type { Change, Json } from "../../api/types"
import { t, tn } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Dialog } from "../../ui/dialog"
import { Errors, Select, Text } from "../../ui/fields"
import { changes, commit, discard, errors, sure, unsent } from "./draft"

export function ReviewBar() {
  const [open, setOpen] = useState(false)
  const command = useCommand()
  const n = changes.value.length
  const wrong = errors.value.length
  if (n === 0 && wrong === 0 && !unsent.value) return null
  return (
    <div class="review" role="status" data-testid="review-bar">
      <span class="grow">
        <strong>{tn("plan.changes", n)}</strong>
        {wrong ? <span class="bad"> · {tn("plan.errors", wrong)}</span> : null}
      </span>
      <Button small busy={command.busy} testid="discard" onClick={() => void command.run(discard)}>
        {t("plan.discard")}
      </Button>
      <Button small kind="main" testid="review" disabled={unsent.value} onClick={() => setOpen(true)}>
        {t("plan.review")}
      </Button>
      <Refused of={command} />
      {open ? <Review onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

/** Minutes that one may choose; none is for good. */
const trials = [0, 5, 10, 30, 60]

function Review({ onClose }: { onClose: () => void }) {
  const [note, setNote] = useState("")
  const [minutes, setMinutes] = useState("0")
  const command = useCommand()
  return (
    <Dialog title={t("plan.review.title")} onClose={onClose} testid="review-dialog">
      <form
        class="stack"
        onSubmit={async e => {
          e.preventDefault()
          if (await command.run(() => commit(note.trim(), Number(minutes)))) onClose()
        }}
      >
        <DiffTable changes={changes.value} />
        {errors.value.length ? (
          <div class="stack" style="gap:8px">
            {errors.value.map(e => (
              <div key={e.path + e.reason}>
                <code class="small">{e.path}</code>
                <Errors errors={[e]} />
              </div>
            ))}
          </div>
        ) : null}
        <Text label={t("plan.note")} hint={t("plan.note.hint")} value={note} onInput={setNote} testid="note" />
        <Select
          label={t("plan.trial")}
          hint={t("plan.trial.hint")}
          value={minutes}
          onChange={setMinutes}
          options={trials.map(n => ({ value: String(n), text: n ? t("plan.trial.minutes", { n }) : t("plan.trial.good") }))}
          testid="trial-minutes"
        />
        <Refused of={command} />
        <div class="row">
          <Button type="submit" kind="main" busy={command.busy} disabled={!sure.value} testid="commit">
            {t("plan.commit")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The box says "yes" of an item that is there and of a truth. */
function shown(v: Json, path: string): string {
  if (v === null || v === "") return ""
  if (v === "yes") return path.endsWith("]") ? path.replace(/^.*\[(.*)\]$/, "$1") : t("plan.yes")
  if (v === "no") return t("plan.no")
  return typeof v === "string" ? v : JSON.stringify(v)
}

export function DiffTable({ changes }: { changes: Change[] }) {
  return (
    <ul class="diff" data-testid="diff">
      {changes.map(c => (
        <li key={c.path}>
          <code class="small soft">{c.path}</code>
          <div class="row" style="gap:4px 12px">
            {c.old ? <del>{shown(c.old, c.path)}</del> : null}
            {c.new ? <ins>{shown(c.new, c.path)}</ins> : null}
          </div>
        </li>
      ))}
    </ul>
  )
}
