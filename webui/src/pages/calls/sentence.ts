// One event of a call as a sentence.
import type { CallEvent } from "../../api/types"
import { agentName, placeName } from "../../format/names"
import { clock } from "../../format/time"
import { t, word, type Key } from "../../i18n/i18n"
import { verdict } from "./verdict"

const say = (v: unknown) => (typeof v === "string" || typeof v === "number" ? String(v) : "")

/** How the reasons of two ends that could not agree on their sound begin. */
const unsound: Record<string, Key> = { "no-codec": "event.LegEnded.codec", "bad-description": "event.LegEnded.badsound", encryption: "event.LegEnded.unsealed" }

export function sentenceOf(e: CallEvent): string {
  const b = e.body ?? {}
  switch (e.kind) {
    case "CallBegan":
      return (Array.isArray(b.diverted) && b.diverted.length > 0 ? t("event.diverted", { way: (b.diverted as { number: string; when: string }[]).map(d => `${d.number || t("someone")} (${t(`diverted.${d.when}` as Key)})`).join(", ") }) + " " : "") + t("event.CallBegan", { from: say(b.name) || say(b.from) || t("someone"), to: say(b.to) || say(b.port) })
    case "CallRouted":
      return say(b.to).startsWith("recall/") ? t("event.CallRouted.recall", { to: say(b.to).slice(7), cause: b.why === "held" ? t("recall.held") : word("cause", say(b.why)) }) : t("event.CallRouted", { to: placeName(say(b.to)) })
    case "CallConnected":
      return t("event.CallConnected", { who: agentName(say(b.agent)) || say(b.station) || say(b.port) })
    case "CallTransferred":
      return b.how === "attended" ? t("event.CallTransferred.attended", { by: say(b.station), to: say(b.taken) || say(b.port) })
        : b.how === "recall" ? t("event.CallTransferred.recall", { by: say(b.station) })
        : t("event.CallTransferred.sent", { by: say(b.station), to: placeName(say(b.to)) })
    case "LegAnswered":
      return t("event.LegAnswered", { by: word("by", say(b.by)), sure: say(b.sure) })
    case "LegEnded":
      if (unsound[say(b.cause)]) return t(unsound[say(b.cause)]!, { text: say(b.text) })
      return t("event.LegEnded", { cause: word("cause", say(b.cause)), text: verdict(say(b.text)) })
    case "CallEnded":
      return t("event.CallEnded", { cause: word("cause", say(b.cause)) })
    case "CallBarred":
      return b.rule === "limit" ? t("event.CallBarred.limit", { number: say(b.number), of: say(b.of), limit: t(`spendlimit.${say(b.limit)}` as Key) })
        : b.rule === "hours" ? t("event.CallBarred.hours", { number: say(b.number) })
        : t("event.CallBarred.kind", { number: say(b.number), what: t(`callkind.${say(b.what)}` as Key) })
    case "PageBegan": {
      const skipped = (Array.isArray(b.skipped) ? (b.skipped as { station: string; why: string }[]) : []).map(s => `${s.station} (${t(`page.${s.why}` as Key)})`)
      const args = { group: say(b.group), stations: (Array.isArray(b.stations) ? b.stations : []).join(", ") || "–", skipped: skipped.join(", ") }
      return skipped.length > 0 ? t("event.PageBegan.skipped", args) : t("event.PageBegan", args)
    }
    case "RecordingEnded":
      return b.error ? t("event.RecordingFailed", { error: say(b.error) }) : t("event.RecordingEnded")
    case "MenuChose":
      return b.key ? t("event.MenuChose", { key: say(b.key) }) : t("event.MenuSilent")
    case "CallLeft":
      return t("event.CallLeft", { queue: say(b.queue), wait: clock(Number(b.wait_ms) || 0) })
    default: {
      const args = Object.fromEntries(Object.entries(b).map(([k, v]) => [k, k === "agent" ? agentName(say(v)) : say(v)]))
      const key = `event.${e.kind}` as Key
      const text = t(key, args)
      return text === key ? e.kind : text
    }
  }
}
