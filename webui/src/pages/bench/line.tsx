// A line to the street: who calls in, what the outside hears, the cable itself.
import { useState } from "preact/hooks"
import { wish, type End, type OutsideLine } from "../../api/bench"
import { t, word } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Icon } from "../../ui/icons"
import { CallDialog } from "./calldialog"
import { Ear } from "./ear"
import { refreshTown } from "./town"

export function LineCard({ line: l }: { line: OutsideLine }) {
  const end: End = { kind: "line", name: l.name }
  const [open, setOpen] = useState(false)
  const command = useCommand()
  const act = (what: string, body: object = {}) =>
    command.run(async () => {
      await wish(end, what, body)
      await refreshTown()
    })
  const idle = l.state === "idle"
  const who = [l.caller, l.number].filter(Boolean).join(" ")
  return (
    <article class={`end ${idle ? "onhook" : "offhook"}`} data-testid={`outside-${l.name}`} data-state={l.state} aria-label={l.name}>
      <div class="end-head">
        <span class="phone" aria-hidden="true">
          <Icon name="line" size={28} />
        </span>
        <div class="grow">
          <div class="row">
            <strong>{l.name}</strong>
            <span class="small soft">{l.country}</span>
            <span class={`small ${l.cut ? "bad" : idle ? "soft" : "info"}`}>{l.cut ? t("bench.cut.now") : word("outside", l.state)}</span>
          </div>
          <div class="display num cut">{(idle ? "" : who) || (l.dialled ? t("bench.dialled", { digits: l.dialled }) : " ")}</div>
        </div>
        {idle ? (
          <Button small kind="main" label={t("bench.call", { line: l.name })} testid={`call-in-${l.name}`} onClick={() => setOpen(true)}>
            {t("bench.call.short")}
          </Button>
        ) : (
          <Button small kind="danger" busy={command.busy} label={t("bench.hangup.outside")} testid={`outside-hangup-${l.name}`} onClick={() => void act("hangup")}>
            {t("bench.hangup")}
          </Button>
        )}
        <Button small kind="quiet" testid={`cut-${l.name}`} pressed={l.cut} onClick={() => void act("cut", { cut: !l.cut })}>
          {l.cut ? t("bench.join") : t("bench.cut")}
        </Button>
        <Button small kind="quiet" testid={`beside-${l.name}`} pressed={l.beside} onClick={() => void act("beside", { lifted: !l.beside })}>
          {l.beside ? t("bench.beside.back") : t("bench.beside")}
        </Button>
      </div>
      <Ear end={end} hears={l.hears} />
      <Refused of={command} />
      {open ? <CallDialog line={l.name} onClose={() => setOpen(false)} /> : null}
    </article>
  )
}
