package settings

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/number"
)

var (
	hostForm   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
	userForm   = regexp.MustCompile(`^[A-Za-z0-9._~+*!'()-]{1,64}$`) // of a SIP URI (RFC 3261 section 25.1, unreserved)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	dialledSet = " 0123456789+-()./"
)

// gainMost bounds what is set for one port on top of the country's level plan, in
// dB either way: the chips can do no more (firmware/line/levels, AdjustMax).
const gainMost = 5

func (v *validator) lines() {
	v.length("lines", len(v.t.Lines), 15)
	var before []string
	for _, l := range v.t.Lines {
		at := "lines[" + clip(string(l.Name)) + "]"
		if socket(l.Name, "fxo") == 0 {
			v.add(at+".name", string(l.Name), "port", "fxo1 ... fxo15")
		} else if slices.Contains(before, string(l.Name)) {
			v.add(at+".name", string(l.Name), "twice", string(l.Name))
		}
		before = append(before, string(l.Name))
		v.phoneNumber(at+".number", l.Number)
		if v.phoneNumber(at+".test_number", l.TestNumber); strings.Contains(l.TestNumber, "+") {
			v.add(at+".test_number", l.TestNumber, "phone-number") // a line dials digits
		}
		v.destination(at+".rings", l.Rings, true)
		v.oneOf(at+".supervision", l.Supervision, "", "none", "polarity")
		v.oneOf(at+".echo", l.Echo, "", "suppress", "cancel", "off")
		v.number(at+".answer_after", l.AnswerAfter, 0, 10)
		v.number(at+".input_gain", l.InputGain, -gainMost, gainMost)
		v.number(at+".output_gain", l.OutputGain, -gainMost, gainMost)
		v.spanOr0(at+".silence", l.Silence, time.Minute, 24*time.Hour)
		v.outgoing(at, l)
		v.tolls(at, l.Allow, l.Bar)
		v.limit(at+".limit", l.Limit)
	}
}

// outgoing checks how a line calls out.
func (v *validator) outgoing(at string, l Line) {
	v.oneOf(at+".dialling", l.Dialling, "", "tone", "pulse")
	v.oneOf(at+".no_dial_tone", l.NoDialTone, "", "dial", "refuse")
	v.oneOf(at+".parallel", l.Parallel, "", "refuse", "wait")
	v.spanOr0(at+".dial_tone_wait", l.DialToneWait, 500*time.Millisecond, 30*time.Second)
	v.spanOr0(at+".flash", l.Flash, 50*time.Millisecond, 1250*time.Millisecond) // Si3050 driver's range
	if len(l.SecondDialTone) > 4 || strings.Trim(l.SecondDialTone, "0123456789") != "" {
		v.add(at+".second_dial_tone", l.SecondDialTone, "prefix")
	}
}

func (v *validator) phoneNumber(path, s string) {
	n := 0
	for _, r := range s {
		if !strings.ContainsRune(dialledSet, r) {
			v.add(path, s, "phone-number")
			return
		}
		if r >= '0' && r <= '9' {
			n++
		}
	}
	if s != "" && (n < 2 || n > 15) { // ITU-T E.164: at most 15 digits
		v.add(path, s, "phone-number")
	}
}

func (v *validator) server(path, s string) {
	host, port, has := strings.Cut(s, ":")
	n, err := strconv.Atoi(port)
	_, ipErr := netip.ParseAddr(host)
	switch {
	case s == "":
		v.add(path, s, "missing")
	case (ipErr != nil && !hostForm.MatchString(host)) || len(host) > 253 || has && (err != nil || n < 1 || n > 65535):
		v.add(path, s, "server")
	}
}

// secret wants a name in the store or a password that will be moved there.
func (v *validator) secret(at, name, password string) {
	switch {
	case name == "" && password == "":
		v.add(at+".secret", "", "secret-missing")
	case name != "" && !secretForm.MatchString(name):
		v.add(at+".secret", name, "secret-name")
	case len(password) > 128:
		v.add(at+".password", "", "too-long", "128")
	}
}

func (v *validator) stationList() {
	seen, hands := map[string]bool{}, map[id.Port]string{}
	total := 0
	for _, s := range v.t.Stations {
		at := "stations[" + clip(s.Extension) + "]"
		first, last, ok := extensions(s.Extension)
		switch {
		case s.Extension == "":
			v.add(at+".extension", "", "missing")
		case !ok:
			v.add(at+".extension", s.Extension, "extension")
		case total > stationsMax:
		default:
			total += last - first + 1
			v.overlap(at+".extension", s.Extension, seen)
		}
		v.text(at+".name", s.Name, 0, 40)
		v.phone(at, s, first != last, hands)
		most := gainMost
		if s.Handset == "" {
			most = 0 // a SIP phone has its own
		}
		v.number(at+".input_gain", s.InputGain, -most, most)
		v.number(at+".output_gain", s.OutputGain, -most, most)
		v.handset(at, s)
		if s.SIP != nil {
			v.number(at+".sip.calls", s.SIP.Calls, 0, 10)
		}
		v.tolls(at, s.Allow, s.Bar)
		v.limit(at+".limit", s.Limit)
		for _, f := range [][2]string{{"always", s.Forward.Always}, {"busy", s.Forward.Busy}, {"no_answer", s.Forward.NoAnswer}} {
			if f[1] != "" && (number.Clean(f[1]) != f[1] || f[1] == s.Extension) {
				v.add(at+".forward."+f[0], f[1], "phone-number")
			}
		}
		v.spanOr0(at+".forward.after", s.Forward.After, 5*time.Second, 3*time.Minute)
	}
	v.length("stations", total, stationsMax)
}

// overlap claims every number of a station or range, once.
func (v *validator) overlap(path, ext string, seen map[string]bool) {
	one := Tree{Stations: []Station{{Extension: ext}}}
	emergency := v.t.Emergency()
	for _, s := range one.ExpandStations() {
		if seen[s.Extension] {
			v.add(path, ext, "twice", s.Extension)
			return
		}
		if slices.Contains(emergency, s.Extension) {
			v.add(path, ext, "extension-emergency", s.Extension)
			return
		}
		seen[s.Extension] = true
	}
}

func (v *validator) phone(at string, s Station, isRange bool, hands map[id.Port]string) {
	switch {
	case s.Handset == "" && s.SIP == nil && !s.Web:
		v.add(at, s.Extension, "station-nothing")
	case s.Handset != "" && s.SIP != nil:
		v.add(at, s.Extension, "station-both")
	case s.Handset != "" && isRange:
		v.add(at+".handset", string(s.Handset), "range-handset")
	case s.Handset != "" && socket(s.Handset, "fxs") == 0:
		v.add(at+".handset", string(s.Handset), "port", "fxs1 ... fxs15")
	case s.Handset != "" && hands[s.Handset] != "":
		v.add(at+".handset", string(s.Handset), "handset-taken", hands[s.Handset])
	case s.Handset == "" && s.Echo != "":
		v.add(at+".echo", s.Echo, "echo-sip")
	case s.SIP != nil:
		v.secret(at+".sip", s.SIP.Secret, s.SIP.Password)
		v.oneOf(at+".sip.srtp", s.SIP.SRTP, "", "allow", "off", "require")
		v.codecs(at+".sip.codecs", s.SIP.Codecs)
	}
	v.oneOf(at+".echo", s.Echo, "", "suppress", "cancel", "off")
	if s.Handset != "" && hands[s.Handset] == "" {
		hands[s.Handset] = s.Extension
	}
}
