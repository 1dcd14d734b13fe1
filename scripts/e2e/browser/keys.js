// Everything by keyboard: from page to page, to the search, to the list of keys.
import assert from "node:assert/strict"
import { at, clean } from "./browser.js"
import { signedIn } from "./signin.js"

export async function byKeyboard(browser) {
  const { context, page, faults } = await signedIn(browser)
  const press = async (...keys) => {
    for (const k of keys) await page.keyboard.press(k)
  }
  await press("g", "c")
  await at(page, "calls").waitFor()
  await press("/")
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "calls-filter")
  await page.keyboard.type("g p ?")
  assert.equal(await at(page, "calls-filter").inputValue(), "g p ?", "what is typed is typed")
  await page.evaluate(() => document.activeElement?.blur())
  await press("?")
  await at(page, "keys").waitFor()
  await press("Escape")
  await at(page, "keys").waitFor({ state: "detached" })
  await press("g", "p")
  await at(page, "plan").waitFor()

  // The first stop leads past the rail; focus is seen wherever it stands.
  await page.reload()
  await at(page, "plan").waitFor()
  await press("Tab", "Enter")
  assert.equal(await page.evaluate(() => document.activeElement?.id), "content")
  await press("Tab")
  const ring = await page.evaluate(() => {
    const s = getComputedStyle(document.activeElement)
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
  })
  assert.ok(ring, "the focus is outlined")
  clean(faults)
  await context.close()
}
