// A handset of the office: lift, dial, speak, hang up; its display and its ear.
import { useState } from "preact/hooks"
import { wish, type End, type Handset } from "../../api/bench"
import { t } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { DialPad } from "../../ui/dialpad"
import { Icon } from "../../ui/icons"
import { Ear } from "./ear"
import { refreshTown } from "./town"

export function HandsetCard({ handset: h }: { handset: Handset }) {
  const end: End = { kind: "handset", name: h.name }
  const [digits, setDigits] = useState("")
  const command = useCommand()
  const act = (what: string, body: object = {}) =>
    command.run(async () => {
      await wish(end, what, body)
      await refreshTown()
    })
  const shown = [h.shown.name, h.shown.number || h.shown.reason].filter(Boolean).join(" ")
  const state = h.off_hook ? "offhook" : h.ringing ? "ringing" : "onhook"
  return (
    <article class={`end ${state}`} data-testid={`handset-${h.name}`} data-state={state} aria-label={h.name}>
      <div class="end-head">
        <button
          type="button"
          class={`phone${h.bell ? " bell" : ""}`}
          disabled={command.busy}
          aria-pressed={h.off_hook}
          aria-label={t(h.off_hook ? "bench.hangup.of" : "bench.lift.of", { name: h.name })}
          data-testid={`lift-${h.name}`}
          onClick={() => void act(h.off_hook ? "hangup" : "lift")}
        >
          <Icon name="handset" size={28} />
        </button>
        <div class="grow">
          <div class="row">
            <strong>{h.name}</strong>
            {h.message_lamp ? <span class="small warn">{t("bench.messages")}</span> : null}
            <span class={`small ${h.ringing && !h.off_hook ? "info" : "soft"}`}>{t(`bench.${state}`)}</span>
          </div>
          <div class="display num cut" role="group" aria-label={t("bench.shows")}>
            {shown || " "}
          </div>
        </div>
        <Button small busy={command.busy} kind={h.off_hook ? "danger" : h.ringing ? "main" : "plain"} onClick={() => void act(h.off_hook ? "hangup" : "lift")}>
          {h.off_hook ? t("bench.hangup") : t("bench.lift")}
        </Button>
      </div>
      {h.off_hook ? (
        <div class="hand">
          <DialPad label={t("bench.pad", { name: h.name })} onKey={d => void act("dial", { digits: d })} />
          <div class="stack" style="gap:8px">
            <form
              class="row"
              onSubmit={async e => {
                e.preventDefault()
                if (digits && (await act("dial", { digits }))) setDigits("")
              }}
            >
              <input
                class="input grow"
                inputMode="tel"
                aria-label={t("bench.dial.digits")}
                placeholder={t("bench.dial.digits")}
                value={digits}
                data-testid={`digits-${h.name}`}
                onInput={e => setDigits(e.currentTarget.value)}
              />
              <Button small type="submit" kind="main" busy={command.busy || h.dialling} testid={`dial-${h.name}`}>
                {t("bench.dial")}
              </Button>
            </form>
            <div class="row">
              <Button small testid={`speak-${h.name}`} pressed={h.speaking} onClick={() => void act("speak", h.speaking ? { voice: "silent" } : { voice: "babble:2", loop: true })}>
                {h.speaking ? t("bench.quiet") : t("bench.speak")}
              </Button>
              <Button small testid={`flash-${h.name}`} onClick={() => void act("flash")}>
                {t("bench.flash")}
              </Button>
            </div>
            {h.dialled ? <span class="small soft num">{t("bench.dialled", { digits: h.dialled })}</span> : null}
          </div>
        </div>
      ) : null}
      <Ear end={end} hears={h.hears} />
      <Refused of={command} />
    </article>
  )
}
