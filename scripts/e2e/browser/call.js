// A call from the street, made on the bench page and watched on the floor.
import assert from "node:assert/strict"
import { sleep, until } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { delay, follow, watch } from "./stream.js"
import { readable } from "./words.js"
import { signedIn } from "./signin.js"

/** A page is right within this time of the event; what a round trip to the box
    takes on a machine that is busy with other things comes on top. */
const liveMS = 250

/** Makes the call; office.call is its number as soon as there is one. */
export async function liveCall(browser, t, office) {
  const floor = await signedIn(browser)
  const bench = await signedIn(browser)
  const box = await follow(floor.context)
  await watch(floor.page)
  let loads = 0
  floor.page.on("load", () => loads++)

  await at(bench.page, "nav-bench").click()
  await at(bench.page, "call-in-fxo1").click()
  await at(bench.page, "call-dialog").waitFor()
  await at(bench.page, "call-number").fill("954 321 098")
  await at(bench.page, "call-name").fill("Casa Lola")
  await at(bench.page, "call-country").selectOption("ES")
  await at(bench.page, "call-sign").selectOption("break")
  await at(bench.page, "call-dialog").locator("summary").click()
  await at(bench.page, "call-script").fill("wait 1\npress 1\nsay babble 9\nhangup")
  await readable(bench.page, "call dialog")
  await shoot(bench.page, "bench-call")
  await at(bench.page, "call-go").click()
  await at(bench.page, "call-dialog").waitFor({ state: "detached" })

  const delays = {}
  const note = async (what, record, name, state) => {
    delays[what] = await delay(floor.page, record, name, state)
  }
  const began = await box.find("CallBegan")
  const call = (office.call = began.body.call)
  await note("arrives", began, `call-${call}`, "menu")
  await at(floor.page, `call-${call}`).getByText("Casa Lola").waitFor()
  await at(floor.page, `call-${call}`).getByText("954321098").waitFor()
  const mine = b => b.call === call

  const presented = await box.find("CallPresented", mine)
  assert.equal(presented.body.agent, "marta")
  await note("rings", presented, "agent-marta", "presented")
  await note("token", await box.find("CallQueued", mine), `waiting-${call}`, "waiting")
  await until("a line and a handset in use", async () => (await at(floor.page, "station-101").getAttribute("data-state")) === "ringing")
  await at(bench.page, "handset-fxs1").and(bench.page.locator('[data-state="ringing"]')).waitFor()
  await at(bench.page, "handset-fxs1").getByText("954321098").waitFor({ timeout: 12_000 }) // after the first ring
  await shoot(floor.page, "floor-ringing")
  await shoot(bench.page, "bench-ringing")
  await readable(floor.page, "floor with a call")
  await readable(bench.page, "bench with a call")

  await at(bench.page, "lift-fxs1").click()
  const connected = await box.find("CallConnected", mine)
  await note("talks", connected, `call-${call}`, "talking")
  await note("agent talks", connected, "agent-marta", "talking")
  await until("the handset hears speech", async () => /speech|voice|babble/.test((await at(bench.page, "hears-fxs1").getAttribute("data-sound")) ?? ""))
  await at(bench.page, "speak-fxs1").click()
  await at(bench.page, "listen-fxs1").click()
  await sleep(1500)
  await at(bench.page, "listen-fxs1").click()
  await shoot(floor.page, "floor-talking")
  await shoot(bench.page, "bench-talking")

  const ended = await box.find("CallEnded", mine)
  assert.equal(ended.body.cause, "loop-break")
  await note("ends", ended, `call-${call}`, "gone")
  await note("wraps up", ended, "agent-marta", "wrap-up")
  await at(bench.page, "lift-fxs1").click()
  await box.find("RecordingEnded", mine)

  t.diagnostic(`event to page, ms: ${Object.entries(delays).map(([k, v]) => `${k} ${v.ms} (round trip ${v.trip})`).join(", ")}`)
  for (const [what, { ms, trip }] of Object.entries(delays))
    assert.ok(ms <= liveMS + trip, `"${what}" was shown ${ms} ms after the event; ${liveMS} and a round trip of ${trip} are allowed`)
  assert.equal(loads, 0, "the page was loaded again")
  clean([...floor.faults, ...bench.faults])
  box.stop()
  await floor.context.close()
  await bench.context.close()
}
