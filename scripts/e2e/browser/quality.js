// Every page for everybody: axe finds nothing serious in light and dark, nothing
// spills on a phone, the first load is small.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { lasting } from "./box.js"
import { at, clean, narrow, shoot, visit, wide } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** Serious and critical violations, a line each. */
export async function barriers(page, part = "html") {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe)
  return page.evaluate(async part => {
    const found = await window.axe.run(part, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
    return found.violations
      .filter(v => v.impact === "serious" || v.impact === "critical")
      .flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.any[0]?.message ?? v.help}`))
  }, part)
}

/** The pages as a person goes through them; call is one with a recording. */
const tour = call => [
  ["floor", "/floor", "floor"],
  ["calls", "/calls", "calls"],
  ["story", `/calls/${call}`, "waveform"],
  ...["office", "lines", "stations", "people", "hours", "menus", "queues", "outside"].map(p => [`plan-${p}`, `/plan/${p}${p === "office" ? "" : "/0"}`, `form-${p}`]),
  ["plan-history", "/plan/history", "history"],
  ["box", "/box", "about"],
  ["bench", "/bench", "outside-fxo1"],
]

// Goes without loading again, as a click on a link does.
const goTo = (page, path) =>
  page.evaluate(p => {
    history.pushState(null, "", p)
    dispatchEvent(new PopStateEvent("popstate"))
  }, path)

export async function accessible(browser, call) {
  const all = []
  const out = await visit(browser)
  await out.page.goto("/")
  await at(out.page, "sign-in").waitFor()
  for (const scheme of ["light", "dark"]) {
    await out.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" })
    all.push(...(await barriers(out.page)).map(b => `sign-in ${scheme}: ${b}`))
  }
  await out.context.close()
  const { context, page, faults } = await signedIn(browser)
  for (const [name, path, shows] of tour(call)) {
    await goTo(page, path)
    await at(page, shows).first().waitFor()
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" })
      all.push(...(await barriers(page)).map(b => `${name} ${scheme}: ${b}`))
      await shoot(page, `${name}-${scheme}`)
    }
  }
  assert.deepEqual(all, [])
  clean(faults)
  await context.close()
}

// Every page within the width of the screen, and readable.
async function fits(page, call, look) {
  for (const [name, path, shows] of tour(call)) {
    await goTo(page, path)
    await at(page, shows).first().waitFor()
    await shoot(page, `${look}-${name}`)
    await readable(page, `${look} ${name}`)
    const spilt = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(spilt <= 0, `${look} ${name} is ${spilt} px wider than the screen`)
  }
}

/** A tongue a third longer than English must not break the pages. */
export async function aLongerTongue(browser, call) {
  for (const [look, viewport] of [["long", wide], ["long-narrow", narrow]]) {
    const { context, page, faults } = await signedIn(browser, { viewport, start: "/?lang=pseudo" })
    await fits(page, call, look)
    clean(faults)
    await context.close()
  }
}

export async function onAPhone(browser, call) {
  const { context, page, faults } = await signedIn(browser, { viewport: narrow })
  await fits(page, call, "narrow")
  assert.deepEqual(await barriers(page), [])
  // The bar at the bottom is the way around.
  await at(page, "nav-floor").tap()
  await at(page, "agent-menu-marta").tap()
  await at(page, "agent-away-break").tap()
  await at(page, "agent-marta").and(page.locator('[data-state="away"]')).waitFor()
  await shoot(page, "narrow-floor-away")
  await at(page, "agent-menu-marta").tap()
  await at(page, "agent-ready").tap()
  clean(faults)
  await context.close()
}

const firstLoadKB = 120

/** What comes over the wire until the floor stands, with an empty cache. */
export async function firstLoad(browser, t) {
  const { context, page } = await visit(browser)
  const wire = await context.newCDPSession(page)
  const path = new Map()
  const bytes = new Map()
  await wire.send("Network.enable")
  wire.on("Network.requestWillBeSent", e => path.set(e.requestId, new URL(e.request.url).pathname))
  wire.on("Network.loadingFinished", e => bytes.set(path.get(e.requestId), e.encodedDataLength))
  await page.goto("/", { waitUntil: "networkidle" })
  const sum = () => [...bytes.values()].reduce((a, b) => a + b, 0) / 1000
  const door = sum()
  await at(page, "user").fill("owner")
  await at(page, "password").fill(lasting)
  await at(page, "sign-in-go").click()
  await at(page, "agent-marta").waitFor()
  t.diagnostic(`first load: sign-in ${door.toFixed(1)} kB, floor shown ${sum().toFixed(1)} kB of ${firstLoadKB} kB`)
  assert.ok(door > 10, "something was loaded")
  assert.ok(sum() <= firstLoadKB, `first load ${sum().toFixed(1)} kB: ${JSON.stringify(Object.fromEntries(bytes))}`)
  await context.close()
}
