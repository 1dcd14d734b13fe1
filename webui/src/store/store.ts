// The live store: one stream, the views that mounted components ask for, and the
// box's clock.
import { computed, signal, type Signal } from "@preact/signals"
import { useCallback, useEffect, useRef } from "preact/hooks"
import { get } from "../api/http"
import type { Answer, Rec, ViewName, Views } from "../api/types"
import { after, noNews, stale, type Fact } from "./news"
import { Refetcher } from "./refetch"
import { follow } from "./stream"

export const news = signal(noNews)

/** The page's clock, beating once a second; everything that counts reads it. */
export const beat = signal(performance.now())
/** Milliseconds of the box's clock, to the second. */
export const now = computed(() => beat.value + news.value.offset)

const tell = (f: Fact) => {
  news.value = after(news.value, f)
}

interface Kept {
  data: Signal<unknown>
  users: number
  refetcher: Refetcher
}
const kept = new Map<ViewName, Kept>()

function keep(name: ViewName): Kept {
  let k = kept.get(name)
  if (!k) {
    const data = signal<unknown>(undefined)
    const refetcher = new Refetcher(async () => {
      try {
        const a = await get<Answer<unknown>>(name)
        data.value = a.data
      } catch {
        // The stream says that the box is away; the view follows when it is back.
      }
    })
    k = { data, users: 0, refetcher }
    kept.set(name, k)
  }
  return k
}

/** The view's data, live while the component is mounted; undefined at first. */
export function useView<N extends ViewName>(name: N): Signal<Views[N] | undefined> {
  const k = keep(name)
  useEffect(() => {
    if (k.users++ === 0) k.refetcher.now()
    return () => {
      if (--k.users === 0) k.refetcher.stop()
    }
  }, [k])
  return k.data as Signal<Views[N] | undefined>
}

/** Does something a moment later, once for all that ask meanwhile. */
export function useSoon(waitMS: number): (f: () => void) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(
    (f: () => void) => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        f()
      }, waitMS)
    },
    [waitMS],
  )
}

/** Asks for a view again every so often while the component is mounted, for what changes without a record. */
export function useFresh(name: ViewName, everyMS: number) {
  useEffect(() => {
    const timer = setInterval(() => refresh([name]), everyMS)
    return () => clearInterval(timer)
  }, [name, everyMS])
}

/** A view as it was last seen, without asking for it. */
export const lastSeen = <N extends ViewName>(name: N) => keep(name).data.value as Views[N] | undefined

type Ear = (r: Rec) => void
const ears = new Set<Ear>()

/** Hears every record while the component is mounted. */
export function useRecords(ear: Ear) {
  useEffect(() => {
    ears.add(ear)
    return () => void ears.delete(ear)
  }, [ear])
}

const refresh = (names: Iterable<ViewName>) => {
  for (const name of names) {
    const k = kept.get(name)
    if (k && k.users > 0) k.refetcher.mark()
  }
}

/** Starts following the box; the returned function stops it. */
export function start(onSignedOut: () => void): () => void {
  const stop = follow({
    hello(h) {
      tell({ type: "hello", seq: h.seq, at: h.at, wall: h.wall, version: h.version ?? "", page: performance.now() })
      refresh(kept.keys())
    },
    record(r) {
      tell({ type: "record", seq: r.seq, at: r.at, wall: r.wall, page: performance.now() })
      refresh(stale(r.kind))
      for (const ear of ears) ear(r)
    },
    sign: () => tell({ type: "sign", page: performance.now() }),
    broken: () => tell({ type: "broken" }),
    signedOut: onSignedOut,
  })
  const timer = setInterval(() => (beat.value = performance.now()), 1000)
  return () => {
    stop()
    clearInterval(timer)
    news.value = noNews
    for (const k of kept.values()) k.data.value = undefined
  }
}

/** Waits until the record of a command has come back, or patience ends. */
export function seen(seq: number, patienceMS = 3000): Promise<void> {
  if (news.value.seq >= seq) return Promise.resolve()
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(finish, patienceMS)
    const unsubscribe = news.subscribe(n => {
      if (n.seq >= seq) queueMicrotask(finish)
    })
  })
}
