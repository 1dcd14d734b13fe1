// What calls to the outside have cost, and which were not let out.
import { exact } from "../../format/time"
import { locale, t, type Key } from "../../i18n/i18n"
import { useView } from "../../store/store"
import { Panel } from "../../ui/basics"
import { sentenceOf } from "../calls/sentence"

/** More rows than anybody reads; those nearest to their limit come first. */
const rows = 20

export function Spent() {
  const view = useView("guard/spending").value
  if (!view) return null
  const accounts = [...(view.accounts ?? [])].sort((a, b) => b.percent - a.percent).slice(0, rows)
  const refused = view.refused ?? []
  return (
    <Panel title={t("box.guard")} testid="spent">
      {view.off ? <p class="warn">{t("box.guard.off")}</p> : null}
      {accounts.length === 0 ? <p class="soft">{t("box.guard.none")}</p> : null}
      <ul>
        {accounts.map(a => (
          <li key={a.of} class="row" data-testid={`spent-${a.of}`}>
            <strong>{a.of.replace("station/", "")}</strong>
            <span class="grow small">
              {t("box.guard.spent", { day: a.minutes_day, month: a.minutes_month })}
              {a.money_month !== "0.00" ? ` · ${t("box.guard.paid", { day: `${a.money_day} ${view.currency}`, month: `${a.money_month} ${view.currency}` })}` : ""}
            </span>
            {a.limit ? <span class={`small ${a.percent >= 80 ? "bad" : "soft"}`}>{t("box.guard.limit", { percent: a.percent, most: a.most, limit: t(`spendlimit.${a.limit}` as Key) })}</span> : null}
          </li>
        ))}
      </ul>
      {refused.length ? <h3>{t("box.guard.refused")}</h3> : null}
      <ul data-testid="refused">
        {refused.slice(0, rows).map(r => (
          <li key={`${r.call}-${r.wall}`} class="small">
            <span class="soft">{exact(r.wall, locale.value)}</span> · {r.station} · {sentenceOf({ kind: "CallBarred", at: r.wall, body: { ...r } } as unknown as Parameters<typeof sentenceOf>[0])}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
