// The acceptance sheet: every line and handset with a verdict, on the screen and as a
// document to print.
import assert from "node:assert/strict"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

export async function acceptance(browser) {
  const { context, page, faults } = await signedIn(browser)
  await at(page, "nav-lines").click()
  await at(page, "acceptance-row").locator("a").click()
  await at(page, "certificate").waitFor()
  const verdict = at(page, "certificate-verdict")
  assert.match(await verdict.getAttribute("data-verdict"), /^(good|bad|unknown)$/)
  assert.match(await verdict.innerText(), /\S+ \S+/)
  const rows = await page.locator('[data-testid="certificate"] [data-testid^="row-"]').evaluateAll(all =>
    all.map(r => ({ id: r.dataset.testid.slice(4), verdict: r.dataset.verdict, text: r.innerText })))
  const text = rows.map(r => r.text).join("\n")
  for (const port of ["fxo1", "fxo4", "fxs1", "fxs4"]) assert.match(text, new RegExp(port, "i"), `the sheet has ${port}`)
  for (const r of rows.filter(r => r.verdict === "bad")) assert.match(r.text, /\S+ \S+ \S+/, `${r.id} says what to do`)
  await readable(page, "the acceptance sheet")
  await shoot(page, "acceptance")

  const href = await at(page, "certificate-pdf").getAttribute("href")
  const paper = await context.request.get(href)
  assert.equal(paper.status(), 200)
  assert.match(paper.headers()["content-type"], /^application\/pdf/)
  const pdf = await paper.body()
  assert.equal(pdf.subarray(0, 5).toString("latin1"), "%PDF-")
  assert.match(pdf.subarray(-32).toString("latin1"), /%%EOF\s*$/)
  assert.ok(pdf.length > 1000, `${pdf.length} bytes`)
  clean(faults)
  await context.close()
}
