// The telephone in the page, in real Chromium with a voice for a microphone; the far
// end is a SIP telephone that the Go test moves. The order matters.
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { until, url } from "./box.js"
import { at, clean, shoot, visit } from "./browser.js"
import { barriers } from "./quality.js"
import { calling, desk, enable, hear, keep, launchWithVoice, listen, live, password, phone, signIn } from "./voice.js"
import { readable } from "./words.js"

let browser
before(async () => (browser = await launchWithVoice()))
after(() => browser?.close())
const person = (name, options) => signIn(browser, name, options)

/** Keeps what both ends hear, again where the machine was too busy for sound. */
async function talk(page, name) {
  for (let take = 0; take < 4; take++) {
    await desk(`begin/${name}`)
    keep(name, await hear(page, 6.2))
    await desk(`end/${name}`)
    if (await desk(`judge/${name}`)) return
  }
}

const speaks = async what => until(`the telephone hears ${what}`, async () => (await desk("level")) > -40)
const still = async what => until(`the telephone hears nothing ${what}`, async () => (await desk("level")) < -55)
const limit = { timeout: 120_000 }

let ana
test("a page becomes the telephone of a station that has no other", limit, async () => {
  ana = await person("ana")
  const { page } = ana
  await at(page, "phone-button").click()
  await readable(page, "the offer")
  await shoot(page, "offer")
  await at(page, "phone-enable").click()
  await phone(page, "here")
  await until("Ana is ready by it", async () => (await at(page, "agent-ana").getAttribute("data-state")) === "ready")
  await readable(page, "ready")
  assert.deepEqual(await barriers(page), [])
  await at(page, "phone-devices").click()
  await until("the microphone is in the list", async () => (await at(page, "phone-microphone").locator("option").count()) > 1)
  await readable(page, "devices")
  await shoot(page, "devices")
  await at(page, "phone-devices").click()
})

test("it calls; both voices are heard; a reload does not end the talk", limit, async t => {
  const { page } = ana
  await calling(page, "202")
  await phone(page, "up", "on")
  await speaks("Ana")
  await talk(page, "before")
  await until("the connection is told as good", async () => (await at(page, "phone-quality").getAttribute("data-quality")) === "good")
  await readable(page, "in a talk")
  await shoot(page, "talk")
  assert.deepEqual(await barriers(page, '[data-testid="phone"]'), [])
  const [before] = await live(page)

  const began = Date.now()
  await page.reload()
  await phone(page, "up", "on")
  await speaks("Ana again")
  await until("the page hears again", () => page.evaluate(() => window.heardStreams.length > 0))
  t.diagnostic(`the talk went on ${Date.now() - began} ms after the reload began`)
  assert.ok(Date.now() - began < 5000, `the reload took ${Date.now() - began} ms`)
  await talk(page, "after")
  const calls = await live(page)
  assert.deepEqual(calls.map(c => c.call), [before.call], "it is the same call")
})

test("another network: a new connection, the same call", limit, async () => {
  const { page } = ana
  const [before] = await live(page)
  await page.evaluate(() => dispatchEvent(new Event("online")))
  await until("there is a second connection", () => page.evaluate(() => window.connections > 1))
  await phone(page, "up", "on")
  await speaks("Ana over it")
  assert.deepEqual((await live(page)).map(c => c.call), [before.call])
})

test("mute, hold, hang up", limit, async () => {
  const { page } = ana
  await at(page, "phone-mute").click()
  await still("while muted")
  await page.locator("main").click({ position: { x: 5, y: 5 } })
  await page.keyboard.press("m")
  await speaks("Ana unmuted")
  await at(page, "phone-hold").click()
  await until("the call is held", async () => (await live(page))[0]?.state === "held")
  await at(page, "phone-resume").click()
  await until("the call is back", async () => (await live(page))[0]?.state === "talking")
  await speaks("Ana after the hold")
  await at(page, "phone-hangup").click()
  await phone(page, "here")
  await until("no call is left", async () => (await live(page)).length === 0)
})

