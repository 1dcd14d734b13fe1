// A number that is called when one clicks it.
import { t } from "../i18n/i18n"
import { Icon } from "../ui/icons"
import { dialFrom, own } from "./phone"

export function DialNumber({ number, outside, name }: { number: string; outside: boolean; name?: string }) {
  if (!own.value?.station || !/^[+\d*#][\d*# ().-]*$/.test(number) || number === own.value.station) return null
  const label = t("phone.dial", { who: name || number })
  return (
    <button
      type="button"
      class="button quiet small"
      aria-label={label}
      title={label}
      data-testid={`dial-${number}`}
      onClick={e => {
        e.stopPropagation()
        void dialFrom(number, outside)
      }}
    >
      <Icon name="calls" size={16} />
    </button>
  )
}
