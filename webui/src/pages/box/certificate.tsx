// The certificate: what the box shows to browsers and telephones, who does not trust
// it and what to do about that; the owner may bring another.
import { useEffect, useState } from "preact/hooks"
import { del, get, put } from "../../api/http"
import type { Certificate as Shown } from "../../api/types"
import { exact } from "../../format/time"
import { locale, t, word } from "../../i18n/i18n"
import { may } from "../../store/session"
import { Button, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { Field } from "../../ui/fields"

export function Certificate() {
  const [shown, setShown] = useState<Shown>()
  const [why, setWhy] = useState("")
  const [busy, setBusy] = useState(false)
  const ask = (what: Promise<Shown>) => {
    setBusy(true)
    what
      .then(c => {
        setShown(c)
        setWhy("")
      }, e => setWhy(sentence(e)))
      .finally(() => setBusy(false))
  }
  useEffect(() => ask(get<Shown>("certificate")), [])
  if (!shown) return why ? <Panel title={t("box.certificate")}>{why}</Panel> : null
  return (
    <Panel title={t("box.certificate")} testid="certificate">
      {shown.state ? <Notice tone={shown.state === "ended" ? "bad" : "warn"} testid="certificate-state">{remedy(shown)}</Notice> : null}
      <p>
        {word("certificate", shown.kind)} · {t("box.certificate.ends", { when: exact(shown.ends, locale.value) })}
      </p>
      <p class="small soft">{shown.names.join(", ")}</p>
      {shown.uncovered.length ? <Notice tone="info">{t("box.certificate.uncovered", { names: shown.uncovered.join(", ") })}</Notice> : null}
      <p class="small">
        {shown.https ? t("box.certificate.https", { at: shown.https }) : t("box.certificate.nohttps")} {shown.sip ? t("box.certificate.sip", { at: shown.sip }) : null}
      </p>
      <p>
        <a href={shown.page}>{t("box.certificate.guide")}</a>
      </p>
      {shown.acme.records.map(r => (
        <Notice key={r.name} tone="info">
          {t("box.certificate.record", r)}
        </Notice>
      ))}
      {shown.distrusted.length ? (
        <div data-testid="distrusted">
          <p>{t("box.certificate.distrusted")}</p>
          <ul>
            {shown.distrusted.map(d => (
              <li key={d.from} class="small">
                <strong>{d.from}</strong> · {exact(d.at, locale.value)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {why ? <Notice tone="bad">{why}</Notice> : null}
      {may("owner") ? <Own busy={busy} own={shown.kind === "own"} send={(chain, key) => ask(put<Shown>("certificate", { chain, key }))} back={() => ask(del<Shown>("certificate"))} /> : null}
    </Panel>
  )
}

function remedy(c: Shown): string {
  const when = exact(c.ends, locale.value)
  if (c.state === "ended") return t("box.certificate.ended", { when })
  return c.state === "failed" ? t("box.certificate.failed", { why: c.acme.problem }) : t("box.certificate.ending", { when })
}

function Own({ busy, own, send, back }: { busy: boolean; own: boolean; send: (chain: string, key: string) => void; back: () => void }) {
  const [chain, setChain] = useState("")
  const [key, setKey] = useState("")
  return (
    <details class="own-certificate" data-testid="own-certificate">
      <summary>{t("box.certificate.own")}</summary>
      <Field label={t("box.certificate.chain")} hint={t("box.certificate.chain.hint")}>
        {a => <textarea class="input" {...a} rows={5} spellcheck={false} value={chain} data-testid="own-chain" onInput={e => setChain(e.currentTarget.value)} />}
      </Field>
      <Field label={t("box.certificate.key")} hint={t("box.certificate.key.hint")}>
        {a => <textarea class="input" {...a} rows={5} spellcheck={false} value={key} data-testid="own-key" onInput={e => setKey(e.currentTarget.value)} />}
      </Field>
      <p class="row">
        <Button kind="main" busy={busy} disabled={!chain || !key} testid="own-send" onClick={() => { send(chain, key); setKey("") }}>
          {t("box.certificate.send")}
        </Button>
        {own ? <Button busy={busy} testid="own-back" onClick={back}>{t("box.certificate.back")}</Button> : null}
      </p>
    </details>
  )
}
