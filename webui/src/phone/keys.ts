// The telephone by keyboard: each key is a click on its button, where it is shown.
import type { Key } from "../i18n/i18n"

export const phoneKeys: { key: string; of: string[]; says: Key }[] = [
  { key: " ", of: ["phone-answer"], says: "keys.answer" },
  { key: "h", of: ["phone-hold", "phone-resume"], says: "keys.hold" },
  { key: "t", of: ["phone-transfer-to"], says: "keys.transfer" },
  { key: "m", of: ["phone-mute"], says: "keys.mute" },
]

/** Presses the first of these buttons that is shown, or goes into a field. */
export function phonePress(names: string[]): boolean {
  for (const name of names) {
    const found = document.querySelector<HTMLElement>(`[data-testid="${name}"]`)
    if (!found) continue
    if (found instanceof HTMLInputElement) found.focus()
    else found.click()
    return true
  }
  return false
}
