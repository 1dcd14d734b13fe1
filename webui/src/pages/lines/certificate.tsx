// The certificate of a line, or the acceptance sheet of the box: one page, on the
// screen, on a phone and on paper.
import { useCallback, useEffect, useState } from "preact/hooks"
import { get, paperURL } from "../../api/http"
import type { Rec, Sheet } from "../../api/types"
import { lang, t } from "../../i18n/i18n"
import { useRecords } from "../../store/store"
import { Button, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { ShapeMark } from "../../ui/shapes"

const shapes = { good: "full", bad: "cross", unknown: "ring" } as const
const tones = { good: "good", bad: "bad", unknown: "soft" } as const

// news are the facts after which a sheet may look different.
const news = { certificate: /^Line/, acceptance: /^(Line|LegAnswered|PhoneChanged|TrunkChanged|SettingsCommitted)/ }

export function Certificate({ port, paper = "certificate" }: { port: string; paper?: keyof typeof news }) {
  const [sheet, setSheet] = useState<Sheet>()
  const [why, setWhy] = useState("")
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    get<Sheet>(`line/${paper}/${port}`).then(setSheet, e => setWhy(sentence(e)))
  }, [port, paper, turn, lang.value])
  useRecords(useCallback((r: Rec) => void (news[paper].test(r.kind) && setTurn(n => n + 1)), [paper]))
  if (!sheet) return <Panel title={t(`lines.${paper}`)}>{why || t("loading")}</Panel>
  return (
    <Panel
      title={sheet.title}
      testid="certificate"
      flush
      aside={
        <span class="row no-print">
          <Button small onClick={() => print()}>
            {t("lines.print")}
          </Button>
          <a class="button small" href={paperURL(paper, port)} target="_blank" rel="noreferrer" data-testid="certificate-pdf">
            PDF
          </a>
        </span>
      }
    >
      <p class={`certificate-summary ${tones[sheet.verdict]}`} data-testid="certificate-verdict" data-verdict={sheet.verdict}>
        <ShapeMark shape={shapes[sheet.verdict]} /> {sheet.summary}
      </p>
      <dl class="facts certificate-facts">
        {sheet.facts.map(f => (
          <div key={f.name}>
            <dt class="small soft">{f.name}</dt>
            <dd>{f.value}</dd>
          </div>
        ))}
      </dl>
      <ul class="certificate-rows">
        {sheet.rows.map(r => (
          <li key={r.id} data-testid={`row-${r.id}`} data-verdict={r.verdict}>
            <span class="name">{r.name}</span>
            <span class="value num">
              {r.value}
              {r.sure > 0 ? <span class="small soft"> · {r.sure} %</span> : null}
            </span>
            <span class={`state ${tones[r.verdict]}`}>
              <ShapeMark shape={shapes[r.verdict]} />
              {r.says}
            </span>
            <span class="small advice">{r.advice}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
