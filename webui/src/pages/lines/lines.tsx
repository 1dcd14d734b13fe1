// Lines: what is known of each outside line, its guided test and its certificate; and
// the acceptance sheet of the whole box.
import { useState } from "preact/hooks"
import type { Exam, LineProfile } from "../../api/types"
import { number, t, tn, word } from "../../i18n/i18n"
import { go, place } from "../../router"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Empty, Panel } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Select, TextInput } from "./inputs"
import { Certificate } from "./certificate"
import { last, linesOf, partners, running } from "./exam"
import "./lines.css"

// box is what the acceptance sheet is about, as the API calls it.
const box = "box"

export default function Lines() {
  const profiles = useView("line/profiles").value?.profiles ?? []
  const tests = useView("line/tests").value?.tests ?? []
  const lines = useView("trunk/lines").value
  const known = (lines?.lines ?? []).map(l => l.port)
  const ports = linesOf(profiles, known)
  const chosen = place.value.rest[0] ?? ports[0] ?? box // a box without lines is accepted too
  const whole = chosen === box
  if (!lines) return <Empty>{t("loading")}</Empty>
  return (
    <div class="lines-page" data-testid="lines">
      <Panel title={t("lines.title")} testid="line-list" flush>
        {ports.length === 0 ? <Empty>{t("lines.empty")}</Empty> : null}
        <ul>
          {ports.map(p => (
            <Line key={p} port={p} profile={profiles.find(x => x.port === p)} test={running(tests, p)} chosen={p === chosen} />
          ))}
          <li class={`line-row${whole ? " chosen" : ""}`} data-testid="acceptance-row">
            <a class="grow" href={`/lines/${box}`} aria-current={whole ? "true" : undefined}>
              {t("lines.acceptance")}
            </a>
          </li>
        </ul>
      </Panel>
      {whole ? <Certificate key={box} port={box} paper="acceptance" /> : null}
      {chosen && !whole && may("owner") ? <Test key={`test ${chosen}`} port={chosen} ports={ports} tests={tests} /> : null}
      {chosen && !whole ? <Changes port={chosen} profile={profiles.find(x => x.port === chosen)} /> : null}
      {chosen && !whole ? <Certificate key={chosen} port={chosen} /> : null}
    </div>
  )
}

function Line({ port, profile, test, chosen }: { port: string; profile: LineProfile | undefined; test: Exam | undefined; chosen: boolean }) {
  return (
    <li class={`line-row${chosen ? " chosen" : ""}`} data-testid={`line-${port}`}>
      <a href={`/lines/${port}`} aria-current={chosen ? "true" : undefined}>
        <strong>{port}</strong>
      </a>
      <span class="grow soft">
        {test ? `${word("test.step", test.step)} · ${test.percent} %` : profile ? tn("lines.learnt", profile.calls) : t("lines.unknown")}
      </span>
      {profile ? <span class="num nowrap">{t("lines.sure", { percent: number(profile.sure) })}</span> : null}
    </li>
  )
}

function Test({ port, ports, tests }: { port: string; ports: string[]; tests: Exam[] }) {
  const [other, setOther] = useState("")
  const [to, setTo] = useState("")
  const command = useCommand()
  const now = running(tests)
  const before = last(tests, port)
  return (
    <Panel title={t("lines.test")} testid="line-test">
      {now ? (
        <div class="exam" role="status" data-testid="exam">
          <p>
            {t("lines.test.runs", { port: now.port, step: word("test.step", now.step) })}
          </p>
          <progress max={100} value={now.percent} aria-label={t("lines.test")} />
          <Button kind="danger" busy={command.busy} testid="stop-test" onClick={() => void command.send("line/stop", { port: now.port })}>
            {t("lines.test.stop")}
          </Button>
        </div>
      ) : (
        <form
          class="exam"
          onSubmit={e => {
            e.preventDefault()
            go(`/lines/${port}`)
            void command.send("line/test", { port, with: other, number: to })
          }}
        >
          <p class="soft">{t("lines.test.hint")}</p>
          <Select label={t("lines.test.with")} value={other} onChange={setOther} testid="test-with" options={[["", t("lines.test.any")], ...partners(ports, port).map((p): [string, string] => [p, p])]} />
          <TextInput label={t("lines.test.number")} value={to} onChange={setTo} testid="test-number" />
          <Button kind="main" type="submit" busy={command.busy} testid="start-test">
            {t("lines.test.start", { port })}
          </Button>
          {before ? (
            <p data-testid="test-result" class={before.result === "done" ? "good" : "warn"}>
              {t("lines.test.last")} {word("test.result", before.result)}
            </p>
          ) : null}
        </form>
      )}
      <Refused of={command} />
    </Panel>
  )
}

function Changes({ port, profile }: { port: string; profile: LineProfile | undefined }) {
  const command = useCommand()
  const drifts = profile?.drifts ?? []
  if (!profile || !may("owner")) return null
  return (
    <Panel title={t("lines.changes")} testid="line-changes">
      {drifts.length === 0 ? <p class="soft">{t("lines.changes.none")}</p> : null}
      <ul>
        {drifts.map(d => (
          <li key={d.item} class="line-row">
            <span class="grow">{word("item", d.item)}</span>
            <Button small busy={command.busy} testid={`accept-${d.item}`} onClick={() => void command.send("line/accept", { port, item: d.item })}>
              {t("lines.accept")}
            </Button>
          </li>
        ))}
      </ul>
      <Button kind="quiet" small busy={command.busy} testid="forget-line" onClick={() => void (confirm(t("lines.forget.sure", { port })) && command.send("line/forget", { port }))}>
        {t("lines.forget")}
      </Button>
      <Refused of={command} />
    </Panel>
  )
}
