// What an end hears: the sound's name, a level, and a way to hear it too.
import type { End, Hears } from "../../api/bench"
import { number, t, word } from "../../i18n/i18n"
import { Button, Meter } from "../../ui/basics"
import { Icon } from "../../ui/icons"
import { endName, listen, listening, stopListening } from "./listen"

/** The meter spans from quiet to the loudest a line carries, in dBm0. */
const quiet = -60
const loud = 3

export function Ear({ end, hears }: { end: End; hears: Hears }) {
  const mine = listening.value === endName(end)
  const level = hears.level_dbm0
  return (
    <div class="ear" data-testid={`hears-${end.name}`} data-sound={hears.sound}>
      <span class="small soft">{t("bench.hears")}</span>
      <span class="ear-sound cut">
        {word("sound", hears.sound)}
        {hears.digits ? <span class="num small soft"> {hears.digits}</span> : null}
      </span>
      <Meter value={(level - quiet) / (loud - quiet)} label={t("bench.level", { name: end.name })} tone={level > -3 ? "bad" : "accent"} />
      <span class="num small soft ear-level">{level <= -90 ? "–" : `${number(level, 0)} dBm0`}</span>
      <Button
        small
        pressed={mine}
        label={mine ? t("bench.listen.stop") : t("bench.listen.of", { name: end.name })}
        testid={`listen-${end.name}`}
        onClick={() => (mine ? stopListening() : listen(end))}
      >
        <Icon name={mine ? "pause" : "sound"} size={16} />
        {mine ? t("bench.listen.stop") : t("bench.listen")}
      </Button>
    </div>
  )
}
