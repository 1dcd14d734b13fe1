// The web console in real Chromium on the real box, from the first sign-in to a
// power cut; the order matters, each goes on from what the one before left.
import { after, before, test } from "node:test"
import { launch } from "./browser.js"
import { liveCall } from "./call.js"
import { byKeyboard } from "./keys.js"
import { outage } from "./outage.js"
import { settings } from "./plan.js"
import { accessible, aLongerTongue, firstLoad, onAPhone } from "./quality.js"
import { playRecording } from "./recording.js"
import { firstSignIn, languages } from "./signin.js"

let browser
const office = {}
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

const limit = { timeout: 60_000 }

test("the one-time password opens once, then an own one", limit, () => firstSignIn(browser))
test("first load is small", limit, t => firstLoad(browser, t))
test("the page speaks es, it, en", limit, () => languages(browser))
test("it goes by keyboard", limit, () => byKeyboard(browser))
test("a call from the bench is seen live", limit, t => liveCall(browser, t, office))
test("its recording plays", limit, () => playRecording(browser, office.call))
test("a queue's members are changed, a wrong setting refused", limit, () => settings(browser))
test("nothing bars the way, light and dark", limit, () => accessible(browser, office.call))
test("it fits a longer tongue", limit, () => aLongerTongue(browser, office.call))
test("it fits a phone", limit, () => onAPhone(browser, office.call))
test("a power cut is told and heals", limit, t => outage(browser, t))
