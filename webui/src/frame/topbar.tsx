// Title, alarms and who is signed in; it never scrolls.
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { Lang } from "../api/types"
import { lang, languages, t, tn, word } from "../i18n/i18n"
import { chooseLanguage, session, signOut, theme, type Theme } from "../store/session"
import { useView } from "../store/store"
import { PhoneButton } from "../phone/door"
import { quit } from "../phone/phone"
import { Button } from "../ui/basics"
import { Select } from "../ui/fields"
import { Icon } from "../ui/icons"
import { help } from "./keys"

const names: Record<string, string> = { es: "Español", it: "Italiano", en: "English" }

export function LanguageSelect() {
  return (
    <Select
      label={t("me.language")}
      value={lang.value}
      options={languages.map(l => ({ value: l, text: names[l] ?? l }))}
      onChange={l => void chooseLanguage(l as Lang)}
      testid="language"
    />
  )
}

export function ThemeSelect() {
  return (
    <Select
      label={t("me.theme")}
      value={theme.value}
      options={(["auto", "light", "dark"] as const).map(v => ({ value: v, text: t(`theme.${v}`) }))}
      onChange={v => (theme.value = v as Theme)}
      testid="theme"
    />
  )
}

export function TopBar({ title }: { title: string }) {
  const open = useSignal(false)
  const menu = useRef<HTMLDivElement>(null)
  const alarms = useView("alarm/list").value?.alarms ?? []
  const me = session.value
  useEffect(() => {
    const outside = (e: Event) => {
      if (e instanceof KeyboardEvent ? e.key === "Escape" : !menu.current?.contains(e.target as Node)) open.value = false
    }
    document.addEventListener("pointerdown", outside)
    document.addEventListener("keydown", outside)
    return () => {
      document.removeEventListener("pointerdown", outside)
      document.removeEventListener("keydown", outside)
    }
  }, [])
  if (!me) return null
  const name = me.label || me.person
  return (
    <header class="bar">
      <h1 class="grow cut">{title}</h1>
      {alarms.length > 0 ? (
        <a class="button small" href="/box" data-testid="alarm-count">
          <span class="row bad" style="gap:4px">
            <Icon name="bell" size={16} />
            {tn("alarms.open", alarms.length)}
          </span>
        </a>
      ) : null}
      <PhoneButton />
      <div class="menu" ref={menu}>
        <button
          type="button"
          class="button quiet"
          aria-expanded={open.value}
          aria-label={t("me.menu", { name })}
          data-testid="me"
          onClick={() => (open.value = !open.value)}
        >
          <Icon name="person" />
          <span class="cut" style="max-width:9em">
            {name}
          </span>
        </button>
        {open.value ? (
          <div class="sheet" data-testid="me-sheet">
            <div>
              <strong>{name}</strong>
              <div class="small soft">{word("role", me.role)}</div>
            </div>
            <LanguageSelect />
            <ThemeSelect />
            <Button onClick={() => ((help.value = true), (open.value = false))}>{t("me.keys")}</Button>
            <Button testid="sign-out" onClick={() => void quit().then(signOut)}>
              {t("me.signout")}
            </Button>
          </div>
        ) : null}
      </div>
    </header>
  )
}
