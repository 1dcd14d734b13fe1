// The one way to the box: JSON over the session's cookie, and refusals as values
// that carry the box's own sentence.
import type { FieldError } from "./types"

const base = "/api/v1/"

/** A refusal: text is a sentence for people, fields name the places it is about. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    readonly fields: FieldError[],
  ) {
    super(text)
  }
}

/** Status of a box that did not answer at all. */
export const unreachable = 0

/** Called when the box says that nobody is signed in (any more). */
let onSignedOut = () => {}
export function whenSignedOut(f: () => void) {
  onSignedOut = f
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { Accept: "application/json" } }
  if (method !== "GET") {
    init.headers = { Accept: "application/json", "Content-Type": "application/json" }
    init.body = JSON.stringify(body ?? {})
  }
  return understood<T>(await reach(path, init), path)
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path.startsWith("/") ? path : base + path, { ...init, credentials: "same-origin" })
  } catch {
    throw new Refusal(unreachable, "unreachable", "", [])
  }
}

async function understood<T>(answer: Response, path: string): Promise<T> {
  const text = await answer.text()
  let data: unknown
  try {
    data = text ? JSON.parse(text) : undefined
  } catch {
    data = undefined
  }
  if (answer.ok) return data as T
  if (answer.status === 401 && path !== "session") onSignedOut()
  const e = (data ?? {}) as { code?: string; text?: string; fields?: FieldError[] }
  throw new Refusal(answer.status, e.code ?? String(answer.status), e.text ?? "", e.fields ?? [])
}

export const get = <T>(path: string) => call<T>("GET", path)
export const post = <T>(path: string, body?: unknown) => call<T>("POST", path, body)
export const put = <T>(path: string, body?: unknown) => call<T>("PUT", path, body)
export const del = <T>(path: string) => call<T>("DELETE", path)

/** A file and the password it is sealed with, to the box. */
export const send = async <T>(path: string, file: Blob, password: string) =>
  understood<T>(
    await reach(path, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/octet-stream", "Backup-Password": encodeURIComponent(password) },
      body: file,
    }),
    path,
  )

/** A large file to the box, as it is. */
export const putFile = async <T>(path: string, file: Blob) =>
  understood<T>(await reach(path, { method: "PUT", headers: { Accept: "application/json", "Content-Type": "application/octet-stream" }, body: file }), path)

/** A file that the box makes when asked, with the name it gives it. */
export async function fetchFile(path: string, body: unknown): Promise<{ name: string; file: Blob }> {
  const answer = await reach(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })
  if (!answer.ok) return understood(answer, path)
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "centralita"
  return { name, file: await answer.blob() }
}

/** Hands a file to the person, as a download. */
export function keep(name: string, file: Blob) {
  const a = document.createElement("a")
  a.href = URL.createObjectURL(file)
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000)
}

/** Addresses that elements load by themselves. */
export const recordingURL = (id: number) => `${base}calls/${id}/recording`
export const paperURL = (paper: string, of: string) => `${base}line/${paper}/${encodeURIComponent(of)}/pdf`
export const backupBeforeURL = (name: string) => `${base}box/backup/before/${encodeURIComponent(name)}`
export const supportURL = `${base}box/support`
export const streamURL = `${base}stream`
