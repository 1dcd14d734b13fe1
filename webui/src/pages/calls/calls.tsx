// Calls: a table that filters as one types; a row opens its story.
import { useCallback, useEffect, useRef, useState } from "preact/hooks"
import { get } from "../../api/http"
import type { PastCall, Rec } from "../../api/types"
import { agentName, who } from "../../format/names"
import { clock, moment } from "../../format/time"
import { locale, t, tn, word } from "../../i18n/i18n"
import { go, place } from "../../router"
import { DialNumber } from "../../phone/dialnumber"
import { simulated } from "../../store/front"
import { may } from "../../store/session"
import { useRecords, useSoon, useView } from "../../store/store"
import { Button, Empty, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { HeardMark } from "../../ui/heard"
import { Icon } from "../../ui/icons"
import { Arrow } from "../../ui/arrow"
import { StoryPanel } from "./storypanel"
import "./calls.css"

const pageSize = 50
const typingMS = 150

type Answer = { calls: PastCall[] | null; more: boolean }

export default function Calls() {
  const [text, setText] = useState("")
  const [calls, setCalls] = useState<PastCall[]>()
  const [more, setMore] = useState(false)
  const [waiting, setWaiting] = useState(0)
  const [why, setWhy] = useState("")
  const pointing = useRef(false)
  const asked = useRef(0)
  const soon = useSoon(100)
  useView("acd/floor") // for the agents' names
  const open = Number(place.value.rest[0]) || 0

  const fetchCalls = useCallback(async (query: string, before = 0) => {
    const mine = ++asked.current
    try {
      const found = await get<Answer | { data: Answer }>(`calls?limit=${pageSize}${before ? `&before=${before}` : ""}&q=${encodeURIComponent(query)}`)
      if (mine !== asked.current) return
      const a = "data" in found ? found.data : found
      setCalls(old => (before ? [...(old ?? []), ...(a.calls ?? [])] : (a.calls ?? [])))
      setMore(a.more)
      setWhy("")
      if (!before) setWaiting(0)
    } catch (e) {
      if (mine === asked.current) setWhy(sentence(e))
    }
  }, [])

  useEffect(() => {
    const timer = setTimeout(() => void fetchCalls(text), calls ? typingMS : 0)
    return () => clearTimeout(timer)
  }, [text])

  // Nothing jumps under the pointer: new rows wait until it leaves, or are asked for.
  useRecords(
    useCallback(
      (r: Rec) => {
        if (r.kind !== "CallEnded" && r.kind !== "RecordingEnded" && r.kind !== "LegMeasured") return
        if (!pointing.current) soon(() => void fetchCalls(text))
        else if (r.kind === "CallEnded") setWaiting(n => n + 1)
      },
      [text],
    ),
  )

  return (
    <div class={open ? "calls with-story" : "calls"}>
      <Panel
        title={
          <input
            class="input"
            type="search"
            data-find
            data-testid="calls-filter"
            placeholder={t("calls.find")}
            aria-label={t("calls.find")}
            value={text}
            onInput={e => setText(e.currentTarget.value)}
          />
        }
        aside={
          waiting > 0 ? (
            <Button small testid="calls-new" onClick={() => void fetchCalls(text)}>
              {tn("calls.new", waiting)}
            </Button>
          ) : null
        }
        testid="calls"
        flush
      >
        {why ? <Notice tone="bad" box={false}>{why}</Notice> : null}
        {calls && calls.length === 0 ? <Nothing text={text} clear={() => setText("")} /> : null}
        {calls && calls.length > 0 ? (
          <div class="scroll-x" onPointerEnter={() => (pointing.current = true)} onPointerLeave={() => (pointing.current = false)}>
            <table class="table">
              <thead>
                <tr>
                  <th>{t("calls.when")}</th>
                  <th>{t("calls.who")}</th>
                  <th class="wide">{t("calls.to")}</th>
                  <th class="right wide">{t("calls.wait")}</th>
                  <th class="right">{t("calls.talk")}</th>
                  <th class="wide">{t("calls.end")}</th>
                  <th>
                    <span class="hidden-words">{t("calls.recording")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {calls.map(c => (
                  <Row key={c.call} call={c} open={c.call === open} />
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
        {more && calls ? (
          <p style="padding:12px;text-align:center">
            <Button testid="calls-more" onClick={() => void fetchCalls(text, calls.at(-1)?.call ?? 0)}>
              {t("more")}
            </Button>
          </p>
        ) : null}
      </Panel>
      {open ? <StoryPanel id={open} /> : null}
    </div>
  )
}

function Row({ call: c, open }: { call: PastCall; open: boolean }) {
  const show = () => go(open ? "/calls" : `/calls/${c.call}`)
  const lost = c.direction === "in" && !c.answered
  return (
    <tr
      tabIndex={0}
      aria-selected={open}
      aria-label={t("calls.open", { who: who(c) })}
      data-testid={`row-${c.call}`}
      onClick={show}
      onKeyDown={e => {
        if ((e.key === "Enter" || e.key === " ") && e.target === e.currentTarget) {
          e.preventDefault()
          show()
        }
      }}
    >
      <td class="num nowrap soft">{moment(c.began_wall, Date.now(), locale.value)}</td>
      <td>
        <div class="row" style="gap:8px;flex-wrap:nowrap">
          <Arrow direction={c.direction} />
          <span>
            <span class="nowrap">{who(c)}</span>
            {c.name && c.from ? <span class="number small soft num nowrap"> {c.from}</span> : null}
          </span>
          <DialNumber number={c.direction === "out" ? c.to : c.from} outside={c.direction !== "inside"} name={c.direction === "out" ? c.to : who(c)} />
        </div>
      </td>
      <td class="wide">{[agentName(c.agent) || c.station || (c.direction === "out" ? c.to : ""), c.queue].filter(Boolean).join(" · ")}</td>
      <td class="right num wide">{clock(c.wait_ms)}</td>
      <td class={`right num${lost ? " bad" : ""}`}>{lost ? <strong>{t("calls.lost")}</strong> : c.answered ? clock(c.talk_ms) : "–"}</td>
      <td class="small soft wide">{word("cause", c.cause)}</td>
      <td class="accent nowrap" style="width:36px">
        {c.recording && may("supervisor") ? <Icon name="sound" size={18} /> : null}
        {c.quality && c.quality.word !== "good" ? <HeardMark mos={c.quality.mos} /> : null}
      </td>
    </tr>
  )
}

function Nothing({ text, clear }: { text: string; clear: () => void }) {
  if (text) return <Empty action={<Button onClick={clear}>{t("calls.clear")}</Button>}>{t("calls.none", { text })}</Empty>
  const bench = simulated() && may("owner")
  return (
    <Empty
      action={
        bench ? (
          <a class="button" href="/bench">
            {t("calls.bench")}
          </a>
        ) : null
      }
    >
      {t("calls.empty")}
    </Empty>
  )
}
