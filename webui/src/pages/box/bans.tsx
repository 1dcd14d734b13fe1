// Bans: the addresses that SIP does not listen to for a while, and why.
import { useEffect, useState } from "preact/hooks"
import { del, get } from "../../api/http"
import type { Ban } from "../../api/types"
import { exact } from "../../format/time"
import { locale, number, t, word } from "../../i18n/i18n"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"

export function Bans() {
  const [bans, setBans] = useState<Ban[]>([])
  const [why, setWhy] = useState("")
  const since = useView("alarm/list").value?.alarms?.find(a => a.key === "sip-bans")?.args?.join() ?? ""
  const ask = (what: Promise<Ban[]>) => void what.then(setBans, e => setWhy(sentence(e)))
  useEffect(() => {
    if (may("supervisor")) ask(get<Ban[]>("bans"))
  }, [since])
  if (bans.length === 0) return null
  return (
    <Panel title={t("box.bans")} testid="bans" flush>
      <p class="inside small soft">{t("box.bans.why")}</p>
      {why ? <Notice tone="bad">{why}</Notice> : null}
      <div class="scroll-x">
        <table class="table folding">
          <tbody>
            {bans.map(b => (
              <tr key={b.address} data-testid={`ban-${b.address}`}>
                <td>
                  <strong>{b.address}</strong>
                </td>
                <td>{word("offence", b.why)}</td>
                <td class="nowrap">{t("box.bans.until", { when: exact(b.until, locale.value) })}</td>
                <td class="right num">{t("box.bans.dropped", { n: number(b.dropped) })}</td>
                <td class="right">
                  {may("owner") ? (
                    <Button small label={t("box.bans.lift")} testid={`lift-${b.address}`} onClick={() => ask(del<Ban[]>(`bans/${encodeURIComponent(b.address)}`))}>
                      {t("box.bans.lift")}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
