// Bench: the world around a simulated board. A click lifts a handset, dials, or
// has somebody call from outside.
import { useEffect } from "preact/hooks"
import { t } from "../../i18n/i18n"
import { useFront } from "../../store/front"
import { Empty, Notice, Panel } from "../../ui/basics"
import { BoxFront } from "../../ui/boxfront"
import { HandsetCard } from "./handset"
import { LineCard } from "./line"
import { stopListening } from "./listen"
import { silent, town, useTown } from "./town"
import "./bench.css"

export default function Bench() {
  const front = useFront().value
  useTown()
  useEffect(() => stopListening, [])
  const now = town.value
  return (
    <div class="bench" data-testid="bench">
      <Notice tone="info">{t("bench.simulated")}</Notice>
      {silent.value ? <Notice tone="warn">{t("bench.missing")}</Notice> : null}
      {front ? <BoxFront front={front} /> : null}
      {now ? (
        <div class="bench-ends">
          <Panel title={t("bench.lines")} flush>
            {(now.lines ?? []).map(l => (
              <LineCard key={l.name} line={l} />
            ))}
          </Panel>
          <Panel title={t("bench.handsets")} flush>
            {(now.handsets ?? []).map(h => (
              <HandsetCard key={h.name} handset={h} />
            ))}
          </Panel>
        </div>
      ) : (
        <Empty>{t("loading")}</Empty>
      )}
    </div>
  )
}
