// Settings on trial: what is left is shown on every page and counts down; kept they
// last, returned they are gone. A new address of the box is on trial by itself.
import assert from "node:assert/strict"
import { ask } from "./ask.js"
import { until } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

const ring = async context => (await ask(context, "settings")).tree.queues.find(q => q.name === "pagos").ring

/** Commits what is edited, for so many minutes or for good. */
async function commit(page, minutes) {
  await until("the box has the change", () => at(page, "review").isEnabled())
  await at(page, "review").click()
  await at(page, "review-dialog").waitFor()
  await at(page, "trial-minutes").selectOption(String(minutes))
  await at(page, "commit").click()
  await at(page, "review-dialog").waitFor({ state: "detached" })
}

async function change(page, value, minutes) {
  await at(page, "nav-plan").click()
  await at(page, "tab-queues").click()
  await at(page, "item-pagos").click()
  await at(page, "field-ring").fill(value)
  await at(page, "review-bar").waitFor()
  await commit(page, minutes)
}

/** Seconds that the page says are left. */
async function left(page) {
  const text = await at(page, "trial-left").innerText()
  const [, m, s] = text.match(/(\d+):(\d\d)/) ?? assert.fail(`no time in "${text}"`)
  return 60 * Number(m) + Number(s)
}

export async function trials(browser) {
  const { context, page, faults } = await signedIn(browser)
  const other = await signedIn(browser)
  const was = await ring(context)
  assert.equal(await at(page, "trial").count(), 0)

  await change(page, "21s", 5)
  await at(page, "trial").waitFor()
  const first = await left(page)
  assert.ok(first > 280 && first <= 300, `${first} s are left`)
  await until("the time counts down", async () => (await left(page)) < first)
  await readable(page, "plan, on trial")
  await shoot(page, "trial")
  await at(page, "tab-history").click()
  await at(page, "history").getByText("a prueba").waitFor()
  await at(other.page, "trial").waitFor() // on every page of every owner
  assert.equal(await ring(context), "21s")
  await at(other.page, "trial-keep").click()
  await at(other.page, "trial").waitFor({ state: "detached" })
  await at(page, "trial").waitFor({ state: "detached", timeout: 15_000 })
  assert.equal((await ask(context, "settings/trial")).on, false)
  assert.equal(await ring(context), "21s")

  await change(page, "22s", 30)
  await at(page, "trial").waitFor()
  assert.ok((await left(page)) > 1700)
  assert.equal(await ring(context), "22s")
  await at(page, "trial-return").click()
  await at(page, "trial").waitFor({ state: "detached" })
  assert.equal(await ring(context), "21s")
  await change(page, was, 0)
  assert.equal(await at(page, "trial").count(), 0)
  assert.equal(await ring(context), was)
  clean([...faults, ...other.faults])
  await other.context.close()
  await context.close()
}

export async function moves(browser) {
  const { context, page, faults } = await signedIn(browser)
  const before = await ask(context, "settings")
  await at(page, "nav-plan").click()
  await at(page, "tab-box").click()
  await page.locator('[data-testid="network"][data-owned="true"]').waitFor()
  const address = at(page, "field-network.address")
  await address.fill("192.0.2.10")
  const why = at(page, "form-box").locator('[data-testid="field-error"]').first()
  await why.waitFor()
  assert.match(await why.innerText(), /192\.168\.1\.10\/24/, "how an address is written")
  await address.fill("192.0.2.10/24")
  await at(page, "field-network.gateway").fill("192.0.2.1")
  await commit(page, 0)
  const bar = at(page, "trial")
  await bar.waitFor()
  assert.match(await bar.innerText(), /192\.0\.2\.10/)
  const there = new URL(await at(page, "trial-open").getAttribute("href"))
  assert.equal(there.hostname, "192.0.2.10")
  assert.equal(there.port, new URL(page.url()).port)
  await at(page, "trial-keep").click() // before anybody was there
  const no = bar.locator('[data-testid="refusal"]')
  await no.waitFor()
  assert.match(await no.innerText(), /\S+ \S+ \S+ \S+/)
  await readable(page, "the box moves")
  await shoot(page, "trial-moves")
  await at(page, "trial-return").click()
  await bar.waitFor({ state: "detached" })
  assert.deepEqual((await ask(context, "settings")).tree, before.tree)
  clean(faults, / 409 .*settings\/keep/)
  await context.close()
}
