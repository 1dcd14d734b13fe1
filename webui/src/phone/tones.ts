// Sounds of the page itself: the bell, ringback, keys.
import { chosen, route } from "./devices"

let context: AudioContext | undefined

/** The page's own sound; asleep until the person has touched the page once. */
function sound(): AudioContext {
  context ??= new AudioContext()
  if (context.state === "suspended") void context.resume().catch(() => {})
  return context
}

/** Whether the browser lets the page sound without having been touched. */
export const canSound = () => sound().state === "running"

/** One sound with its on and off, in hertz and seconds, until stopped. */
function repeat(hz: number[], on: number, off: number, loud: number, to: AudioNode): () => void {
  const ctx = sound()
  const gate = ctx.createGain()
  gate.gain.value = 0
  gate.connect(to)
  const makers = hz.map(f => {
    const o = ctx.createOscillator()
    o.frequency.value = f
    o.connect(gate)
    o.start()
    return o
  })
  const burst = () => {
    const at = ctx.currentTime + 0.02
    gate.gain.setTargetAtTime(loud, at, 0.01)
    gate.gain.setTargetAtTime(0, at + on, 0.01)
  }
  burst()
  const timer = setInterval(burst, (on + off) * 1000)
  return () => {
    clearInterval(timer)
    makers.forEach(o => o.stop())
    gate.disconnect()
  }
}

/** The bell, at the device chosen for it. */
export function ring(pattern: string): () => void {
  const ctx = sound()
  const out = ctx.createMediaStreamDestination()
  const bell = new Audio()
  bell.srcObject = out.stream
  bell.dataset.testid = "bell"
  void route(bell, "bell").then(() => bell.play().catch(() => {}))
  const inside = pattern === "internal" || pattern === "recall"
  const stop = repeat(inside ? [660, 880] : [440, 554], inside ? 0.3 : 1, inside ? 1.2 : 3, 0.25, out)
  return () => {
    stop()
    bell.pause()
    bell.srcObject = null
  }
}

/** Ringback as most of Europe has it (ETSI TR 101 041): the box sends none itself. */
export const ringback = () => repeat([425], 1, 4, 0.08, sound().destination)

/** Somebody else calls while one talks. */
export const waitingTone = () => repeat([425], 0.2, 8, 0.06, sound().destination)

const rows = [697, 770, 852, 941]
const columns = [1209, 1336, 1477]

/** A key as it sounds (ITU-T Q.23). */
export function key(digit: string) {
  const i = "123456789*0#".indexOf(digit)
  if (i < 0) return
  const stop = repeat([rows[Math.floor(i / 3)] ?? 0, columns[i % 3] ?? 0], 0.1, 10, 0.05, sound().destination)
  setTimeout(stop, 180)
}

/** How loud a stream is, 0..1 from -60 dB to full scale, until stopped. */
export function level(stream: MediaStream, tell: (level: number) => void): () => void {
  const ctx = sound()
  const source = ctx.createMediaStreamSource(stream)
  const ear = ctx.createAnalyser()
  ear.fftSize = 1024
  source.connect(ear)
  const buffer = new Float32Array(ear.fftSize)
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(buffer)
    const power = buffer.reduce((sum, x) => sum + x * x, 0) / buffer.length
    tell(Math.max(0, Math.min(1, (10 * Math.log10(power + 1e-9) + 60) / 60)))
  }, 100)
  return () => {
    clearInterval(timer)
    source.disconnect()
  }
}

/** A short sound by which one knows a device. */
export function test(use: "speaker" | "bell") {
  const ctx = sound()
  const out = ctx.createMediaStreamDestination()
  const player = new Audio()
  player.srcObject = out.stream
  void route(player, use).then(() => player.play().catch(() => {}))
  const stop = repeat([440, 554], 0.8, 10, 0.25, out)
  setTimeout(() => {
    stop()
    player.pause()
    player.srcObject = null
  }, 1200)
  return chosen[use].value
}
