// Signing in: a wrong password, the one-time password, an own one; three languages.
import assert from "node:assert/strict"
import { lasting, oneTime } from "./box.js"
import { at, clean, shoot, visit } from "./browser.js"
import { catalogue, readable } from "./words.js"

const enter = async (page, password) => {
  await at(page, "user").fill("owner")
  await at(page, "password").fill(password)
  await at(page, "sign-in-go").click()
}

/** Opens the page in a new browser and signs the owner in. */
export async function signedIn(browser, { start = "/", ...options } = {}) {
  const v = await visit(browser, options)
  await v.page.goto(start)
  await enter(v.page, lasting)
  await at(v.page, "floor").waitFor()
  return v
}

export async function firstSignIn(browser) {
  const { context, page, faults } = await visit(browser)
  await page.goto("/")
  await at(page, "sign-in").waitFor()
  await shoot(page, "sign-in")
  await readable(page, "sign-in")

  await enter(page, "not-the-password")
  const refusal = at(page, "refusal")
  await refusal.waitFor()
  const why = await refusal.textContent()
  assert.match(why, /\S+ \S+ \S+/, `a refusal is a sentence: "${why}"`)
  await readable(page, "sign-in refused")
  await shoot(page, "sign-in-refused")

  await at(page, "password").fill(oneTime)
  await at(page, "sign-in-go").click()
  await at(page, "change-password").waitFor()
  await shoot(page, "change-password")
  await at(page, "new-password").fill("corta")
  await at(page, "again-password").fill("corta")
  await at(page, "change-go").click()
  await at(page, "field-error").first().waitFor()
  await readable(page, "a short password")
  await at(page, "new-password").fill(lasting)
  await at(page, "again-password").fill(lasting)
  await at(page, "change-go").click()
  await at(page, "floor").waitFor()

  // Signed out, the one-time password is worth nothing, the new one is.
  await at(page, "me").click()
  await at(page, "sign-out").click()
  await at(page, "sign-in").waitFor()
  await enter(page, oneTime)
  await refusal.waitFor()
  await enter(page, lasting)
  await at(page, "floor").waitFor()
  clean(faults)
  await context.close()
}

/** What must differ from tongue to tongue, by the name it has for tests. */
const spoken = ["nav-calls", "nav-box", "floor-sentence", "live-calls", "agents", "lines", "stations"]

export async function languages(browser) {
  const { context, page, faults } = await signedIn(browser)
  const heard = {}
  for (const l of ["en", "it", "es"]) {
    await at(page, "me").click()
    await at(page, "language").selectOption(l)
    await page.locator(`html[lang="${l}"]`).waitFor()
    await readable(page, `account, ${l}`)
    await page.keyboard.press("Escape")
    heard[l] = {}
    for (const name of spoken) heard[l][name] = (await at(page, name).innerText()).trim()
    assert.equal(heard[l]["nav-calls"], catalogue(l)["nav.calls"])
    for (const p of ["floor", "calls", "plan", "box", "bench"]) {
      await at(page, `nav-${p}`).click()
      await at(page, p).waitFor()
      assert.match(await page.title(), new RegExp(catalogue(l)[`nav.${p}`]))
      await readable(page, `${p}, ${l}`)
      if (l !== "es") await shoot(page, `${p}-${l}`)
    }
    await at(page, "nav-floor").click()
    await at(page, "floor").waitFor()
  }
  for (const name of spoken) {
    const three = new Set(Object.values(heard).map(h => h[name]))
    assert.equal(three.size, 3, `${name} says the same in two languages: ${JSON.stringify([...three])}`)
  }
  // The choice is the person's: it holds in another browser.
  const other = await signedIn(browser, { locale: "en-GB" })
  await other.page.locator('html[lang="es"]').waitFor()
  clean([...faults, ...other.faults])
  await other.context.close()
  await context.close()
}
