// The box in one file: saved by the page, changed meanwhile, looked into, had back;
// a wrong password is refused with a sentence and changes nothing.
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { ask } from "./ask.js"
import { lasting } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

const word = "cuatro palabras al azar"

export async function backups(browser) {
  const { context, page, faults } = await signedIn(browser)
  const before = (await ask(context, "settings")).tree
  await at(page, "nav-box").click()
  await at(page, "backup-password").fill(word)
  const saving = page.waitForEvent("download")
  await at(page, "backup-save").click()
  const saved = await saving
  assert.match(saved.suggestedFilename(), /^clinica-dental-sol-\d{4}-\d\d-\d\d\.centralita$|^cl.*\.centralita$/)
  const buffer = await readFile(await saved.path())
  assert.ok(buffer.length > 1000)
  assert.ok(!buffer.includes("ana-201") && !buffer.includes(before.office.name), "nothing can be read in it")

  const changed = structuredClone(before)
  changed.office.name = "Otra casa"
  await ask(context, "settings/candidate", "put", { tree: changed })
  await ask(context, "settings/commit", "post", {})

  await at(page, "backup-restore").locator("summary").click()
  await at(page, "backup-file").setInputFiles({ name: saved.suggestedFilename(), mimeType: "application/octet-stream", buffer })
  await at(page, "restore-password").fill("otra cosa distinta")
  await at(page, "restore-look").click()
  const why = at(page, "restore-why")
  await why.waitFor()
  assert.match(await why.innerText(), /\S+ \S+ \S+ \S+/, "a sentence")
  assert.equal(await at(page, "restore-go").count(), 0)
  await shoot(page, "backup-refused")

  await at(page, "restore-password").fill(word)
  await at(page, "restore-look").click()
  await at(page, "backup-sheet").waitFor()
  const sheet = await at(page, "backup-sheet").innerText()
  assert.match(sheet, /office\.name/)
  assert.match(sheet, /Otra casa/)
  assert.equal((await ask(context, "settings")).tree.office.name, "Otra casa", "looking changes nothing")
  await readable(page, "a backup looked into")
  await shoot(page, "backup-sheet")
  await at(page, "restore-go").click()
  // Everybody signs in again, this person too, with the password of the file.
  await at(page, "sign-in").or(at(page, "backup-done")).first().waitFor()
  const again = await signedIn(browser)
  assert.deepEqual((await ask(again.context, "settings")).tree, before)
  assert.equal((await again.context.request.post("/api/v1/session", { data: { user: "owner", password: lasting } })).status(), 200)
  clean([...faults, ...again.faults], / 422 .*box\/backup\/look/, / 401 /)
  await again.context.close()
  await context.close()
}
