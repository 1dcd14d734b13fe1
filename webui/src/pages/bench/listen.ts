// Listening at one end: the town's frames, played as they come, a quarter of a
// second behind.
import { signal } from "@preact/signals"
import { soundAfter, type End } from "../../api/bench"

const behindS = 0.25
const everyMS = 120

/** The end that is being listened to, as "line/fxo1". */
export const listening = signal("")
export const endName = (e: End) => `${e.kind}/${e.name}`

let stopNow = () => {}

export function stopListening() {
  stopNow()
  stopNow = () => {}
  listening.value = ""
}

/** 16-bit little-endian samples in base64 as floats. */
export function samples(pcm: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(pcm), c => c.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(i * 2, true) / 32768)
}

export function listen(end: End) {
  stopListening()
  const context = new AudioContext()
  let over = false
  let playAt = 0
  listening.value = endName(end)
  stopNow = () => {
    over = true
    void context.close()
  }
  const round = async () => {
    let next: number | undefined
    while (!over) {
      try {
        const s = await soundAfter(end, next)
        next = s.next
        const heard = samples(s.pcm)
        if (over) return
        if (heard.length > 0) {
          const buffer = context.createBuffer(1, heard.length, s.rate)
          buffer.copyToChannel(heard, 0)
          const source = context.createBufferSource()
          source.buffer = buffer
          source.connect(context.destination)
          if (playAt < context.currentTime) playAt = context.currentTime + behindS
          source.start(playAt)
          playAt += buffer.duration
        }
      } catch {
        if (!over) stopListening()
        return
      }
      await new Promise(r => setTimeout(r, everyMS))
    }
  }
  void round()
}
