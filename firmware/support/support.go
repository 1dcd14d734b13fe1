// Package support makes the file that an owner sends to whoever helps: what the box
// is, how it is set and what it complained of, without the people in it.
//
// firmware/app gathers the parts and has them masked here. Every name, number and
// address that stands in the settings becomes a word such as name-7, the same one
// wherever it stands, so that the plan can still be read; in texts all longer digits
// go, too, and whatever stands in quotes. The package reads nothing of the box by
// itself.
package support

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Mask replaces what may be personal.
type Mask struct {
	instead map[string]string
	known   []string // the longest first
}

// kept are words of the settings' own vocabulary.
var kept = func() map[string]bool {
	words := map[string]bool{"": true}
	for _, w := range strings.Fields(`es it en none polarity suppress cancel off dial refuse wait tone pulse allow require
		pcma pcmu g722 opus udp tcp tls agent supervisor owner installer always never external internal queue recall alarm
		menu station hours page voicemail hangup longest-idle round-robin ring-all fxo fxs acme own box mon tue wed thu fri sat sun`) {
		words[w] = true
	}
	return words
}()

// plain are forms that say nothing of a person: keys, sockets, countries, durations, times
// of the day, time zones.
var plain = regexp.MustCompile(`^([0-9*#]|fx[os][0-9]+|[A-Z]{2}|([0-9]+(ms|s|m|h|d))+|[0-2][0-9]:[0-5][0-9]|(Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/[A-Za-z_/]+)$`)

// NewMask learns the words of settings, a pointer to them, and masks these in place.
func NewMask(settings any) *Mask {
	m := &Mask{instead: map[string]string{}}
	m.walk(reflect.ValueOf(settings))
	for w := range m.instead {
		m.known = append(m.known, w)
	}
	slices.SortFunc(m.known, func(a, b string) int { return len(b) - len(a) })
	return m
}

func (m *Mask) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			m.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				m.walk(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			m.walk(v.Index(i))
		}
	case reflect.Map:
		m.walkMap(v)
	case reflect.String:
		v.SetString(m.Word(v.String()))
	}
}

func (m *Mask) walkMap(v reflect.Value) {
	if v.IsNil() {
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for it := v.MapRange(); it.Next(); {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.Set(it.Key())
		value.Set(it.Value())
		m.walk(key)
		m.walk(value)
		out.SetMapIndex(key, value)
	}
	v.Set(out)
}

// Word is a value of the settings; a destination keeps its kind.
func (m *Mask) Word(s string) string {
	if kept[s] || plain.MatchString(s) {
		return s
	}
	if kind, name, ok := strings.Cut(s, "/"); ok && kept[kind] {
		return kind + "/" + m.Word(name)
	}
	if m.instead[s] == "" {
		m.instead[s] = fmt.Sprintf("%s-%d", class(s), len(m.instead)+1)
	}
	return m.instead[s]
}

// class tells a number, with how many digits it has, from other words.
func class(s string) string {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		} else if unicode.IsLetter(r) {
			return "name"
		}
	}
	if digits == 0 {
		return "name"
	}
	return fmt.Sprintf("number-of-%d", digits)
}

var (
	quoted = regexp.MustCompile(`"[^"]*"|“[^”]*”|'[^']*'`)
	uris   = regexp.MustCompile(`\S*@\S*`)
	digits = regexp.MustCompile(`[0-9]{2,}`)
)

// Text masks a sentence, a log line or a stack.
func (m *Mask) Text(s string) string {
	s = quoted.ReplaceAllString(s, `"…"`)
	s = uris.ReplaceAllString(s, "…@…")
	for _, w := range m.known {
		if len(w) > 1 && strings.Contains(s, w) {
			s = replaceWord(s, w, "…")
		}
	}
	return digits.ReplaceAllString(s, "#")
}

// replaceWord leaves longer words that contain w.
func replaceWord(s, w, by string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, w)
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		end := i + len(w)
		if joined(s[:i], true) || joined(s[end:], false) {
			out.WriteString(s[:end])
		} else {
			out.WriteString(s[:i] + by)
		}
		s = s[end:]
	}
}

// joined says whether a letter or digit stands at the end, or at the beginning.
func joined(s string, end bool) bool {
	r := []rune(s)
	if len(r) == 0 {
		return false
	}
	at := r[0]
	if end {
		at = r[len(r)-1]
	}
	return unicode.IsLetter(at) || unicode.IsDigit(at)
}

// Any masks all texts of a value as encoding/json decodes it.
func (m *Mask) Any(v any) any {
	switch v := v.(type) {
	case string:
		return m.Text(v)
	case []any:
		for i := range v {
			v[i] = m.Any(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = m.Any(v[k])
		}
	}
	return v
}

// Part is a file of it.
type Part struct {
	Name string
	Body []byte
}

// Zip packs the parts.
func Zip(made time.Time, parts []Part) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.Name, Method: zip.Deflate, Modified: made})
		if err == nil {
			_, err = w.Write(p.Body)
		}
		if err != nil {
			return nil, fmt.Errorf("support: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("support: %w", err)
	}
	return b.Bytes(), nil
}
