// What each part of the plan consists of: the forms are drawn from it, their words
// are "plan.PART.FIELD" in the catalogue.
import type { Tree } from "../../api/types"

export type FieldKind =
  | { kind: "text" }
  | { kind: "number" }
  | { kind: "duration" }
  | { kind: "truth" }
  | { kind: "choice"; of: string[]; family: string }
  | { kind: "words" }
  | { kind: "kinds" }
  | { kind: "ref"; list: "hours" | "stations"; none: true }
  | { kind: "destination"; none?: true }
  | { kind: "members" }
  | { kind: "through" }
  | { kind: "weekly" }
  | { kind: "keys" }
  | { kind: "secret"; name: (item: Tree) => string }
  | { kind: "account" }

export type FieldShape = FieldKind & {
  at: string
  /** Only asked for where it makes sense. */
  when?: (item: Tree) => boolean
}

export interface Part {
  name: string
  /** A list of items, or one group. */
  many: boolean
  fields: FieldShape[]
  /** What a new item begins with. */
  fresh?: (n: number) => Tree
}

const text = (at: string): FieldShape => ({ at, kind: "text" })
const duration = (at: string): FieldShape => ({ at, kind: "duration" })
const echo: FieldShape = { at: "echo", kind: "choice", of: ["", "cancel", "off"], family: "echo" }
/** Kinds of calls that a handset may be rung for in a way of their own. */
const ringKinds = ["external", "internal", "queue", "recall", "alarm"]
const callerIDs = ["none", ...["v23", "bell202"].flatMap(m => ["after-ring", "alert", "short-ring", "reversal"].map(w => `${m}-${w}`)), "dtmf-after-ring", "dtmf-before-ring", "dtmf-reversal"]
/** As in firmware/settings/presets.yaml. */
const presets = ["register", "ip", "fritzbox", "asterisk", "kamailio", "e164-peer", "sipgate-de", "sipgate-uk", "voipfone-uk", "zadarma", "telnyx", "vonage-api", "callcentric"]
const formats = ["e164", "bare", "00", "national"]
/** Kinds of calls, as firmware/number has them. */
export const callKinds = ["national", "mobile", "free", "shared", "premium", "international", "other", "out-of-hours"]
const limitOf = (at: string): FieldShape[] => [{ at: `${at}.minutes_day`, kind: "number" }, { at: `${at}.minutes_month`, kind: "number" }, text(`${at}.money_day`), text(`${at}.money_month`)]
const tolls: FieldShape[] = [{ at: "allow", kind: "kinds" }, { at: "bar", kind: "kinds" }, ...limitOf("limit")]
const isHandset = (item: Tree) => !!item.handset
const isPhone = (item: Tree) => !item.handset
const word = (v: unknown) => (typeof v === "string" ? v : "")

