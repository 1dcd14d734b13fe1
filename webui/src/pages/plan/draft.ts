// The candidate on the page: edits go to the box after a moment, which answers
// with what is wrong; nothing is in force before a commit.
import { computed, signal } from "@preact/signals"
import { get, post, put as send, Refusal } from "../../api/http"
import type { Candidate, Change, Committed, FieldError, Json, Revision, Tree } from "../../api/types"
import { told } from "../../store/trial"
import { sentence } from "../../ui/command"
import { essential, put, type Path } from "./tree"

const typingMS = 350

export const tree = signal<Tree | undefined>(undefined)
export const rev = signal(0)
export const errors = signal<FieldError[]>([])
export const changes = signal<Change[]>([])
export const revisions = signal<Revision[]>([])
export const trouble = signal("")
/** Edits that the box has not seen yet. */
export const unsent = signal(false)
export const sure = computed(() => !unsent.value && errors.value.every(e => e.warning))

let timer: ReturnType<typeof setTimeout> | undefined
let edition = 0

const unwrap = <T>(a: T | { data: T }): T => (a && typeof a === "object" && "data" in a ? a.data : (a as T))

export async function load() {
  try {
    const c = unwrap(await get<Candidate>("settings/candidate"))
    tree.value = c.tree
    rev.value = c.rev
    errors.value = c.errors ?? []
    unsent.value = false
    trouble.value = ""
    await compare()
    revisions.value = unwrap(await get<Revision[] | null>("settings/revisions")) ?? []
  } catch (e) {
    trouble.value = sentence(e)
  }
}

async function compare() {
  changes.value = essential(unwrap(await get<{ changes: Change[] | null }>("settings/compare")).changes ?? [])
}

export function edit(path: Path, value: Json) {
  if (!tree.value) return
  tree.value = put(tree.value, path, value) as Tree
  unsent.value = true
  edition++
  clearTimeout(timer)
  timer = setTimeout(() => void push(), typingMS)
}

async function push() {
  const mine = edition
  try {
    const answer = unwrap(await send<{ errors: FieldError[] | null }>("settings/candidate", { tree: tree.value }))
    if (mine !== edition) return
    errors.value = answer.errors ?? []
    await compare()
    if (mine === edition) unsent.value = false
    trouble.value = ""
  } catch (e) {
    if (mine !== edition) return
    // What cannot be read at all is refused with its places; it stays unsent.
    const places = e instanceof Refusal ? e.fields : []
    if (places.length) errors.value = places
    trouble.value = places.length ? "" : sentence(e)
  }
}

/** Puts it in force: for good, or on trial for some minutes. */
export async function commit(note: string, minutes: number) {
  told((await post<Committed>("settings/commit", { note, minutes })).trial)
  await load()
}
export async function discard() {
  clearTimeout(timer)
  await post("settings/discard")
  await load()
}
export async function rollback(to: number) {
  told((await post<Committed>("settings/rollback", { rev: to })).trial)
  await load()
}
/** Gives a person of the settings in force a password, to be changed by them. */
export const giveAccount = (person: string, password: string) => send(`accounts/${encodeURIComponent(person)}/password`, { password })

export async function keepSecret(name: string, value: string) {
  await post("settings/secret", { name, value })
}
