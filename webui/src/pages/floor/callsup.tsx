// The calls that are up, with their way out.
import { useState } from "preact/hooks"
import type { LiveCall } from "../../api/types"
import { agentName, placeName, who } from "../../format/names"
import { t } from "../../i18n/i18n"
import { may, session } from "../../store/session"
import { useFresh, useView } from "../../store/store"
import { Button, Elapsed, Empty, Panel, StateBadge } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Arrow } from "../../ui/arrow"
import { HeardBadge } from "../../ui/heard"
import { ShapeMark } from "../../ui/shapes"
import { DeskKeys, deskOf } from "./deskkeys"

export function CallsUp() {
  const calls = useView("call/live").value?.calls
  useFresh("call/live", 5000) // how it sounds tells no record
  if (!calls || calls.length === 0)
    return (
      <Panel title={t("floor.calls")} testid="live-calls" flush>
        <Empty>{calls ? t("floor.calls.empty") : t("loading")}</Empty>
      </Panel>
    )
  return (
    <Panel title={t("floor.calls")} testid="live-calls" flush>
      <div class="scroll-x">
        <table class="table folding">
          <thead>
            <tr>
              <th>{t("floor.calls.who")}</th>
              <th>{t("floor.calls.where")}</th>
              <th>{t("floor.calls.state")}</th>
              <th class="right">{t("floor.calls.time")}</th>
              <th>
                <span class="hidden-words">{t("floor.calls.hangup")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.map(c => (
              <CallRow key={c.call} call={c} agent={agentName(c.agent)} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function CallRow({ call: c, agent }: { call: LiveCall; agent: string }) {
  const command = useCommand()
  const [open, setOpen] = useState(false)
  const station = deskOf(c)
  const mine = c.agent !== "" && c.agent === session.value?.person
  return (
    <tr data-testid={`call-${c.call}`} data-state={c.state}>
      <td>
        <div class="row" style="gap:6px;flex-wrap:nowrap">
          <Arrow direction={c.direction} />
          <span>
            <span class="nowrap">{who(c)}</span>
            {c.name && c.from ? <span class="small soft num nowrap"> {c.from}</span> : null}
          </span>
        </div>
      </td>
      <td>
        {agent ? <strong>{agent} </strong> : null}
        <span class={agent ? "small soft" : ""}>{c.direction === "out" && c.to ? c.to : placeName(c.where)}</span>
      </td>
      <td>
        <StateBadge family="call" state={c.state} />
        {c.recording ? (
          <span class="small bad nowrap" title={t("floor.calls.recorded")}>
            {" "}
            <ShapeMark shape="full" size={9} /> <span>{t("floor.calls.recorded")}</span>
          </span>
        ) : null}
        {c.path ? (
          <span class="small" data-testid={`sound-of-${c.call}`}>
            {" "}
            {c.mos ? <HeardBadge mos={c.mos} /> : null} <span class="soft nowrap">{t(`sound.path.${c.path}`)}</span>
          </span>
        ) : null}
      </td>
      <td class="right">
        <Elapsed since={c.connected_at || c.began_at} />
      </td>
      <td class="right">
        {station ? (
          <Button small label={t("desk.open.of", { who: who(c) })} testid={`desk-open-${c.call}`} pressed={open} onClick={() => setOpen(!open)}>
            {t("desk.open")}
          </Button>
        ) : null}
        {may("supervisor") || mine ? (
          <Button kind="danger" small busy={command.busy} label={t("floor.calls.hangup.of", { who: who(c) })} testid={`hangup-${c.call}`} onClick={() => void command.send("call/hangup", { call: c.call })}>
            {t("floor.calls.hangup")}
          </Button>
        ) : null}
        <Refused of={command} />
        {station && open ? <DeskKeys call={c} station={station} done={() => setOpen(false)} /> : null}
      </td>
    </tr>
  )
}