export const parts: Part[] = [
  {
    name: "office",
    many: false,
    fields: [text("name"), { at: "country", kind: "choice", of: ["ES", "IT", "GB", "US", "FR", "DE", "MX", "AR", "BR"], family: "country" }, text("place"), text("time_zone"), { at: "languages", kind: "words" },
      ...ringKinds.map((kind): FieldShape => ({ at: `ringing.${kind}`, kind: "choice", of: ["", "country", "single", "long", "double", "triple", "short-long", "short"], family: "cadence" }))],
  },
  {
    name: "lines",
    many: true,
    fields: [
      text("name"),
      text("number"),
      { at: "rings", kind: "destination" },
      { at: "supervision", kind: "choice", of: ["", "none", "polarity"], family: "supervision" },
      { at: "answer_after", kind: "number" },
      { at: "input_gain", kind: "number" },
      { at: "output_gain", kind: "number" },
      duration("silence"),
      echo,
      { at: "dialling", kind: "choice", of: ["", "tone", "pulse"], family: "dialling" },
      text("second_dial_tone"),
      { at: "no_dial_tone", kind: "choice", of: ["", "dial", "refuse"], family: "no_dial_tone" },
      duration("dial_tone_wait"),
      { at: "parallel", kind: "choice", of: ["", "refuse", "wait"], family: "parallel" },
      duration("flash"),
      { at: "call_waiting", kind: "truth" },
      text("test_number"),
      ...tolls,
    ],
    fresh: n => ({ name: `fxo${n}`, rings: "" }),
  },
  {
    name: "trunks",
    many: true,
    fields: [
      text("name"),
      { at: "preset", kind: "choice", of: ["", ...presets], family: "preset" },
      text("server"),
      { at: "servers", kind: "words" },
      { at: "transport", kind: "choice", of: ["", "udp", "tcp", "tls"], family: "transport" },
      { at: "srtp", kind: "choice", of: ["", "off", "require"], family: "srtp" },
      text("user"),
      { at: "secret", kind: "secret", name: item => `trunk-${word(item.name)}` },
      { at: "register", kind: "truth" },
      { at: "numbers", kind: "words" },
      { at: "rings", kind: "destination", none: true },
      { at: "calls", kind: "number" },
      { at: "transfer", kind: "truth" },
      { at: "trusted", kind: "truth" },
      { at: "caller", kind: "choice", of: ["", "own", "first", "any", "account"], family: "caller" },
      { at: "peers", kind: "words" },
      { at: "did", kind: "choice", of: ["", "request-uri", "to", "called-party", "diversion"], family: "did" },
      { at: "format_out", kind: "choice", of: ["", ...formats], family: "format" },
      text("strip_out"),
      text("add_out"),
      { at: "format_in", kind: "choice", of: ["", ...formats], family: "format" },
      text("strip_in"),
      text("add_in"),
      { at: "codecs", kind: "words" },
      text("outbound_proxy"),
      text("auth_user"),
      text("contact_user"),
      text("domain"),
      text("realm"),
      duration("expires"),
      { at: "health", kind: "choice", of: ["", "options", "off"], family: "health" },
      duration("health_every"),
      ...tolls,
    ],
    fresh: () => ({ name: "", server: "", register: true, rings: "" }),
  },
  {
    name: "stations",
    many: true,
    fields: [text("extension"), text("name"), text("handset"), { ...echo, when: isHandset }, { at: "input_gain", when: isHandset, kind: "number" }, { at: "output_gain", when: isHandset, kind: "number" },
      { at: "caller_id", when: isHandset, kind: "choice", of: ["", ...callerIDs], family: "caller_id" },
      { at: "message_waiting", when: isHandset, kind: "words" },
      { at: "pulse", when: isHandset, kind: "choice", of: ["", "off"], family: "pulse" },
      { at: "answer_reversal", when: isHandset, kind: "truth" }, { ...duration("disconnect_pulse"), when: isHandset },
      { at: "sip.secret", when: isPhone, kind: "secret", name: item => `phone-${word(item.extension)}` }, { at: "sip.md5", when: isPhone, kind: "truth" }, { at: "sip.calls", when: isPhone, kind: "number" },
      { at: "sip.srtp", when: isPhone, kind: "choice", of: ["", "off", "require"], family: "srtp" },
      { at: "sip.codecs", when: isPhone, kind: "words" },
      text("pickup_group"), { at: "web", kind: "truth" }, { at: "call_waiting", kind: "truth" }, { at: "transfer_outside", kind: "truth" },
      text("forward.always"), text("forward.busy"), text("forward.no_answer"), duration("forward.after"), ...tolls],
    fresh: () => ({ extension: "", name: "" }),
  },
  {
    name: "devices",
    many: true,
    fields: [
      text("name"),
      { at: "vendor", kind: "choice", of: ["yealink", "grandstream", "snom", "fanvil", "linphone"], family: "vendor" },
      text("mac"),
      { at: "extension", kind: "ref", list: "stations", none: true },
      { at: "transport", kind: "choice", of: ["", "udp", "tcp"], family: "transport" },
    ],
    fresh: () => ({ name: "", vendor: "yealink", mac: "", extension: "" }),
  },
  {
    name: "people",
    many: true,
    fields: [
      text("name"),
      text("label"),
      { at: "role", kind: "choice", of: ["agent", "supervisor", "owner", "installer"], family: "role" },
      { at: "station", kind: "ref", list: "stations", none: true },
      { at: "languages", kind: "words" },
      { at: "ready", kind: "choice", of: ["", "always"], family: "ready" },
      { at: "password", kind: "account" },
    ],
    fresh: () => ({ name: "", role: "agent" }),
  },
  {
    name: "hours",
    many: true,
    fields: [text("name"), { at: "weekly", kind: "weekly" }, { at: "holidays.also", kind: "words" }],
    fresh: () => ({ name: "", weekly: { "mon-fri": ["09:00-14:00", "16:00-20:00"] } }),
  },
  {
    name: "menus",
    many: true,
    fields: [
      text("name"),
      { at: "open", kind: "ref", list: "hours", none: true },
      { at: "closed", kind: "destination", none: true },
      { at: "say", kind: "words" },
      { at: "keys", kind: "keys" },
      duration("no_key.after"),
      { at: "no_key.times", kind: "number" },
      { at: "no_key.then", kind: "destination", none: true },
      { at: "language", kind: "choice", of: ["", "es", "it", "en"], family: "language" },
    ],
    fresh: () => ({ name: "", say: ["welcome"], keys: {} }),
  },
  {
    name: "queues",
    many: true,
    fields: [
      text("name"),
      { at: "agents", kind: "members" },
      { at: "strategy", kind: "choice", of: ["longest-idle"], family: "strategy" },
      duration("ring"),
      duration("wrap_up"),
      duration("target.answered_within"),
      { at: "target.share", kind: "number" },
      duration("max_wait.after"),
      { at: "max_wait.then", kind: "destination", none: true },
      { at: "announce.position", kind: "truth" },
      duration("announce.every"),
      text("music"),
      { at: "welcome", kind: "words" },
      { at: "record.always", kind: "truth" },
      duration("record.keep"),
    ],
    fresh: () => ({ name: "", agents: [], strategy: "longest-idle" }),
  },
  { name: "pages", many: true, fields: [text("name"), text("number"), { at: "stations", kind: "words" }, { at: "both_ways", kind: "truth" }], fresh: n => ({ name: "", number: String(n) }) },
  { name: "inside", many: true, fields: [text("dial"), text("to"), { at: "record", kind: "truth" }], fresh: () => ({ dial: "", to: "" }) },
  { name: "outside", many: true, fields: [text("prefix"), { at: "through", kind: "through" }], fresh: () => ({ prefix: "0", through: [] }) },
  { name: "codes", many: false, fields: [text("pickup"), text("pickup_of"), text("park"), text("parked"), text("undisturb"), text("disturb"), text("intercom"), text("page"),
    text("forward"), text("forward_off"), text("forward_busy"), text("forward_busy_off"), text("forward_no_answer"), text("forward_no_answer_off")] },
  {
    name: "guard",
    many: false,
    fields: [
      { at: "off", kind: "truth" },
      { at: "allow", kind: "kinds" },
      { at: "bar", kind: "kinds" },
      { at: "open", kind: "ref", list: "hours", none: true },
      ...limitOf("station"),
      ...limitOf("trunk"),
      text("currency"),
      { at: "attempts", kind: "number" },
      duration("within"),
    ],
  },
  { name: "prices", many: true, fields: [text("prefix"), text("minute"), text("setup")], fresh: () => ({ prefix: "", minute: "" }) },
  { name: "emergency", many: false, fields: [{ at: "emergency", kind: "words" }] },
  { name: "box", many: false, fields: [duration("recordings_keep"),
    text("network.host_name"), text("network.address"), text("network.gateway"), { at: "network.dns", kind: "words" }, { at: "network.time_servers", kind: "words" },
    text("sip_tls"),
    { at: "sip_dscp", kind: "number" },
    { at: "never_ban", kind: "words" },
    { at: "web.redirect", kind: "truth" },
    { at: "web.acme.names", kind: "words" },
    text("web.acme.directory"),
    text("web.acme.mail"),
    { at: "web.acme.dns", kind: "truth" }] },
]

/** Where a part stands in the tree. */
export const pathOf = (part: string): string[] =>
  part === "inside" || part === "outside" || part === "codes" ? ["dial_plan", part] : part === "emergency" ? ["dial_plan"] : part === "prices" ? ["guard", "prices"] : [part]
