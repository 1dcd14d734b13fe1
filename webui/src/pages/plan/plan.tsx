// Plan: the settings as forms. Edits make a candidate; its difference is shown
// before it comes into force.
import { useEffect } from "preact/hooks"
import { t, type Key } from "../../i18n/i18n"
import { go, place } from "../../router"
import { Button, Empty, Notice, Panel, Tabs } from "../../ui/basics"
import { Icon } from "../../ui/icons"
import { ShapeMark } from "../../ui/shapes"
import { edit, errors, load, tree, trouble } from "./draft"
import { Form } from "./form"
import { History } from "./history"
import { Network } from "./network"
import { ReviewBar } from "./review"
import { parts, pathOf, type Part } from "./shape"
import { at, errorsUnder, keyOf, list, text, written } from "./tree"
import "./plan.css"

const title = (part: string) => t(`plan.${part}` as Key)

export default function Plan() {
  useEffect(() => void load(), [])
  const [name = "office", index] = place.value.rest
  const part = parts.find(p => p.name === name)
  if (!tree.value) return <Empty>{trouble.value || t("loading")}</Empty>
  const wrong = (p: Part) => errorsUnder(errors.value, pathOf(p.name).join(".")).length > 0
  return (
    <div class="plan" data-testid="plan">
      <ReviewBar />
      {trouble.value ? <Notice tone="bad">{trouble.value}</Notice> : null}
      <Tabs
        label={t("nav.plan")}
        tabs={[
          ...parts.map(p => ({ href: `/plan/${p.name}`, text: title(p.name) + (wrong(p) ? " ▲" : ""), on: p.name === name, testid: `tab-${p.name}` })),
          { href: "/plan/history", text: t("plan.history"), on: name === "history", testid: "tab-history" },
        ]}
      />
      {name === "history" ? <History /> : part ? part.many ? <Many part={part} index={Number(index ?? -1)} /> : <One part={part} /> : null}
    </div>
  )
}

function One({ part }: { part: Part }) {
  return (
    <Panel title={title(part.name)}>
      {part.name === "box" ? <Network /> : null}
      <Form part={part} base={pathOf(part.name)} />
    </Panel>
  )
}

function Many({ part, index }: { part: Part; index: number }) {
  const root = tree.value
  if (!root) return null
  const path = pathOf(part.name)
  const items = list(at(root, path))
  const chosen = index >= 0 && index < items.length ? index : -1
  const add = () => {
    edit([...path, items.length], part.fresh?.(items.length + 1) ?? {})
    go(`/plan/${part.name}/${items.length}`)
  }
  const remove = (i: number) => {
    edit(path, items.filter((_, n) => n !== i))
    go(`/plan/${part.name}`)
  }
  return (
    <div class="plan-many">
      <Panel
        title={title(part.name)}
        aside={
          <Button small testid="add-item" onClick={add}>
            <Icon name="plus" size={16} />
            {t("plan.add")}
          </Button>
        }
        flush
      >
        {items.length === 0 ? (
          <Empty>{t(`plan.${part.name}.empty` as Key)}</Empty>
        ) : (
          <ul class="items">
            {items.map((item, i) => (
              <li key={i}>
                <a href={`/plan/${part.name}/${i}`} aria-current={i === chosen ? "true" : undefined} data-testid={`item-${keyOf(item)}`}>
                  <strong class="cut">{keyOf(item) || t("plan.unnamed")}</strong>
                  <span class="soft small cut grow">{detail(item)}</span>
                  {errorsUnder(errors.value, written(root, [...path, i])).length > 0 ? (
                    <span class="bad" title={t("plan.wrong")}>
                      <ShapeMark shape="triangle" />
                    </span>
                  ) : null}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {chosen >= 0 ? (
        <Panel
          title={keyOf(items[chosen]) || t("plan.unnamed")}
          aside={
            <Button small kind="danger" testid="remove-item" onClick={() => remove(chosen)}>
              {t("plan.delete")}
            </Button>
          }
        >
          <Form key={chosen} part={part} base={[...path, chosen]} />
        </Panel>
      ) : null}
    </div>
  )
}

/** A second word that helps to tell items apart. */
function detail(item: ReturnType<typeof at>): string {
  const own = keyOf(item)
  return ["label", "name", "number", "server", "rings", "to"].map(f => text(at(item, [f]))).find(v => v && v !== own) ?? ""
}
