// Telephones that try to sign on and are refused, and what to do about each.
import { exact } from "../../format/time"
import { locale, number, t, type Key } from "../../i18n/i18n"
import { useView } from "../../store/store"
import { Panel } from "../../ui/basics"

export function RefusedPhones() {
  const phones = useView("security/refused-phones").value?.phones ?? []
  if (phones.length === 0) return null
  return (
    <Panel title={t("box.refused")} testid="refused-phones" flush>
      <div class="scroll-x">
        <table class="table folding">
          <tbody>
            {phones.map(p => (
              <tr key={`${p.user} ${p.address}`} data-testid={`refused-${p.user}`}>
                <td>
                  <strong>{p.address}</strong> <span class="small soft">{p.device}</span>
                </td>
                <td>{t("box.refused.as", { user: p.user || "–" })}</td>
                <td class="nowrap">{t("box.refused.times", { n: number(p.count), when: exact(p.last_wall, locale.value) })}</td>
                <td class="small">{t(`misfit.${p.why}` as Key)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
