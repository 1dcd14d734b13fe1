// Pure: what the figures of a connection mean to who listens.
export interface Sample {
  /** Packets since the beginning. */
  received: number
  lost: number
  /** Seconds. */
  jitter: number
  roundTrip: number
  /** Share of ours that the box missed, 0..1. */
  farLost: number
}
export type Quality = "good" | "fair" | "bad"

/** Between two samples: above 2 % of loss, 30 ms of jitter or 300 ms there and back a talk becomes tiring, above 8 %, 80 ms or 600 ms it breaks. */
export function judge(before: Sample, now: Sample): Quality {
  const received = now.received - before.received
  const lost = Math.max(0, now.lost - before.lost)
  if (received <= 0) return "bad"
  const share = Math.max(lost / (received + lost), now.farLost)
  if (share > 0.08 || now.jitter > 0.08 || now.roundTrip > 0.6) return "bad"
  if (share > 0.02 || now.jitter > 0.03 || now.roundTrip > 0.3) return "fair"
  return "good"
}

/** Reads a report of RTCPeerConnection.getStats. */
export function read(stats: Iterable<Record<string, unknown>>): Sample {
  const s: Sample = { received: 0, lost: 0, jitter: 0, roundTrip: 0, farLost: 0 }
  const figure = (v: unknown) => (typeof v === "number" && Number.isFinite(v) ? v : 0)
  for (const r of stats) {
    if (r.type === "inbound-rtp") {
      s.received = figure(r.packetsReceived)
      s.lost = figure(r.packetsLost)
      s.jitter = figure(r.jitter)
    } else if (r.type === "remote-inbound-rtp") s.farLost = figure(r.fractionLost)
    else if (r.type === "candidate-pair" && r.nominated) s.roundTrip = figure(r.currentRoundTripTime)
  }
  return s
}
