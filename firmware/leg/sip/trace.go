package sip

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Seen is one message that went over the wire, with every secret taken out of it.
type Seen struct {
	At        time.Time
	Sent      bool // by us
	Transport string
	Far       string // address of the other end
	Text      string
}

// tracesAhead is how many messages wait for who reads a trace; more are left out and
// counted. A call is about ten.
const tracesAhead = 64

// Trace is somebody's look at what is said in SIP.
type Trace struct {
	C       chan Seen
	missed  atomic.Uint64
	station string
	trunk   string
	e       *Endpoint
}

// traces are the looks of this program. The library knows one place for them, for
// all sockets together.
var traces struct {
	on atomic.Int32 // how many there are: nobody's look costs a comparison
	mu sync.Mutex
	at map[*Trace]bool
}

// Trace looks at the messages of a station, of a trunk or, with neither, at all of
// them until Close. Those that are turned away unread, as scanners', are not among
// them.
func (e *Endpoint) Trace(station, trunk string) *Trace {
	t := &Trace{C: make(chan Seen, tracesAhead), station: station, trunk: trunk, e: e}
	traces.mu.Lock()
	defer traces.mu.Unlock()
	if traces.at == nil {
		traces.at = map[*Trace]bool{}
	}
	traces.at[t] = true
	traces.on.Add(1)
	return t
}

// Close ends the look.
func (t *Trace) Close() {
	traces.mu.Lock()
	defer traces.mu.Unlock()
	if traces.at[t] {
		delete(traces.at, t)
		traces.on.Add(-1)
	}
}

// Missed is how many messages were left out because nobody read on.
func (t *Trace) Missed() uint64 { return t.missed.Load() }

// tracer is where the library shows what it reads and writes.
type tracer struct{}

func (tracer) SIPTraceRead(transport, _, far string, b []byte) {
	showTraces(false, transport, farEnd(far), b)
}
func (tracer) SIPTraceWrite(transport, _, far string, b []byte) {
	showTraces(true, transport, farEnd(far), b)
}

// farEnd is an address as the library has it.
type farEnd string

func (f farEnd) String() string { return string(f) }

func showTraces(sent bool, transport string, at fmt.Stringer, b []byte) {
	if traces.on.Load() == 0 || len(bytes.Trim(b, "\r\n\x00")) == 0 {
		return
	}
	far := at.String()
	b = b[:min(len(b), datagramMax)]
	seen := Seen{At: time.Now(), Sent: sent, Transport: transport, Far: far, Text: string(withoutSecrets(b))}
	traces.mu.Lock()
	defer traces.mu.Unlock()
	for t := range traces.at {
		if !t.wants(far, b) {
			continue
		}
		select {
		case t.C <- seen:
		default:
			t.missed.Add(1)
		}
	}
}

// partyForm finds whom a message is from and to, in the long and the short form of
// the headers (RFC 3261 section 7.3.3).
var partyForm = regexp.MustCompile(`(?mi)^(?:From|To|f|t)[ \t]*:[^\r\n]*?sips?:([^@;>\r\n]{1,64})@`)

func (t *Trace) wants(far string, b []byte) bool {
	switch {
	case t.station != "":
		for _, m := range partyForm.FindAllSubmatch(b, 4) {
			if string(m[1]) == t.station {
				return true
			}
		}
		return false
	case t.trunk != "":
		from, err := netip.ParseAddrPort(far)
		return err == nil && t.e.trunks.speaks(t.trunk, from.Addr().Unmap())
	}
	return true
}

// speaks reports whether an address is one of a trunk's servers or peers.
func (ts *trunks) speaks(name string, a netip.Addr) bool {
	t, ok := ts.named(name)
	if !ok {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.targets, func(x *target) bool { return x.addr.Addr().Unmap() == a }) ||
		slices.ContainsFunc(t.Peers, func(p netip.Prefix) bool { return p.Contains(a) })
}

// secretForms are what a trace must not show: answers to challenges, keys of sound,
// what people write and dial.
var secretForms = []struct {
	form *regexp.Regexp
	hide []byte
}{
	{regexp.MustCompile(`(?mi)^((?:Proxy-)?Authorization[ \t]*:[ \t]*)Basic[^\r\n]*`), []byte(`${1}Basic ***`)},
	{regexp.MustCompile(`(?i)\b((?:response|cnonce|nextnonce|rspauth)[ \t]*=[ \t]*)"[^"\r\n]*"`), []byte(`${1}"***"`)},
	{regexp.MustCompile(`(?i)(inline:)[^|\s;]*`), []byte(`${1}***`)},
	{regexp.MustCompile(`(?mi)^(a=ice-pwd:|k=|Signal[ \t]*=[ \t]*)[^\r\n]*`), []byte(`${1}***`)},
	{regexp.MustCompile(`(?i)(;(?:password|pin|token)=)[^;&>\s]*`), []byte(`${1}***`)},
}

// withoutSecrets is a copy of a message that may be shown to whoever repairs the box.
func withoutSecrets(b []byte) []byte {
	for _, s := range secretForms {
		b = s.form.ReplaceAll(b, s.hide)
	}
	if bytes.HasPrefix(b, []byte("MESSAGE ")) {
		if head, _, ok := bytes.Cut(b, []byte("\r\n\r\n")); ok {
			b = append(bytes.Clone(head), "\r\n\r\n***"...)
		}
	}
	return b
}

// traceAll has the library show its messages. They cost a comparison while nobody
// looks.
func traceAll() {
	sip.SIPDebugTracer(tracer{})
	sip.SIPDebug = true
}
