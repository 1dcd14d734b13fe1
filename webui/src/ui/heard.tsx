// How something sounds: a shape, the score and a word.
import { heardAs, looks } from "../format/sound"
import { number, t } from "../i18n/i18n"
import { ShapeMark } from "./shapes"

export function HeardBadge({ mos, testid }: { mos: number; testid?: string }) {
  const heard = heardAs(mos)
  if (!heard) return <span class="soft">–</span>
  const { shape, tone } = looks[heard]
  return (
    <span class={`state ${tone}`} data-heard={heard} data-testid={testid} title={t("sound.mos.help")}>
      <ShapeMark shape={shape} />
      <span class="word num">
        {number(mos, 1)} {t(`sound.${heard}`)}
      </span>
    </span>
  )
}

/** The same in a narrow place: its words are for who cannot see it. */
export function HeardMark({ mos }: { mos: number }) {
  const heard = heardAs(mos)
  if (!heard) return null
  const { shape, tone } = looks[heard]
  const said = `${t("sound.title")}: ${number(mos, 1)} ${t(`sound.${heard}`)}`
  return (
    <span class={tone} data-heard={heard} title={said}>
      <ShapeMark shape={shape} />
      <span class="hidden-words">{said}</span>
    </span>
  )
}
