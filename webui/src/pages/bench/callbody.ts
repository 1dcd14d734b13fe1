// Pure: the form of an outside call as a wish to the town.

/** How the exchange shows that the caller hung up. */
export const signs: Record<string, object | undefined> = {
  country: undefined,
  break: { loop_break_ms: 600, polarity: false, busy_tone: false, dial_tone_after_s: 0 },
  polarity: { loop_break_ms: 0, polarity: true, busy_tone: false, dial_tone_after_s: 0 },
  busy: { loop_break_ms: 0, polarity: false, busy_tone: true, dial_tone_after_s: 0 },
  none: { loop_break_ms: 0, polarity: false, busy_tone: false, dial_tone_after_s: 0 },
}

export const first = { number: "600123456", name: "Casa Lola", withheld: false, country: "", caller_id: "", voice: "babble", digits: "1", after: "8", hangup: "", sign: "country", script: "" }

type Act = { wait_s?: number; digits?: string; speak?: string; until?: string; for_s?: number; hangup?: boolean }

/** A script, a step a line: wait 4 · press 1 · say ana.wav 5 · until silence 10 · hangup.
    The number of the first line that is none of these, or the steps. */
export function parseScript(text: string): Act[] | number {
  const acts: Act[] = []
  for (const [i, line] of text.split("\n").entries()) {
    const [verb = "", what = "", seconds = ""] = line.trim().split(/\s+/)
    if (!verb) continue
    const for_s = Number(seconds) > 0 ? { for_s: Number(seconds) } : {}
    if (verb === "wait" && Number(what) > 0) acts.push({ wait_s: Number(what) })
    else if (verb === "press" && /^[0-9*#A-D]+$/.test(what)) acts.push({ digits: what })
    else if (verb === "say" && what) acts.push({ speak: what, ...for_s })
    else if (verb === "until" && what) acts.push({ until: what, ...for_s })
    else if (verb === "hangup" && !what) acts.push({ hangup: true })
    else return i + 1
  }
  return acts
}

/** The body of the wish: what was left empty is left out. */
export function callBody(f: typeof first): object {
  const script = parseScript(f.script)
  const scripted = Array.isArray(script) && script.length > 0
  const seconds = (s: string) => Number(s.replace(",", ".")) || 0
  return {
    number: f.withheld ? "" : f.number.replace(/[^0-9*#+]/g, ""),
    ...(f.withheld ? { withheld: "P" } : f.name ? { name: f.name } : {}),
    ...(f.country ? { country: f.country } : {}),
    ...(f.caller_id ? { caller_id: f.caller_id } : {}),
    ...(scripted ? { script } : { voice: f.voice }),
    ...(f.digits && !scripted ? { digits: f.digits, digits_after_s: seconds(f.after) } : {}),
    ...(seconds(f.hangup) > 0 ? { hangup_after_s: seconds(f.hangup) } : {}),
    ...(signs[f.sign] ? { supervision: signs[f.sign] } : {}),
  }
}
