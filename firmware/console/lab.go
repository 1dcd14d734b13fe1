package console

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/event"
)

// Lab is what an installer sees and tries of the hardware and the wires. A nil field
// is not there.
type Lab struct {
	// Ports are the sockets as their chips see them.
	Ports func() []Port
	// Registers reads a socket's chip.
	Registers func(ctx context.Context, port string) ([]Register, error)
	// Levels looks at the sound of a socket until stop, in dBm0; false is no such socket.
	Levels func(port string) (read func() (heard, said float64), stop func(), ok bool)
	// SIP looks at messages of a station, of a trunk or of all, until stop.
	SIP func(station, trunk string) (seen <-chan Message, missed func() uint64, stop func())
	// Log gives the end of the program's log and what comes after it, until stop.
	Log func() (last []LogLine, lines <-chan LogLine, missed func() uint64, stop func())
	// Follow tells the journal from the moment of the call on.
	Follow func(ctx context.Context) iter.Seq2[*event.Record, error]
}

// Port is one socket.
type Port struct {
	Port     string  `json:"port"`
	State    string  `json:"state"` // ready, ringing, taken, in-use, fault
	Volts    float64 `json:"volts"`
	MilliAmp float64 `json:"milliamp"`
	Reversed bool    `json:"reversed"`
	Chip     string  `json:"chip"`
	Fault    string  `json:"fault"`
}

// Register is one of a chip.
type Register struct {
	Number int
	Name   string
	Value  uint8
}

// Message is one of SIP, without secrets.
type Message struct {
	At        time.Time
	Sent      bool
	Transport string
	Far       string
	Text      string
}

func (s *session) labVerbs() []verb {
	list := []verb{
		{words: []string{"show", "ports"}, run: s.showPorts},
		{words: []string{"show", "chip"}, run: s.showChip, next: func(args []string) ([]string, string) {
			if len(args) == 1 {
				return []string{"registers"}, ""
			}
			return s.nextSocket("")(args)
		}},
		{words: []string{"monitor", "level"}, run: s.monitorLevel, next: s.nextSocket("")},
		{words: []string{"monitor", "sip"}, run: s.monitorSIP, next: s.nextSIP},
		{words: []string{"monitor", "alarms"}, run: s.monitorAlarms},
		{words: []string{"monitor", "log"}, run: s.monitorLog, next: nextLevel},
		{words: []string{"test", "ring"}, run: s.testRing, next: s.nextSocket("fxs")},
		{words: []string{"test", "call"}, run: s.testCall, next: s.nextWayOut},
	}
	for i, v := range list {
		list[i].mode, list[i].role = operating, access.Owner
		list[i].help = "console.help." + strings.Join(v.words, "-")
	}
	return list
}

func (s *session) nextSocket(kind string) func([]string) ([]string, string) {
	return func(args []string) (next []string, wants string) {
		if len(args) == 0 && s.Sockets != nil {
			for _, name := range s.Sockets() {
				if strings.HasPrefix(name, kind) {
					next = append(next, name)
				}
			}
		}
		return next, ""
	}
}

func (s *session) nextWayOut(args []string) ([]string, string) {
	_, t, _ := s.Settings.Current()
	var next []string
	switch len(args) {
	case 0:
		for _, p := range t.Ports() {
			next = append(next, string(p))
		}
	case 1:
		return nil, "number"
	case 2:
		return s.argument("station")
	}
	return next, ""
}

func (s *session) nextSIP(args []string) ([]string, string) {
	_, t, _ := s.Settings.Current()
	switch {
	case len(args) == 0:
		return []string{"station", "trunk"}, ""
	case len(args) == 1 && args[0] == "station":
		return s.argument("station")
	case len(args) == 1 && args[0] == "trunk":
		var next []string
		for _, k := range t.Trunks {
			next = append(next, k.Name)
		}
		return next, ""
	}
	return nil, ""
}

func (s *session) showPorts(ctx context.Context, _ []string) error {
	if s.Lab.Ports == nil {
		return sentence{"refused.not-found", nil}
	}
	text, err := table(struct {
		Ports []Port `json:"ports"`
	}{s.Lab.Ports()}, s.now(ctx), s.lang)
	if err == nil {
		s.print(text)
	}
	return err
}

func (s *session) showChip(ctx context.Context, args []string) error {
	if len(args) == 0 || len(args) > 2 || len(args) == 2 && args[1] != "registers" {
		return sentence{"console.missing", []string{"port", "<port> registers"}}
	}
	if s.Lab.Registers == nil {
		return sentence{"refused.not-found", nil}
	}
	list, err := s.Lab.Registers(ctx, args[0])
	if err != nil {
		s.Log.Info("a chip was not read", "port", args[0], "err", err)
		return sentence{"console.no-chip", []string{printable(args[0])}}
	}
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%4d  0x%02x  %08b  %s\n", r.Number, r.Value, r.Value, r.Name)
	}
	s.print(b.String())
	return nil
}

// stopped reports whether the person wants a live command to end: q or ^C. Other
// keys mean nothing to it.
func (s *session) stopped() bool {
	for {
		key, err := s.w.next()
		if err != nil {
			return true // the terminal is gone, which the next line finds
		}
		if key == nil {
			return false
		}
		switch string(key) {
		case "q", "Q", "\x03", "\x04":
			return true
		}
		s.w.sized(key)
	}
}

// live runs until the person, the session or what is shown ends. Nothing of it
// stops at a full screen.
func live[T any](s *session, news <-chan T, every time.Duration, show func(one T, some bool) (more bool)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var none T
	for !s.stopped() {
		more := true
		select {
		case <-s.w.came:
		case <-s.ctx.Done():
			return
		case one, ok := <-news:
			more = ok && show(one, true)
		case <-tick.C:
			if _, err := s.Gate.Who(s.secret); err != nil {
				return // signed out meanwhile
			}
			more = show(none, false)
		}
		if !more {
			return
		}
	}
}
