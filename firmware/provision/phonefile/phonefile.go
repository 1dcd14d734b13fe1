// Package phonefile writes the files by which desk telephones and softphones set
// themselves up: one file for one device with one account.
//
// firmware/app serves what it writes. The names of parameters are those of the
// makers' administration guides; everything that a person typed is escaped for the
// format it stands in. The package opens nothing and keeps nothing.
package phonefile

import (
	"bytes"
	"embed"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// Account is what a telephone must know. Texts may hold anything a person can type.
type Account struct {
	User     string // extension, also the name of the digest
	Password string
	Name     string // shown on the telephone and to those it calls
	Server   string // host or address of the box, as the telephone reaches it
	Port     int
	TCP      bool
	Admin    string // password of the telephone's own menus and web page
	Language string // es, it, en
	Country  string // ISO 3166 alpha-2, for tones
	Zone     Zone
	NTP      string // host that gives the time, "" the maker's
}

// Zone is the time zone as makers ask for it.
type Zone struct {
	Name    string // IANA: Europe/Madrid
	Minutes int    // standard time east of UTC
	POSIX   string // IEEE Std 1003.1 section 8.3: CET-1CEST-2,M3.5.0,M10.5.0/3
}

// ErrVendor is returned for a maker whose files are not known.
var ErrVendor = errors.New("phonefile: no such maker")

//go:embed templates
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"xml": escape, "line": line, "pick": pick, "hours": hours, "quoted": quoted,
}).ParseFS(files, "templates/*"))

// maker is how a maker's telephones ask.
type maker struct {
	template string
	kind     string              // Content-Type
	name     func(string) string // of the file, from the MAC in 12 small digits
}

var makers = map[string]maker{
	"yealink":     {"yealink.cfg", "text/plain; charset=utf-8", func(mac string) string { return mac + ".cfg" }},
	"grandstream": {"grandstream.xml", "text/xml; charset=utf-8", func(mac string) string { return "cfg" + mac + ".xml" }},
	"snom":        {"snom.xml", "text/xml; charset=utf-8", func(mac string) string { return mac + ".xml" }},
	"fanvil":      {"fanvil.xml", "text/xml; charset=utf-8", func(mac string) string { return mac + ".cfg" }},
	"linphone":    {"linphone.xml", "application/xml; charset=utf-8", func(string) string { return "linphone.xml" }},
}

// File is the name under which a device of the maker asks for its own file, by its
// MAC in 12 small digits; "" for an unknown maker.
func File(vendor, mac string) string {
	m, ok := makers[vendor]
	if !ok {
		return ""
	}
	return m.name(mac)
}

// Address is what is typed into a telephone, or told to it, as the place of its
// settings, from the folder that is its own: most add the name of their file.
func Address(vendor, mac, folder string) string {
	switch vendor {
	case "grandstream": // GXP and GRP ask for the protocol apart and add their names
		return strings.TrimSuffix(strings.TrimPrefix(folder, "http://"), "/")
	case "yealink":
		return folder
	}
	return folder + File(vendor, mac)
}

// Write is the file of a device, and its media type.
func Write(vendor string, a Account) (file []byte, kind string, err error) {
	m, ok := makers[vendor]
	if !ok {
		return nil, "", fmt.Errorf("%w: %s", ErrVendor, vendor)
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, m.template, a); err != nil {
		return nil, "", fmt.Errorf("phonefile: %s: %w", vendor, err)
	}
	return b.Bytes(), m.kind, nil
}

// escape makes a text safe inside XML, without characters that XML has no place for.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(line(s))) // a strings.Builder takes everything
	return b.String()
}

// line makes a text safe as the value of a "name = value" line: no line ends, no
// control characters.
func line(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return ' '
		}
		return r
	}, s))
}

// quoted makes a text safe between the quotes of a SIP display name (RFC 3261
// section 25.1, quoted-string).
func quoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}

// pick takes the word for a key out of "key word key word ...", the last one where
// the key is not among them.
func pick(key string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == key {
			return pairs[i+1]
		}
	}
	if len(pairs)%2 == 1 {
		return pairs[len(pairs)-1]
	}
	return ""
}

// hours writes minutes east of UTC as makers do: +1, -3:30.
func hours(minutes int) string {
	sign := "+"
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	if minutes%60 == 0 {
		return fmt.Sprintf("%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, minutes/60, minutes%60)
}
