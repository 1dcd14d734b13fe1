// The fields that are more than one line of text: members, sockets, weekly hours,
// keys of a menu, passwords.
import { useState } from "preact/hooks"
import type { FieldError, Json, Tree } from "../../api/types"
import { placeName } from "../../format/names"
import { t } from "../../i18n/i18n"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Errors, Text } from "../../ui/fields"
import { Icon } from "../../ui/icons"
import { destinations, keyOf, list, text, words } from "./tree"

type Common = { label: string; hint?: string | undefined; errors: FieldError[]; tree: Tree; testid: string }

function Group({ label, hint, errors, children, testid }: Omit<Common, "tree"> & { children: preact.ComponentChildren }) {
  return (
    <fieldset class="field group" data-testid={testid}>
      <legend class="label">{label}</legend>
      {children}
      {hint ? <span class="hint">{hint}</span> : null}
      <Errors errors={errors} />
    </fieldset>
  )
}

/** Words separated by commas; what is being typed stays as it is typed. */
export function WordList({ value, onChange, ...rest }: Omit<Common, "tree"> & { value: string[]; onChange: (v: string[]) => void }) {
  const split = (s: string) => s.split(",").map(w => w.trim()).filter(Boolean)
  const [typed, setTyped] = useState(value.join(", "))
  const shown = split(typed).join() === value.join() ? typed : value.join(", ")
  return (
    <Text
      {...rest}
      value={shown}
      onInput={v => {
        setTyped(v)
        onChange(split(v))
      }}
    />
  )
}

/** Checks in a fixed order; those chosen keep the order in which they stand. */
export function Chosen({ value, options, onChange, ...rest }: Common & { value: string[]; options: { value: string; text: string }[]; onChange: (v: string[]) => void }) {
  const unknown = value.filter(v => !options.some(o => o.value === v)).map(v => ({ value: v, text: v }))
  return (
    <Group {...rest}>
      <div class="checks">
        {[...options, ...unknown].map(o => (
          <label key={o.value} class="check">
            <input
              type="checkbox"
              checked={value.includes(o.value)}
              data-testid={`${rest.testid}-${o.value}`}
              onChange={e => onChange(e.currentTarget.checked ? [...value, o.value] : value.filter(v => v !== o.value))}
            />
            <span>{o.text}</span>
          </label>
        ))}
        {options.length + unknown.length === 0 ? <span class="soft">{t("plan.members.none")}</span> : null}
      </div>
    </Group>
  )
}

export const members = (tree: Tree) =>
  list(tree.people).map(p => ({ value: keyOf(p), text: [text((p as Tree).label) || keyOf(p), text((p as Tree).station)].filter(Boolean).join(" · ") }))

export const ways = (tree: Tree) => [
  ...list(tree.lines).map(l => ({ value: keyOf(l), text: [keyOf(l), text((l as Tree).number)].filter(Boolean).join(" · ") })),
  ...list(tree.trunks).map(k => ({ value: `trunk/${keyOf(k)}`, text: keyOf(k) })),
]

/** A map of short keys to values, a row each. */
export function Rows({ value, onChange, fresh, render, keyLabel, ...rest }: Common & {
  value: [string, Json][]
  onChange: (v: [string, Json][]) => void
  fresh: [string, Json]
  keyLabel: string
  render: (value: Json, change: (v: Json) => void, key: string) => preact.ComponentChildren
}) {
  const change = (i: number, row: [string, Json]) => onChange(value.map((r, n) => (n === i ? row : r)))
  return (
    <Group {...rest}>
      {value.map(([k, v], i) => (
        <div class="map-row" key={i}>
          <input class="input" aria-label={keyLabel} value={k} data-testid={`${rest.testid}-key-${i}`} onChange={e => change(i, [e.currentTarget.value, v])} />
          {render(v, next => change(i, [k, next]), k)}
          <Button kind="quiet" label={t("plan.remove", { name: k })} onClick={() => onChange(value.filter((_, n) => n !== i))}>
            <Icon name="trash" size={18} />
          </Button>
        </div>
      ))}
      <div>
        <Button small testid={`${rest.testid}-add`} onClick={() => onChange([...value, fresh])}>
          <Icon name="plus" size={16} />
          {t("plan.add")}
        </Button>
      </div>
    </Group>
  )
}

export const entries = (v: Json | undefined): [string, Json][] => (v && typeof v === "object" && !Array.isArray(v) ? Object.entries(v) : [])

export function Hours(p: Common & { value: [string, Json][]; onChange: (v: [string, Json][]) => void }) {
  return (
    <Rows
      {...p}
      fresh={["sat", ["09:00-13:00"]]}
      keyLabel={t("plan.days")}
      render={(v, change, k) => (
        <input
          class="input"
          aria-label={`${t("plan.times")} ${k}`}
          value={words(v).join(", ")}
          onChange={e => change(e.currentTarget.value.split(/[,\s]+/).filter(Boolean))}
        />
      )}
    />
  )
}

export function Keys(p: Common & { value: [string, Json][]; onChange: (v: [string, Json][]) => void }) {
  const used = new Set(p.value.map(([k]) => k))
  const free = [..."1234567890*#"].find(k => !used.has(k)) ?? "1"
  const places = destinations(p.tree)
  return (
    <Rows
      {...p}
      fresh={[free, places[0] ?? ""]}
      keyLabel={t("plan.key")}
      render={(v, change, k) => (
        <select class="input" aria-label={`${t("plan.goes")} ${k}`} value={text(v)} onChange={e => change(e.currentTarget.value)}>
          {places.includes(text(v)) ? null : <option value={text(v)}>{text(v)}</option>}
          {places.map(d => (
            <option key={d} value={d}>
              {placeName(d)}
            </option>
          ))}
        </select>
      )}
    />
  )
}

/** A password is only written, never read back. */
export function Secret({ label, hint, errors, known, onKeep, testid }: Omit<Common, "tree"> & { known: boolean; onKeep: (word: string) => Promise<unknown> }) {
  const [word, setWord] = useState("")
  const [kept, setKept] = useState(false)
  const command = useCommand()
  const keep = async () => {
    if (!(await command.run(() => onKeep(word)))) return
    setWord("")
    setKept(true)
  }
  return (
    <div class="stack" style="gap:6px">
      <Text
        label={label}
        hint={kept ? t("plan.secret.kept") : known ? t("plan.secret.set") : hint}
        errors={errors}
        type="password"
        autocomplete="new-password"
        value={word}
        onInput={v => (setWord(v), setKept(false))}
        testid={testid}
      />
      {word ? (
        <div>
          <Button small busy={command.busy} testid={`${testid}-keep`} onClick={() => void keep()}>
            {t("plan.secret.keep")}
          </Button>
        </div>
      ) : null}
      <Refused of={command} />
    </div>
  )
}
