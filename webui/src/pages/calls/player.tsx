// The recording on the call's own time axis: stretches above, sound below.
import { useEffect, useRef, useState } from "preact/hooks"
import { get, recordingURL } from "../../api/http"
import type { CallStory, Peaks } from "../../api/types"
import { agentName } from "../../format/names"
import { clock } from "../../format/time"
import { t, type Key } from "../../i18n/i18n"
import { Button, Notice } from "../../ui/basics"
import { sentence } from "../../ui/command"
import { Icon } from "../../ui/icons"
import { Waveform } from "../../ui/waveform"
import type { Story, Stretch } from "./story"

const speeds = [1, 1.25, 1.5, 2]

export function Axis({ story }: { story: Story }) {
  const length = Math.max(1, story.to - story.from)
  return (
    <ol class="axis" data-testid="timeline">
      {story.stretches.map(s => (
        <li key={s.from} class={`stretch ${s.kind}`} style={`flex:${Math.max(0.02, (s.to - s.from) / length)} 1 0`} title={`${label(s)} · ${clock(s.to - s.from)}`}>
          <span class="cut">{label(s)}</span>
          <span class="num small cut">{clock(s.to - s.from)}</span>
        </li>
      ))}
    </ol>
  )
}

const label = (s: Stretch) => t(`segment.${s.kind}` as Key, { name: agentName(s.name) })

export function Player({ call, story }: { call: CallStory; story: Story }) {
  const audio = useRef<HTMLAudioElement>(null)
  const [peaks, setPeaks] = useState<Peaks>()
  const [why, setWhy] = useState("")
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState(1)
  useEffect(() => {
    let current = true
    setPeaks(undefined)
    setWhy("")
    setAt(0)
    get<Peaks>(`calls/${call.call}/peaks`).then(
      p => current && setPeaks(p),
      e => current && setWhy(sentence(e)),
    )
    return () => {
      current = false
    }
  }, [call.call, call.recording?.state])
  if (why) return <Notice tone="warn">{t("story.gone", { why })}</Notice>
  const ms = peaks?.ms || call.recording?.ms || 0
  const seek = (share: number) => {
    if (audio.current) audio.current.currentTime = (share * ms) / 1000
    setAt((share * ms) / 1000)
  }
  const toggle = () => {
    const a = audio.current
    if (a) void (a.paused ? a.play().catch(() => setPlaying(false)) : a.pause())
  }
  const length = Math.max(1, story.to - story.from)
  const left = story.soundFrom === undefined ? 0 : ((story.soundFrom - story.from) / length) * 100
  const width = Math.min(100 - left, (ms / length) * 100)
  const share = ms > 0 ? (at * 1000) / ms : 0
  return (
    <div class="player" data-testid="player">
      <div class="track" style={`margin-left:${left}%;width:${width > 2 ? width : 100 - left}%`}>
        {peaks ? <Waveform peaks={peaks} heard={share} onSeek={seek} /> : <div class="waveform" />}
        <i class="head" style={`left:${share * 100}%`} />
      </div>
      <div class="row">
        <Button kind="main" testid="play" label={playing ? t("story.pause") : t("story.play")} onClick={toggle}>
          <Icon name={playing ? "pause" : "play"} size={16} />
          {playing ? t("story.pause") : t("story.play")}
        </Button>
        <span class="num nowrap" data-testid="position">
          {clock(at * 1000)} / {clock(ms)}
        </span>
        <input
          class="grow seek"
          type="range"
          min={0}
          max={1000}
          value={Math.round(share * 1000)}
          aria-label={t("story.seek")}
          aria-valuetext={clock(at * 1000)}
          onInput={e => seek(Number(e.currentTarget.value) / 1000)}
        />
        <Button
          small
          label={`${t("story.speed")} ×${speed}`}
          onClick={() => {
            const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1
            setSpeed(next)
            if (audio.current) audio.current.playbackRate = next
          }}
        >
          ×{speed}
        </Button>
        <a class="button small" href={recordingURL(call.call)} download={call.recording?.file.replace(/.*\//, "")}>
          {t("story.download")}
        </a>
      </div>
      <p class="small legend">
        <span style="color:var(--left)">▬ {t("story.outside")}</span> <span style="color:var(--right)">▬ {t("story.agent")}</span>
      </p>
      <audio
        ref={audio}
        src={recordingURL(call.call)}
        preload="metadata"
        data-testid="audio"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onTimeUpdate={e => setAt(e.currentTarget.currentTime)}
      />
    </div>
  )
}
