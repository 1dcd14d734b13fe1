// A new version: what is signed by a stranger or made for another board is refused
// with a sentence, and the next file can be given; a good one is offered for
// installing, and forgotten on wish.
import assert from "node:assert/strict"
import { order } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

const file = { name: "centralita.raucb", mimeType: "application/octet-stream", buffer: Buffer.alloc(300_000, "bundle ") }

export async function updates(browser) {
  const { context, page, faults } = await signedIn(browser)
  await at(page, "nav-box").click()
  await at(page, "update-file").waitFor()
  const give = async () => {
    await at(page, "update-file").setInputFiles(file)
    await at(page, "update-send").click()
  }
  for (const [says, what] of [["stranger", /firmad/i], ["board", /rev1/]]) {
    await order(says)
    await give()
    const why = at(page, "update-why")
    await page.locator('[data-testid="update-why"]', { hasText: what }).waitFor()
    assert.match(await why.innerText(), /\S+ \S+ \S+ \S+ \S+/, "a sentence")
    assert.equal(await at(page, "update-install").count(), 0, "nothing to install")
    await readable(page, `an update refused: ${says}`)
    await shoot(page, `update-${says}`)
    await at(page, "update-file").waitFor()
  }
  await order("good")
  await give()
  await at(page, "update-install").waitFor()
  assert.match(await at(page, "update-install").innerText(), /9\.1\.0/)
  assert.equal(await at(page, "update-why").count(), 0)
  await shoot(page, "update-checked")
  await at(page, "update-cancel").click()
  await at(page, "update-file").waitFor()
  assert.equal(await at(page, "update-install").count(), 0)
  clean(faults, / 422 .*box\/update/)
  await context.close()
}
