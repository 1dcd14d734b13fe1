// Box: the front with its lamps, the sockets, what is wrong, what is inside.
import { useEffect, useState } from "preact/hooks"
import { get, supportURL } from "../../api/http"
import type { About, Front } from "../../api/types"
import { boxSays, number, t, word } from "../../i18n/i18n"
import { useFront } from "../../store/front"
import { useView } from "../../store/store"
import { Elapsed, Empty, Panel, Tag } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { ShapeMark } from "../../ui/shapes"
import { BoxFront } from "../../ui/boxfront"
import { Devices } from "./devices"
import { Backup } from "./backup"
import { Bans } from "./bans"
import { Certificate } from "./certificate"
import { may } from "../../store/session"
import { RefusedPhones } from "./refused"
import { Lifeline } from "./lifeline"
import { Providers } from "./providers"
import { Reset } from "./reset"
import { Spent } from "./spent"
import { Update } from "./update"
import "./box.css"

export default function Box() {
  const front = useFront().value
  return (
    <div class="box-page" data-testid="box">
      {front ? (
        <Panel title={t("box.front")}>
          <BoxFront front={front} />
        </Panel>
      ) : null}
      <Alarms />
      {front ? <Ports front={front} /> : null}
      <Lifeline />
      {may("supervisor") ? <RefusedPhones /> : null}
      <Bans />
      <Certificate />
      {may("supervisor") ? <Providers /> : null}
      {may("supervisor") ? <Spent /> : null}
      <Devices />
      {may("owner") ? <Update /> : null}
      {may("owner") ? <Backup /> : null}
      {may("owner") ? <Reset /> : null}
      <Inside />
    </div>
  )
}

function Alarms() {
  const alarms = useView("alarm/list").value?.alarms ?? []
  return (
    <Panel title={t("box.alarms")} testid="alarms" flush>
      {alarms.length === 0 ? (
        <p class="inside row good" style="padding:16px">
          <ShapeMark shape="full" />
          <span>{t("box.alarms.none")}</span>
        </p>
      ) : (
        <ul>
          {alarms.map(a => (
            <li key={a.key} class="alarm" data-testid={`alarm-${a.key}`}>
              <Tag tone={a.severity === "critical" || a.severity === "major" ? "bad" : "warn"}>
                <ShapeMark shape="triangle" size={10} />
                {word("severity", a.severity)}
              </Tag>
              <span class="grow">{boxSays(a.text, a.args)}</span>
              <span class="small soft nowrap">
                {t("box.alarms.since")} <Elapsed since={a.since_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Ports({ front }: { front: Front }) {
  const ports = front.ports ?? []
  return (
    <Panel title={t("box.ports")} testid="ports" flush>
      {ports.length === 0 ? <Empty>{t("box.ports.empty")}</Empty> : null}
      <div class="scroll-x">
        <table class="table folding">
          <thead>
            <tr>
              <th>{t("box.port")}</th>
              <th>{t("box.state")}</th>
              <th class="right">{t("box.volts")}</th>
              <th class="right">{t("box.current")}</th>
              <th>{t("box.chip")}</th>
            </tr>
          </thead>
          <tbody>
            {ports.map(({ port, status: s }) => (
              <tr key={port} data-testid={`port-${port}`}>
                <td>
                  <strong>{port}</strong>
                </td>
                <td>
                  {s.Fault || s.Ready === false ? (
                    <span class="state bad">
                      <ShapeMark shape="cross" />
                      <span title={s.Fault}>{s.Reason ? word("fault", s.Reason) : s.Fault || t("box.fault")}</span>
                    </span>
                  ) : (
                    <span class={`state ${s.OffHook ? "accent" : s.Ringing ? "info" : "soft"}`} style="font-weight:400">
                      <ShapeMark shape={s.OffHook ? "play" : s.Ringing ? "half" : "full"} />
                      {s.OffHook ? t("box.offhook") : s.Ringing ? t("box.ringing") : t("box.ready")}
                    </span>
                  )}
                  {s.REN ? <span class={`small ${s.REN > 5.5 ? "warn" : "soft"}`}> · {t("box.ren", { n: number(s.REN, 1) })}</span> : null}
                  {s.Reversed ? <span class="small soft"> · {t("box.polarity.reversed")}</span> : null}
                </td>
                <td class="right num nowrap">{number(s.Volts ?? 0, 1)} V</td>
                <td class="right num nowrap">{number(s.MilliAmp ?? 0, 1)} mA</td>
                <td class="small soft">{s.Chip}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Inside() {
  const [about, setAbout] = useState<About>()
  const [why, setWhy] = useState("")
  useEffect(() => {
    get<About | { data: About }>("about").then(
      a => setAbout("data" in a ? a.data : a),
      e => setWhy(sentence(e)),
    )
  }, [])
  if (!about) return <Panel title={t("box.about")}>{why || t("loading")}</Panel>
  const facts: [string, string][] = [
    [t("box.version"), about.version],
    [t("box.board"), about.board],
    [t("box.serial"), about.serial],
    [t("box.go"), about.go],
    [t("box.features"), (about.features ?? []).join(", ")],
    [
      t("box.sounds"),
      Object.entries(about.sounds ?? {})
        .map(([l, state]) => `${l}: ${state}`)
        .join(", "),
    ],
  ]
  return (
    <Panel title={t("box.about")} testid="about">
      <dl class="facts">
        {facts
          .filter(([, v]) => v)
          .map(([k, v]) => (
            <div key={k}>
              <dt class="small soft">{k}</dt>
              <dd>{v}</dd>
            </div>
          ))}
      </dl>
      {may("owner") ? (
        <p class="inside">
          <a href={supportURL} download data-testid="support">
            {t("box.support")}
          </a>
        </p>
      ) : null}
      {about.licences?.length ? (
        <details class="licences">
          <summary>
            {t("box.licences")} ({number(about.licences.length)})
          </summary>
          {about.licences.map(l =>
            l.text ? (
              <details key={l.name}>
                <summary>
                  {l.name} <span class="small soft">{l.licence}</span>
                </summary>
                <pre>{l.text}</pre>
              </details>
            ) : (
              <p key={l.name}>
                {l.name} <span class="small soft">{l.licence}</span>
              </p>
            ),
          )}
        </details>
      ) : null}
    </Panel>
  )
}
