// The story of one call: who, where, the sound, and what happened in order.
import { useCallback, useEffect, useState } from "preact/hooks"
import { get, Refusal } from "../../api/http"
import type { CallStory, Rec } from "../../api/types"
import { who } from "../../format/names"
import { clock, exact } from "../../format/time"
import { locale, t, tn, word } from "../../i18n/i18n"
import { DialNumber } from "../../phone/dialnumber"
import { may } from "../../store/session"
import { now, useRecords, useSoon } from "../../store/store"
import { Button, Empty } from "../../ui/basics"
import { Refused, sentence, useCommand } from "../../ui/command"
import { Icon } from "../../ui/icons"
import { go } from "../../router"
import { Axis, Player } from "./player"
import { sentenceOf } from "./sentence"
import { SoundSection } from "./soundpanel"
import { forPeople, judged, tell } from "./story"

export function StoryPanel({ id }: { id: number }) {
  const [call, setCall] = useState<CallStory>()
  const [why, setWhy] = useState("")
  const [tick, setTick] = useState(0)
  useEffect(() => {
    let current = true
    get<CallStory | { data: CallStory }>(`calls/${id}`).then(
      c => current && (setWhy(""), setCall("data" in c ? c.data : c)),
      e => current && setWhy(e instanceof Refusal && e.status === 404 ? t("story.missing") : sentence(e)),
    )
    return () => {
      current = false
    }
  }, [id, tick])
  const soon = useSoon(300)
  useRecords(
    useCallback(
      (r: Rec) => {
        if (r.body?.call === id) setTick(n => n + 1)
        else if (r.kind === "LegMeasured") soon(() => setTick(n => n + 1)) // names no call, and comes after the call's end
      },
      [id],
    ),
  )
  return (
    <aside class="panel story" data-testid="story" aria-label={t("story.title", { n: id })}>
      <header>
        <h2 class="grow cut">{call && call.call === id ? who(call) : t("story.title", { n: id })}</h2>
        {call && call.call === id ? <DialNumber number={call.direction === "out" ? call.to : call.from} outside={call.direction !== "inside"} name={who(call)} /> : null}
        <Button kind="quiet" label={t("close")} testid="story-close" onClick={() => go("/calls")}>
          <Icon name="close" />
        </Button>
      </header>
      {why ? <Empty>{why}</Empty> : call && call.call === id ? <Told call={call} /> : <Empty>{t("story.loading")}</Empty>}
    </aside>
  )
}

/** What to do about a cause, "" for those that need nothing. */
function remedyOf(cause: string): string {
  const said = word("remedy", cause)
  return said === cause ? "" : said
}

function Told({ call }: { call: CallStory }) {
  const events = call.events ?? []
  const story = tell(events, now.peek())
  const shown = events.filter(e => forPeople(e))
  const hidden = events.length - shown.length
  return (
    <div class="inside stack" style="gap:16px">
      <p class="soft">
        {[
          call.name ? call.from : "",
          word("direction", call.direction),
          exact(call.began_wall, locale.value),
          call.cause ? word("cause", call.cause) : "",
          call.q850 ? (call.sip ? t("story.codes", { sip: call.sip, q850: call.q850 }) : t("story.q850", { q850: call.q850 })) : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {remedyOf(call.cause) ? <p class="small" data-testid="story-remedy">{remedyOf(call.cause)}</p> : null}
      <div>
        <Axis story={story} />
        {call.recording && may("supervisor") ? <Player call={call} story={story} /> : <p class="soft small" style="margin-top:8px">{t(call.recording ? "story.notyours" : "story.nosound")}</p>}
      </div>
      <SoundSection events={events} />
      <section>
        <h3>{t("story.events")}</h3>
        <ol class="events">
          {shown.map((e, i) => (
            <li key={i}>
              <span class="num soft">{clock(e.at - story.from)}</span>
              <span>{sentenceOf(e)}</span>
            </li>
          ))}
          {hidden > 0 ? <li class="soft small">{tn("event.hidden", hidden)}</li> : null}
        </ol>
        {judged(events) ? <WasCut id={call.call} /> : null}
      </section>
    </div>
  )
}

/** Lets a person say that the box hung up on somebody who was still there. */
function WasCut({ id }: { id: number }) {
  const command = useCommand()
  const [said, setSaid] = useState(false)
  if (said) return <p class="soft small">{t("story.cut.done")}</p>
  return (
    <>
      <Button
        kind="quiet"
        testid="story-cut"
        busy={command.busy}
        onClick={() => void command.send("line/cut", { call: id }).then(ok => ok && setSaid(true))}
      >
        {t("story.cut")}
      </Button>
      <Refused of={command} />
    </>
  )
}
