// Microphone, loudspeaker and bell: which there are, which were chosen, and why
// one cannot be had.
import { signal } from "@preact/signals"
import type { Problem } from "./types"

export interface Device {
  id: string
  label: string
}
export type Use = "microphone" | "speaker" | "bell"

export const inputs = signal<Device[]>([])
export const outputs = signal<Device[]>([])

const stored = (use: Use) => localStorage.getItem(`phone.${use}`) ?? ""
export const chosen: Record<Use, ReturnType<typeof signal<string>>> = {
  microphone: signal(stored("microphone")),
  speaker: signal(stored("speaker")),
  bell: signal(stored("bell")),
}

export function choose(use: Use, id: string) {
  chosen[use].value = id
  localStorage.setItem(`phone.${use}`, id)
}

/** Browsers without setSinkId play everything where the system does. */
export const outputsCanBeChosen = () => "setSinkId" in HTMLMediaElement.prototype

export async function look() {
  const all = await navigator.mediaDevices.enumerateDevices()
  const of = (kind: MediaDeviceKind) =>
    all.filter(d => d.kind === kind && d.deviceId && d.deviceId !== "default" && d.deviceId !== "communications").map(d => ({ id: d.deviceId, label: d.label }))
  inputs.value = of("audioinput")
  outputs.value = of("audiooutput")
}

/** What stands in the way before anybody is asked for a microphone. */
export function obstacle(): Problem | undefined {
  if (!window.isSecureContext) return "insecure"
  if (!("RTCPeerConnection" in window) || !navigator.mediaDevices?.getUserMedia) return "unsupported"
  return undefined
}

/** Why getUserMedia refused (W3C Media Capture and Streams, 10.2). */
export function reason(e: unknown): Problem {
  const name = e instanceof DOMException ? e.name : ""
  if (name === "NotAllowedError" || name === "SecurityError") return "denied"
  if (name === "NotFoundError" || name === "OverconstrainedError") return "no-microphone"
  return "microphone-busy"
}

/** The microphone chosen, or any when that is gone. */
export async function microphone(): Promise<MediaStream> {
  const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  const id = chosen.microphone.value
  if (id)
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...sound, deviceId: { exact: id } } })
    } catch (e) {
      if (reason(e) !== "no-microphone") throw e
    }
  return navigator.mediaDevices.getUserMedia({ audio: sound })
}

/** Sends the sound of an element to the device chosen for a use. */
export async function route(element: HTMLMediaElement, use: Use) {
  const id = chosen[use].value ?? ""
  if (!outputsCanBeChosen()) return
  try {
    await element.setSinkId(id)
  } catch {
    await element.setSinkId("").catch(() => {}) // unplugged: where the system plays
  }
}
