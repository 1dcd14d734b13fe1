// Telephones that fetch their settings from the box: the window, who has come, who
// was found, and what to type or scan.
import { useState } from "preact/hooks"
import { get } from "../../api/http"
import type { DeviceCard, DeviceNow } from "../../api/types"
import { exact } from "../../format/time"
import { locale, t } from "../../i18n/i18n"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Empty, Panel } from "../../ui/basics"
import { Refused, sentence, useCommand } from "../../ui/command"
import { ShapeMark } from "../../ui/shapes"

export function Devices() {
  return may("owner") ? <Phones /> : null
}

function Phones() {
  const view = useView("provision/devices").value
  const command = useCommand()
  if (!view) return null
  const devices = view.devices ?? []
  const found = view.found ?? []
  const open = view.until > 0
  return (
    <Panel title={t("box.devices")} testid="devices">
      <p class={open ? "good" : "soft"} data-testid="devices-window">
        {open ? t("box.devices.open", { when: exact(view.until, locale.value) }) : t("box.devices.closed")}
      </p>
      <p class="row">
        <Button small kind={open ? "plain" : "main"} busy={command.busy} testid="devices-open" onClick={() => void command.send("provision/open", { minutes: 30 })}>
          {open ? t("box.devices.longer") : t("box.devices.let")}
        </Button>
        {open ? (
          <Button small busy={command.busy} testid="devices-close" onClick={() => void command.send("provision/close", {})}>
            {t("box.devices.end")}
          </Button>
        ) : null}
      </p>
      <Refused of={command} />
      {devices.length === 0 ? <Empty>{t("box.devices.empty")}</Empty> : null}
      <ul>
        {devices.map(d => (
          <Device key={d.name} of={d} />
        ))}
      </ul>
      {found.length ? (
        <>
          <h3>{t("box.devices.found")}</h3>
          <ul>
            {found.map(f => (
              <li key={f.mac} data-testid={`found-${f.mac}`}>
                <strong class="num">{f.mac}</strong> {f.vendor} {f.model} <span class="small soft">{f.from}</span>
              </li>
            ))}
          </ul>
          <p class="small soft">{t("box.devices.found.hint")}</p>
        </>
      ) : null}
    </Panel>
  )
}

function Device({ of: d }: { of: DeviceNow }) {
  const [card, setCard] = useState<DeviceCard>()
  const [why, setWhy] = useState("")
  const show = () =>
    get<DeviceCard>(`devices/${encodeURIComponent(d.name)}`).then(setCard, e => setWhy(sentence(e)))
  return (
    <li class="device" data-testid={`device-${d.name}`}>
      <p class="row">
        <span class={`state ${d.phone ? "good" : "soft"}`}>
          <ShapeMark shape={d.phone ? "full" : "half"} />
          <strong>{d.name}</strong>
        </span>
        <span class="grow soft">
          {d.vendor} {d.mac} · {d.extension} {d.label}
        </span>
        <Button small testid={`device-show-${d.name}`} onClick={() => (card ? setCard(undefined) : void show())}>
          {card ? t("box.devices.hide") : t("box.devices.how")}
        </Button>
      </p>
      <p class="small soft">
        {d.fetched_at ? t("box.devices.fetched", { when: exact(d.fetched_at, locale.value), from: d.from }) : t("box.devices.never")}
        {d.refused_at > d.fetched_at ? ` · ${t("box.devices.refused", { when: exact(d.refused_at, locale.value) })}` : ""}
      </p>
      {why ? <p class="small bad">{why}</p> : null}
      {card ? <Card of={card} /> : null}
    </li>
  )
}

function Card({ of: card }: { of: DeviceCard }) {
  const code = card.code ?? []
  return (
    <div class="device-card" data-testid="device-card">
      {code.length ? <Code rows={code} label={card.address} /> : null}
      <div>
        <p>{code.length ? t("box.devices.scan") : t("box.devices.type")}</p>
        <p>
          <code>{card.address}</code>
        </p>
        {card.menu ? (
          <p class="small">
            {t("box.devices.menu")} <code>{card.menu}</code>
          </p>
        ) : null}
      </div>
    </div>
  )
}

/** A QR code with the four light modules around it that ISO/IEC 18004 asks for. */
function Code({ rows, label }: { rows: string[]; label: string }) {
  const size = rows.length + 8
  const path = rows.flatMap((row, y) => [...row].map((c, x) => (c === "#" ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("")
  return (
    <svg class="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
