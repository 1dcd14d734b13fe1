import { describe, expect, it } from "vitest"
import { preferring } from "../src/phone/codec"

const answer = [
  "v=0", "o=- 1 2 IN IP4 0.0.0.0", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 8 111 0 126",
  "a=rtpmap:8 PCMA/8000", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:0 PCMU/8000", "a=rtpmap:126 telephone-event/8000", "a=sendrecv", "",
].join("\r\n")
const spoken = (sdp: string) => /m=audio \S+ \S+ (.*)/.exec(sdp)?.[1]
const wishes = (sdp: string) => sdp.split("\r\n").filter(l => l.startsWith("a=fmtp:"))

describe("what the browser speaks", () => {
  it("is what stands first", () => {
    expect(spoken(preferring(answer, "opus", ""))).toBe("111 8 0 126")
    expect(spoken(preferring(answer, "g711", ""))).toBe("8 0 111 126")
  })
  it("comes back to what it was", () => {
    const opus = preferring(answer, "opus", "")
    expect(spoken(preferring(opus, "g711", ""))).toBe("8 0 111 126")
    expect(preferring(opus, "opus", "")).toBe(opus)
  })
  it("is as the far end likes it", () => {
    const opus = preferring(answer, "opus", "stereo=0;maxaveragebitrate=20000")
    expect(wishes(opus)).toEqual(["a=fmtp:111 stereo=0;maxaveragebitrate=20000"])
    expect(preferring(opus, "opus", "stereo=0;maxaveragebitrate=20000")).toBe(opus)
    expect(wishes(preferring(answer, "g711", "stereo=1"))).toEqual(["a=fmtp:111 minptime=10;useinbandfec=1"])
  })
  it("stays where the answer has no such codec", () => {
    const plain = answer.replaceAll("opus/48000/2", "G722/8000")
    expect(preferring(plain, "opus", "stereo=0")).toBe(plain)
    expect(preferring("", "opus", "")).toBe("")
  })
})
