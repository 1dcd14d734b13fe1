// The sound of a call: one connection with the box at a time, made anew after a
// reload, on another network, with another microphone.
import { signal } from "@preact/signals"
import { type Codec, preferring } from "./codec"
import { chosen, look, microphone, reason, route } from "./devices"
import { judge, read, type Quality, type Sample } from "./quality"
import { level } from "./tones"
import type { Joined, Problem } from "./types"

export const muted = signal(false)
export const spoken = signal(0)
export const heard = signal(0)
export const quality = signal<Quality | undefined>(undefined)
export const soundProblem = signal<Problem | undefined>(undefined)

/** A connection that is disconnected this long is made anew. */
const patienceMS = 1000

interface Line {
  pc: RTCPeerConnection
  mic: MediaStream
  stops: (() => void)[]
  /** The box's answer as the browser was told it last. */
  answer?: string
}
let line: Line | undefined
let player: HTMLAudioElement | undefined
let turn = 0 // of connecting: a later one makes an earlier one give up

/** The connection of the call, for tests and for who looks. */
export const connected = () => line?.pc.connectionState === "connected"
export const connecting = () => line !== undefined

/** Connects: post brings our offer to the box and its answer back. broken is called
    when the connection is lost and a new one should be made. */
export async function connect(post: (sdp: string) => Promise<Joined>, broken: () => void): Promise<boolean> {
  const mine = ++turn
  let mic: MediaStream
  try {
    mic = line && line.mic.getAudioTracks()[0]?.readyState === "live" ? line.mic : await microphone()
  } catch (e) {
    soundProblem.value = reason(e)
    return false
  }
  if (mine !== turn) return false
  soundProblem.value = undefined
  const old = line
  const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" })
  const now: Line = { pc, mic, stops: [] }
  line = now
  if (old) close(old, old.mic === mic)
  void look()
  for (const track of mic.getAudioTracks()) {
    track.enabled = !muted.value
    pc.addTrack(track, mic)
  }
  now.stops.push(level(mic, l => (spoken.value = muted.value ? 0 : l)))
  pc.ontrack = e => {
    const stream = e.streams[0] ?? new MediaStream([e.track])
    player ??= new Audio()
    player.dataset.testid = "call-sound"
    player.srcObject = stream
    void route(player, "speaker").then(() => player?.play().catch(() => {}))
    now.stops.push(level(stream, l => (heard.value = l)))
  }
  const again = () => {
    if (line === now) broken()
  }
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === "connected") watch(now)
    if (pc.connectionState === "failed") again()
    if (pc.connectionState === "disconnected") setTimeout(() => pc.connectionState === "disconnected" && again(), patienceMS)
  }
  try {
    await pc.setLocalDescription(await pc.createOffer())
    const joined = await post(pc.localDescription?.sdp ?? "") // without candidates: the box answers to where we come from
    if (line !== now) return false
    await pc.setRemoteDescription({ type: "answer", sdp: joined.sdp })
    now.answer = joined.sdp
    if (wish) speak(wish.codec, wish.fmtp)
    return true
  } catch (e) {
    if (line === now) hangUp()
    throw e
  }
}

/** What the box last wished to be spoken in the call. */
let wish: { codec: Codec; fmtp: string } | undefined
let turning = Promise.resolve()

/** Has the browser speak another codec; fmtp is how the far end likes Opus. It may be
    said at any time. */
export function speak(codec: Codec, fmtp: string) {
  wish = { codec, fmtp }
  turning = turning.then(speakAsWished).catch(() => {}) // the box helps itself where a browser does not follow
}

async function speakAsWished() {
  const l = line
  if (!l?.answer || !wish) return
  const sdp = preferring(l.answer, wish.codec, wish.fmtp)
  if (sdp === l.answer) return
  await l.pc.setLocalDescription(await l.pc.createOffer())
  await l.pc.setRemoteDescription({ type: "answer", sdp })
  l.answer = sdp
}

/** Looks at the figures every two seconds. */
function watch(l: Line) {
  let before: Sample | undefined
  const timer = setInterval(() => {
    void l.pc.getStats().then(report => {
      if (line !== l) return
      const now = read(report.values() as Iterable<Record<string, unknown>>)
      if (before) quality.value = judge(before, now)
      before = now
    })
  }, 2000)
  l.stops.push(() => clearInterval(timer))
}

function close(l: Line, keepMicrophone = false) {
  l.stops.forEach(stop => stop())
  l.pc.onconnectionstatechange = null
  l.pc.close()
  if (!keepMicrophone) l.mic.getTracks().forEach(track => track.stop())
}

/** Ends the sound and gives the microphone back. */
export function hangUp() {
  turn++
  if (line) close(line)
  line = undefined
  wish = undefined
  if (player) player.srcObject = null
  muted.value = false
  spoken.value = heard.value = 0
  quality.value = undefined
}

export function mute(on: boolean) {
  muted.value = on
  line?.mic.getAudioTracks().forEach(track => (track.enabled = !on))
}

/** Another microphone in the midst of a call, without a new connection. */
export async function changeMicrophone() {
  const l = line
  if (!l) return
  try {
    const mic = await microphone()
    const track = mic.getAudioTracks()[0]
    const sender = l.pc.getSenders()[0]
    if (line !== l || !track || !sender) return mic.getTracks().forEach(x => x.stop())
    track.enabled = !muted.value
    await sender.replaceTrack(track)
    l.mic.getTracks().forEach(x => x.stop())
    l.mic = mic
    l.stops.push(level(mic, v => (spoken.value = muted.value ? 0 : v)))
    soundProblem.value = undefined
  } catch (e) {
    soundProblem.value = reason(e)
  }
}

export const changeSpeaker = () => (player ? route(player, "speaker") : undefined)
export const microphoneName = () => line?.mic.getAudioTracks()[0]?.label ?? chosen.microphone.value ?? ""
