// Who is signed in, and the page's own wishes (language, light or dark).
import { effect, signal } from "@preact/signals"
import { del, get, post, put, Refusal, whenSignedOut } from "../api/http"
import type { Lang, Role, Session } from "../api/types"
import { lang, speak } from "../i18n/i18n"
import { start } from "./store"

/** undefined while asking, null when nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined)
/** The box did not answer at all when the page asked who is there. */
export const boxAway = signal(false)

let stop: (() => void) | undefined

function enter(s: Session | null) {
  if (s && !s.must_change && !stop) stop = start(() => enter(null))
  if ((!s || s.must_change) && stop) {
    stop()
    stop = undefined
  }
  session.value = s
  if (s && !s.must_change && chosen) {
    void put("session/language", { language: chosen }).catch(() => {})
    chosen = undefined
  } else if (s && !chosen && (s.language === "es" || s.language === "it" || s.language === "en") && !forced) void speak(s.language)
}

/** A language in the address ("?lang=pseudo") wins: pictures and tests use it. */
const forced = new URLSearchParams(location.search).get("lang")

export async function askWho() {
  whenSignedOut(() => enter(null))
  try {
    enter(await get<Session>("session"))
    boxAway.value = false
  } catch (e) {
    boxAway.value = e instanceof Refusal && e.status !== 401
    if (!boxAway.value) enter(null)
    else setTimeout(() => void askWho(), 2000)
  }
}

export async function signIn(user: string, password: string) {
  enter(await post<Session>("session", { user, password }))
}

export async function changePassword(old: string, next: string) {
  await post("session/password", { old, new: next })
  const s = session.value
  if (s) enter({ ...s, must_change: false })
}

export async function signOut() {
  try {
    await del("session")
  } finally {
    enter(null)
  }
}

/** A language chosen before anybody was signed in. */
let chosen: Lang | undefined

export async function chooseLanguage(l: Lang) {
  await speak(l)
  if (!session.value) chosen = l
  else await put("session/language", { language: l }).catch(() => {})
}

const ranks: Role[] = ["agent", "supervisor", "owner", "installer"]

/** Whether the signed-in person may do what this role may; a higher one may all. */
export function may(role: Role): boolean {
  const s = session.value
  return !!s && ranks.indexOf(s.role) >= ranks.indexOf(role)
}

export type Theme = "auto" | "light" | "dark"
const stored = localStorage.getItem("theme")
export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "auto")
effect(() => {
  localStorage.setItem("theme", theme.value)
  if (theme.value === "auto") delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
})

export const firstLanguage = (): string => {
  const known = [forced, localStorage.getItem("lang"), ...navigator.languages.map(l => l.slice(0, 2))]
  return known.find(l => l === "es" || l === "it" || l === "en" || l === "pseudo") ?? "en"
}
effect(() => {
  if (lang.value && !forced) localStorage.setItem("lang", lang.value)
})
