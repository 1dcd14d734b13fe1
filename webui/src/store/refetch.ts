// One refetcher a view: many calls within a moment become one fetch, and a call
// during a fetch becomes one more after it.

export const settleMS = 25
/** Least time between two fetches under a storm of records. */
export const pauseMS = 100

export class Refetcher {
  private timer: ReturnType<typeof setTimeout> | undefined
  private busy = false
  private again = false
  private last = -Infinity

  constructor(
    private readonly fetchNow: () => Promise<void>,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Asks for a fetch soon. */
  mark() {
    if (this.busy) {
      this.again = true
      return
    }
    if (this.timer !== undefined) return
    const wait = Math.max(settleMS, this.last + pauseMS - this.clock())
    this.timer = setTimeout(() => void this.run(), wait)
  }

  /** Asks for a fetch at once. */
  now() {
    if (this.busy) {
      this.again = true
      return
    }
    clearTimeout(this.timer)
    void this.run()
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.again = false
  }

  private async run() {
    this.timer = undefined
    this.busy = true
    this.last = this.clock()
    try {
      await this.fetchNow()
    } finally {
      this.busy = false
    }
    if (this.again) {
      this.again = false
      this.mark()
    }
  }
}
