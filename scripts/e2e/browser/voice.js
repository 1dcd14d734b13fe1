// People whose telephone is their page: Chromium with a voice for a microphone, what
// their pages hear, and the far end, which the Go test moves.
import { writeFileSync } from "node:fs"
import { chromium } from "playwright-core"
import { url } from "./box.js"
import { at, visit } from "./browser.js"

export const password = "e2e-password"

/** Moves the telephone at the far end, and gives what it says. */
export async function desk(what) {
  const answer = await fetch(`${process.env.BOX_CONTROL}/${what}`, { method: "POST" })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${what}: ${text}`)
  return text ? JSON.parse(text) : undefined
}

export const launchWithVoice = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    chromiumSandbox: false,
    args: [
      "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${process.env.BOX_VOICE}`,
      "--allow-loopback-in-peer-connection", // where there is no other network
      "--host-resolver-rules=MAP office.example 127.0.0.1",
    ],
  })

/** Keeps what the page hears, as the loudspeaker gets it, and its connection. */
export const listen = () => {
  const Real = window.RTCPeerConnection
  window.heardStreams = []
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args)
      window.connections = (window.connections ?? 0) + 1
      window.connection = this
      this.addEventListener("track", e => window.heardStreams.push(e.streams[0] ?? new MediaStream([e.track])))
    }
  }
}

/** What the page hears for some seconds, 8 kHz. */
export const hear = (page, seconds) =>
  page.evaluate(async s => {
    const context = new AudioContext({ sampleRate: 8000 })
    await context.resume()
    const source = context.createMediaStreamSource(window.heardStreams.at(-1))
    const tap = context.createScriptProcessor(1024, 1, 1)
    const pcm = []
    tap.onaudioprocess = e => pcm.push(...e.inputBuffer.getChannelData(0))
    source.connect(tap)
    tap.connect(context.destination)
    await new Promise(r => setTimeout(r, s * 1000))
    tap.disconnect()
    source.disconnect()
    await context.close()
    return pcm.map(x => Math.round(Math.max(-1, Math.min(1, x)) * 32767))
  }, seconds)

/** Keeps sound in a file that the Go test reads. */
export function keep(name, pcm) {
  const b = Buffer.alloc(44 + 2 * pcm.length)
  b.write("RIFF")
  b.writeUInt32LE(b.length - 8, 4)
  b.write("WAVEfmt ", 8)
  b.writeUInt32LE(16, 16)
  b.writeUInt16LE(1, 20)
  b.writeUInt16LE(1, 22)
  b.writeUInt32LE(8000, 24)
  b.writeUInt32LE(16000, 28)
  b.writeUInt16LE(2, 32)
  b.writeUInt16LE(16, 34)
  b.write("data", 36)
  b.writeUInt32LE(2 * pcm.length, 40)
  pcm.forEach((v, i) => b.writeInt16LE(v, 44 + 2 * i))
  writeFileSync(`${process.env.BOX_KEPT}/${name}.wav`, b)
}

/** A person's page, signed in. */
export async function signIn(browser, name, { microphone = true, ...options } = {}) {
  const v = await visit(browser, options)
  if (microphone) await v.context.grantPermissions(["microphone"], { origin: url })
  v.page.setDefaultTimeout(20_000)
  await v.page.addInitScript(listen)
  v.page.on("dialog", d => void d.accept()) // leaving in the midst of a call
  await v.page.goto("/")
  await at(v.page, "user").fill(name)
  await at(v.page, "password").fill(password)
  await at(v.page, "sign-in-go").click()
  await at(v.page, "floor").waitFor()
  return v
}

/** Waits until the telephone in the page stands so. */
export const phone = (page, state, media) => page.locator(`[data-testid="phone"][data-state="${state}"]${media ? `[data-media="${media}"]` : ""}`).waitFor()

export async function enable(page) {
  await at(page, "phone-button").click()
  await at(page, "phone-enable").click()
  await phone(page, "here")
}

export const live = page => page.evaluate(async () => (await (await fetch("/api/v1/call/live")).json()).data.calls)
export const calling = (page, number) => at(page, "phone-number").fill(number).then(() => at(page, "phone-call").click())
