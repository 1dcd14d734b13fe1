// Opus between real Chromium and a softphone of another make, which the Go test moves,
// and between two pages. The order matters.
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { until } from "./box.js"
import { at, clean } from "./browser.js"
import { calling, desk, enable, hear, keep, launchWithVoice, live, phone, signIn } from "./voice.js"

let browser, ana
before(async () => {
  browser = await launchWithVoice()
  ana = await signIn(browser, "ana")
  await enable(ana.page)
})
after(() => browser?.close())
const limit = { timeout: 120_000 }

/** What the page says and hears: the codec of the packets that go on in each direction. */
const codecs = page =>
  page.evaluate(async () => {
    const report = await window.connection.getStats()
    const of = type => [...report.values()].filter(r => r.type === type).map(r => report.get(r.codecId)?.mimeType)
    return { says: of("outbound-rtp").join(), hears: of("inbound-rtp").join() }
  })
async function speaks(page, codec) {
  let last
  await until(`the page says and hears ${codec}`, async () => {
    last = await codecs(page)
    return last.says === codec && last.hears === codec
  }).catch(e => assert.fail(`${e.message}, but ${JSON.stringify(last)}`))
}
/** Keeps what a page hears, again where the machine was too busy for sound. */
async function take(page, name) {
  for (let n = 0; n < 5; n++) {
    keep(name, await hear(page, 6.2))
    const good = await desk(`judge/${name}`).then(() => true, () => false)
    if (good) return
  }
}
const up = () => phone(ana.page, "up", "on")

test("a page calls a telephone that speaks Opus: so do both", limit, async () => {
  const { page } = ana
  await calling(page, "202")
  await desk("accept")
  await up()
  await speaks(page, "audio/opus")
  await desk("speaks/opus")
  await take(page, "opus")
  assert.equal(await page.evaluate(() => window.connections), 1, "no other connection was needed")
  await at(page, "phone-hangup").click()
  await phone(page, "here")
  await desk("kept")
})

// What the telephone says in PCMA is not listened to: this make sends packets of 48 kHz
// under its name once it has spoken Opus.
test("a telephone calls a page: Opus, until one holds; then G.711 in the same call", limit, async () => {
  const { page } = ana
  await desk("dial/201")
  await phone(page, "ringing")
  await at(page, "phone-answer").click()
  await up()
  await speaks(page, "audio/opus")
  await desk("speaks/opus")
  const [before] = await live(page)
  await at(page, "phone-hold").click()
  await until("the call is held", async () => (await live(page))[0]?.state === "held")
  await desk("speaks/PCMA")
  await at(page, "phone-resume").click()
  await until("the call is back", async () => (await live(page))[0]?.state === "talking")
  await until("the page says PCMA", async () => (await codecs(page)).says === "audio/PCMA")
  await at(page, "phone-keys").click()
  for (const key of "15") await at(page, `key-${key}`).click()
  await desk("keys/15")
  assert.deepEqual((await live(page)).map(c => c.call), [before.call], "it is the same call")
  await desk("hangup")
  await phone(page, "here")
})

test("a call that is recorded is of G.711 from its beginning, and passes all the same", limit, async () => {
  const { page } = ana
  await desk("dial/700")
  await phone(page, "ringing")
  await at(page, "phone-answer").click()
  await up()
  await speaks(page, "audio/PCMA")
  await desk("speaks/PCMA")
  await new Promise(r => setTimeout(r, 7000)) // people talk
  await at(page, "phone-hangup").click()
  await phone(page, "here")
})

test("two pages speak Opus with each other, and G.711 after a hold", limit, async t => {
  // In a browser of her own, and muted: what one browser plays all its microphones leave
  // out, and both say the same.
  const hers = await launchWithVoice()
  t.after(() => hers.close())
  const carla = await signIn(hers, "carla")
  await enable(carla.page)
  await calling(ana.page, "204")
  await phone(carla.page, "ringing")
  await at(carla.page, "phone-answer").click()
  await up()
  await phone(carla.page, "up", "on")
  for (const p of [ana, carla]) await speaks(p.page, "audio/opus")
  await at(carla.page, "phone-mute").click()
  await take(carla.page, "pages")
  await at(ana.page, "phone-hold").click()
  await speaks(carla.page, "audio/PCMA") // music
  await at(ana.page, "phone-resume").click()
  await until("the call is back", async () => (await live(ana.page))[0]?.state === "talking")
  await take(carla.page, "pages-plain")
  for (const p of [ana, carla]) await speaks(p.page, "audio/PCMA")
  await at(carla.page, "phone-hangup").click()
  await phone(ana.page, "here")
  clean(carla.faults)
  clean(ana.faults)
})
