// Says when the stream is broken and for how long; goes away by itself.
import { computed } from "@preact/signals"
import { t, tn } from "../i18n/i18n"
import { beat, news } from "../store/store"
import { Notice } from "../ui/basics"

/** A short break heals unseen; only one that a person would miss is told. */
const graceMS = 2000

const since = computed(() => (news.value.signAt > 0 && !news.value.open ? Math.max(0, beat.value - news.value.signAt) : 0))

export function Broken() {
  const ms = since.value
  if (ms < graceMS) return null
  const s = Math.round(ms / 1000)
  const ago = s < 120 ? tn("ago.seconds", s) : tn("ago.minutes", Math.round(s / 60))
  return (
    <Notice tone="warn" box={false} testid="stream-broken">
      {t("broken.now", { ago })}
    </Notice>
  )
}
