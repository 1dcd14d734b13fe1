// The box's power is cut: the page says so, and heals by itself when it is back.
import assert from "node:assert/strict"
import { cut, start, until } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

export async function outage(browser, t) {
  const { context, page, faults } = await signedIn(browser)
  let loads = 0
  page.on("load", () => loads++)
  await cut()
  await at(page, "stream-broken").waitFor()
  const first = await at(page, "stream-broken").innerText()
  assert.match(first, /\d+ s/, `how old the news are: "${first}"`)
  await readable(page, "floor without the box")
  await shoot(page, "floor-broken")
  await until("the age of the news counts on", async () => (await at(page, "stream-broken").innerText()) !== first)

  await start()
  const back = Date.now()
  await at(page, "stream-broken").waitFor({ state: "detached", timeout: 10_000 })
  t.diagnostic(`page whole ${Date.now() - back} ms after the box`)
  assert.ok(await at(page, "floor").isVisible(), "the page is still the floor")
  // It lives: what happens in the box now is shown.
  await at(page, "agent-menu-marta").click()
  await at(page, "agent-away-meal").click()
  await at(page, "agent-marta").and(page.locator('[data-state="away"]')).waitFor()
  await at(page, "agent-menu-marta").click()
  await at(page, "agent-ready").click()
  await at(page, "agent-marta").and(page.locator(':not([data-state="away"])')).waitFor()
  assert.equal(loads, 0, "the page was loaded again")
  clean(faults, /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/)
  await context.close()
}
