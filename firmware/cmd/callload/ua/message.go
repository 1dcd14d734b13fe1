// Package ua is a small SIP user agent for load: it registers users, calls and is
// called over UDP, and notes the kernel's time of every message that comes.
//
// firmware/cmd/callload makes many users of it. It shares nothing with the box,
// so that two readings of RFC 3261 meet; it trusts the server it was given and is
// no example of how to treat strangers.
package ua

import (
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Message is one that came.
type Message struct {
	At   time.Time // the kernel took it from the wire
	text string    // start line and headers
	Body string
}

func parse(raw []byte, at time.Time) Message {
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	return Message{At: at, text: head + "\r\n", Body: body}
}

// start is the first line.
func (m *Message) start() string {
	l, _, _ := strings.Cut(m.text, "\r\n")
	return l
}

// compact are the short names of RFC 3261 section 7.3.3 that load has to know.
var compact = map[string]string{"via": "v", "from": "f", "to": "t", "call-id": "i", "contact": "m"}

// get is the first value of a header, all are its values.
func (m *Message) get(name string) string {
	for v := range m.values(name) {
		return v
	}
	return ""
}

func (m *Message) values(name string) func(func(string) bool) {
	return func(yield func(string) bool) {
		rest := m.text
		for {
			at := strings.Index(rest, "\r\n")
			if at < 0 || at+2 >= len(rest) {
				return
			}
			rest = rest[at+2:]
			colon := strings.IndexByte(rest, ':')
			if colon < 0 {
				return
			}
			if k := strings.TrimRight(rest[:colon], " \t"); !strings.EqualFold(k, name) && !strings.EqualFold(k, compact[name]) {
				continue
			}
			v, _, _ := strings.Cut(rest[colon+1:], "\r\n")
			if !yield(strings.TrimSpace(v)) {
				return
			}
		}
	}
}

// Status is 0 for a request.
func (m *Message) Status() int {
	if !strings.HasPrefix(m.text, "SIP/2.0 ") || len(m.text) < 11 {
		return 0
	}
	n, _ := strconv.Atoi(m.text[8:11])
	return n
}

// method is the request's, or the one of the request that a response is for.
func (m *Message) method() string {
	if m.Status() != 0 {
		_, method, _ := strings.Cut(m.get("cseq"), " ")
		return method
	}
	w, _, _ := strings.Cut(m.text, " ")
	return w
}

func (m *Message) branch() string { return param(m.get("via"), "branch") }

// Caller is the user of From, Called that of the Request-URI.
func (m *Message) Caller() string { return userOf(uriIn(m.get("from"))) }

// Called is whom a request is for.
func (m *Message) Called() string {
	_, rest, _ := strings.Cut(m.text, " ")
	uri, _, _ := strings.Cut(rest, " ")
	return userOf(uri)
}

// param is a parameter of a header's value.
func param(v, name string) string {
	for part := range strings.SplitSeq(v, ";") {
		if k, val, ok := strings.Cut(part, "="); ok && strings.EqualFold(strings.TrimSpace(k), name) {
			return strings.Trim(strings.TrimSpace(val), `"`)
		}
	}
	return ""
}

// uriIn is the address between angle brackets, or before the parameters.
func uriIn(v string) string {
	if _, rest, ok := strings.Cut(v, "<"); ok {
		uri, _, _ := strings.Cut(rest, ">")
		return uri
	}
	uri, _, _ := strings.Cut(v, ";")
	return uri
}

func userOf(uri string) string {
	uri = strings.TrimPrefix(uri, "sip:")
	user, _, ok := strings.Cut(uri, "@")
	if !ok {
		return ""
	}
	return user
}

// SoundAt is where a session description wants its sound.
func SoundAt(sdp string) (netip.AddrPort, bool) {
	var host netip.Addr
	port := 0
	for l := range strings.SplitSeq(sdp, "\n") {
		f := strings.Fields(l)
		switch {
		case strings.HasPrefix(l, "c=IN IP4 ") && len(f) > 2:
			host, _ = netip.ParseAddr(f[2])
		case strings.HasPrefix(l, "m=audio ") && len(f) > 1:
			port, _ = strconv.Atoi(f[1])
		}
	}
	return netip.AddrPortFrom(host, uint16(port)), host.IsValid() && port > 0
}

// description is a session of PCMU in packets of 20 ms at an address.
func (a *Agent) description(at netip.AddrPort) string {
	host, port := at.Addr().String(), strconv.Itoa(int(at.Port()))
	formats, event := " RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000\r\n"
	if a.DigitsInSound.Load() {
		formats, event = " RTP/AVP 0", ""
	}
	return "v=0\r\no=- 1 1 IN IP4 " + host + "\r\ns=-\r\nc=IN IP4 " + host + "\r\nt=0 0\r\nm=audio " + port +
		formats + "\r\na=rtpmap:0 PCMU/8000\r\n" + event + "a=ptime:20\r\na=sendrecv\r\n"
}

func token() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it does not fail (Go 1.24)
	return hex.EncodeToString(b[:])
}
