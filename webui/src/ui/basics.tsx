// Buttons, badges and the other components of a line or two.
import type { ComponentChildren, JSX } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { clock } from "../format/time"
import { number, word } from "../i18n/i18n"
import { now } from "../store/store"
import { ShapeMark } from "./shapes"
import { lookOf, type Family, type Tone } from "./states"

type ButtonProps = {
  kind?: "main" | "danger" | "quiet" | "plain"
  small?: boolean
  busy?: boolean
  children: ComponentChildren
  testid?: string | undefined
  label?: string
  onClick?: (e: MouseEvent) => void
  type?: "button" | "submit"
  disabled?: boolean
  pressed?: boolean
}

export function Button({ kind = "plain", small, busy, children, testid, label, onClick, type = "button", disabled, pressed }: ButtonProps) {
  const names = ["button", kind === "plain" ? "" : kind, small ? "small" : "", busy ? "busy" : ""].filter(Boolean)
  return (
    <button
      type={type}
      class={names.join(" ")}
      disabled={disabled || busy}
      aria-busy={busy ? "true" : undefined}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      data-testid={testid}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

/** A state: shape, word and colour together. */
export function StateBadge({ family, state, detail }: { family: Family; state: string; detail?: string | undefined }) {
  const { shape, tone } = lookOf(family, state)
  return (
    <span class={`state ${tone}`} data-state={state}>
      <ShapeMark shape={shape} />
      <span class="word">
        {word("state", state)}
        {detail ? <span class="soft"> · {detail}</span> : null}
      </span>
    </span>
  )
}

export function Tag({ tone = "soft", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`tag ${tone}`}>{children}</span>
}

/** Time since a moment of the box's clock, counting; nothing where it is unknown. */
export function Elapsed({ since, warnAfter }: { since: number; warnAfter?: number | undefined }) {
  if (since <= 0) return null
  const ms = now.value - since
  const late = warnAfter !== undefined && warnAfter > 0 && ms > warnAfter
  return <span class={`num${late ? " bad" : ""}`}>{clock(ms)}</span>
}

export function Notice({ tone, children, box = true, testid }: { tone: "bad" | "warn" | "info" | "good"; children: ComponentChildren; box?: boolean; testid?: string }) {
  return (
    <div class={`notice ${tone}${box ? " box" : ""}`} role={tone === "bad" ? "alert" : "status"} data-testid={testid}>
      {children}
    </div>
  )
}

/** What to do first where there is nothing yet. */
export function Empty({ children, action }: { children: ComponentChildren; action?: JSX.Element | null }) {
  return (
    <div class="empty">
      <p>{children}</p>
      {action}
    </div>
  )
}

export function Panel({ title, aside, children, testid, flush }: { title: ComponentChildren; aside?: ComponentChildren; children: ComponentChildren; testid?: string | undefined; flush?: boolean }) {
  return (
    <section class="panel" data-testid={testid}>
      <header>
        <h2 class="grow">{title}</h2>
        {aside}
      </header>
      {flush ? children : <div class="inside">{children}</div>}
    </section>
  )
}

/** A level between 0 and 1. */
export function Meter({ value, label, tone }: { value: number; label: string; tone?: Tone }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <span class="meter" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} style={tone ? `--tone: var(--${tone})` : undefined}>
      <i style={`width:${percent}%`} />
    </span>
  )
}

const colours: Record<string, string> = { green: "green", "green-blink": "green blink", red: "red", "red-blink": "red blink", amber: "amber" }

export function Lamp({ name, state }: { name: string; state: string }) {
  return <span class={`lamp ${colours[state] ?? ""}`} role="img" aria-label={`${name}: ${word("lamp", state)}`} title={word("lamp", state)} />
}

export function Tabs({ tabs, label }: { label: string; tabs: { href: string; text: string; on: boolean; testid?: string }[] }) {
  const nav = useRef<HTMLElement>(null)
  const on = tabs.find(tab => tab.on)?.href
  useEffect(() => {
    // Where the tabs scroll sideways, the one that is on may lie outside.
    const row = nav.current
    const tab = row?.querySelector<HTMLElement>("[aria-current]")
    if (row && tab && row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2
  }, [on])
  return (
    <nav ref={nav} class="tabs" aria-label={label}>
      {tabs.map(tab => (
        <a key={tab.href} href={tab.href} aria-current={tab.on ? "page" : undefined} data-testid={tab.testid}>
          {tab.text}
        </a>
      ))}
    </nav>
  )
}

/** A figure with its word. */
export function Figure({ value, label, tone }: { value: number | string; label: string; tone?: Tone | undefined }) {
  return (
    <div class="figure">
      <dd class={`num ${tone ?? ""}`}>{typeof value === "number" ? number(value) : value}</dd>
      <dt>{label}</dt>
    </div>
  )
}

/** A stable id for labels and hints. */
let ids = 0
export function useId(): string {
  const id = useRef("")
  if (!id.current) id.current = `f${++ids}`
  return id.current
}
