// Backup: the box in one encrypted file, and back. What a file would change is shown
// before it does; what was before stays at hand.
import { useState } from "preact/hooks"
import { backupBeforeURL, fetchFile, keep, send } from "../../api/http"
import type { BackupSheet } from "../../api/types"
import { exact } from "../../format/time"
import { locale, t } from "../../i18n/i18n"
import { Button, Notice, Panel } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { Errors, Field, Text } from "../../ui/fields"

export function Backup() {
  return (
    <Panel title={t("box.backup")} testid="backup">
      <p class="small soft">{t("box.backup.what")}</p>
      <Save />
      <Restore />
    </Panel>
  )
}

function Save() {
  const [password, setPassword] = useState("")
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState("")
  const [why, setWhy] = useState("")
  const save = () => {
    setBusy(true)
    fetchFile("box/backup", { password })
      .then(
        ({ name, file }) => {
          keep(name, file)
          setSaid(t("box.backup.saved", { name }))
          setWhy("")
        },
        e => setWhy(sentence(e)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <form
      onSubmit={e => {
        e.preventDefault()
        save()
      }}
    >
      <Text label={t("box.backup.password")} type="password" value={password} onInput={setPassword} autocomplete="new-password" testid="backup-password" />
      <p class="row">
        <Button kind="main" busy={busy} disabled={!password} testid="backup-save" onClick={save}>
          {t("box.backup.save")}
        </Button>
      </p>
      {said && !why ? <Notice tone="info">{said}</Notice> : null}
      {why ? <Notice tone="bad">{why}</Notice> : null}
    </form>
  )
}

function Restore() {
  const [file, setFile] = useState<File>()
  const [password, setPassword] = useState("")
  const [sheet, setSheet] = useState<BackupSheet>()
  const [done, setDone] = useState<BackupSheet>()
  const [busy, setBusy] = useState(false)
  const [why, setWhy] = useState("")
  const ask = (path: string, then: (s: BackupSheet) => void) => {
    if (!file) return
    setBusy(true)
    send<BackupSheet>(path, file, password)
      .then(
        s => {
          then(s)
          setWhy("")
        },
        e => {
          setSheet(undefined)
          setWhy(sentence(e))
        },
      )
      .finally(() => setBusy(false))
  }
  const other = () => {
    setSheet(undefined)
    setWhy("")
  }
  if (done) return <Done sheet={done} />
  return (
    <details data-testid="backup-restore">
      <summary>{t("box.backup.restore")}</summary>
      <Field label={t("box.backup.file")}>
        {a => (
          <input
            type="file"
            class="input"
            {...a}
            data-testid="backup-file"
            onChange={e => {
              setFile(e.currentTarget.files?.[0])
              other()
            }}
          />
        )}
      </Field>
      <Text
        label={t("box.backup.password")}
        type="password"
        value={password}
        autocomplete="off"
        testid="restore-password"
        onInput={p => {
          setPassword(p)
          other()
        }}
      />
      {why ? <Notice tone="bad" testid="restore-why">{why}</Notice> : null}
      {sheet ? <Sheet sheet={sheet} /> : null}
      <p class="row">
        {sheet ? (
          <Button kind="main" busy={busy} testid="restore-go" onClick={() => ask("box/backup/restore", setDone)}>
            {t("box.backup.go")}
          </Button>
        ) : (
          <Button busy={busy} disabled={!file || !password} testid="restore-look" onClick={() => ask("box/backup/look", setSheet)}>
            {t("box.backup.look")}
          </Button>
        )}
      </p>
    </details>
  )
}

function Sheet({ sheet: s }: { sheet: BackupSheet }) {
  return (
    <div data-testid="backup-sheet">
      <p>{t("box.backup.of", { office: s.office, when: exact(s.made, locale.value), serial: s.serial, board: s.board, program: s.program, accounts: s.accounts })}</p>
      <p>{s.changes.length ? t("box.backup.changes", { n: s.changes.length }) : t("box.backup.same")}</p>
      <ul class="small scroll-x">
        {s.changes.slice(0, 50).map(c => (
          <li key={c.path}>
            <strong>{c.path}</strong>: {c.old || "—"} → {c.new || "—"}
          </li>
        ))}
      </ul>
      <Errors errors={s.remarks} />
      <Notice tone="warn">{t("box.backup.goes")}</Notice>
    </div>
  )
}

function Done({ sheet }: { sheet: BackupSheet }) {
  return (
    <Notice tone="info" testid="backup-done">
      {t("box.backup.done")}{" "}
      {sheet.before ? (
        <a href={backupBeforeURL(sheet.before)} download={sheet.before}>
          {t("box.backup.before")}
        </a>
      ) : null}
    </Notice>
  )
}
