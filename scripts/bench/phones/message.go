package phones

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// message is one SIP message as text: the start line, headers by lower-case name,
// and the body.
type message struct {
	start string
	head  map[string][]string
	body  string
}

func parse(text string) message {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := message{start: lines[0], head: map[string][]string{}, body: body}
	for _, l := range lines[1:] {
		k, v, _ := strings.Cut(l, ":")
		k = strings.ToLower(strings.TrimSpace(k))
		m.head[k] = append(m.head[k], strings.TrimSpace(v))
	}
	return m
}

func (m message) get(name string) string {
	if v := m.head[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// status is 0 for a request.
func (m message) status() int {
	rest, ok := strings.CutPrefix(m.start, "SIP/2.0 ")
	if !ok {
		return 0
	}
	code, _, _ := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(code)
	return n
}

func (m message) method() string {
	if m.status() != 0 {
		_, method, _ := strings.Cut(m.get("cseq"), " ")
		return method
	}
	w, _, _ := strings.Cut(m.start, " ")
	return w
}

func (m message) branch() string { return param(m.get("via"), "branch") }

// param is a parameter of a header value.
func param(v, name string) string {
	for part := range strings.SplitSeq(v, ";") {
		if k, val, ok := strings.Cut(strings.TrimSpace(part), "="); ok && k == name {
			return strings.Trim(val, `"`)
		}
	}
	return ""
}

// uriIn is the address between angle brackets.
func uriIn(v string) string {
	_, rest, ok := strings.Cut(v, "<")
	if !ok {
		uri, _, _ := strings.Cut(v, ";")
		return uri
	}
	uri, _, _ := strings.Cut(rest, ">")
	return uri
}

// userIn is the number of an address header.
func userIn(v string) string {
	rest := strings.TrimPrefix(uriIn(v), "sip:")
	user, _, _ := strings.Cut(rest, "@")
	return user
}

// soundAddr is where the other end wants its sound.
func soundAddr(sdp string) *net.UDPAddr {
	var host net.IP
	port := 0
	for l := range strings.SplitSeq(sdp, "\r\n") {
		f := strings.Fields(l)
		switch {
		case strings.HasPrefix(l, "c=IN IP4 ") && len(f) > 2:
			host = net.ParseIP(f[2])
		case strings.HasPrefix(l, "m=audio ") && len(f) > 1:
			port, _ = strconv.Atoi(f[1])
		}
	}
	if host == nil || port == 0 {
		return nil
	}
	return &net.UDPAddr{IP: host, Port: port}
}

// soundOffer is a session of G.711 A-law at a local port.
func soundOffer(at *net.UDPAddr) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\n"+
		"a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n", at.IP, at.IP, at.Port)
}

func token() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // it does not fail (Go 1.24)
	return hex.EncodeToString(b)
}
