// Settings: who is in a queue, changed, looked at, committed, seen in force; what
// cannot be is refused in place; the way back.
import assert from "node:assert/strict"
import { ask } from "./ask.js"
import { until } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

const commit = async (page, note) => {
  await at(page, "review").click()
  await at(page, "review-dialog").waitFor()
  await at(page, "note").fill(note)
  await at(page, "commit").click()
  await at(page, "review-dialog").waitFor({ state: "detached" })
  await at(page, "review-bar").waitFor({ state: "detached" })
}

export async function settings(browser) {
  const { context, page, faults } = await signedIn(browser)
  const floor = await signedIn(browser)
  const signedInto = async name => (await ask(context, "acd/floor")).queues.find(q => q.queue === name).agents_signed_in
  const before = await ask(context, "settings")
  const ready = await signedInto("pagos")
  const shown = () => at(floor.page, "queue-pagos").locator(".row .soft").innerText()
  const words = await shown()

  await at(page, "nav-plan").click()
  await at(page, "tab-queues").click()
  await at(page, "item-pagos").click()
  await at(page, "field-agents-marta").check()
  await at(page, "review-bar").waitFor()
  await readable(page, "plan, a change")
  await until("the box has the change", () => at(page, "review").isEnabled())
  await at(page, "review").click()
  const diff = await at(page, "diff").innerText()
  assert.match(diff, /pagos/)
  assert.match(diff, /marta/)
  await shoot(page, "plan-diff")
  await page.keyboard.press("Escape")
  await at(page, "review-dialog").waitFor({ state: "detached" })
  assert.equal((await ask(context, "settings")).rev, before.rev, "nothing is in force before the commit")
  await commit(page, "Marta cobra también")
  const after = await ask(context, "settings")
  assert.ok(after.rev > before.rev, `revision ${before.rev} became ${after.rev}`)
  assert.deepEqual(after.tree.queues.find(q => q.name === "pagos").agents, ["ana", "luis", "marta"])
  assert.equal(await signedInto("pagos"), ready + 1)
  await until("the floor shows the new member", async () => (await shown()) !== words)

  await at(page, "tab-box").click()
  await page.locator('[data-testid="network"][data-owned="false"]').waitFor() // a program on somebody's computer
  await readable(page, "plan, the box")
  await at(page, "tab-queues").click()
  await at(page, "item-pagos").click()
  await refused(page)
  assert.equal((await ask(context, "settings")).rev, after.rev, "nothing that was refused is in force")
  await rollback(context, page, before, after)
  await until("the floor is as before", async () => (await shown()) === words)
  clean([...faults, ...floor.faults], / 422 .*settings\/candidate/) // what cannot be read is refused
  await floor.context.close()
  await context.close()
}

/** A wrong setting: a sentence at its place, no commit. */
async function refused(page) {
  await at(page, "field-ring").fill("25 horas y pico")
  await at(page, "field-error").first().waitFor()
  const why = await at(page, "form-queues").locator('[data-testid="field-error"]').innerText()
  assert.match(why, /\S+ \S+ \S+ \S+/, `a sentence with the way out: "${why}"`)
  await readable(page, "plan, an error")
  await shoot(page, "plan-error")
  await at(page, "review").click({ timeout: 500 }).catch(() => {}) // may be barred already
  if (await at(page, "review-dialog").count()) {
    assert.ok(await at(page, "commit").isDisabled(), "what is wrong cannot be committed")
    await page.keyboard.press("Escape")
  }
  await at(page, "discard").click()
  await at(page, "review-bar").waitFor({ state: "detached" })

  // A member that leaves the office while a queue still counts on it.
  await at(page, "tab-people").click()
  await at(page, "item-luis").click()
  await at(page, "remove-item").click()
  await until("the box refuses it", async () => (await at(page, "review-bar").locator(".bad").count()) > 0)
  await at(page, "tab-queues").click()
  await at(page, "item-pagos").click()
  const unknown = await at(page, "form-queues").locator('[data-testid="field-error"]').first().innerText()
  assert.match(unknown, /luis/i)
  assert.match(unknown, /\S+ \S+ \S+ \S+/, `a sentence with the way out: "${unknown}"`)
  await shoot(page, "plan-unknown-member")
  await at(page, "review").click()
  assert.ok(await at(page, "commit").isDisabled(), "what is wrong cannot be committed")
  const anyway = await page.request.post("/api/v1/settings/commit", { data: { note: "" } })
  assert.ok(anyway.status() >= 400 && anyway.status() < 500, `the box itself refuses it: ${anyway.status()}`)
  await readable(page, "review with errors")
  await shoot(page, "plan-refused")
  await page.keyboard.press("Escape")
  await at(page, "discard").click()
  await at(page, "review-bar").waitFor({ state: "detached" })
}

async function rollback(context, page, before, after) {
  await at(page, "tab-history").click()
  await page.getByText("Marta cobra también").waitFor()
  await shoot(page, "plan-history")
  await at(page, `rollback-${before.rev}`).click()
  await until("the old settings in force", async () => (await ask(context, "settings")).rev > after.rev || (await at(page, "review-bar").count()))
  if (await at(page, "review-bar").count()) await commit(page, "Como antes")
  const now = await ask(context, "settings")
  assert.deepEqual(now.tree, before.tree)
  assert.ok(now.rev > after.rev, "going back is a revision of its own")
}
