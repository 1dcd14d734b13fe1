package sip

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Bounds of a session description. A telephone's has 15 lines and 500 bytes; a
// browser's with video and candidates reaches 6 kB.
const (
	sdpBytesMax   = 16 << 10
	sdpLinesMax   = 400
	sdpMediaMax   = 8
	sdpFormatsMax = 64
	fmtpMax       = 200 // Opus with all its parameters has 150
)

// direction is who speaks, seen by the one who wrote the description (RFC 3264).
type direction struct{ send, recv bool }

var directions = map[string]direction{
	"sendrecv": {true, true}, "sendonly": {true, false},
	"recvonly": {false, true}, "inactive": {false, false},
}

func (d direction) String() string {
	switch d {
	case direction{true, true}:
		return "sendrecv"
	case direction{true, false}:
		return "sendonly"
	case direction{false, true}:
		return "recvonly"
	}
	return "inactive"
}

// turned is the same direction seen by the other end.
func (d direction) turned() direction { return direction{send: d.recv, recv: d.send} }

// line is one m= line with what belongs to it.
type line struct {
	kind    string // audio, video …
	port    int    // 0 is refused or unused
	proto   string
	formats []string

	conn     netip.Addr
	rtcpPort int        // a=rtcp (RFC 3605); 0 is the port after the sound's
	rtcpAddr netip.Addr // where it names another address
	rtcpMux  bool       // a=rtcp-mux (RFC 5761)
	dir      direction
	ptime    int
	ptimeMax int
	crypto   []crypto         // a=crypto that we can keep to
	cryptos  int              // how many there were
	codecs   map[uint8]string // a=rtpmap: payload type to "NAME/rate", upper case
	fmtp     map[uint8]string // a=fmtp: payload type to parameters
}

// description is a session description (RFC 8866) as far as a telephone call
// needs it.
type description struct {
	media []line
}

var errSDP = errors.New("sip: bad session description")

// parseSDP reads b. It is bounded, never panics, skips what it does not know and what
// spoils one line's sound alone, and refuses what it would have to guess.
func parseSDP(b []byte) (*description, error) {
	if len(b) > sdpBytesMax {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", errSDP, len(b), sdpBytesMax)
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) > sdpLinesMax {
		return nil, fmt.Errorf("%w: %d lines, at most %d", errSDP, len(lines), sdpLinesMax)
	}
	var (
		d      description
		conn   netip.Addr                          // of the session level
		dir    = direction{send: true, recv: true} // likewise
		opened bool
	)
	for n, text := range lines {
		text = strings.TrimRight(text, "\r \t\x00") // some send the end of a string along
		if text == "" {
			continue
		}
		if len(text) < 2 || text[1] != '=' {
			return nil, fmt.Errorf("%w: line %d is not type=value", errSDP, n+1)
		}
		kind, value := text[0], text[2:]
		if !opened {
			if kind != 'v' || value != "0" {
				return nil, fmt.Errorf("%w: does not begin with v=0", errSDP)
			}
			opened = true
			continue
		}
		switch m := d.last(); kind {
		case 'm':
			if err := d.addMedia(value, conn, dir); err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", errSDP, n+1, err)
			}
		case 'c':
			a, _ := parseConnection(value) // one that holds no address leaves the sound without
			if m != nil {
				m.conn = a
			} else {
				conn = a
			}
		case 'a':
			if m != nil {
				m.attribute(value)
			} else if v, ok := directions[value]; ok {
				dir = v
			}
		}
	}
	if !opened {
		return nil, fmt.Errorf("%w: empty", errSDP)
	}
	return &d, nil
}

func (d *description) last() *line {
	if len(d.media) == 0 {
		return nil
	}
	return &d.media[len(d.media)-1]
}

