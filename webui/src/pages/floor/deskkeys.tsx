// What a person does with the call of a telephone from the page: hold, second call,
// swap, conference, transfer. The same as the keys after a flash.
import { useState } from "preact/hooks"
import type { LiveCall } from "../../api/types"
import { t } from "../../i18n/i18n"
import { may, session } from "../../store/session"
import { lastSeen } from "../../store/store"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"

/** The extension at which the reader works, as far as the floor is known. */
const mine = () => lastSeen("acd/floor")?.agents?.find(a => a.agent === session.value?.person)?.station

/** Whose telephone of a call the reader may act for: the own one, or as supervisor any. */
export function deskOf(c: LiveCall): string {
  const stations = c.stations ?? []
  const own = stations.find(s => s === mine())
  return own ?? (may("supervisor") ? (c.held_by || stations[0] || "") : "")
}

export function DeskKeys({ call: c, station, done }: { call: LiveCall; station: string; done: () => void }) {
  const command = useCommand()
  const [to, setTo] = useState("")
  const send = async (verb: string, more: object = {}) => {
    if (await command.send(`call/${verb}`, { station, ...more })) {
      setTo("")
      if (verb === "transfer") done()
    }
  }
  const key = (verb: "hold" | "resume" | "swap" | "conference" | "transfer") => (
    <Button small busy={command.busy} testid={`${verb}-${c.call}`} onClick={() => void send(verb)}>
      {t(`desk.${verb}`)}
    </Button>
  )
  return (
    <form
      class="desk-keys"
      aria-label={t("desk.of", { station })}
      data-testid={`desk-${c.call}`}
      onSubmit={e => {
        e.preventDefault()
        if (to) void send("consult", { to })
      }}
    >
      {c.held_by === station ? key("resume") : c.second ? null : key("hold")}
      {c.second ? [key("swap"), key("conference"), key("transfer")] : null}
      {c.second ? null : (
        <>
          <input class="num" type="tel" value={to} aria-label={t("desk.number")} placeholder={t("desk.number")} data-testid={`desk-number-${c.call}`} onInput={e => setTo(e.currentTarget.value)} />
          <Button small type="submit" busy={command.busy} disabled={!to} testid={`consult-${c.call}`}>
            {t("desk.consult")}
          </Button>
          <Button small busy={command.busy} disabled={!to} testid={`send-${c.call}`} onClick={() => void send("transfer", { to })}>
            {t("desk.send")}
          </Button>
        </>
      )}
      <Refused of={command} />
    </form>
  )
}
