// Agents as cards, ordered by state, then by the time in it; a card opens the
// changes that the reader may make.
import { useSignal } from "@preact/signals"
import type { AgentNow } from "../../api/types"
import { reasonName } from "../../format/names"
import { t } from "../../i18n/i18n"
import { may, session } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Elapsed, Empty, Panel, StateBadge } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { agentRank } from "../../ui/states"

const reasons = ["break", "meal", "training", "paperwork"]

export function Agents() {
  const agents = useView("acd/floor").value?.agents
  const ordered = [...(agents ?? [])].sort((a, b) => agentRank(a.state) - agentRank(b.state) || a.since_at - b.since_at || a.agent.localeCompare(b.agent))
  return (
    <Panel title={t("floor.agents")} testid="agents" flush>
      {agents && agents.length === 0 ? (
        <Empty
          action={
            may("owner") ? (
              <a class="button" href="/plan/people">
                {t("floor.agents.make")}
              </a>
            ) : null
          }
        >
          {t("floor.agents.empty")}
        </Empty>
      ) : (
        <ul class="agents">
          {ordered.map(a => (
            <Agent key={a.agent} agent={a} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Agent({ agent: a }: { agent: AgentNow }) {
  const open = useSignal(false)
  const mine = a.agent === session.value?.person
  const allowed = mine || may("supervisor")
  const name = a.label || a.agent
  return (
    <li class="agent" data-testid={`agent-${a.agent}`} data-state={a.state}>
      <div class="agent-line">
        <span class="grow">
          <strong class="cut" style="display:block">
            {name}
          </strong>
          <span class="small soft">{a.station ? t("floor.agent.at", { station: a.station }) : ""}</span>
        </span>
        <span class="agent-state">
          <StateBadge family="agent" state={a.state} detail={reasonName(a.reason) || undefined} />
          <span class="small soft">
            <Elapsed since={a.since_at} />
            {a.queue ? ` · ${a.queue}` : ""}
          </span>
        </span>
        {allowed ? (
          <Button kind="quiet" small label={t("floor.agent.change", { name })} testid={`agent-menu-${a.agent}`} pressed={open.value} onClick={() => (open.value = !open.value)}>
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
              <path d={open.value ? "M4 10l4-4 4 4" : "M4 6l4 4 4-4"} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
            </svg>
          </Button>
        ) : null}
      </div>
      {open.value ? <Changes agent={a} done={() => (open.value = false)} /> : null}
    </li>
  )
}

function Changes({ agent: a, done }: { agent: AgentNow; done: () => void }) {
  const command = useCommand()
  const send = async (path: string, body: object) => {
    if (await command.send(`acd/agent/${path}`, { agent: a.agent, ...body })) done()
  }
  const out = a.state === "signed-out"
  return (
    <div class="agent-changes">
      {out ? (
        <Button small busy={command.busy} testid="agent-sign-in" onClick={() => void send("sign-in", { station: a.station })}>
          {a.station ? t("floor.agent.signin", { station: a.station }) : t("floor.agent.begin")}
        </Button>
      ) : (
        <>
          {a.state === "ready" ? null : (
            <Button small kind="main" busy={command.busy} testid="agent-ready" onClick={() => void send("ready", {})}>
              {t("floor.agent.ready")}
            </Button>
          )}
          {reasons.map(reason => (
            <Button key={reason} small busy={command.busy} testid={`agent-away-${reason}`} onClick={() => void send("away", { reason })}>
              {t("floor.agent.away", { reason: reasonName(reason) })}
            </Button>
          ))}
          <Button small busy={command.busy} testid="agent-sign-out" onClick={() => void send("sign-out", {})}>
            {t("floor.agent.signout")}
          </Button>
        </>
      )}
      <Refused of={command} />
    </div>
  )
}
