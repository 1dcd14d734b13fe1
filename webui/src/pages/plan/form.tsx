// One form: the fields of a part at a place of the tree.
import type { FieldError, Json, Tree } from "../../api/types"
import { placeName } from "../../format/names"
import { parseDuration } from "../../format/time"
import { locale, t, word, type Key } from "../../i18n/i18n"
import { Check, Select, Text, type Option } from "../../ui/fields"
import { edit, errors, giveAccount, keepSecret, tree } from "./draft"
import { callKinds, type FieldShape, type Part } from "./shape"
import { Chosen, Hours, Keys, Secret, WordList, entries, members, ways } from "./special"
import { at, destinations, errorsAt, keyOf, list, text, words, written, type Path } from "./tree"

/** A word that may be missing: hints are optional. */
const maybe = (key: string): string | undefined => {
  const said = t(key as Key)
  return said === key ? undefined : said
}

export function Form({ part, base }: { part: Part; base: Path }) {
  return (
    <div class="form" data-testid={`form-${part.name}`}>
      {part.fields.map(f => (
        <PlanField key={f.at} part={part} field={f} base={base} />
      ))}
    </div>
  )
}

function PlanField({ part, field, base }: { part: Part; field: FieldShape; base: Path }) {
  const root = tree.value
  if (!root) return null
  const item = (at(root, base) ?? {}) as Tree
  if (field.when && !field.when(item)) return null
  const path: Path = [...base, ...field.at.split(".")]
  const value = at(root, path)
  const set = (v: Json) => edit(path, v)
  const wrong: FieldError[] = errorsAt(errors.value, written(root, path))
  const common = {
    label: t(`plan.${part.name}.${field.at}` as Key),
    hint: maybe(`plan.${part.name}.${field.at}.hint`),
    errors: wrong,
    testid: `field-${field.at}`,
  }
  switch (field.kind) {
    case "text":
      return <Text {...common} value={text(value)} onInput={set} />
    case "number":
      return <Text {...common} type="number" value={value ? text(value) : ""} onInput={v => set(Number(v) || 0)} />
    case "duration":
      return <Duration {...common} value={text(value)} set={set} />
    case "truth":
      return <Check {...common} value={value === true} onChange={set} />
    case "choice":
      return <Select {...common} value={text(value)} onChange={set} options={field.of.map(v => ({ value: v, text: choice(field.family, v) }))} />
    case "words":
      return <WordList {...common} value={words(value)} onChange={set} />
    case "ref":
      return <Select {...common} value={text(value)} onChange={set} options={[{ value: "", text: t("plan.none") }, ...refs(root, field.list)]} />
    case "destination":
      return <Select {...common} value={text(value)} onChange={set} options={places(root, field.none || !value)} />
    case "members":
      return <Chosen {...common} tree={root} value={words(value)} options={members(root)} onChange={set} />
    case "kinds":
      return <Chosen {...common} tree={root} value={words(value)} options={callKinds.map(v => ({ value: v, text: t(`callkind.${v}` as Key) }))} onChange={set} />
    case "through":
      return <Chosen {...common} tree={root} value={words(value)} options={ways(root)} onChange={set} />
    case "weekly":
      return <Hours {...common} tree={root} value={entries(value)} onChange={rows => set(Object.fromEntries(rows))} />
    case "keys":
      return <Keys {...common} tree={root} value={entries(value)} onChange={rows => set(Object.fromEntries(rows))} />
    case "secret": {
      const name = text(value) || field.name(item)
      return (
        <Secret
          {...common}
          known={!!value}
          onKeep={async word => {
            await keepSecret(name, word)
            if (!value) set(name)
          }}
        />
      )
    }
    case "account":
      return <Secret {...common} known={false} onKeep={word => giveAccount(keyOf(item), word)} />
  }
}

const choice = (family: string, value: string) => maybe(`${family}.${value || "default"}`) ?? word(family, value)

function refs(root: Tree, of: "hours" | "stations"): Option[] {
  return list(root[of]).map(item => {
    const key = keyOf(item)
    const name = text(at(item, ["name"]))
    return { value: key, text: name && name !== key ? `${key} · ${name}` : key }
  })
}

const places = (root: Tree, none: boolean): Option[] => [
  ...(none ? [{ value: "", text: t("plan.none") }] : []),
  ...destinations(root).map(d => ({ value: d, text: placeName(d) })),
]

/** A duration as the box writes it, said again in words. */
function Duration({ value, set, hint, ...rest }: { label: string; hint?: string | undefined; errors: FieldError[]; testid: string; value: string; set: (v: Json) => void }) {
  const ms = parseDuration(value)
  const said = ms && ms > 0 ? spoken(ms) : ""
  return <Text {...rest} value={value === "0s" ? "" : value} onInput={v => set(v.trim() || "0s")} placeholder="15s" hint={[hint, said && `= ${said}`].filter(Boolean).join(" ") || undefined} />
}

function spoken(ms: number): string {
  const [n, unit] = ms % 86400e3 === 0 ? [ms / 86400e3, "day"] : ms % 3600e3 === 0 ? [ms / 3600e3, "hour"] : ms % 60e3 === 0 ? [ms / 60e3, "minute"] : [ms / 1000, "second"]
  return new Intl.NumberFormat(locale.value, { style: "unit", unit: unit as string, unitDisplay: "long" }).format(n as number)
}
