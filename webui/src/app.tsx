// The frame: who is there decides what is shown; the rest is the page's.
import { useSignal } from "@preact/signals"
import type { ComponentType } from "preact"
import { useEffect, useState } from "preact/hooks"
import { lang, t } from "./i18n/i18n"
import { Broken } from "./frame/broken"
import { Keys } from "./frame/keys"
import { Rail, visible } from "./frame/rail"
import { TrialBar } from "./frame/trial"
import { TopBar } from "./frame/topbar"
import { pages } from "./pages/pages"
import { PhoneDoor } from "./phone/door"
import { SignIn } from "./pages/signin/signin"
import { go, place } from "./router"
import { askFront } from "./store/front"
import { boxAway, session } from "./store/session"
import { Empty } from "./ui/basics"

export function App() {
  if (!lang.value) return null
  if (boxAway.value && !session.value)
    return (
      <Empty>
        <strong>{t("away.title")}</strong>
        <br />
        {t("away.text")}
      </Empty>
    )
  if (session.value === undefined) return null
  if (session.value === null || session.value.must_change) return <SignIn />
  return <Frame />
}

function Frame() {
  const { page } = place.value
  const found = visible().find(p => p.name === page)
  useEffect(() => {
    void askFront()
  }, [])
  useEffect(() => {
    if (!page) go("/floor", true)
  }, [page])
  useEffect(() => {
    document.title = found ? `${t(found.title)} · ${t("app.name")}` : t("app.name")
  })
  return (
    <div class="frame">
      <Rail />
      <TopBar title={found ? t(found.title) : ""} />
      <div>
        <Broken />
        <TrialBar />
        <main class="content" id="content" tabIndex={-1}>
          {found ? <Loaded key={found.name} name={found.name} /> : page ? <NotHere /> : null}
        </main>
      </div>
      <Keys />
      <PhoneDoor />
    </div>
  )
}

function Loaded({ name }: { name: string }) {
  const [Page, setPage] = useState<{ is: ComponentType } | undefined>()
  const failed = useSignal(false)
  useEffect(() => {
    pages
      .find(p => p.name === name)
      ?.load()
      .then(m => setPage({ is: m.default }))
      .catch(() => (failed.value = true))
  }, [name])
  // A page that cannot be fetched belongs to an older build: load the new one.
  if (failed.value)
    return (
      <Empty
        action={
          <button type="button" class="button" onClick={() => location.reload()}>
            {t("away.reload")}
          </button>
        }
      >
        {t("away.title")}
      </Empty>
    )
  return Page ? <Page.is /> : null
}

function NotHere() {
  return (
    <Empty
      action={
        <a class="button" href="/floor">
          {t("nothere.go")}
        </a>
      }
    >
      {t("nothere.title")}
    </Empty>
  )
}
