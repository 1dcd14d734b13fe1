// The telephone in this page: what it is doing, and what one can do with it.
import { batch, effect, signal } from "@preact/signals"
import { get, post, Refusal } from "../api/http"
import { t } from "../i18n/i18n"
import { sentence } from "../ui/command"
import { look, microphone, obstacle, reason } from "./devices"
import { open } from "./link"
import { notify, unnotify } from "./notify"
import { connect, connecting, hangUp as silence, soundProblem, speak } from "./sound"
import { canSound, key, ring, ringback, waitingTone } from "./tones"
import type { Joined, Own, PhoneCall, PhoneNews, Problem } from "./types"

export const own = signal<Own | undefined>(undefined)
/** off: not wanted here; here: this page is the telephone; away: the box is tried again. */
export const link = signal<"off" | "here" | "away" | "elsewhere">("off")
export const call = signal<PhoneCall | null>(null)
export const waiting = signal<PhoneNews["waiting"]>(null)
/** How the last call ended, as a sentence's cause; "" nothing to say. */
export const ending = signal("")
export const problem = signal<Problem | undefined>(undefined)
export const refusal = signal("")
/** The bell cannot be heard before the page was touched. */
export const mute = signal(false)
/** The panel is open. */
export const shown = signal(false)

/** Names this page through reloads, and no other. */
const tab = (() => {
  const have = sessionStorage.getItem("phone.tab")
  const name = have ?? crypto.getRandomValues(new Uint32Array(3)).join("-")
  sessionStorage.setItem("phone.tab", name)
  return name
})()

const wanted = () => localStorage.getItem("phone") === own.value?.station
let close = () => {}

/** Asks what telephone the person has, and is it again if it was. */
export async function begin() {
  try {
    own.value = await get<Own>("phone")
  } catch {
    return
  }
  if (own.value.allowed && wanted() && !obstacle()) attach(false)
}

export function end() {
  close()
  batch(() => {
    link.value = "off"
    call.value = null
    waiting.value = null
  })
  silence()
}

/** Makes this page the telephone: asks for the microphone, then for calls. */
export async function enable(take = false) {
  problem.value = obstacle()
  if (problem.value || !own.value) return
  try {
    const s = await microphone()
    s.getTracks().forEach(track => track.stop()) // it is wanted in calls only
  } catch (e) {
    problem.value = reason(e)
    return
  }
  void look()
  if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission()
  localStorage.setItem("phone", own.value.station)
  attach(take)
}

export async function disable() {
  localStorage.removeItem("phone")
  await quit()
}

/** The page is the telephone no more, and says so: nobody is to ring it. */
export async function quit() {
  if (link.value === "here" || link.value === "away") await post("phone/quit", { tab }).catch(() => {})
  end()
}

/** The settings changed: the station may be allowed now, or no more. */
export async function again() {
  try {
    own.value = await get<Own>("phone")
  } catch {
    return
  }
  if (!own.value.allowed) end()
  else if (link.value === "off" && wanted() && !obstacle()) attach(false)
}

function attach(take: boolean) {
  close()
  refusal.value = ""
  link.value = "away"
  close = open(tab, take, {
    news: hear,
    here: yes => (link.value = yes ? "here" : "away"),
    elsewhere: () => {
      end()
      link.value = "elsewhere"
      void again()
    },
    refused: why => {
      end()
      refusal.value = why
    },
  })
}

function hear(n: PhoneNews) {
  const before = call.value
  batch(() => {
    call.value = n.leg
    waiting.value = n.waiting
    if (n.leg) ending.value = ""
    else if (before && n.ended) ending.value = n.ended.by === "page" || n.ended.cause === "normal" ? "" : n.ended.cause
  })
  if (!n.leg) {
    silence()
    return
  }
  if (n.leg.leg !== before?.leg) shown.value = true
  if (n.leg.codec) speak(n.leg.codec, n.leg.fmtp)
  if (n.leg.state === "ringing" && n.leg.auto && n.leg.leg !== before?.leg) void answer()
  // After a reload the talk is ours and has no sound yet.
  if ((n.leg.state === "up" || n.leg.state === "calling") && !connecting() && !asking) void rejoin(n.leg.leg)
}

