package switchboard

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"centralita/firmware/media/clip"
	"centralita/firmware/media/tone"
)

// cacheMax bounds the sound kept in memory: 16 MB of 8 kHz samples is 17 minutes,
// more than all sentences of three languages.
const cacheMax = 8 << 20 // samples

// Sounds is the library of prompts and music in a folder: LANG/NAME.wav,
// LANG/digits/N.wav, music/NAME.wav. The loop alone asks it for sources.
type Sounds struct {
	dir     string
	langs   atomic.Pointer[[]string] // of the office, in order of preference
	country atomic.Pointer[tone.Country]
	cache   map[string]*clip.Clip
	size    int
	// Missing is told once of every name that was asked for and is not there.
	Missing func(name string)
	missed  map[string]bool
}

// NewSounds makes a library of a folder; a folder that is not there gives tones
// only.
func NewSounds(dir string) *Sounds {
	s := &Sounds{dir: dir, cache: map[string]*clip.Clip{}, missed: map[string]bool{}}
	s.Configure("ES", []string{"en"})
	return s
}

// Configure takes the office's country and languages; any goroutine.
func (s *Sounds) Configure(country string, langs []string) {
	plan, _ := tone.Plan(country)
	s.country.Store(plan)
	s.langs.Store(&langs)
}

// Sources turns names into things to play, leaving out what cannot be found. With
// loop the last of them goes on for ever.
func (s *Sounds) Sources(lang string, names []string, loop bool) []clip.Source {
	var list []clip.Source
	for i, name := range names {
		list = append(list, s.sources(lang, name, loop && i == len(names)-1)...)
	}
	return list[:min(len(list), clip.MaxList)]
}

func (s *Sounds) sources(lang, name string, loop bool) []clip.Source {
	kind, rest, _ := strings.Cut(name, "/")
	switch kind {
	case "tone":
		return s.tone(rest)
	case "silence":
		ms, _ := strconv.Atoi(rest)
		return []clip.Source{clip.Silence(time.Duration(min(max(ms, 0), 60_000)) * time.Millisecond)}
	case "digits":
		var list []clip.Source
		for _, d := range rest {
			list = append(list, s.spoken(lang, "digits/"+string(d))...)
		}
		return list
	case "number":
		n, err := strconv.Atoi(rest)
		if err != nil {
			return nil
		}
		var list []clip.Source
		for _, piece := range numberPieces(lang, n) {
			list = append(list, s.spoken(lang, piece)...)
		}
		return list
	case "music":
		return s.music(rest, loop)
	case "prompt":
		return s.prompt(lang, rest, loop)
	}
	return s.prompt(lang, name, loop)
}

func (s *Sounds) prompt(lang, name string, loop bool) []clip.Source {
	c := s.find(lang, name)
	if c == nil {
		return nil
	}
	if loop {
		return []clip.Source{c.Loop()}
	}
	return []clip.Source{c.Source()}
}

func (s *Sounds) spoken(lang, name string) []clip.Source { return s.prompt(lang, name, false) }

// tone is a call-progress tone of the country; it goes on until replaced.
func (s *Sounds) tone(name string) []clip.Source {
	for sig := tone.Dial; sig.String() != "none"; sig++ {
		if sig.String() == name {
			return []clip.Source{s.country.Load().Of(sig)}
		}
	}
	return nil
}

// music falls back to the quiet ringback of the country, so that a waiting caller
// knows the line is alive.
func (s *Sounds) music(name string, loop bool) []clip.Source {
	if name == "" {
		name = "default"
	}
	c := s.load(filepath.Join("music", clean(name)))
	if c == nil {
		return s.tone("ringback")
	}
	if loop {
		return []clip.Source{c.Loop()}
	}
	return []clip.Source{c.Source()}
}

// find looks for a prompt in the language asked for, then in the office's, then
// in English.
func (s *Sounds) find(lang, name string) *clip.Clip {
	order := append([]string{lang}, *s.langs.Load()...)
	for i, l := range append(order, "en") {
		if l == "" || slices.Contains(order[:min(i, len(order))], l) {
			continue
		}
		if c := s.load(filepath.Join(clean(l), clean(name))); c != nil {
			return c
		}
	}
	s.miss(name)
	return nil
}

func (s *Sounds) miss(name string) {
	const missedMax = 256
	if s.Missing != nil && !s.missed[name] && len(s.missed) < missedMax {
		s.missed[name] = true
		s.Missing(name)
	}
}

func (s *Sounds) load(name string) *clip.Clip {
	if c, ok := s.cache[name]; ok {
		return c
	}
	c, err := clip.Load(filepath.Join(s.dir, name+".wav"))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.miss(name)
		}
		c = nil
	}
	s.keep(name, c)
	return c
}

// keep remembers a clip, and that a file is not there. A full cache is emptied
// whole: what is in use stays with its players.
func (s *Sounds) keep(name string, c *clip.Clip) {
	const namesMax = 4096
	size := 0
	if c != nil {
		size = len(c.PCM())
	}
	if s.size+size > cacheMax || len(s.cache) >= namesMax {
		clear(s.cache)
		s.size = 0
	}
	s.cache[name] = c
	s.size += size
}

// clean keeps a name inside its folder.
func clean(name string) string { return filepath.Join("/", name)[1:] }

// numberPieces are the clips that speak 0..999 in the order of the language.
func numberPieces(lang string, n int) []string {
	n = min(max(n, 0), 999)
	piece := func(n int) string { return "digits/" + strconv.Itoa(n) }
	switch {
	case n <= 20:
		return []string{piece(n)}
	case n < 100 && (n%10 == 0 || lang == "es" && n < 30):
		return []string{piece(n)}
	case n < 100 && lang == "es":
		return []string{piece(n / 10 * 10), "digits/and", piece(n % 10)}
	case n < 100:
		return []string{piece(n / 10 * 10), piece(n % 10)}
	}
	var list []string
	if lang == "es" {
		list = []string{piece(n / 100 * 100)}
	} else {
		list = []string{piece(n / 100), "digits/hundred"}
	}
	if n%100 != 0 {
		list = append(list, numberPieces(lang, n%100)...)
	}
	return list
}
