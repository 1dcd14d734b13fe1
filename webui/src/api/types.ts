// What the box's API says and takes, by hand until it is generated from the
// OpenAPI document. Times named *_at are milliseconds of the box's own clock;
// those named wall are Unix milliseconds.

export type Role = "agent" | "supervisor" | "owner" | "installer"
export type Lang = "es" | "it" | "en"

export interface Session {
  person: string
  label: string
  role: Role
  language: string
  must_change: boolean
}

/** One field that was refused: where, what, why and the way out. */
export interface FieldError {
  path: string
  value?: string
  reason: string
  remedy?: string
  /** A warning does not stop a commit. */
  warning?: boolean
}

/** Every view's envelope; at and wall are of the same moment. */
export interface Answer<T> {
  seq: number
  at: number
  wall: number
  data: T
}

/** One record of the journal as the stream tells it. */
export interface Rec {
  seq: number
  at: number
  wall: number
  kind: string
  body: Record<string, unknown>
}

export type CallState = "dialling" | "menu" | "waiting" | "ringing" | "talking" | "held" | "conference" | "paging"
export type Direction = "in" | "out" | "inside"

/** How a leg sounded in the last seconds. */
export interface Sounding {
  path: "" | "relayed" | "mixed"
  mos: number
  word: string
  /** 0..1 */
  loss: number
  /** Milliseconds; a trip of 0 is not known. */
  jitter: number
  trip: number
}

/** How the sound of a leg went: packets, milliseconds, mean opinion scores (0 not rated), shares 0..1. */
export interface LegSound {
  codec: string
  ms: number
  relayed_ms: number
  sent: number
  received: number
  lost: number
  late: number
  burst: number
  jitter_ms: number
  jitter_max_ms: number
  trip_ms: number
  trip_max_ms: number
  playout_ms: number
  far_lost: number
  far_jitter_ms: number
  r: number
  mos: number
  far_mos: number
  delay_ms: number
}

export interface RefusedPhone {
  user: string
  address: string
  why: string
  device: string
  count: number
  first_wall: number
  last_wall: number
}

export interface LiveCall {
  call: number
  direction: Direction
  from: string
  name: string
  to: string
  port: string
  where: string
  state: CallState
  began_at: number
  connected_at: number
  agent: string
  station: string
  queue: string
  recording: boolean
  legs: { leg: number; port: string; state: string; sound?: Sounding }[] | null
  /** How its packets go, "" where no end has any; and the score of its worst end, 0 not rated. */
  path?: "" | "relayed" | "mixed"
  mos?: number
  /** Extensions of the office that are in the talk. */
  stations: string[] | null
  /** Who keeps it on hold, "" nobody. */
  held_by: string
  /** One of them has another call, or is told of one. */
  second: boolean
}

export interface Line {
  port: string
  number: string
  state: string
  call: number
  text: string
}

export interface TrunkUp {
  name: string
  up: boolean
  calls: number
  text: string
  /** Why it is down: a word of the catalogue. */
  code: string
  /** In use. */
  server: string
  servers: { addr: string; up: boolean; code: string }[] | null
}

export interface StationNow {
  extension: string
  name: string
  kind: string
  port: string
  state: string
  call: number
  device: string
  contact: string
  messages: number
  /** Where calls go, "" nowhere. */
  forward_always: string
  forward_busy: string
  forward_no_answer: string
}

export interface Waiting {
  call: number
  from: string
  name: string
  since_at: number
  position: number
}

export interface QueueNow {
  queue: string
  waiting: Waiting[] | null
  longest_since_at: number
  offered: number
  answered: number
  abandoned: number
  within_target: number
  target_ms: number
  target_share: number
  agents_ready: number
  agents_signed_in: number
}

export interface AgentNow {
  agent: string
  label: string
  station: string
  state: string
  reason: string
  since_at: number
  call: number
  queue: string
  until_at: number
}

export interface Alarm {
  key: string
  severity: string
  text: string
  args: string[] | null
  since_at: number
}

export interface LineProfile {
  port: string
  calls: number
  sure: number
  drifts: { item: string; lost: boolean; since_wall: number }[] | null
}

/** The last guided test of a line; result is "" while it runs. */
export interface Exam {
  port: string
  with: string
  number: string
  began_at: number
  ended_wall: number
  step: string
  percent: number
  result: string
}

export type Verdict = "good" | "bad" | "unknown"

/** A one-page document, said in the reader's language. */
export interface Sheet {
  title: string
  summary: string
  verdict: Verdict
  facts: { name: string; value: string }[]
  rows: { id: string; name: string; value: string; sure: number; verdict: Verdict; says: string; advice: string }[]
}

/** The relay between a line and a telephone; times in Unix ms. */
export interface LifelineNow {
  fitted: boolean
  line: string
  handset: string
  held: boolean
  why: string
  wanted: boolean
  next: number
  last: { at: number; fault: string; volts: number; fall_ms: number; pull_ms: number } | null
}

/** A telephone of the plan that sets itself up, and how far it has come. */
export interface DeviceNow {
  name: string
  vendor: string
  mac: string
  extension: string
  label: string
  fetched_at: number
  refused_at: number
  from: string
  agent: string
  phone: boolean
}

/** What to type into a telephone, or to scan. */
export interface DeviceCard {
  name: string
  vendor: string
  address: string
  menu?: string
  code?: string[]
}

/** Who may fetch settings until when, and who was found. */
export interface DevicesNow {
  until: number
  devices: DeviceNow[] | null
  found: { mac: string; vendor: string; model: string; from: string; at: number }[] | null
}

