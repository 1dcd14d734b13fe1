// How a call sounded at each end that speaks in packets.
import type { CallEvent } from "../../api/types"
import { endsOf, pathOf, type End } from "../../format/sound"
import { placeOfPort } from "../../format/names"
import { number, t } from "../../i18n/i18n"
import { HeardBadge } from "../../ui/heard"

export function SoundSection({ events }: { events: CallEvent[] }) {
  const ends = endsOf(events)
  if (ends.length === 0) return null
  return (
    <section data-testid="story-sound">
      <h3>{t("sound.title")}</h3>
      {ends.map((e, i) => (
        <EndOf key={i} end={e} />
      ))}
    </section>
  )
}

const ms = (v: number, digits = 0) => `${number(v, digits)} ms`

function EndOf({ end: { port, sound: s, ways } }: { end: End }) {
  const facts = [
    s.codec,
    t(`sound.path.${pathOf(s)}`),
    s.trip_ms > 0 ? t("sound.trip", { ms: ms(s.trip_ms) }) : "",
    s.delay_ms > 0 ? t("sound.delay", { ms: ms(s.delay_ms) }) : "",
    s.playout_ms > 0 ? t("sound.playout", { ms: ms(s.playout_ms) }) : "",
    s.burst > 1 ? t("sound.burst", { n: number(s.burst, 1) }) : "",
  ]
  return (
    <div class="sound-end" data-testid={`sound-${port}`}>
      <p>
        <strong>{placeOfPort(port)}</strong> <span class="small soft">{facts.filter(Boolean).join(" · ")}</span>
      </p>
      <dl class="ways">
        {ways.map(w => (
          <div key={String(w.here)}>
            <dt class="soft">{t(w.here ? "sound.here" : "sound.there")}</dt>
            <dd>{s.received > 0 || !w.here ? <HeardBadge mos={w.mos} /> : <span class="bad">{t("sound.none")}</span>}</dd>
            <dd class="small num">{t("sound.loss", { share: `${number(w.loss * 100, 1)} %` })}</dd>
            <dd class="small num">{t("sound.jitter", { ms: ms(w.jitter, 1) })}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
