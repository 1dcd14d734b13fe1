// Where the calls of a station go, and a written word to its telephone.
import { useState } from "preact/hooks"
import type { StationNow } from "../../api/types"
import { t } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Dialog } from "../../ui/dialog"
import { Text } from "../../ui/fields"

const whens = [
  ["always", "forward_always"],
  ["busy", "forward_busy"],
  ["no-answer", "forward_no_answer"],
] as const

export function Reach({ station }: { station: StationNow }) {
  const [open, setOpen] = useState(false)
  const away = station.forward_always
  const label = t("floor.reach", { station: station.extension })
  return (
    <>
      <Button small kind="quiet" label={label} testid={`reach-${station.extension}`} onClick={() => setOpen(true)}>
        {away ? `→ ${away}` : "→"}
      </Button>
      {open ? (
        <Dialog title={label} onClose={() => setOpen(false)} testid="reach">
          <div class="stack" style="gap:16px">
            {whens.map(([when, field]) => (
              <Forward key={when} station={station.extension} when={when} to={station[field]} />
            ))}
            {station.kind === "sip" ? <Write station={station.extension} /> : null}
          </div>
        </Dialog>
      ) : null}
    </>
  )
}

function Forward({ station, when, to }: { station: string; when: (typeof whens)[number][0]; to: string }) {
  const command = useCommand()
  const [value, setValue] = useState(to)
  return (
    <form
      onSubmit={e => {
        e.preventDefault()
        void command.send("station/forward", { station, when, to: value.trim() })
      }}
    >
      <div class="row" style="gap:8px;align-items:end">
        <Text label={t(`floor.forward.${when}`)} value={value} onInput={setValue} testid={`forward-${when}`} />
        <Button small type="submit" busy={command.busy} disabled={value.trim() === to} testid={`forward-${when}-set`}>
          {t("floor.forward.set")}
        </Button>
      </div>
      <Refused of={command} />
    </form>
  )
}

function Write({ station }: { station: string }) {
  const command = useCommand()
  const [text, setText] = useState("")
  return (
    <form
      onSubmit={e => {
        e.preventDefault()
        void command.send("station/message", { station, text }).then(ok => ok && setText(""))
      }}
    >
      <div class="row" style="gap:8px;align-items:end">
        <Text label={t("floor.write")} value={text} onInput={setText} testid="write" />
        <Button small type="submit" busy={command.busy} disabled={text.trim() === ""} testid="write-send">
          {t("floor.write.send")}
        </Button>
      </div>
      <Refused of={command} />
    </form>
  )
}
