// How a call, a caller and a place are named for people.
import { lastSeen } from "../store/store"
import { t, word, type Key } from "../i18n/i18n"

/** The caller's name, or number, or that it is hidden. */
export const who = (c: { from: string; name: string }) => c.name || c.from || t("someone")

/** "queue/citas" as people say it. */
export function placeName(where: string): string {
  const cut = where.indexOf("/")
  if (cut < 0) return where
  const kind = where.slice(0, cut)
  const name = where.slice(cut + 1)
  const key = `place.${kind}` as Key
  const text = t(key, { name })
  return text === key ? where : text
}

/** A reason of absence: a known one in the reader's language, or as written. */
export const reasonName = (reason: string) => (reason ? word("reason", reason) : "")

/** An agent's shown name by the sign-in name, as far as the floor is known. */
export const agentName = (agent: string) => lastSeen("acd/floor")?.agents?.find(a => a.agent === agent)?.label || agent

/** "sip/201" and "trunk/prov" as people say them; sockets keep their names. */
export function placeOfPort(port: string): string {
  const [kind = "", name = ""] = port.split(/\/(.*)/s)
  return name ? (kind === "trunk" ? t("place.trunk", { name }) : t("place.station", { name })) : port
}
