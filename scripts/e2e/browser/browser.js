// Chromium and its pages. A page that throws, logs an error or is refused by its
// own policy fails the test that holds it.
import assert from "node:assert/strict"
import { mkdirSync } from "node:fs"
import { chromium } from "playwright-core"
import { shots, url } from "./box.js"

export const wide = { width: 1280, height: 800 }
export const narrow = { width: 390, height: 844 }

/** What a test may wait for a page to show. */
const patienceMS = 8000

const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, chromiumSandbox: false, args: quiet })

/** Chromium logs every refusal; asking who is signed in is refused while nobody is. */
const asked = m => m.text().includes("401") && m.location().url.endsWith("/api/v1/session")

/** A person's browser: fresh, or with the cookies of another. */
export async function visit(browser, { viewport = wide, locale = "es-ES", state, dark = false } = {}) {
  const context = await browser.newContext({
    viewport,
    locale,
    timezoneId: "Europe/Madrid",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    hasTouch: viewport === narrow,
    baseURL: url,
    ...(state ? { storageState: state } : {}),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMS)
  const faults = []
  page.on("pageerror", e => faults.push(`threw: ${e.stack ?? e}`))
  page.on("console", m => {
    if (m.type() === "error" && !asked(m)) faults.push(`logged: ${m.text()} ${m.location().url}`)
  })
  return { context, page, faults }
}

/** Fails on what went wrong in pages, apart from what was to be expected. */
export const clean = (faults, ...expected) => assert.deepEqual(faults.filter(f => !expected.some(e => e.test(f))), [])

/** Something of the page by the name it has for tests. */
export const at = (page, name) => page.locator(`[data-testid="${name}"]`)

mkdirSync(shots, { recursive: true })
export const shoot = (page, name) => page.screenshot({ path: `${shots}/${name}.png` })
