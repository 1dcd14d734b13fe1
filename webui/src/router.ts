// The address is the place: "/calls/17" is the page "calls" with rest ["17"].
import { computed, signal } from "@preact/signals"

const path = signal(location.pathname)
addEventListener("popstate", () => (path.value = location.pathname))

export const place = computed(() => {
  const [page = "", ...rest] = path.value.split("/").filter(Boolean).map(decodeURIComponent)
  return { page, rest }
})

export function go(to: string, replace = false) {
  const search = location.search
  if (replace) history.replaceState(null, "", to + search)
  else if (to !== path.value) history.pushState(null, "", to + search)
  path.value = to
}

/** Follows links inside the page without loading it again. */
document.addEventListener("click", e => {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
  const a = e.target instanceof Element ? e.target.closest("a") : null
  if (!a || a.target || a.hasAttribute("download") || a.origin !== location.origin || a.pathname.startsWith("/api/")) return
  e.preventDefault()
  go(a.pathname)
  scrollTo(0, 0)
})