test("keys reach a menu; a call is sent on", limit, async () => {
  const { page } = ana
  await calling(page, "601")
  await phone(page, "up", "on")
  await at(page, "phone-keys").click()
  await at(page, "key-2").click()
  await until("the menu has sent the call to 202", async () => (await live(page))[0]?.where === "station/202" && (await live(page))[0]?.state === "talking")
  await speaks("Ana by the menu")
  await at(page, "phone-transfer-to").fill("600")
  await at(page, "phone-send").click()
  await phone(page, "here")
  await until("202 talks without Ana", async () => {
    const calls = await live(page)
    return calls.length === 1 && !(calls[0].stations ?? []).includes("201") && calls[0].where === "service/echo"
  })
  await desk("hangup")
})

test("a caller of the queue rings in the page, and is answered there", limit, async () => {
  const { page } = ana
  await until("Ana is ready", async () => (await at(page, "agent-ana").getAttribute("data-state")) === "ready")
  const called = desk("call/700")
  await phone(page, "ringing")
  assert.match(await at(page, "phone-ringing").innerText(), /Bruno/)
  await readable(page, "ringing")
  await shoot(page, "ringing")
  assert.deepEqual(await barriers(page, '[data-testid="phone"]'), [])
  await at(page, "phone-answer").click()
  await phone(page, "up", "on")
  await called
  await speaks("Ana, called")
})

test("another page takes the telephone over, with its call", limit, async () => {
  const { page, context } = ana
  const second = await context.newPage()
  second.setDefaultTimeout(20_000)
  second.on("dialog", d => void d.accept())
  await second.addInitScript(listen)
  await second.goto("/")
  await at(second, "phone-button").and(second.locator('[data-state="elsewhere"]')).waitFor()
  await at(second, "phone-button").click()
  await at(second, "phone-elsewhere").waitFor()
  await readable(second, "elsewhere")
  await at(second, "phone-take").click()
  await phone(second, "up", "on")
  await at(page, "phone-elsewhere").waitFor()
  await speaks("Ana from the other page")
  await desk("hangup")
  await phone(second, "here")
  await second.close()
  // Chromium logs the refused link: it is how the second page learnt that it comes late.
  clean(ana.faults, /409/)
  await context.close()
})

test("a telephone on the desk and a page ring together; who answers has the call", limit, async () => {
  const eva = await person("eva")
  await enable(eva.page)
  const called = desk("call/203")
  await phone(eva.page, "ringing")
  await desk("rang")
  await at(eva.page, "phone-answer").click()
  await phone(eva.page, "up", "on")
  await desk("stopped")
  await called
  await speaks("Eva")
  await at(eva.page, "phone-hangup").click()
  await phone(eva.page, "here")
  // The call is called back by a click on its number; the telephone beside rings no more
  // for a page that has quit.
  await at(eva.page, "nav-calls").click()
  // Its story tells how both ends sounded.
  await eva.page.locator('[data-testid^="row-"]', { hasText: /203|Eva/ }).first().click() // the list may be a moment behind
  await at(eva.page, "story-sound").locator("[data-heard]").first().waitFor()
  await readable(eva.page, "how a call sounded")
  await shoot(eva.page, "sound")
  await at(eva.page, "story-close").click()
  await at(eva.page, "dial-202").first().click()
  await phone(eva.page, "up", "on")
  await at(eva.page, "phone-hangup").click()
  await at(eva.page, "phone-disable").click()
  await phone(eva.page, "off")
  clean(eva.faults)
  await eva.context.close()
})

test("who may not be heard is told why", limit, async () => {
  const eva = await person("eva", { microphone: false })
  await at(eva.page, "phone-button").click()
  await at(eva.page, "phone-enable").click()
  await at(eva.page, "phone-problem-denied").waitFor()
  await readable(eva.page, "no microphone")
  await shoot(eva.page, "denied")
  await eva.context.close()

  const { context, page } = await visit(browser)
  page.setDefaultTimeout(20_000)
  await page.goto(url.replace("127.0.0.1", "office.example")) // an address of the LAN without HTTPS
  await at(page, "user").fill("eva")
  await at(page, "password").fill(password)
  await at(page, "sign-in-go").click()
  await at(page, "floor").waitFor()
  await at(page, "phone-button").click()
  await at(page, "phone-enable").click()
  await at(page, "phone-problem-insecure").locator("a").waitFor()
  await shoot(page, "insecure")
  await context.close()
})
