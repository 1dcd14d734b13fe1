// Both sides of a recording on one canvas: outside above, agent below; the part
// already heard is solid.
import { useEffect, useRef } from "preact/hooks"
import type { Column, Peaks } from "../api/types"

const style = (el: Element, name: string) => getComputedStyle(el).getPropertyValue(name).trim()

/** The extremes of the columns that fall on pixel x of width. */
export function extremes(columns: Column[], x: number, width: number): Column {
  if (columns.length === 0) return [0, 0]
  const a = Math.floor((x * columns.length) / width)
  const b = Math.max(a + 1, Math.floor(((x + 1) * columns.length) / width))
  let lo = 127
  let hi = -128
  for (const [min, max] of columns.slice(a, b)) {
    lo = Math.min(lo, min)
    hi = Math.max(hi, max)
  }
  return lo > hi ? [0, 0] : [lo, hi]
}

/** Telephone speech is far below full scale: the loudest of both sides fills its
    half, up to this much enlarged. */
const enlargedAtMost = 4

export function enlargement(peaks: Peaks): number {
  const loudest = Math.max(1, ...[peaks.left, peaks.right].flatMap(side => side.map(([lo, hi]) => Math.max(-lo, hi))))
  return Math.min(enlargedAtMost, 120 / loudest)
}

function draw(canvas: HTMLCanvasElement, peaks: Peaks, heard: number) {
  const ratio = devicePixelRatio || 1
  const { width, height } = canvas.getBoundingClientRect()
  canvas.width = Math.max(1, Math.round(width * ratio))
  canvas.height = Math.max(1, Math.round(height * ratio))
  const g = canvas.getContext("2d")
  if (!g) return
  const half = canvas.height / 2
  const bar = Math.max(1, Math.round(2 * ratio))
  const pitch = bar + Math.max(1, Math.round(ratio))
  const bars = Math.floor(canvas.width / pitch)
  const sides = [
    { columns: peaks.left, middle: half / 2, colour: style(canvas, "--left") },
    { columns: peaks.right, middle: half + half / 2, colour: style(canvas, "--right") },
  ]
  const scale = (enlargement(peaks) * (half / 2 - ratio)) / 128
  for (const { columns, middle, colour } of sides) {
    g.fillStyle = colour
    for (let i = 0; i < bars; i++) {
      const [lo, hi] = extremes(columns, i, bars)
      const top = middle - hi * scale
      const bottom = middle - lo * scale
      g.globalAlpha = i / bars <= heard ? 1 : 0.4
      g.fillRect(i * pitch, top, bar, Math.max(ratio, bottom - top))
    }
  }
  g.globalAlpha = 1
  g.fillStyle = style(canvas, "--line")
  g.fillRect(0, half, canvas.width, ratio)
}

export function Waveform({ peaks, heard, onSeek }: { peaks: Peaks; heard: number; onSeek: (share: number) => void }) {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    const paint = () => draw(canvas, peaks, heard)
    paint()
    const seen = new ResizeObserver(paint)
    seen.observe(canvas)
    // Its colours are read when it is painted: again when they change.
    const dark = matchMedia("(prefers-color-scheme: dark)")
    dark.addEventListener("change", paint)
    const chosen = new MutationObserver(paint)
    chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] })
    return () => {
      seen.disconnect()
      chosen.disconnect()
      dark.removeEventListener("change", paint)
    }
  }, [peaks, heard])
  return (
    <canvas
      ref={ref}
      class="waveform"
      data-testid="waveform"
      aria-hidden="true"
      onPointerDown={e => {
        const box = e.currentTarget.getBoundingClientRect()
        onSeek(Math.min(1, Math.max(0, (e.clientX - box.left) / box.width)))
      }}
    />
  )
}
