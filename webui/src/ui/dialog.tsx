// One level of dialogs, by the browser's own element: focus stays inside, Escape
// closes.
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { t } from "../i18n/i18n"
import { Button } from "./basics"
import { Icon } from "./icons"

export function Dialog({ title, onClose, children, testid }: { title: string; onClose: () => void; children: ComponentChildren; testid?: string }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const d = ref.current
    if (d && !d.open) d.showModal()
  }, [])
  return (
    <dialog ref={ref} class="dialog" aria-label={title} data-testid={testid} onClose={onClose} onClick={e => e.target === ref.current && ref.current?.close()}>
      <header>
        <h2 class="grow">{title}</h2>
        <Button kind="quiet" label={t("close")} onClick={() => ref.current?.close()}>
          <Icon name="close" />
        </Button>
      </header>
      <div class="inside">{children}</div>
    </dialog>
  )
}
