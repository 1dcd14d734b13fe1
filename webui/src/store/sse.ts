// Server-sent events as text/event-stream (HTML standard, 9.2), read from a plain
// fetch: unlike EventSource this shows the heartbeat comments too, so that a link
// that died without a word is noticed.

export interface Message {
  id: string
  event: string
  data: string
}

/** Splits a stream of text into messages; feed it pieces as they come. */
export class Parser {
  private rest = ""
  private event = ""
  private data: string[] = []
  private id = ""

  /** The messages that this piece completes. */
  feed(piece: string): Message[] {
    const out: Message[] = []
    const lines = (this.rest + piece).split(/\r\n|\n|\r/)
    this.rest = lines.pop() ?? ""
    for (const line of lines) this.line(line, out)
    return out
  }

  private line(line: string, out: Message[]) {
    if (line === "") {
      if (this.data.length > 0) out.push({ id: this.id, event: this.event || "message", data: this.data.join("\n") })
      this.event = ""
      this.data = []
      return
    }
    if (line.startsWith(":")) return // a comment: the heartbeat
    const colon = line.indexOf(":")
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "event") this.event = value
    else if (field === "data") this.data.push(value)
    else if (field === "id" && !value.includes("\0")) this.id = value
  }
}
