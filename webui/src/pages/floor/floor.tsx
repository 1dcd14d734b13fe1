// Floor: who waits, who answers, what is up, live.
import { computed } from "@preact/signals"
import { clock } from "../../format/time"
import { t, tn } from "../../i18n/i18n"
import { now, useView } from "../../store/store"
import { Agents } from "./agents"
import { CallsUp } from "./callsup"
import { Lines, Stations } from "./ports"
import { Queues } from "./queues"
import "./floor.css"

export default function Floor() {
  return (
    <div class="floor" data-testid="floor">
      <Sentence />
      <div class="floor-main">
        <Queues />
        <CallsUp />
        <div class="floor-ports">
          <Lines />
          <Stations />
        </div>
      </div>
      <div class="floor-side">
        <Agents />
      </div>
    </div>
  )
}

/** The answer first: how many wait, since when, and who could take them. */
function Sentence() {
  const floor = useView("acd/floor")
  const longest = computed(() => {
    const since = (floor.value?.queues ?? []).flatMap(q => (q.waiting ?? []).map(w => w.since_at))
    return since.length ? now.value - Math.min(...since) : 0
  })
  if (!floor.value) return <p class="floor-sentence soft">{t("loading")}</p>
  const waiting = (floor.value.queues ?? []).reduce((n, q) => n + (q.waiting ?? []).length, 0)
  const ready = (floor.value.agents ?? []).filter(a => a.state === "ready").length
  return (
    <p class="floor-sentence num" data-testid="floor-sentence">
      {waiting ? tn("floor.waiting", waiting, { longest: clock(longest.value) }) : t("floor.nobody")}{" "}
      <span class="soft">{tn("floor.ready", ready)}</span>
    </p>
  )
}
