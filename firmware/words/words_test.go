package words_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"centralita/firmware/leg"
	"centralita/firmware/words"
)

var place = regexp.MustCompile(`\{[0-9]\}`)

// Every sentence exists in every language, speaks, and fills the same places.
func TestThreeLanguagesSayTheSame(t *testing.T) {
	en := words.Keys("en")
	for _, lang := range words.Languages {
		if keys := words.Keys(lang); !slices.Equal(keys, en) {
			for _, k := range append(keys, en...) {
				if !words.Has(k) {
					t.Errorf("%s: %s is not in every language", lang, k)
				}
			}
		}
	}
	raw := map[string]string{}
	for _, k := range en {
		for _, lang := range words.Languages {
			s := words.T(lang, k, "{0}", "{1}", "{2}", "{3}")
			if strings.TrimSpace(s) == "" || s == k || !utf8.ValidString(s) {
				t.Errorf("%s: %s: %q", lang, k, s)
			}
			places := place.FindAllString(s, -1)
			slices.Sort(places)
			is := strings.Join(slices.Compact(places), "")
			if lang == words.Languages[0] {
				raw[k] = is
			} else if raw[k] != is {
				t.Errorf("%s: %s has places %s, es has %s", lang, k, is, raw[k])
			}
		}
	}
}

var causes = []leg.Cause{leg.Normal, leg.Busy, leg.NoAnswer, leg.Rejected, leg.Redirected, leg.Cancelled, leg.UnknownNumber, leg.OutOfOrder,
	leg.NoLine, leg.NotRegistered, leg.Congestion, leg.Forbidden, leg.Timeout, leg.NoCodec, leg.BadSound, leg.Unsealed, leg.NoMedia, leg.LoopBreak,
	leg.PolarityBack, leg.BusyTone, leg.DialTone, leg.Silence, leg.Preempted, leg.BoxStopped, leg.PowerCut, leg.Failure}

func TestEveryCauseHasWords(t *testing.T) {
	for _, c := range causes {
		if !words.Has("cause."+string(c)) || !c.Known() {
			t.Errorf("cause.%s", c)
		}
	}
}

func TestFill(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"{0}", "a"}, {"{1}{0}", "{0}a"}, {"{2}", ""}, {"{", "{"}, {"{x} {0", "{x} {0"}, {"{{0}}", "{a}"}, {"a{0}", "aa"},
	} {
		if got := words.Fill(c.text, "a", "{0}"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestUnknownKeysShowThemselves(t *testing.T) {
	if got := words.T("es", "no.such", "x"); got != "no.such x" {
		t.Errorf("%q", got)
	}
	if got := words.T("fr", "state.ready"); got != "ready" {
		t.Errorf("%q", got)
	}
	if words.File("../en") != nil || words.Known("fr") {
		t.Error("unknown language")
	}
}

func TestPseudoIsLonger(t *testing.T) {
	en, qps := words.T("en", "refused.sign-in"), words.T(words.Pseudo, "refused.sign-in")
	if a, b := utf8.RuneCountInString(en), utf8.RuneCountInString(qps); b*100 < a*135 || strings.Contains(qps, en) {
		t.Errorf("%q", qps)
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 fallos", 1: "1 fallo", 2: "2 fallos"} {
		if got := words.N("es", "console.faults", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

var spoken = regexp.MustCompile(`Refuse\("([a-z-]+)"|"((?:alarm|refused|help)\.[a-z.-]+)"`)

// Every sentence that the firmware's sources name is in the catalogue.
func TestEveryNamedSentenceExists(t *testing.T) {
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range spoken.FindAllStringSubmatch(string(src), -1) {
			key := m[2]
			if key == "" {
				key = "refused." + m[1]
			}
			if !words.Has(key) && !strings.HasSuffix(key, ".") {
				t.Errorf("%s: %s has no words", name, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
