// Factory reset: what cannot be undone is said in full and asks for the password.
import { useState } from "preact/hooks"
import { post } from "../../api/http"
import { t } from "../../i18n/i18n"
import { Button, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { Text } from "../../ui/fields"

export function Reset() {
  const [password, setPassword] = useState("")
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [why, setWhy] = useState("")
  const go = () => {
    setBusy(true)
    post("box/reset", { password })
      .then(
        () => setDone(true),
        e => setWhy(sentence(e)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <Panel title={t("box.reset")} testid="reset">
      {done ? (
        <Notice tone="info">{t("box.reset.done")}</Notice>
      ) : (
        <details>
          <summary>{t("box.reset")}</summary>
          <p class="small">{t("box.reset.what")}</p>
          <Text label={t("box.reset.password")} type="password" value={password} onInput={setPassword} autocomplete="current-password" testid="reset-password" />
          {why ? <Notice tone="bad">{why}</Notice> : null}
          <p class="row">
            <Button kind="danger" busy={busy} disabled={!password} testid="reset-go" onClick={go}>
              {t("box.reset.go")}
            </Button>
          </p>
        </details>
      )}
    </Panel>
  )
}
