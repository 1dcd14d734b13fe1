// The panel of the telephone: what it asks, offers and shows depends on what it is
// doing.
import { useEffect, useState } from "preact/hooks"
import { t, word } from "../i18n/i18n"
import { Button, Notice } from "../ui/basics"
import { DialPad } from "../ui/dialpad"
import { Icon } from "../ui/icons"
import { Devices } from "./devicespanel"
import { call, dial, disable, enable, ending, link, mute, own, problem, refusal, shown } from "./phone"
import { Ringing } from "./ringing"
import { soundProblem } from "./sound"
import { Talk } from "./talk"
import "./phone.css"

export default function PhonePanel() {
  const c = call.value
  const [devices, setDevices] = useState(false)
  useEffect(() => {
    if (c) setDevices(false)
  }, [c?.leg])
  if (!shown.value) return null
  return (
    <section class={`phone${c?.state === "ringing" ? " ringing" : ""}`} aria-label={t("phone.title")} data-testid="phone" data-state={c?.state ?? link.value} data-media={c?.media ?? "none"}>
      <header>
        <h2 class="grow cut">
          {t("phone.title")} <span class="num">{own.value?.station}</span>
        </h2>
        {link.value === "here" ? (
          <Button kind="quiet" label={t("phone.devices")} testid="phone-devices" pressed={devices} onClick={() => setDevices(!devices)}>
            <Icon name="sound" />
          </Button>
        ) : null}
        <Button kind="quiet" label={t("close")} testid="phone-close" onClick={() => (shown.value = false)}>
          <Icon name="close" />
        </Button>
      </header>
      <div class="inside">
        <Troubles />
        {devices ? <Devices /> : c?.state === "ringing" ? <Ringing call={c} /> : c ? <Talk call={c} /> : link.value === "here" || link.value === "away" ? <Idle /> : <Off />}
      </div>
    </section>
  )
}

/** What stands in the way, each with the way out. */
function Troubles() {
  const p = problem.value ?? soundProblem.value ?? (call.value?.media === "failed" ? "no-path" : undefined)
  return (
    <>
      {p ? (
        <Notice tone="bad" testid={`phone-problem-${p}`}>
          <span>
            {t(`phone.problem.${p}`)}{" "}
            {p === "insecure" ? (
              <a href="/trust" target="_blank">
                {t("phone.problem.insecure.go")}
              </a>
            ) : null}
          </span>
        </Notice>
      ) : null}
      {refusal.value ? (
        <Notice tone="bad" testid="phone-refusal">
          {refusal.value}
        </Notice>
      ) : null}
      {mute.value && call.value?.state === "ringing" ? <Notice tone="warn">{t("phone.touch")}</Notice> : null}
    </>
  )
}

/** Not the telephone yet, or no more. */
function Off() {
  const [busy, setBusy] = useState(false)
  const me = own.value
  if (!me?.station) return <p>{t("phone.none")}</p>
  if (!me.allowed) return <p>{t("phone.forbidden", { station: me.station })}</p>
  const go = async (take: boolean) => {
    setBusy(true)
    await enable(take)
    setBusy(false)
  }
  return link.value === "elsewhere" ? (
    <>
      <p data-testid="phone-elsewhere">{t("phone.elsewhere")}</p>
      <Button kind="main" busy={busy} testid="phone-take" onClick={() => void go(true)}>
        {t("phone.take")}
      </Button>
    </>
  ) : (
    <>
      <p>{me.alone ? t("phone.offer.alone", { station: me.station }) : t("phone.offer", { station: me.station })}</p>
      <Button kind="main" busy={busy} testid="phone-enable" onClick={() => void go(false)}>
        {t("phone.enable")}
      </Button>
    </>
  )
}

/** Ready for a number. */
function Idle() {
  const [to, setTo] = useState("")
  const away = link.value === "away"
  return (
    <>
      {away ? <Notice tone="warn">{t("phone.away")}</Notice> : null}
      {ending.value ? (
        <p class="soft" role="status" data-testid="phone-ended" data-cause={ending.value}>
          {t("phone.ended", { why: word("cause", ending.value) })}
        </p>
      ) : null}
      <form
        class="number"
        onSubmit={e => {
          e.preventDefault()
          if (to) void dial(to).then(ok => ok && setTo(""))
        }}
      >
        <input class="input num" type="tel" value={to} autocomplete="off" aria-label={t("phone.number")} placeholder={t("phone.number")} data-testid="phone-number" onInput={e => setTo(e.currentTarget.value)} />
        <Button kind="main" type="submit" disabled={!to || away} testid="phone-call">
          {t("phone.call")}
        </Button>
      </form>
      <DialPad label={t("phone.keys")} onKey={k => setTo(to + k)} />
      <Button kind="quiet" small testid="phone-disable" onClick={() => void disable()}>
        {t("phone.disable")}
      </Button>
    </>
  )
}
