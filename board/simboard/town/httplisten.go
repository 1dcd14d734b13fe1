package town

import (
	"encoding/base64"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of listening over HTTP.
const (
	listenersMax = 16                    // streams at once
	listenEvery  = 60 * time.Millisecond // between two looks at the ear
	listenStall  = 10 * time.Second      // a listener who takes nothing for so long is dropped
	soundMost    = 2 * framesPerSecond   // frames of one answer to /sound: two seconds
	filesMax     = 200                   // names /choices lists
	endless      = ^uint32(0)            // size of a stream's data in its header
)

// onEnd finds the line or handset a request is about.
func (s *server) onEnd(kind string, f func(http.ResponseWriter, *http.Request, end)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var e end
		name := r.PathValue("name")
		if kind == "line" {
			l, err := s.town.Line(name)
			if err != nil {
				refuse(w, err)
				return
			}
			e = l.end()
		} else {
			h, err := s.town.Handset(name)
			if err != nil {
				refuse(w, err)
				return
			}
			e = h.end()
		}
		f(w, r, e)
	}
}

// now is the number of the frame an ear hears next.
func (e end) now() uint64 {
	e.town.mu.Lock()
	defer e.town.mu.Unlock()
	return e.ear.count
}

// listen streams what an end hears from now on, as it is heard.
func (s *server) listen(w http.ResponseWriter, r *http.Request, e end) {
	left, err := listenFor(r)
	if err != nil {
		refuse(w, err)
		return
	}
	select {
	case s.listeners <- struct{}{}:
		defer func() { <-s.listeners }()
	default:
		refuse(w, wrong("too_many_listeners", "%d people listen already", listenersMax))
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := w.Write(wavHeader(endless)); err != nil {
		return
	}
	s.stream(w, r, e, left)
}

// stream follows the ear until the listener leaves or left frames are told.
func (s *server) stream(w http.ResponseWriter, r *http.Request, e end, left int) {
	control := http.NewResponseController(w)
	defer control.SetWriteDeadline(time.Time{}) // the connection may serve on
	tick := time.NewTicker(listenEvery)
	defer tick.Stop()
	next := e.now()
	var samples []int16
	var bytes []byte
	for left > 0 {
		from := next
		samples, next = e.heard(next, min(left, soundMost), samples[:0])
		left -= len(samples) / (rate / framesPerSecond)
		if next > from {
			_ = control.SetWriteDeadline(time.Now().Add(listenStall)) // not every writer has deadlines
			bytes = appendPCM(bytes[:0], samples)
			if _, err := w.Write(bytes); err != nil {
				return
			}
			if err := control.Flush(); err != nil {
				return
			}
			continue
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// listenFor is how many frames a listener wants: an hour without for_s.
func listenFor(r *http.Request) (int, error) {
	v := r.URL.Query().Get("for_s")
	if v == "" {
		return secondFrames(secondsMax), nil
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return 0, wrong("out_of_range", "for_s %q is not a number of seconds", v)
	}
	return secondFrames(f), inRange("for_s", f)
}

// sound answers with what was heard since a frame, for pages that play it
// themselves.
func (s *server) sound(w http.ResponseWriter, r *http.Request, e end) {
	first := e.now()
	if v := r.URL.Query().Get("after"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			refuse(w, wrong("out_of_range", "after %q is not a frame number", v))
			return
		}
		first = n
	}
	samples, next := e.heard(first, soundMost, nil)
	reply(w, http.StatusOK, struct {
		First uint64 `json:"first"`
		Next  uint64 `json:"next"`
		Rate  int    `json:"rate"`
		PCM   string `json:"pcm"`
	}{next - uint64(len(samples)/(rate/framesPerSecond)), next, rate, base64.StdEncoding.EncodeToString(appendPCM(nil, samples))})
}

func (s *server) record(w http.ResponseWriter, r *http.Request, e end) {
	var body struct {
		File string `json:"file"`
	}
	if err := read(w, r, &body); err != nil {
		refuse(w, err)
		return
	}
	if !strings.HasSuffix(strings.ToLower(body.File), ".wav") {
		refuse(w, wrong("bad_body", "%s: file: the name of a .wav file is missing", e.name))
		return
	}
	if err := e.record(body.File); err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, body)
}

func (s *server) stopRecord(w http.ResponseWriter, _ *http.Request, e end) {
	file, err := e.stopRecording()
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, map[string]string{"file": file})
}

// choices lists what wishes may name.
func (s *server) choices(w http.ResponseWriter, _ *http.Request) {
	c := struct {
		Lines     []string `json:"lines"`
		Handsets  []string `json:"handsets"`
		Countries []string `json:"countries"`
		CallerID  []Style  `json:"caller_id"`
		Voices    []string `json:"voices"`
		Files     []string `json:"files"`
	}{s.town.cfg.Lines, s.town.cfg.Handsets, nil, Styles, voiceNames(), s.town.files()}
	for _, each := range countries {
		c.Countries = append(c.Countries, each.code)
	}
	reply(w, http.StatusOK, c)
}

// files lists the sound files of the town's folder.
func (t *Town) files() []string {
	names := []string{}
	if t.root == nil {
		return names
	}
	entries, _ := fs.ReadDir(t.root.FS(), ".") // a folder gone lists nothing
	for _, e := range entries {
		if strings.HasSuffix(strings.ToLower(e.Name()), ".wav") && len(names) < filesMax {
			names = append(names, e.Name())
		}
	}
	return names
}
