// Form fields: label above, hint below, the box's sentence in place.
import type { ComponentChildren } from "preact"
import type { FieldError } from "../api/types"
import { useId } from "./basics"
import { ShapeMark } from "./shapes"

type FieldProps = {
  label: string
  hint?: string | undefined
  errors?: FieldError[] | undefined
  children: (props: { id: string; "aria-invalid": "true" | undefined; "aria-describedby": string | undefined }) => ComponentChildren
}

export function Field({ label, hint, errors = [], children }: FieldProps) {
  const id = useId()
  const about = [hint ? `${id}h` : "", errors.length ? `${id}e` : ""].filter(Boolean).join(" ")
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-invalid": errors.some(e => !e.warning) ? "true" : undefined, "aria-describedby": about || undefined })}
      {hint ? (
        <span class="hint" id={`${id}h`}>
          {hint}
        </span>
      ) : null}
      <Errors id={`${id}e`} errors={errors} />
    </div>
  )
}

export function Errors({ errors, id }: { errors: FieldError[]; id?: string }) {
  if (errors.length === 0) return null
  return (
    <div id={id} class="stack" style="gap:4px" data-testid="field-error">
      {errors.map(e => (
        <span key={e.path + e.reason} class={e.warning ? "error mild" : "error"} role={e.warning ? "status" : "alert"}>
          <ShapeMark shape="triangle" size={11} />
          <span>{[e.reason, e.remedy].filter(Boolean).join(" ")}</span>
        </span>
      ))}
    </div>
  )
}

type TextProps = {
  label: string
  value: string
  onInput: (v: string) => void
  hint?: string | undefined
  errors?: FieldError[] | undefined
  type?: "text" | "password" | "number" | "search" | "tel"
  testid?: string | undefined
  autocomplete?: string
  placeholder?: string | undefined
  list?: string | undefined
  required?: boolean
  autofocus?: boolean
}

export function Text({ label, value, onInput, hint, errors, type = "text", testid, list, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} errors={errors}>
      {a => (
        <input
          class="input"
          {...a}
          {...rest}
          {...(list ? { list } : {})}
          // The element's type is a union by its role; any of ours is allowed.
          type={type as "text"}
          value={value}
          data-testid={testid}
          onInput={e => onInput(e.currentTarget.value)}
        />
      )}
    </Field>
  )
}

export type Option = { value: string; text: string }

type SelectProps = {
  label: string
  value: string
  options: Option[]
  onChange: (v: string) => void
  hint?: string | undefined
  errors?: FieldError[] | undefined
  testid?: string | undefined
}

export function Select({ label, value, options, onChange, hint, errors, testid }: SelectProps) {
  const known = options.some(o => o.value === value)
  return (
    <Field label={label} hint={hint} errors={errors}>
      {a => (
        <select class="input" {...a} value={value} data-testid={testid} onChange={e => onChange(e.currentTarget.value)}>
          {known ? null : <option value={value}>{value}</option>}
          {options.map(o => (
            <option key={o.value} value={o.value}>
              {o.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Check({ label, value, onChange, hint, errors = [], testid }: { label: string; value: boolean; onChange: (v: boolean) => void; hint?: string | undefined; errors?: FieldError[] | undefined; testid?: string | undefined }) {
  return (
    <div class="field">
      <label class="check" style="font-weight:400;font-size:var(--text-m)">
        <input type="checkbox" checked={value} data-testid={testid} onChange={e => onChange(e.currentTarget.checked)} />
        <span>{label}</span>
      </label>
      {hint ? <span class="hint">{hint}</span> : null}
      <Errors errors={errors} />
    </div>
  )
}
