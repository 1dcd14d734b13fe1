// The lifeline: whose telephone it is now, and how its last test went.
import { exact } from "../../format/time"
import { locale, number, t } from "../../i18n/i18n"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Panel } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"

export function Lifeline() {
  const life = useView("lifeline/lifeline").value
  const command = useCommand()
  if (!life?.fitted) return null
  const names = { line: life.line, handset: life.handset }
  const faults: Record<string, string> = {
    "no-line": t("box.lifeline.fault.no-line"),
    stuck: t("box.lifeline.fault.stuck"),
    dead: t("box.lifeline.fault.dead"),
    lost: t("box.lifeline.fault.lost"),
  }
  const last = life.last
  return (
    <Panel title={t("box.lifeline")} testid="lifeline">
      <p>{life.held ? t("box.lifeline.held", names) : t("box.lifeline.resting", names)}</p>
      {last ? (
        <p data-testid="lifeline-last">
          {t("box.lifeline.last", { when: exact(last.at, locale.value) })} ·{" "}
          <strong class={last.fault ? "bad" : "good"}>{last.fault ? (faults[last.fault] ?? last.fault) : t("box.lifeline.good")}</strong>
          {last.fault ? null : <span class="soft"> · {number(last.volts, 0)} V</span>}
        </p>
      ) : (
        <p class="soft">{t("box.lifeline.never")}</p>
      )}
      {life.next ? <p class="small soft">{t("box.lifeline.next", { when: exact(life.next, locale.value) })}</p> : null}
      {life.wanted ? <p class="small soft">{t("box.lifeline.wanted")}</p> : null}
      {may("owner") ? (
        <Button small busy={command.busy || life.wanted} label={t("box.lifeline.test")} testid="lifeline-test" onClick={() => void command.send("lifeline/test", {})}>
          {t("box.lifeline.test")}
        </Button>
      ) : null}
      <Refused of={command} />
    </Panel>
  )
}
