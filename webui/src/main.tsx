import "./tokens.css"
import "./base.css"
import "./frame.css"
import "./ui/ui.css"
import { render } from "preact"
import { App } from "./app"
import { speak } from "./i18n/i18n"
import { askWho, firstLanguage } from "./store/session"

const root = document.getElementById("app")
if (root) {
  void speak(firstLanguage()).then(async () => {
    void askWho()
    render(<App />, root)
  })
}