/** A wish with a connection is on its way. */
let asking = false

async function join(path: string, body: object, leg: () => number | undefined): Promise<boolean> {
  asking = true
  refusal.value = ""
  try {
    return await connect(
      sdp => post<Joined>(path, { ...body, tab, sdp }),
      () => {
        const n = leg()
        if (n !== undefined) void rejoin(n)
      },
    )
  } catch (e) {
    refusal.value = sentence(e)
    return false
  } finally {
    asking = false
  }
}

const current = () => call.value?.leg

/** How long a call without sound is given new connections, and how often. */
const rejoinForMS = 10_000
const rejoinEveryMS = 700
let rejoining = 0

/** Gives the call a new connection; tries while there is a call. */
async function rejoin(leg: number) {
  const mine = ++rejoining
  const until = Date.now() + rejoinForMS
  while (mine === rejoining && call.value?.leg === leg && Date.now() < until) {
    if (navigator.onLine !== false) {
      const ok = await join("phone/media", { leg }, current)
      if (ok || soundProblem.value) return
    }
    await new Promise(r => setTimeout(r, rejoinEveryMS))
  }
}

/** Calls a number. */
export async function dial(to: string): Promise<boolean> {
  if (call.value || asking) return false
  shown.value = true
  ending.value = ""
  return join("phone/call", { to }, current)
}

/** Calls a number as it stands in a list of calls from or to the outside. */
export async function dialFrom(number: string, outside: boolean) {
  const to = outside ? (own.value?.outside ?? "") + number : number
  if (link.value === "here") {
    await dial(to)
    return
  }
  shown.value = true
  try {
    await post("station/dial", { station: own.value?.station ?? "", to }) // the telephone on the desk rings first
  } catch (e) {
    refusal.value = sentence(e)
  }
}

export async function answer(): Promise<boolean> {
  const c = call.value
  if (!c || c.state !== "ringing") return false
  return join("phone/answer", { leg: c.leg }, current)
}

export async function hangup() {
  const leg = call.value?.leg
  if (leg === undefined) return
  try {
    await post("phone/hangup", { tab, leg })
  } catch (e) {
    if (!(e instanceof Refusal) || e.code !== "phone-no-call") refusal.value = sentence(e)
  }
}

let keys: Promise<unknown> = Promise.resolve()

/** Presses a key in the call; keys go one after the other. */
export function press(digit: string) {
  const leg = call.value?.leg
  if (leg === undefined) return
  key(digit)
  keys = keys.then(() => post("phone/digits", { tab, leg, digits: digit }).catch(e => (refusal.value = sentence(e))))
}

// Bell, ringback and the word to a person who looks elsewhere.
effect(() => {
  const c = call.value
  if (c?.state !== "ringing" || asking) return
  mute.value = !canSound()
  const stop = ring(c.pattern)
  const title = document.title
  notify(t("phone.rings"), c.name || c.from || t("someone"))
  document.title = `☎ ${c.name || c.from || t("someone")}`
  return () => {
    stop()
    unnotify()
    document.title = title
  }
})
effect(() => (call.value?.state === "calling" && call.value.rings && !call.value.early ? ringback() : undefined))
effect(() => (waiting.value ? waitingTone() : undefined))

// Another network, the same call.
addEventListener("online", () => {
  const leg = current()
  if (leg !== undefined && call.value?.state !== "ringing" && !asking) void rejoin(leg)
})
// A person who leaves in the midst of a call is asked.
addEventListener("beforeunload", e => {
  if (call.value && call.value.state !== "ringing") e.preventDefault()
})
