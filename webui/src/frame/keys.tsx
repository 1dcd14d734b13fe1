// Everything by keyboard: "g" and a letter goes to a page, "/" finds, "?" shows
// the keys.
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { t } from "../i18n/i18n"
import { go } from "../router"
import { Dialog } from "../ui/dialog"
import { own } from "../phone/phone"
import { phoneKeys, phonePress } from "../phone/keys"
import { visible } from "./rail"

export const help = signal(false)

/** How long "g" waits for its letter. */
const patienceMS = 1200

const typing = (e: Event) => e.target instanceof Element && !!e.target.closest("input,select,textarea,[contenteditable]")

export function Keys() {
  useEffect(() => {
    let gAt = -Infinity
    const press = (e: KeyboardEvent) => {
      if (typing(e) || e.metaKey || e.ctrlKey || e.altKey || document.querySelector("dialog[open]")) return
      if (e.timeStamp - gAt < patienceMS) {
        gAt = -Infinity
        const page = visible().find(p => p.key === e.key)
        if (page) {
          e.preventDefault()
          go(`/${page.name}`)
        }
        return
      }
      const key = phoneKeys.find(k => k.key === e.key)
      const pressing = e.key === " " && e.target instanceof Element && e.target.closest("button,a,summary") // space is its own there
      if (key && !pressing && phonePress(key.of)) {
        e.preventDefault()
        return
      }
      if (e.key === "g") gAt = e.timeStamp
      else if (e.key === "?") help.value = true
      else if (e.key === "/") {
        const find = document.querySelector<HTMLInputElement>("[data-find]")
        if (find) {
          e.preventDefault()
          find.focus()
        }
      }
    }
    document.addEventListener("keydown", press)
    return () => document.removeEventListener("keydown", press)
  }, [])
  if (!help.value) return null
  const lines: [string[], string][] = [
    ...visible().map((p): [string[], string] => [["g", p.key], `${t("keys.go")} ${t(p.title)}`]),
    ...(own.value?.station ? phoneKeys.map((k): [string[], string] => [[k.key === " " ? "␣" : k.key], t(k.says)]) : []),
    [["/"], t("keys.find")],
    [["?"], t("keys.help")],
    [["Esc"], t("keys.escape")],
  ]
  return (
    <Dialog title={t("me.keys")} onClose={() => (help.value = false)} testid="keys">
      <ul class="stack">
        {lines.map(([keys, what]) => (
          <li key={what} class="row">
            <span style="min-width:5em" class="row">
              {keys.map(k => (
                <kbd key={k} class="kbd">
                  {k}
                </kbd>
              ))}
            </span>
            {what}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
