// Providers: how each does, and a test that says where it fails and what to do.
import type { TrunkCheck } from "../../api/types"
import { exact } from "../../format/time"
import { locale, t, tn, word, type Key } from "../../i18n/i18n"
import { may } from "../../store/session"
import { useView } from "../../store/store"
import { Button, Panel, StateBadge } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { ShapeMark } from "../../ui/shapes"

export function Providers() {
  const trunks = useView("trunk/lines").value?.trunks ?? []
  const tests = useView("trunk/checks").value?.tests ?? []
  const command = useCommand()
  if (trunks.length === 0) return null
  return (
    <Panel title={t("box.providers")} testid="providers">
      {trunks.map(k => {
        const test = tests.find(c => c.trunk === k.name)
        return (
          <section key={k.name} data-testid={`provider-${k.name}`}>
            <div class="row">
              <strong class="grow">{k.name}</strong>
              <span class="small soft">{k.up ? [k.server, tn("floor.trunk.calls", k.calls)].filter(Boolean).join(" · ") : k.code ? t(`trunkcode.${k.code}` as Key) : k.text}</span>
              <StateBadge family="trunk" state={k.up ? "up" : "down"} />
              {may("owner") ? (
                <Button small busy={command.busy || !!test?.running} testid={`test-${k.name}`} label={t("box.providers.test")} onClick={() => void command.send("trunk/test", { trunk: k.name })}>
                  {t("box.providers.test")}
                </Button>
              ) : null}
            </div>
            {test ? <Steps of={test} /> : null}
          </section>
        )
      })}
      <Refused of={command} />
    </Panel>
  )
}

function Steps({ of }: { of: TrunkCheck }) {
  if (of.running) return <p class="small soft">{t("box.providers.running")}</p>
  return (
    <ul class="small" data-testid={`steps-${of.trunk}`}>
      {(of.steps ?? []).map((s, i) => (
        <li key={i} class={s.good ? "good" : "bad"}>
          <ShapeMark shape={s.good ? "full" : "cross"} size={10} /> {word("trunkstep", s.step)} · {s.text}
          {s.ms > 0 ? ` · ${s.ms} ms` : ""}
          {s.good || !s.code ? null : <> · {t(`trunkcode.${s.code}` as Key)}</>}
        </li>
      ))}
      <li class="soft">{exact(of.wall, locale.value)}</li>
    </ul>
  )
}
