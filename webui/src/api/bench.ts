// What the simulated town says and takes; board/simboard/town documents it.
import { get, post } from "./http"

export interface Hears {
  sound: string
  level_dbm0: number
  speech_dbm0: number
  digits: string
}
export interface OutsideLine {
  name: string
  country: string
  state: string
  cut: boolean
  beside: boolean // the telephone in parallel is off-hook
  ringing: boolean
  off_hook: boolean
  number: string
  caller: string
  dialled: string
  hears: Hears
}
export interface Handset {
  name: string
  off_hook: boolean
  ringing: boolean
  bell: boolean
  shown: { number: string; name: string; reason: string; error: string; in_talk: boolean }
  message_lamp: boolean
  dialled: string
  dialling: boolean
  speaking: boolean
  hears: Hears
}
export interface Town {
  frame: number
  lines: OutsideLine[] | null
  handsets: Handset[] | null
}
export interface Choices {
  countries: string[] | null
  caller_id: string[] | null
  voices: string[] | null
  files: string[] | null
}
export interface Sound {
  first: number
  next: number
  rate: number
  pcm: string
}

export type End = { kind: "line" | "handset"; name: string }

export const townState = () => get<Town>("/bench/state")
export const townChoices = () => get<Choices>("/bench/choices")
export const wish = (end: End, what: string, body: object = {}) => post(`/bench/${end.kind}/${end.name}/${what}`, body)
export const soundAfter = (end: End, after?: number) => get<Sound>(`/bench/${end.kind}/${end.name}/sound${after === undefined ? "" : `?after=${after}`}`)
