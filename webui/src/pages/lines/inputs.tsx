// The two inputs of the test's form.
import { useId } from "preact/hooks"

interface Props {
  label: string
  value: string
  onChange: (v: string) => void
  testid: string
}

export function Select({ label, value, onChange, testid, options }: Props & { options: [value: string, text: string][] }) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={value} data-testid={testid} onChange={e => onChange(e.currentTarget.value)}>
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

export function TextInput({ label, value, onChange, testid }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} class="input" value={value} maxLength={24} inputMode="tel" autocomplete="off" data-testid={testid} onInput={e => onChange(e.currentTarget.value)} />
    </div>
  )
}
