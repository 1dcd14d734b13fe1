// Somebody calls from outside: number, name, country, voice and what they press.
import { useState } from "preact/hooks"
import { wish } from "../../api/bench"
import { t, word, type Key } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Dialog } from "../../ui/dialog"
import { Check, Field, Select, Text } from "../../ui/fields"
import { callBody, first, parseScript, signs } from "./callbody"
import { choices, refreshTown } from "./town"

// The next call begins as the last one was.
let last = first

export function CallDialog({ line, onClose }: { line: string; onClose: () => void }) {
  const [f, setF] = useState(last)
  const command = useCommand()
  const set = (part: Partial<typeof first>) => setF({ ...f, ...part })
  const c = choices.value
  const script = parseScript(f.script)
  const wrong = typeof script === "number" ? [{ path: "script", reason: t("bench.script.wrong", { n: script }) }] : []
  const submit = async (e: Event) => {
    e.preventDefault()
    if (wrong.length) return
    last = f
    const done = await command.run(async () => {
      await wish({ kind: "line", name: line }, "call", callBody(f))
      await refreshTown()
    })
    if (done) onClose()
  }
  const voice = (v: string) => t(`bench.voice.${v}` as Key)
  return (
    <Dialog title={t("bench.call.title", { line })} onClose={onClose} testid="call-dialog">
      <form class="stack" onSubmit={submit}>
        <div class="pair">
          <Text label={t("bench.number")} type="tel" value={f.number} onInput={number => set({ number })} testid="call-number" />
          <Text label={t("bench.name")} value={f.name} onInput={name => set({ name })} testid="call-name" />
        </div>
        <Check label={t("bench.withheld")} value={f.withheld} onChange={withheld => set({ withheld })} testid="call-withheld" />
        <div class="pair">
          <Select
            label={t("bench.country")}
            value={f.country}
            onChange={country => set({ country })}
            options={[{ value: "", text: t("bench.country.line") }, ...(c?.countries ?? []).map(v => ({ value: v, text: word("country", v) }))]}
            testid="call-country"
          />
          <Select
            label={t("bench.callerid")}
            value={f.caller_id}
            onChange={caller_id => set({ caller_id })}
            options={[{ value: "", text: t("bench.callerid.country") }, ...(c?.caller_id ?? []).map(v => ({ value: v, text: v }))]}
            testid="call-style"
          />
        </div>
        <div class="pair">
          <Select
            label={t("bench.voice")}
            value={f.voice}
            onChange={v => set({ voice: v })}
            options={[...(c?.voices ?? ["babble", "echo", "silent"]).map(v => ({ value: v, text: voice(v) })), ...(c?.files ?? []).map(v => ({ value: v, text: v }))]}
            testid="call-voice"
          />
          <Select
            label={t("bench.sign")}
            value={f.sign}
            onChange={sign => set({ sign })}
            options={Object.keys(signs).map(v => ({ value: v, text: t(`bench.sign.${v}` as Key) }))}
            testid="call-sign"
          />
        </div>
        <div class="pair three">
          <Text label={t("bench.digits")} value={f.digits} onInput={digits => set({ digits })} testid="call-digits" />
          <Text label={t("bench.digits.after")} value={f.after} onInput={after => set({ after })} testid="call-digits-after" />
          <Text label={t("bench.hangup.after")} hint={t("bench.hangup.after.hint")} value={f.hangup} onInput={hangup => set({ hangup })} testid="call-hangup-after" />
        </div>
        <details open={!!f.script}>
          <summary>{t("bench.script")}</summary>
          <Field label={t("bench.script.steps")} hint={t("bench.script.hint")} errors={wrong}>
            {a => (
              <textarea
                class="input"
                {...a}
                rows={5}
                placeholder={"wait 4\npress 1\nsay babble 20\nuntil silence 10\nhangup"}
                value={f.script}
                data-testid="call-script"
                onInput={e => set({ script: e.currentTarget.value })}
              />
            )}
          </Field>
        </details>
        <Refused of={command} />
        <div class="row">
          <Button type="submit" kind="main" busy={command.busy} testid="call-go">
            {t("bench.go")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  )
}
