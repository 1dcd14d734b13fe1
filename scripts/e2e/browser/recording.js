// The call's story in the book: its time line, its sound drawn and played.
import assert from "node:assert/strict"
import { until } from "./box.js"
import { at, clean, shoot } from "./browser.js"
import { signedIn } from "./signin.js"
import { readable } from "./words.js"

export async function playRecording(browser, call) {
  const { context, page, faults } = await signedIn(browser)
  await at(page, "nav-calls").click()
  await at(page, "calls-filter").fill("nobody at all")
  await until("no row", async () => (await at(page, `row-${call}`).count()) === 0)
  await readable(page, "calls, nothing found")
  await at(page, "calls-filter").fill("Lola")
  await at(page, `row-${call}`).click()
  await at(page, "timeline").waitFor()
  const stretches = await at(page, "timeline").locator("li").allInnerTexts()
  for (const [i, what] of [/dia/, /Marta/, /Marta/].entries()) assert.match(stretches[i] ?? "", what, `the time line tells menu, ringing and talk: ${stretches}`)

  await at(page, "waveform").waitFor()
  const drawn = await until("the waveform drawn", () => at(page, "waveform").evaluate(bars))
  assert.ok(drawn.outside > 30, `the caller's speech stands ${drawn.outside} % high`)
  assert.ok(drawn.agent > 30, `the agent's speech stands ${drawn.agent} % high`)

  const audio = at(page, "audio")
  await until("the sound's length", () => audio.evaluate(a => a.duration > 5 && a.readyState >= 1 && !a.error))
  await at(page, "play").click()
  await until("the sound moves on", () => audio.evaluate(a => !a.paused && a.currentTime > 0.7))
  await until("the position is told", async () => /^0?0:0[1-9]/.test(await at(page, "position").innerText()))
  await shoot(page, "call-story")
  await readable(page, "story")
  await at(page, "play").click()
  await until("the sound stands", () => audio.evaluate(a => a.paused))
  // A click in the drawing goes there.
  const box = await at(page, "waveform").boundingBox()
  await at(page, "waveform").click({ position: { x: box.width * 0.75, y: box.height / 2 } })
  await until("the sound goes where one clicks", () => audio.evaluate(a => Math.abs(a.currentTime / a.duration - 0.75) < 0.1))
  clean(faults)
  await context.close()
}

/** How high the drawing of each side goes, in percent of its half. Runs in the page. */
function bars(canvas) {
  const { width, height } = canvas
  const g = canvas.getContext("2d")
  const half = Math.floor(height / 2)
  const highest = top => {
    const pixels = g.getImageData(0, top, width, half - 2).data
    let most = 0
    for (let x = 0; x < width; x++) {
      let inked = 0
      for (let y = 0; y < half - 2; y++) if (pixels[4 * (y * width + x) + 3] > 0) inked++
      most = Math.max(most, inked)
    }
    return Math.round((100 * most) / half)
  }
  const drawn = { outside: highest(0), agent: highest(half + 2) }
  return drawn.outside + drawn.agent > 20 ? drawn : null
}
