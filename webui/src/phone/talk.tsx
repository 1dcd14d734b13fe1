// A call that one makes or talks in: who, how well it is heard, and the keys.
import { useState } from "preact/hooks"
import { post } from "../api/http"
import type { LiveCall } from "../api/types"
import { t } from "../i18n/i18n"
import { useView } from "../store/store"
import { Button, Elapsed, Meter, Notice } from "../ui/basics"
import { Refused, useCommand } from "../ui/command"
import { DialPad } from "../ui/dialpad"
import { hangup, own, press, waiting } from "./phone"
import { Who } from "./ringing"
import { heard, mute, muted, quality, spoken } from "./sound"
import type { PhoneCall } from "./types"

export function Talk({ call: c }: { call: PhoneCall }) {
  const calls = useView("call/live").value?.calls ?? []
  const station = own.value?.station ?? ""
  const mine = calls.filter(x => (x.stations ?? []).includes(station) || x.station === station || x.from === station)
  const now = mine.find(x => x.held_by !== station && x.state !== "held") ?? mine[0]
  const held = mine.find(x => x.held_by === station)
  const [keys, setKeys] = useState(false)
  return (
    <>
      <Who caller={far(c, now, station)} about={about(c, now, station)} />
      <div class="row">
        <span class="grow num" data-testid="phone-time">{now?.connected_at ? <Elapsed since={now.connected_at} /> : null}</span>
        <Hint media={c.media} />
      </div>
      <div class="levels small">
        <span>{t("phone.spoken")}</span>
        <Meter value={spoken.value} label={t("phone.spoken")} tone="accent" />
        <span>{t("phone.heard")}</span>
        <Meter value={heard.value} label={t("phone.heard")} tone="info" />
      </div>
      {waiting.value ? (
        <Notice tone="info" testid="phone-waiting">
          <span class="grow">{t("phone.waiting", { who: waiting.value.name || waiting.value.from || t("someone") })}</span>
          <Button small testid="phone-waiting-refuse" onClick={() => void post("call/refuse", { station }).catch(() => {})}>
            {t("phone.reject")}
          </Button>
        </Notice>
      ) : null}
      <div class="keys">
        <Button small pressed={muted.value} testid="phone-mute" onClick={() => mute(!muted.value)}>
          {muted.value ? t("phone.unmute") : t("phone.mute")}
        </Button>
        <Button small pressed={keys} testid="phone-keys" onClick={() => setKeys(!keys)}>
          {t("phone.keys")}
        </Button>
      </div>
      {keys ? <DialPad label={t("phone.keys")} onKey={press} /> : null}
      {c.state === "up" ? <Calls station={station} held={held} second={!!now?.second || !!waiting.value} /> : null}
      <Button kind="danger" testid="phone-hangup" onClick={() => void hangup()}>
        {t("phone.hangup")}
      </Button>
    </>
  )
}

/** Who is at the far end: as the telephone was told, or as the box knows since. */
function far(c: PhoneCall, now: LiveCall | undefined, station: string) {
  if (c.state === "calling" || (now && now.from === station)) return { name: "", from: now?.to || c.to }
  return now ? { name: now.name, from: now.from } : c
}

function about(c: PhoneCall, now: LiveCall | undefined, station: string): string {
  if (c.state === "calling") return c.rings ? t("phone.state.rings") : t("phone.state.calling")
  if (now?.held_by === station) return t("phone.state.held")
  return t("phone.state.talking")
}

/** How well it is heard. */
function Hint({ media }: { media: PhoneCall["media"] }) {
  const q = media === "on" ? (quality.value ?? "good") : media === "joining" ? "joining" : "lost"
  const tone = { good: "good", fair: "warn", bad: "bad", joining: "soft", lost: "bad" }[q]
  return (
    <span class={`small ${tone}`} data-testid="phone-quality" data-quality={q}>
      {t(`phone.quality.${q}`)}
    </span>
  )
}

/** Hold, transfer and the second call: the same wishes as the keys of any telephone. */
function Calls({ station, held, second }: { station: string; held: LiveCall | undefined; second: boolean }) {
  const command = useCommand()
  const [to, setTo] = useState("")
  const send = async (verb: string, more: object = {}) => {
    if (await command.send(`call/${verb}`, { station, ...more })) setTo("")
  }
  const verb = (name: "hold" | "resume" | "swap" | "conference" | "transfer") => (
    <Button small busy={command.busy} testid={`phone-${name}`} onClick={() => void send(name)}>
      {t(`desk.${name}`)}
    </Button>
  )
  return (
    <>
      <div class="keys">{second ? [verb("swap"), verb("conference"), verb("transfer")] : held ? verb("resume") : verb("hold")}</div>
      {second ? null : (
        <form
          class="number transfer"
          onSubmit={e => {
            e.preventDefault()
            if (to) void send("transfer", { to })
          }}
        >
          <input class="input num" type="tel" value={to} autocomplete="off" aria-label={t("phone.transfer.to")} placeholder={t("phone.transfer.to")} data-testid="phone-transfer-to" onInput={e => setTo(e.currentTarget.value)} />
          <Button small type="submit" busy={command.busy} disabled={!to} testid="phone-send">
            {t("desk.send")}
          </Button>
          <Button small busy={command.busy} disabled={!to} testid="phone-consult" onClick={() => void send("consult", { to })}>
            {t("desk.consult")}
          </Button>
        </form>
      )}
      <Refused of={command} />
    </>
  )
}
