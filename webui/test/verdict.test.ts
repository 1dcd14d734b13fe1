import { readFileSync } from "node:fs"
import { afterEach, expect, test, vi } from "vitest"

const es: Record<string, string> = JSON.parse(readFileSync(new URL("../src/i18n/es.json", import.meta.url), "utf8"))

vi.mock("../src/i18n/i18n", () => ({
  t: (key: string, args: Record<string, string> = {}) => (es[key] ?? key).replace(/\{(\w+)\}/g, (_, n: string) => args[n] ?? ""),
  word: (family: string, value: string) => es[`${family}.${value}`] ?? value,
  number: (n: number, digits = 0) => n.toFixed(digits).replace(".", ","),
}))
afterEach(() => vi.clearAllMocks())

const { verdict } = await import("../src/pages/calls/verdict")

test("a verdict of the journal is said in the reader's language", () => {
  expect(verdict("busy tone for 2.0 s (weight 3.8), dial tone for 680 ms (weight 1.0); certainty 4.2 of 4.0")).toBe(
    "tono de ocupado durante 2,0 s, tono de invitación durante 680 ms; certeza 4,2 de 4,0",
  )
  expect(verdict("polarity reversed (weight 5.0); certainty 4.1 of 4.0")).toBe("polaridad invertida; certeza 4,1 de 4,0")
  expect(verdict("loop opened")).toBe("bucle abierto")
})

test("what is no verdict stays as it is", () => {
  expect(verdict("si3050: fxo1: the chip does not answer")).toBe("si3050: fxo1: the chip does not answer")
  expect(verdict("a b; certainty 1 of 2")).toBe("a b; certainty 1 of 2")
})
