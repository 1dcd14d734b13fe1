// What the box tells of the telephone in this page (firmware/leg/web).
import type { Codec } from "./codec"

export interface Own {
  /** The person's extension, "" none. */
  station: string
  name: string
  /** The settings let it be used in a browser. */
  allowed: boolean
  /** There is no telephone on the desk beside it. */
  alone: boolean
  /** What is dialled before a number outside. */
  outside: string
}

export interface Caller {
  from: string
  name: string
  pattern: string
  absent: string
  /** To be taken by itself: somebody speaks through this telephone. */
  auto: boolean
}

export type Media = "none" | "joining" | "on" | "lost" | "failed"

export interface PhoneCall extends Caller {
  leg: number
  state: "ringing" | "calling" | "up"
  media: Media
  to: string
  /** The box lets us hear what happens: no ringback of our own. */
  early: boolean
  /** It rings at the far end. */
  rings: boolean
  /** What the box wishes to be spoken; "" before there is a connection. */
  codec: Codec | ""
  /** How the far end likes Opus, "" not known. */
  fmtp: string
}

export interface PhoneNews {
  leg: PhoneCall | null
  waiting: Caller | null
  ended: { leg: number; cause: string; by: "page" | "box" } | null
}

export interface Joined {
  leg: number
  sdp: string
}

/** Why this page cannot be a telephone, or cannot hear or be heard. */
export type Problem = "insecure" | "unsupported" | "denied" | "no-microphone" | "microphone-busy" | "no-path"
