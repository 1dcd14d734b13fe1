// The running box, as the Go test that started it tells: where it is, the owner's
// one-time password, and how to cut its power.
const need = name => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: these tests are started by scripts/e2e/browser_test.go`)
  return value
}

/** The page's address, without a slash at the end. */
export const url = need("BOX_URL")
export const oneTime = need("BOX_PASSWORD")
export const lasting = "una frase que se recuerda"
/** Where pictures go. */
export const shots = need("BOX_SHOTS")

/** Asks the Go test that started this one for something. */
export const order = async what => {
  const answer = await fetch(`${need("BOX_CONTROL")}/${what}`, { method: "POST" })
  if (!answer.ok) throw new Error(`${what}: ${await answer.text()}`)
}

/** A power cut. */
export const cut = () => order("cut")
/** Power again: the same data, the same addresses; resolves when it takes calls. */
export const start = () => order("start")

export const sleep = ms => new Promise(r => setTimeout(r, ms))

/** Waits until look gives something true; fails with what it gave last. */
export async function until(what, look, limitMS = 10_000) {
  const end = Date.now() + limitMS
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`not within ${limitMS} ms: ${what}`)
    await sleep(25)
  }
}
