// Queues: waiting callers as tokens in the order they will be served, and today's
// figures.
import type { QueueNow, Waiting } from "../../api/types"
import { who } from "../../format/names"
import { clock } from "../../format/time"
import { percent, t } from "../../i18n/i18n"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Elapsed, Empty, Figure, Panel } from "../../ui/basics"
import { ShapeMark } from "../../ui/shapes"

export function Queues() {
  const queues = useView("acd/floor").value?.queues
  return (
    <Panel title={t("floor.queues")} testid="queues" flush>
      {queues && queues.length === 0 ? (
        <Empty
          action={
            may("owner") ? (
              <a class="button" href="/plan/queues">
                {t("floor.queues.make")}
              </a>
            ) : null
          }
        >
          {t("floor.queues.empty")}
        </Empty>
      ) : (
        (queues ?? []).map(q => <Queue key={q.queue} queue={q} />)
      )}
    </Panel>
  )
}

function Queue({ queue: q }: { queue: QueueNow }) {
  const waiting = [...(q.waiting ?? [])].sort((a, b) => a.position - b.position)
  const decided = q.answered + q.abandoned // who still waits is neither
  const share = decided > 0 ? q.within_target / decided : undefined
  const target = q.target_share / 100
  return (
    <article class="queue" data-testid={`queue-${q.queue}`} aria-label={q.queue}>
      <div class="row">
        <h3 class="grow">{q.queue}</h3>
        <span class="small soft num">{t("floor.queue.agents", { ready: q.agents_ready, all: q.agents_signed_in })}</span>
      </div>
      {waiting.length === 0 ? (
        <p class="soft small">{t("floor.queue.none")}</p>
      ) : (
        <ol class="tokens">
          {waiting.map(w => (
            <Token key={w.call} waiting={w} target={q.target_ms} />
          ))}
        </ol>
      )}
      <dl class="figures">
        <Figure value={q.offered} label={t("floor.queue.offered")} />
        <Figure value={q.answered} label={t("floor.queue.answered")} />
        <Figure value={q.abandoned} label={t("floor.queue.abandoned")} tone={q.abandoned > 0 ? "bad" : undefined} />
        {q.target_ms > 0 ? (
          <Figure
            value={share === undefined ? "–" : percent(share)}
            label={t("floor.queue.target", { time: clock(q.target_ms), share: percent(target) })}
            tone={share === undefined ? undefined : share >= target ? "good" : "warn"}
          />
        ) : null}
      </dl>
    </article>
  )
}

function Token({ waiting: w, target }: { waiting: Waiting; target: number }) {
  return (
    <li class="token" data-testid={`waiting-${w.call}`} title={t("floor.place", { n: w.position })}>
      <span class="warn" aria-hidden="true">
        <ShapeMark shape="half" />
      </span>
      <span class="grow cut">
        <span class="hidden-words">{t("floor.place", { n: w.position })} </span>
        {who(w)}
      </span>
      <Elapsed since={w.since_at} warnAfter={target} />
    </li>
  )
}
