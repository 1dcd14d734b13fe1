// Lines, providers and phones: one short row each.
import type { JSX } from "preact"
import type { TrunkUp } from "../../api/types"
import { t, tn, word, type Key } from "../../i18n/i18n"
import { may } from "../../store/session"
import { DialNumber } from "../../phone/dialnumber"
import { useView } from "../../store/store"
import { Button, Empty, Panel, StateBadge } from "../../ui/basics"
import { useCommand } from "../../ui/command"
import { Reach } from "./reach"

export function Lines() {
  const view = useView("trunk/lines").value
  const lines = view?.lines ?? []
  const trunks = view?.trunks ?? []
  return (
    <Panel title={t("floor.lines")} testid="lines" flush>
      {view && lines.length + trunks.length === 0 ? (
        <FirstStep say="floor.lines.empty" go="floor.lines.make" to="/plan/lines" />
      ) : (
        <ul class="ports">
          {lines.map(l => (
            <Port key={l.port} id={`line-${l.port}`} state={l.state} name={l.port} detail={l.text || l.number} badge={<StateBadge family="line" state={l.state} />} />
          ))}
          {trunks.map(k => (
            <Port
              key={k.name}
              id={`trunk-${k.name}`}
              state={k.up ? "up" : "down"}
              name={k.name}
              detail={k.up ? trunkUp(k) : k.code ? word("trunkcode", k.code) : k.text}
              badge={<StateBadge family="trunk" state={k.up ? "up" : "down"} />}
            />
          ))}
        </ul>
      )}
    </Panel>
  )
}

export function Stations() {
  const view = useView("station/stations").value
  const stations = view?.stations ?? []
  return (
    <Panel title={t("floor.stations")} testid="stations" flush>
      {view && stations.length === 0 ? (
        <FirstStep say="floor.stations.empty" go="floor.stations.make" to="/plan/stations" />
      ) : (
        <ul class="ports many">
          {stations.map(s => (
            <Port
              key={s.extension}
              id={`station-${s.extension}`}
              state={s.state}
              name={s.extension}
              detail={s.name || word("kind", s.kind)}
              badge={
                <>
                  <DialNumber number={s.extension} outside={false} {...(s.name ? { name: `${s.name} ${s.extension}` } : {})} />
                  {s.kind === "handset" ? <Messages station={s.extension} count={s.messages} /> : null}
                  <Reach station={s} />
                  <StateBadge family="station" state={s.state} />
                </>
              }
            />
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** The sign for messages at a telephone: reception puts it on and off. */
function Messages({ station, count }: { station: string; count: number }) {
  const command = useCommand()
  const say = t(count > 0 ? "floor.messages.clear" : "floor.messages.set", { station })
  return (
    <Button small busy={command.busy} label={say} testid={`messages-${station}`} onClick={() => void command.send("station/messages", { station, count: count > 0 ? 0 : 1 })}>
      ✉{count > 0 ? ` ${count}` : ""}
    </Button>
  )
}

function Port({ id, state, name, detail, badge }: { id: string; state: string; name: string; detail: string; badge: JSX.Element }) {
  return (
    <li class="port" data-testid={id} data-state={state}>
      <span class="num port-name cut">{name}</span>
      <span class="grow cut soft small" title={detail}>
        {detail}
      </span>
      {badge}
    </li>
  )
}

/** What an account does, and that not all of its servers do well. */
function trunkUp(k: TrunkUp) {
  const calls = tn("floor.trunk.calls", k.calls)
  const down = (k.servers ?? []).filter(s => !s.up)
  return down.length === 0 ? calls : `${calls} · ${t("floor.trunk.stands", { server: k.server, down: down.map(s => s.addr).join(", ") })}`
}

function FirstStep({ say, go, to }: { say: Key; go: Key; to: string }) {
  return (
    <Empty
      action={
        may("owner") ? (
          <a class="button" href={to}>
            {t(go)}
          </a>
        ) : null
      }
    >
      {t(say)}
    </Empty>
  )
}
