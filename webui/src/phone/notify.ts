// The system's own notice of a call, for who looks at another window.
let notice: Notification | undefined

export function notify(title: string, body: string) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.visibilityState === "visible") return
  try {
    notice = new Notification(title, { body, tag: "centralita-call", requireInteraction: true })
    notice.onclick = () => {
      window.focus()
      unnotify()
    }
  } catch {
    // telephones want a service worker for it: there the bell must do
  }
}

export function unnotify() {
  notice?.close()
  notice = undefined
}
