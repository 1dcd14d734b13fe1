// The shapes that states have besides colour and word, drawn so that every
// system shows the same ones.
import type { JSX } from "preact"

export type Shape = "full" | "half" | "play" | "pen" | "bars" | "triangle" | "ring" | "cross" | "dots" | "wave"

const drawn: Record<Shape, JSX.Element> = {
  full: <circle cx="7" cy="7" r="5.5" fill="currentColor" />,
  half: (
    <>
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" stroke-width="1.6" />
      <path d="M7 2a5 5 0 0 0 0 10z" fill="currentColor" />
    </>
  ),
  play: <path d="M3 1.8v10.4L12.2 7z" fill="currentColor" />,
  pen: <path d="M2 12l.8-3.2L9.4 2.2a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2L5.2 11.2z" fill="currentColor" />,
  bars: <path d="M3.2 2h2.6v10H3.2zM8.2 2h2.6v10H8.2z" fill="currentColor" />,
  triangle: <path d="M7 1.4L13.2 12.4H.8z" fill="currentColor" />,
  ring: <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" stroke-width="1.6" />,
  cross: <path d="M3 3l8 8M11 3l-8 8" stroke="currentColor" stroke-width="2" stroke-linecap="round" />,
  dots: <path d="M2.5 7h.01M7 7h.01M11.5 7h.01" stroke="currentColor" stroke-width="3" stroke-linecap="round" />,
  wave: (
    <path d="M2 5.5v3M5.3 3v8M8.7 1.5v11M12 5v4" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" fill="none" />
  ),
}

export function ShapeMark({ shape, size = 14 }: { shape: Shape; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
      {drawn[shape]}
    </svg>
  )
}
