package e2e

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// townLine is what a check reads of an outside line of the town.
type townLine struct {
	Name    string
	State   string
	SinceMS int  `json:"since_ms"`
	OffHook bool `json:"off_hook"`
	Dialled string
	Hears   struct{ Sound string }
}

// townHandset is what a check reads of a telephone of the town.
type townHandset struct {
	Name    string
	OffHook bool `json:"off_hook"`
	Ringing bool
	Shown   struct{ Number, Name, Error string }
	Hears   struct{ Sound string }
}

// townState is one look at the town; Frame counts its steps of 10 ms.
type townState struct {
	Frame    int
	Lines    []townLine
	Handsets []townHandset
}

func (b *box) town() (s townState) {
	b.t.Helper()
	b.must("GET", "/bench/state", nil, &s)
	return s
}

func (b *box) line(name string) townLine {
	b.t.Helper()
	for _, l := range b.town().Lines {
		if l.Name == name {
			return l
		}
	}
	b.t.Fatalf("the town has no line %s", name)
	return townLine{}
}

func (b *box) handset(name string) townHandset {
	b.t.Helper()
	for _, h := range b.town().Handsets {
		if h.Name == name {
			return h
		}
	}
	b.t.Fatalf("the town has no handset %s", name)
	return townHandset{}
}

// wish asks something of the town.
func (b *box) wish(path string, body map[string]any) {
	b.t.Helper()
	b.must("POST", "/bench/"+path, body, nil)
}

// ear collects all that an end of the town hears, from a known frame on.
type ear struct {
	first int // the frame of the first sample
	stop  chan struct{}
	done  chan struct{}

	mu  sync.Mutex
	pcm []float64
	err error
}

// hear listens to "line/fxo1" or "handset/fxs1" until close or the end of the
// test.
func (b *box) hear(t *testing.T, end string) *ear {
	t.Helper()
	e := &ear{stop: make(chan struct{}), done: make(chan struct{})}
	path := "/bench/" + end + "/sound"
	first, next, _, err := b.sound(path)
	if err != nil {
		t.Fatal(err)
	}
	e.first = first
	go func() {
		defer close(e.done)
		for every := time.NewTicker(300 * time.Millisecond); ; {
			select {
			case <-e.stop:
				every.Stop()
				return
			case <-every.C:
			}
			from, to, pcm, err := b.sound(fmt.Sprintf("%s?after=%d", path, next))
			if err == nil && from != next {
				err = fmt.Errorf("%s: frames %d to %d were not kept", path, next, from)
			}
			e.mu.Lock()
			e.pcm = append(e.pcm, pcm...)
			e.err = err
			e.mu.Unlock()
			if err != nil {
				return
			}
			next = to
		}
	}()
	t.Cleanup(e.close)
	return e
}

func (e *ear) close() {
	select {
	case <-e.stop:
	default:
		close(e.stop)
	}
	<-e.done
}

// heard is the sound so far.
func (e *ear) heard(t *testing.T) []float64 {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err != nil {
		t.Fatal(e.err)
	}
	return e.pcm
}

// seconds waits until the ear has heard so much since a sample.
func (e *ear) seconds(t *testing.T, since int, s float64) []float64 {
	t.Helper()
	until(t, time.Duration(s*float64(time.Second))+5*time.Second, "sound heard", func() (any, bool) {
		n := len(e.heard(t))
		return n, n >= since+int(8000*s)
	})
	return e.heard(t)[since:]
}

func (b *box) sound(path string) (first, next int, pcm []float64, err error) {
	res, err := b.client.Get("http://" + b.HTTP + path)
	if err != nil {
		return 0, 0, nil, err
	}
	defer res.Body.Close()
	var s struct {
		First, Next int
		PCM         string
	}
	if res.StatusCode != http.StatusOK {
		return 0, 0, nil, fmt.Errorf("%s: %s", path, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil {
		return 0, 0, nil, err
	}
	bytes, err := base64.StdEncoding.DecodeString(s.PCM)
	for i := 0; i+1 < len(bytes); i += 2 {
		pcm = append(pcm, float64(int16(binary.LittleEndian.Uint16(bytes[i:]))))
	}
	return s.First, s.Next, pcm, err
}

// prompt is a recorded sentence of the box's own sounds.
func prompt(t *testing.T, name string) []float64 {
	t.Helper()
	return readWAV(t, filepath.Join(root(t), "build/sounds", name+".wav"))[0]
}

// voice makes somebody's speech of studio recordings, in whole frames so that
// speaking it over and over keeps its beat.
func voice(t *testing.T, names ...string) []float64 {
	t.Helper()
	var pcm []float64
	for _, n := range names {
		pcm = append(pcm, prompt(t, n)...)
	}
	pcm = pcm[:len(pcm)/80*80]
	if len(pcm) < 6*8000 {
		t.Fatalf("%v: only %d samples of speech", names, len(pcm))
	}
	return pcm
}
