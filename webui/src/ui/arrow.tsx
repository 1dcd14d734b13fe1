import { word } from "../i18n/i18n"

/** The direction of a call: into the office, out of it, or inside. */
export function Arrow({ direction }: { direction: string }) {
  const d = direction === "in" ? "M11 3L3.500 10.500M3.500 5v5.500H9" : direction === "out" ? "M3 11l7.500-7.500M5 3.500h5.500V9" : "M2 7h10M9 4l3 3-3 3M5 4L2 7l3 3"
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" role="img" aria-label={word("direction", direction)} class="soft" style="flex:none">
      <path d={d} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
