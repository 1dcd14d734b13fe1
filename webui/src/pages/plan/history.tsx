// Every revision that was in force, and the way back to it.
import { exact } from "../../format/time"
import { locale, t } from "../../i18n/i18n"
import { Button, Empty, Panel, Tag } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { trial } from "../../store/trial"
import { rev, revisions, rollback } from "./draft"

export function History() {
  const command = useCommand()
  const all = [...revisions.value].sort((a, b) => b.rev - a.rev)
  return (
    <Panel title={t("plan.history")} testid="history" flush>
      {all.length === 0 ? <Empty>{t("plan.history.empty")}</Empty> : null}
      <ul>
        {all.map((r, i) => (
          <li key={r.rev} class="revision">
            <strong class="num">{r.rev}</strong>
            <span class="grow">
              {r.note || t(r.who ? "plan.history.nonote" : "plan.history.factory")}
              <br />
              <span class="small soft">
                {exact(r.wall, locale.value)}
                {r.who ? ` · ${r.who}` : ""}
              </span>
            </span>
            {i === 0 || r.rev === rev.value ? (
              <Tag tone={trial.value?.rev === r.rev ? "warn" : "good"}>{t(trial.value?.rev === r.rev ? "plan.history.trial" : "plan.history.now")}</Tag>
            ) : (
              <Button small busy={command.busy} testid={`rollback-${r.rev}`} onClick={() => void command.run(() => rollback(r.rev))}>
                {t("plan.history.back")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refused of={command} />
      <p class="inside small soft" style="padding:12px 16px">
        <a href="/api/v1/settings/export" download="office.yaml">
          {t("plan.export")}
        </a>
      </p>
    </Panel>
  )
}
