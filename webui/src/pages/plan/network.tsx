// The box's own address as it is, beside the fields that set it: and where they do
// not, because the computer's own system does.
import { useEffect, useState } from "preact/hooks"
import { get } from "../../api/http"
import type { NetworkNow } from "../../api/types"
import { t } from "../../i18n/i18n"
import { Notice } from "../../ui/basics"
import { rev } from "./draft"

export function Network() {
  const [now, setNow] = useState<NetworkNow>()
  useEffect(() => {
    get<NetworkNow>("box/network").then(setNow, () => setNow(undefined))
  }, [rev.value])
  if (!now) return null
  return (
    <div class="stack" style="margin-bottom:18px" data-testid="network" data-owned={now.owned}>
      <p class="small soft">{t("plan.network.now", { name: now.host_name, addresses: now.addresses.join(", ") || "—" })}</p>
      <Notice tone="info">{t(now.owned ? "plan.network.owned" : "plan.network.foreign")}</Notice>
      {now.trouble ? <Notice tone="bad">{now.trouble}</Notice> : null}
    </div>
  )
}
