// The front of the box, drawn from the names of its lamps: system lamps on the
// left, then a socket for each line and handset.
import { useState } from "preact/hooks"
import { post } from "../api/http"
import type { Front } from "../api/types"
import { t } from "../i18n/i18n"
import { simulated } from "../store/front"
import { Button, Lamp } from "./basics"
import { Refused, useCommand } from "./command"
import { Icon } from "./icons"
import "./boxfront.css"

const byNumber = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true })

export function BoxFront({ front }: { front: Front }) {
  const lamps = front.lamps ?? {}
  const sockets = Object.keys(lamps).filter(n => /^fx[os]\d+$/.test(n)).sort(byNumber)
  const system = Object.keys(lamps).filter(n => !sockets.includes(n)).sort()
  return (
    <div class="box-front" role="group" aria-label={t("box.front.of")} data-testid="front">
      <div class="box-side">
        <Icon name="handset" size={22} />
        {system.map(name => (
          <div key={name} class="box-lamp" data-testid={`lamp-${name}`} data-lamp={lamps[name]}>
            <Lamp name={name} state={lamps[name] ?? "off"} />
            <span class="small">{name}</span>
          </div>
        ))}
      </div>
      {["fxo", "fxs"].map(kind => (
        <div key={kind} class="box-sockets">
          {sockets
            .filter(n => n.startsWith(kind))
            .map(name => (
              <div key={name} class="box-socket" data-testid={`lamp-${name}`} data-lamp={lamps[name]}>
                <Lamp name={name} state={lamps[name] ?? "off"} />
                <svg width="34" height="28" viewBox="0 0 34 28" aria-hidden="true">
                  <path d="M2 2h30v24h-8v-4H10v4H2z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" />
                  <path d="M12 5v5M16 5v5M18 5v5M22 5v5" stroke="currentColor" stroke-width="1.3" />
                </svg>
                <span class="small num">{name}</span>
              </div>
            ))}
        </div>
      ))}
      {simulated() ? <PushButton /> : null}
    </div>
  )
}

/** The button of a simulated board, held for as long as one says. */
function PushButton() {
  const [held, setHeld] = useState(500)
  const command = useCommand()
  return (
    <div class="box-button">
      <span class="small soft">{t("button.factory")}</span>
      <div class="row">
        <select class="input" style="width:auto" aria-label={t("button.factory")} value={held} onChange={e => setHeld(Number(e.currentTarget.value))}>
          {[500, 5000, 10000].map(ms => (
            <option key={ms} value={ms}>
              {ms / 1000} s
            </option>
          ))}
        </select>
        <Button small busy={command.busy} testid="push-button" onClick={() => void command.run(() => post("board/button", { button: "factory", held_ms: held }))}>
          {t("button.press")}
        </Button>
      </div>
      <Refused of={command} />
    </div>
  )
}
