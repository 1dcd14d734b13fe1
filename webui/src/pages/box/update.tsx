// Update: a new version beside the running one. The box does the steps by itself and
// this panel looks at it; a picture that does not come is a box that starts anew.
import { useEffect, useState } from "preact/hooks"
import { get, post, putFile } from "../../api/http"
import type { UpdateState } from "../../api/types"
import { t } from "../../i18n/i18n"
import { Button, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { Field } from "../../ui/fields"

const path = "box/update"
const lookEvery = 1500 // ms, while something is under way
const lookSeldom = 20_000

export function Update() {
  const [state, setState] = useState<UpdateState>()
  const [sending, setSending] = useState(false)
  const [why, setWhy] = useState("")
  const [looks, setLooks] = useState(0)
  const still = state && !sending && (state.phase === "idle" || state.phase === "checked")
  useEffect(() => {
    get<UpdateState>(path).then(setState, () => {})
    const next = setTimeout(() => setLooks(looks + 1), still ? lookSeldom : lookEvery)
    return () => clearTimeout(next)
  }, [looks, still])
  const ask = (done: Promise<UpdateState>) =>
    done
      .then(
        s => {
          setState(s)
          setWhy("")
        },
        e => setWhy(sentence(e)),
      )
      .finally(() => {
        setSending(false)
        setLooks(n => n + 1)
      })
  const put = (file: File) => {
    setSending(true)
    void ask(putFile<UpdateState>(path, file))
  }
  if (!state) return null
  return (
    <Panel title={t("box.update")} testid="update">
      {state.offered ? <Steps state={state} sending={sending} why={why} put={put} ask={(step, body) => void ask(post<UpdateState>(`${path}/${step}`, body))} /> : <p class="small soft">{t("box.update.none")}</p>}
    </Panel>
  )
}

interface StepsProps {
  state: UpdateState
  sending: boolean
  why: string
  put: (file: File) => void
  ask: (step: string, body?: unknown) => void
}

function Steps({ state: s, sending, why, put, ask }: StepsProps) {
  const version = s.bundle?.version ?? ""
  const said = why || s.problem_text
  return (
    <>
      <p class="small soft">{t("box.update.what")}</p>
      {s.last ? (
        <Notice tone={s.last.result === "good" ? "info" : "bad"} testid="update-last">
          {s.last_text}
        </Notice>
      ) : null}
      {said && said !== s.last_text ? (
        <Notice tone="bad" testid="update-why">
          {said}
        </Notice>
      ) : null}
      {s.phase === "idle" ? null : (
        <p data-testid="update-phase">{t(`box.update.state.${s.phase}`, { version, percent: s.percent, mb: Math.floor(s.received / (1 << 20)), calls: s.calls })}</p>
      )}
      {s.phase === "receiving" && s.size > 0 ? <progress max={s.size} value={s.received} /> : null}
      {s.phase === "writing" ? <progress max={100} value={s.percent} /> : null}
      {s.bundle?.older ? <Notice tone="warn">{t("box.update.older", { version: s.version })}</Notice> : null}
      <p class="row">
        {s.phase === "checked" ? (
          <Button kind="main" testid="update-install" onClick={() => ask("install")}>
            {t("box.update.install", { version })}
          </Button>
        ) : null}
        {s.phase === "waiting" ? (
          <Button kind="danger" testid="update-now" onClick={() => ask("restart")}>
            {t("box.update.now")}
          </Button>
        ) : null}
        {s.phase === "checked" || s.phase === "waiting" ? (
          <Button testid="update-cancel" onClick={() => ask("cancel")}>
            {t("box.update.cancel")}
          </Button>
        ) : null}
        {s.phase === "idle" && s.last?.result === "fell-back" ? (
          <Button testid="update-known" onClick={() => ask("cancel")}>
            {t("box.update.known")}
          </Button>
        ) : null}
      </p>
      {s.phase === "idle" && !sending ? <Pick sticks={s.sticks} put={put} take={name => ask("stick", { name })} /> : null}
    </>
  )
}

function Pick({ sticks, put, take }: { sticks: string[]; put: (file: File) => void; take: (name: string) => void }) {
  const [file, setFile] = useState<File>()
  return (
    <>
      <Field label={t("box.update.file")}>
        {a => <input type="file" accept=".raucb" class="input" {...a} data-testid="update-file" onChange={e => setFile(e.currentTarget.files?.[0])} />}
      </Field>
      <p class="row">
        <Button kind="main" disabled={!file} testid="update-send" onClick={() => file && put(file)}>
          {t("box.update.send")}
        </Button>
        {sticks.map(name => (
          <Button key={name} testid="update-stick" onClick={() => take(name)}>
            {t("box.update.stick", { name })}
          </Button>
        ))}
      </p>
    </>
  )
}
