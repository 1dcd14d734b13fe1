// The rail on the left, or the bar below on a phone: only what the role may see.
import { t } from "../i18n/i18n"
import { pages, type Page } from "../pages/pages"
import { place } from "../router"
import { simulated } from "../store/front"
import { may } from "../store/session"
import { Icon } from "../ui/icons"

export const visible = (): Page[] => pages.filter(p => may(p.role) && (!p.simulated || simulated()))

export function Rail() {
  const here = place.value.page
  return (
    <nav class="rail" aria-label={t("nav.label")}>
      <a href="#content" class="hidden-words" onClick={e => (e.preventDefault(), document.getElementById("content")?.focus())}>
        {t("skip")}
      </a>
      <span class="mark" aria-hidden="true">
        <Icon name="handset" size={24} />
      </span>
      {visible().map(p => (
        <a key={p.name} href={`/${p.name}`} class={p.simulated ? "sim" : ""} aria-current={p.name === here ? "page" : undefined} data-testid={`nav-${p.name}`}>
          <Icon name={p.icon} />
          {t(p.title)}
        </a>
      ))}
    </nav>
  )
}