func (d *description) addMedia(value string, conn netip.Addr, dir direction) error {
	if len(d.media) == sdpMediaMax {
		return fmt.Errorf("more than %d m= lines", sdpMediaMax)
	}
	f := strings.Fields(value)
	if len(f) < 3 || len(f) > 3+sdpFormatsMax || !tokens(f) {
		return errors.New("malformed m= line")
	}
	number, _, _ := strings.Cut(f[1], "/")
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return errors.New("bad port")
	}
	d.media = append(d.media, line{kind: f[0], port: int(port), proto: f[2], formats: f[3:], conn: conn, dir: dir})
	return nil
}

// tokens reports whether all words may be written back into an answer.
func tokens(words []string) bool {
	for _, w := range words {
		if len(w) > 64 {
			return false
		}
		for i := range len(w) {
			if c := w[i]; c <= ' ' || c > '~' {
				return false
			}
		}
	}
	return true
}

// parseConnection takes "IN IP4 192.0.2.1". A name in place of an address is
// refused: looking it up would make a call wait for a name server.
func parseConnection(value string) (netip.Addr, error) {
	f := strings.Fields(value)
	if len(f) != 3 || f[0] != "IN" || (f[1] != "IP4" && f[1] != "IP6") {
		return netip.Addr{}, errors.New("malformed c= line")
	}
	host, _, _ := strings.Cut(f[2], "/") // a time to live belongs to multicast
	a, err := netip.ParseAddr(host)
	if err != nil || a.Zone() != "" || a.Is4() != (f[1] == "IP4") {
		return netip.Addr{}, errors.New("c= holds no address of its kind")
	}
	return a.Unmap(), nil
}

func (m *line) attribute(value string) {
	if v, ok := directions[value]; ok {
		m.dir = v
		return
	}
	name, rest, _ := strings.Cut(value, ":")
	switch name {
	case "rtpmap":
		m.named(rest)
	case "fmtp":
		m.parameters(rest)
	case "ptime":
		m.ptime = milliseconds(rest)
	case "maxptime":
		m.ptimeMax = milliseconds(rest)
	case "crypto":
		if m.cryptos++; m.cryptos <= cryptoMax {
			if c, ok := parseCrypto(rest); ok {
				m.crypto = append(m.crypto, c)
			}
		}
	case "rtcp":
		f := strings.Fields(rest)
		if len(f) == 0 {
			return
		}
		if p, err := strconv.ParseUint(f[0], 10, 16); err == nil {
			m.rtcpPort = int(p)
		}
		if a, err := parseConnection(strings.Join(f[1:], " ")); err == nil {
			m.rtcpAddr = a // one that cannot be read is as good as none
		}
	case "rtcp-mux":
		m.rtcpMux = true
	}
}

// named takes an a=rtpmap, however its spaces fall; one that cannot be read leaves its
// payload type without a name.
func (m *line) named(value string) {
	f := strings.Fields(value)
	if len(f) < 2 || len(m.codecs) == sdpFormatsMax {
		return
	}
	pt, err := strconv.ParseUint(f[0], 10, 7)
	if err != nil {
		return
	}
	if m.codecs == nil {
		m.codecs = make(map[uint8]string, 4)
	}
	m.codecs[uint8(pt)] = strings.ToUpper(strings.Join(f[1:], ""))
}

// parameters keeps an a=fmtp that may be written into another description.
func (m *line) parameters(value string) {
	number, text, _ := strings.Cut(value, " ")
	pt, err := strconv.ParseUint(number, 10, 7)
	text = strings.TrimSpace(text)
	if err != nil || text == "" || len(text) > fmtpMax || len(m.fmtp) == sdpFormatsMax || !tokens(strings.Fields(text)) {
		return
	}
	if m.fmtp == nil {
		m.fmtp = make(map[uint8]string, 2)
	}
	m.fmtp[uint8(pt)] = text
}

// milliseconds is a packet time; one that makes no sense is as good as none.
func milliseconds(value string) int {
	v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || v < 1 || v > 1000 {
		return 0
	}
	return int(v)
}
