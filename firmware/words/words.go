// Package words is the catalogue of every sentence a person reads, in Spanish,
// Italian and English.
//
// Doors (firmware/api, firmware/console) turn keys into sentences with it, and
// the page imports the same three files when it is built. Keys are flat,
// "section.key", and the same in all three. Logs and traces are English and do
// not come here. It reads nothing but its own files and never fails: a key
// without a sentence shows as itself.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed es.json it.json en.json
var files embed.FS

// Languages are the tongues of the catalogue; the last is what an unknown one
// falls back to.
var Languages = []string{"es", "it", "en"}

var catalogue = func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		var m map[string]string
		if err := json.Unmarshal(File(lang), &m); err != nil {
			panic(fmt.Sprintf("words: %s.json: %v", lang, err))
		}
		all[lang] = m
	}
	return all
}()

// File is the catalogue of a language as JSON; nil for an unknown one.
func File(lang string) []byte {
	if !Known(lang) {
		return nil
	}
	b, err := files.ReadFile(lang + ".json")
	if err != nil {
		panic(fmt.Sprintf("words: %v", err))
	}
	return b
}

// Known reports whether there is a catalogue of the language.
func Known(lang string) bool { return slices.Contains(Languages, lang) }

// Has reports whether the key has a sentence in every language.
func Has(key string) bool {
	for _, lang := range Languages {
		if catalogue[lang][key] == "" {
			return false
		}
	}
	return true
}

// Keys lists every key of a language, sorted.
func Keys(lang string) []string { return slices.Sorted(maps.Keys(catalogue[lang])) }

// T is the sentence of a key with {0}, {1} ... replaced by args. Unknown
// languages read English, unknown keys read as themselves; the pseudo-language
// "qps" reads English made longer, for tests of layout.
func T(lang, key string, args ...string) string {
	if lang == Pseudo {
		return Lengthen(T("en", key, args...))
	}
	m, ok := catalogue[lang]
	if !ok {
		m = catalogue["en"]
	}
	text, ok := m[key]
	if !ok {
		text = strings.Join(append([]string{key}, args...), " ")
		return text
	}
	for i, a := range args {
		if said := resolve(lang, a); said != a {
			args = slices.Clone(args)
			args[i] = said
		}
	}
	return Fill(text, args...)
}

// resolve reads an argument that is to be said in the reader's language: "#key" is
// a word of the catalogue, "@2026-11-17T14:10" a moment of the office's clock.
// Anything else stays as it is.
func resolve(lang, arg string) string {
	if key, ok := strings.CutPrefix(arg, "#"); ok && catalogue[lang][key] != "" {
		return catalogue[lang][key]
	}
	if at, ok := strings.CutPrefix(arg, "@"); ok {
		if when, err := time.Parse("2006-01-02T15:04", at); err == nil {
			return Moment(lang, when)
		}
	}
	return arg
}

// Resolve reads arguments that are to be said in the reader's language.
func Resolve(lang string, args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = resolve(lang, a)
	}
	return out
}

// Moment is a time of the office's clock as people say it: the day of the week, the
// date, the hour.
func Moment(lang string, when time.Time) string {
	return T(lang, "moment", T(lang, "weekday."+strconv.Itoa(int(when.Weekday()))), strconv.Itoa(when.Day()),
		T(lang, "month."+strconv.Itoa(int(when.Month()))), when.Format("15:04"))
}

// N is T of "key.one" or "key.other" with the number as {0}. Spanish, Italian and
// English have no further forms below a million (Unicode CLDR, plural rules).
func N(lang, key string, n int, args ...string) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return T(lang, key+form, append([]string{strconv.Itoa(n)}, args...)...)
}

// Fill puts args into {0}, {1} ...; a place without an argument stays empty, and
// braces inside arguments are left alone.
func Fill(text string, args ...string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 || i+2 >= len(text) {
			break
		}
		d := text[i+1]
		if d < '0' || d > '9' || text[i+2] != '}' {
			b.WriteString(text[:i+1])
			text = text[i+1:]
			continue
		}
		b.WriteString(text[:i])
		if n := int(d - '0'); n < len(args) {
			b.WriteString(args[n])
		}
		text = text[i+3:]
	}
	b.WriteString(text)
	return b.String()
}
