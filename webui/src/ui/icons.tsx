// Drawings for navigation and controls, 20 px, one stroke.
const paths = {
  floor: "M4 16v-3a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v3M7 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 16v-2a2 2 0 0 1 2-2h0a2 2 0 0 1 2 2v2M14 9.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z",
  calls: "M5 3h2.5l1.3 3.6-1.8 1.3a9 9 0 0 0 5.1 5.1l1.3-1.8L17 12.5V15a2 2 0 0 1-2.2 2A12.5 12.5 0 0 1 3 5.200A2 2 0 0 1 5 3z",
  plan: "M3 4h5v4H3zM12 12h5v4h-5zM12 4h5v4h-5zM8 6h4M5.500 8v6H12",
  box: "M3 6h14v8H3zM6 11h.01M9 11h.01M12 11h.01M6 8.500h8",
  bench: "M8 3h4M9 3v5l-4.500 7.200A1.200 1.200 0 0 0 5.500 17h9a1.200 1.200 0 0 0 1-1.800L11 8V3M7 13h6",
  play: "M6 4l10 6-10 6z",
  pause: "M6 4h2.500v12H6zM11.500 4H14v12h-2.500z",
  close: "M5 5l10 10M15 5L5 15",
  plus: "M10 4v12M4 10h12",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6",
  person: "M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17v-1a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v1",
  bell: "M5 14h10l-1.200-2V8.500a3.800 3.800 0 0 0-7.600 0V12zM8.500 16.500a1.600 1.600 0 0 0 3 0",
  back: "M12 4l-6 6 6 6",
  handset: "M4 9.500V8a6 6 0 0 1 12 0v1.500M3 9.500h3.500V14H3zM13.500 9.500H17V14h-3.500z",
  line: "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  sound: "M4 8v4h3l4 3V5L7 8zM14 7.500a3.500 3.500 0 0 1 0 5",
} as const

export type IconName = keyof typeof paths

const filled = new Set<IconName>(["play", "pause"])

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const solid = filled.has(name)
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill={solid ? "currentColor" : "none"}
        stroke={solid ? "none" : "currentColor"}
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
