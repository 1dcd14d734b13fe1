// Twelve keys as on every telephone.
import "./dialpad.css"

const keys = [..."123456789*0#"]

export function DialPad({ label, onKey }: { label: string; onKey: (digit: string) => void }) {
  return (
    <div class="dialpad" role="group" aria-label={label}>
      {keys.map(k => (
        <button key={k} type="button" class="button num" data-testid={`key-${k}`} onClick={() => onKey(k)}>
          {k}
        </button>
      ))}
    </div>
  )
}
