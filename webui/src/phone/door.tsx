// The telephone's place in the frame: its button in the bar, its panel at the
// corner. Whose person has no extension sees neither; the panel is fetched for the
// others when the page stands.
import type { ComponentType } from "preact"
import { useCallback, useEffect, useState } from "preact/hooks"
import type { Rec } from "../api/types"
import { t } from "../i18n/i18n"
import { useRecords } from "../store/store"
import { Icon } from "../ui/icons"
import { again, begin, call, end, link, own, shown } from "./phone"

export function PhoneButton() {
  if (!own.value?.station) return null
  const state = call.value?.state ?? link.value
  const label = `${own.value.station} · ${t(`phone.button.${state}`)}`
  return (
    <button type="button" class="button quiet phone-button" aria-expanded={shown.value} aria-label={label} title={label} data-testid="phone-button" data-state={state} onClick={() => (shown.value = !shown.value)}>
      <span class={`row ${state === "here" ? "good" : state === "off" ? "soft" : state === "away" || state === "elsewhere" ? "warn" : "accent"}`} style="gap:4px">
        <Icon name="handset" />
        <span class="small num">{own.value.station}</span>
      </span>
    </button>
  )
}

export function PhoneDoor() {
  const [Panel, setPanel] = useState<{ is: ComponentType } | undefined>()
  useEffect(() => {
    void begin()
    return end
  }, [])
  useRecords(useCallback((r: Rec) => void (r.kind === "SettingsCommitted" && void again()), []))
  const wanted = !!own.value?.station
  useEffect(() => {
    if (wanted) void import("./panel").then(m => setPanel({ is: m.default })).catch(() => {})
  }, [wanted])
  return Panel ? <Panel.is /> : null
}
