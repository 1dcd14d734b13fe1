// Pure: the form of an outside call as a wish to the town.

/** How the exchange shows that the caller hung up. */
export const signs: Record<string, object | undefined> = {
  country: undefined,
  break: { loop_break_ms: 600, polarity: false, busy_tone: false, dial_tone_after_s: 0 },
  polarity: { loop_break_ms: 0, polarity: true, busy_tone: false, dial_tone_after_s: 0 },
  busy: { loop_break_ms: 0, polarity: false, busy_tone: true, dial_tone_after_s: 0 },
  none: { loop_break_ms: 0, polarity: false, busy_tone: false, dial_tone_after_s: 0 },
}

export const first = { number: "600123456", name: "Casa Lola", withheld: false, country: "", caller_id: "", voice: "babble", digits: "1", after: "8", hangup: "", sign: "country" }

/** The body of the wish: what was left empty is left out. */
export function callBody(f: typeof first): object {
  const seconds = (s: string) => Number(s.replace(",", ".")) || 0
  return {
    number: f.withheld ? "" : f.number.replace(/[^0-9*#+]/g, ""),
    ...(f.withheld ? { withheld: "P" } : f.name ? { name: f.name } : {}),
    ...(f.country ? { country: f.country } : {}),
    ...(f.caller_id ? { caller_id: f.caller_id } : {}),
    voice: f.voice,
    ...(f.digits ? { digits: f.digits, digits_after_s: seconds(f.after) } : {}),
    ...(seconds(f.hangup) > 0 ? { hangup_after_s: seconds(f.hangup) } : {}),
    ...(signs[f.sign] ? { supervision: signs[f.sign] } : {}),
  }
}