/** The last test of a provider. */
export interface TrunkCheck {
  trunk: string
  wall: number
  running: boolean
  steps: { step: string; good: boolean; code: string; text: string; ms: number }[] | null
}

/** What calls to the outside have cost, and which were refused. */
export interface Spending {
  off: boolean
  currency: string
  accounts: { of: string; minutes_day: number; minutes_month: number; money_day: string; money_month: string; percent: number; limit: string; most: string }[] | null
  refused: { wall: number; call: number; station: string; number: string; rule: string; what: string; of: string; limit: string }[] | null
}

/** The views that the live store keeps, by their address. */
export interface Views {
  "call/live": { calls: LiveCall[] | null }
  "trunk/lines": { lines: Line[] | null; trunks: TrunkUp[] | null }
  "station/stations": { stations: StationNow[] | null }
  "acd/floor": { queues: QueueNow[] | null; agents: AgentNow[] | null }
  "alarm/list": { alarms: Alarm[] | null }
  "lifeline/lifeline": LifelineNow
  "guard/spending": Spending
  "security/refused-phones": { phones: RefusedPhone[] | null }
  "trunk/checks": { tests: TrunkCheck[] | null }
  "provision/devices": DevicesNow
  "line/profiles": { profiles: LineProfile[] | null }
  "line/tests": { tests: Exam[] | null }
}
export type ViewName = keyof Views

export interface PastCall {
  call: number
  direction: Direction
  began_wall: number
  from: string
  name: string
  to: string
  port: string
  queue: string
  agent: string
  station: string
  wait_ms: number
  talk_ms: number
  held_ms: number
  cause: string
  /** The codes of the end, 0 where there is none: SIP status and cause value of Q.850. */
  sip: number
  q850: number
  answered: boolean
  /** How the answer of the called side was known, "" where nobody was called; and how surely, in percent. */
  answered_by: string
  answered_sure: number
  recording: { file: string; ms: number; state: string } | null
  /** How its worst end sounded; null where no end speaks in packets. */
  quality?: { mos: number; word: string; loss: number; jitter_ms: number; trip_ms: number; delay_ms: number; sound_ms: number; relayed_ms: number } | null
}

export interface CallStory extends PastCall {
  events: CallEvent[] | null
}

export interface CallEvent {
  at: number
  wall: number
  kind: string
  body: Record<string, unknown>
}

export type Column = [min: number, max: number]

/** Peaks of both sides, at most 1000 columns; values are -128..127. */
export interface Peaks {
  ms: number
  left: Column[]
  right: Column[]
}

/** A value of the settings tree: forms read and write it by path. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Tree = { [key: string]: Json }

export interface Settings {
  rev: number
  tree: Tree
}
export interface Candidate extends Settings {
  changed: boolean
  errors: FieldError[] | null
}
export interface Change {
  path: string
  old: Json
  new: Json
}
/** A revision that does not last unless it is kept in time. */
export interface Trial {
  on: boolean
  rev: number
  back: number
  left_ms: number
  /** The box's address changes with it. */
  moves: boolean
  address: string
}

export interface Committed {
  rev: number
  trial?: Trial
}

export interface NetworkNow {
  owned: boolean
  host_name: string
  addresses: string[]
  by_dhcp: boolean
  trouble: string
}

export interface Revision {
  rev: number
  wall: number
  who: string
  note: string
}

export interface About {
  version: string
  go: string
  board: string
  serial: string
  sounds: Record<string, string> | null
  licences: { name: string; licence: string; text?: string }[] | null
  features: string[] | null
}

export interface PortStatus {
  Chip?: string
  Ready?: boolean
  OffHook?: boolean
  Ringing?: boolean
  Reversed?: boolean
  Volts?: number
  MilliAmp?: number
  Fault?: string
  Reason?: string
  REN?: number
}
export interface Front {
  name: string
  lamps: Record<string, string> | null
  ports: { port: string; kind: string; status: PortStatus }[] | null
}

/** What the box shows to who comes by TLS. */
export interface Certificate {
  kind: "box" | "own" | "acme"
  state: "" | "ending" | "failed" | "ended"
  issuer: string
  names: string[]
  uncovered: string[]
  ends: number
  fingerprint: string
  acme: { on: boolean; problem: string; records: { name: string; value: string }[] }
  distrusted: { from: string; what: string; at: number }[]
  https: string
  sip: string
  page: string
}

/** What a backup is of and what it changes. */
export interface BackupSheet {
  made: number
  program: string
  board: string
  serial: string
  office: string
  revision: number
  accounts: number
  changes: { path: string; old: string; new: string }[]
  remarks: FieldError[]
  before?: string
}

/** What a bundle for an update says it is. */
export interface UpdateBundle {
  version: string
  compatible: string
  oldest: string
  size: number
  older: boolean
}

/** Where an update is, and how the last one ended. */
export interface UpdateState {
  offered: boolean
  phase: "idle" | "receiving" | "checking" | "checked" | "writing" | "waiting" | "restarting" | "trial"
  version: string
  board: string
  slot: string
  oldest: string
  received: number
  size: number
  percent: number
  calls: number
  bundle: UpdateBundle | null
  problem_text: string
  last: { version: string; from: string; result: "good" | "fell-back" | "failed" | "interrupted" } | null
  last_text: string
  sticks: string[]
}

/** An address that SIP does not listen to. */
export interface Ban {
  address: string
  why: "guessing" | "asking" | "scanning" | "flooding"
  since: number
  until: number
  times: number
  dropped: number
}
