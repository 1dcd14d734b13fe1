// Sign-in, and the choice of an own password after a one-time one.
import { useState } from "preact/hooks"
import { LanguageSelect } from "../../frame/topbar"
import { t } from "../../i18n/i18n"
import { changePassword, session, signIn } from "../../store/session"
import { Button } from "../../ui/basics"
import { Refused, useCommand } from "../../ui/command"
import { Text } from "../../ui/fields"
import { Icon } from "../../ui/icons"
import "./signin.css"

export function SignIn() {
  const [password, setPassword] = useState("")
  return (
    <main class="signin">
      <div class="signin-card">
        <div class="row accent signin-mark">
          <Icon name="handset" size={28} />
          <strong>{t("app.name")}</strong>
        </div>
        {session.value?.must_change ? <Change old={password} /> : <Enter password={password} setPassword={setPassword} />}
      </div>
      <div class="signin-language">
        <LanguageSelect />
      </div>
    </main>
  )
}

function Enter({ password, setPassword }: { password: string; setPassword: (v: string) => void }) {
  const [user, setUser] = useState("")
  const command = useCommand()
  return (
    <form
      class="stack"
      data-testid="sign-in"
      onSubmit={e => {
        e.preventDefault()
        void command.run(() => signIn(user.trim(), password))
      }}
    >
      <h1>{t("signin.title")}</h1>
      <Text label={t("signin.user")} value={user} onInput={setUser} autocomplete="username" testid="user" required autofocus />
      <Text label={t("signin.password")} value={password} onInput={setPassword} type="password" autocomplete="current-password" testid="password" required />
      <Refused of={command} />
      <Button type="submit" kind="main" busy={command.busy} testid="sign-in-go">
        {t("signin.go")}
      </Button>
      <p class="small soft">{t("signin.first")}</p>
    </form>
  )
}

const shortest = 10

function Change({ old: first }: { old: string }) {
  const [old, setOld] = useState(first)
  const [next, setNext] = useState("")
  const [again, setAgain] = useState("")
  const [tried, setTried] = useState(false)
  const command = useCommand()
  const short = tried && [...next].length < shortest
  const differ = tried && !short && next !== again
  return (
    <form
      class="stack"
      data-testid="change-password"
      onSubmit={e => {
        e.preventDefault()
        setTried(true)
        if ([...next].length >= shortest && next === again) void command.run(() => changePassword(old, next))
      }}
    >
      <h1>{t("signin.change.title")}</h1>
      <p class="soft">{t("signin.change.why")}</p>
      {first ? null : (
        <Text label={t("signin.change.old")} value={old} onInput={setOld} type="password" autocomplete="current-password" testid="old-password" required />
      )}
      <Text
        label={t("signin.change.new")}
        value={next}
        onInput={setNext}
        type="password"
        autocomplete="new-password"
        hint={t("signin.change.hint")}
        errors={short ? [{ path: "new", reason: t("signin.change.short") }] : []}
        testid="new-password"
        required
      />
      <Text
        label={t("signin.change.again")}
        value={again}
        onInput={setAgain}
        type="password"
        autocomplete="new-password"
        errors={differ ? [{ path: "again", reason: t("signin.change.differ") }] : []}
        testid="again-password"
        required
      />
      <Refused of={command} />
      <Button type="submit" kind="main" busy={command.busy} testid="change-go">
        {t("signin.change.go")}
      </Button>
    </form>
  )
}
