// Pure: what the browser speaks, by the order in which the box's answer names it. All
// that may be spoken was agreed at once, and a browser speaks the first of an answer
// (RFC 3264 section 7), so it turns to another by being told the same answer in another
// order, without a word to the box.
export type Codec = "g711" | "opus"

const named: Record<Codec, RegExp> = { g711: /^PCM[AU]\/8000/i, opus: /^opus\/48000/i }

/** The answer with a codec before all others, and how the far end likes Opus, "" not
    known. It is left as it is where it has no such codec. */
export function preferring(sdp: string, codec: Codec, fmtp: string): string {
  const lines = sdp.split("\r\n")
  const at = lines.findIndex(l => l.startsWith("m=audio "))
  const words = lines[at]?.split(" ") ?? []
  const is = (payload: string) => named[codec].test(lines.find(l => l.startsWith(`a=rtpmap:${payload} `))?.split(" ")[1] ?? "")
  const formats = words.slice(3)
  const first = formats.filter(is)
  if (first.length === 0) return sdp
  lines[at] = [...words.slice(0, 3), ...first, ...formats.filter(f => !is(f))].join(" ")
  if (codec === "opus" && fmtp) {
    const mark = `a=fmtp:${first[0]} `
    const kept = lines.filter(l => !l.startsWith(mark))
    kept.splice(kept.findIndex(l => l.startsWith(`a=rtpmap:${first[0]} `)) + 1, 0, mark + fmtp)
    return kept.join("\r\n")
  }
  return lines.join("\r\n")
}
