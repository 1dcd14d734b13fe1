// What an owner does with the box itself, in real Chromium: settings on trial, a new
// version, the box in one file, the sheet that says it is ready.
import { after, before, test } from "node:test"
import { acceptance } from "./acceptance.js"
import { backups } from "./backups.js"
import { launch } from "./browser.js"
import { firstSignIn } from "./signin.js"
import { moves, trials } from "./trials.js"
import { updates } from "./updates.js"

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

const limit = { timeout: 60_000 }

test("the one-time password opens once, then an own one", limit, () => firstSignIn(browser))
test("settings on trial are kept, or go back", limit, () => trials(browser))
test("a new address of the box is on trial", limit, () => moves(browser))
test("a bundle that is none is refused with a sentence", limit, () => updates(browser))
test("the box is saved and had back", limit, () => backups(browser))
test("the acceptance sheet is shown and printed", limit, () => acceptance(browser))
