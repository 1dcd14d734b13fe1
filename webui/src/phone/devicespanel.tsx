// Which microphone, loudspeaker and bell.
import { useEffect } from "preact/hooks"
import { t } from "../i18n/i18n"
import { Button } from "../ui/basics"
import { Select } from "../ui/fields"
import { choose, chosen, inputs, look, outputs, outputsCanBeChosen, type Use } from "./devices"
import { changeMicrophone, changeSpeaker } from "./sound"
import { test } from "./tones"

export function Devices() {
  useEffect(() => {
    void look()
    const again = () => void look()
    navigator.mediaDevices.addEventListener("devicechange", again)
    return () => navigator.mediaDevices.removeEventListener("devicechange", again)
  }, [])
  return (
    <div class="stack" data-testid="phone-device-list">
      <Which use="microphone" />
      {outputsCanBeChosen() ? (
        <>
          <Which use="speaker" />
          <Which use="bell" />
          <div class="keys">
            <Button small testid="phone-test-speaker" onClick={() => void test("speaker")}>
              {t("phone.device.test.speaker")}
            </Button>
            <Button small testid="phone-test-bell" onClick={() => void test("bell")}>
              {t("phone.device.test.bell")}
            </Button>
          </div>
        </>
      ) : (
        <p class="small soft">{t("phone.device.system")}</p>
      )}
    </div>
  )
}

function Which({ use }: { use: Use }) {
  const list = use === "microphone" ? inputs.value : outputs.value
  const pick = (id: string) => {
    choose(use, id)
    if (use === "microphone") void changeMicrophone()
    if (use === "speaker") void changeSpeaker()
  }
  return (
    <Select
      label={t(`phone.device.${use}`)}
      value={list.some(d => d.id === chosen[use].value) ? (chosen[use].value ?? "") : ""}
      options={[{ value: "", text: t("phone.device.default") }, ...list.map((d, i) => ({ value: d.id, text: d.label || t("phone.device.nth", { n: i + 1 }) }))]}
      onChange={pick}
      testid={`phone-${use}`}
    />
  )
}
