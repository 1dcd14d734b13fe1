// Says that the settings in force do not last by themselves, for how long still, and
// takes the word of who sees that they are good, or not.
import { useCallback, useEffect } from "preact/hooks"
import type { Rec } from "../api/types"
import { clock } from "../format/time"
import { t } from "../i18n/i18n"
import { session } from "../store/session"
import { useRecords } from "../store/store"
import { askTrial, keepTrial, left, returnTrial, trial } from "../store/trial"
import { Button, Notice } from "../ui/basics"
import { Refused, useCommand } from "../ui/command"

/** While something is on trial another person may end it, which makes no record. */
const lookEveryMS = 5_000

export function TrialBar() {
  const on = trial.value
  const over = !!on && left.value === 0
  const command = useCommand()
  useEffect(() => void askTrial(), [session.value?.person, over])
  useRecords(useCallback((r: Rec) => void (/^(SettingsCommitted|BoxStarted)$/.test(r.kind) && askTrial()), []))
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => void askTrial(), lookEveryMS)
    return () => clearInterval(timer)
  }, [on?.rev])
  if (!on) return null
  const time = clock(left.value)
  const elsewhere = on.moves && on.address !== "" && on.address !== location.hostname
  return (
    <Notice tone="warn" box={false} testid="trial">
      <div class="row trial">
        <span class="grow">
          {elsewhere ? t("trial.moves", { address: on.address }) : on.moves ? t("trial.moved") : t("trial.on", { rev: on.rev, back: on.back })}{" "}
          <span data-testid="trial-left">{t("trial.left", { time })}</span>
        </span>
        {elsewhere ? (
          <a class="button small main" href={`${location.protocol}//${on.address}${location.port ? `:${location.port}` : ""}/`} data-testid="trial-open">
            {t("trial.open")}
          </a>
        ) : null}
        <Button small kind={elsewhere ? "plain" : "main"} busy={command.busy} testid="trial-keep" onClick={() => void command.run(keepTrial)}>
          {t("trial.keep")}
        </Button>
        <Button small busy={command.busy} testid="trial-return" onClick={() => void command.run(returnTrial)}>
          {t("trial.return")}
        </Button>
      </div>
      <Refused of={command} />
    </Notice>
  )
}
