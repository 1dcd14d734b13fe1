package sip

import (
	"context"
	"strings"
	"time"

	"centralita/firmware/leg/rtp"
)

// TrunkTest is what a test of a trunk found.
type TrunkTest struct {
	Name  string
	Steps []TrunkStep
}

// TrunkStep is one question: name, server, register or codecs.
type TrunkStep struct {
	Step string
	Good bool
	Code string // why not: a code of faults, or no-codec
	Text string // as the wire says it
	Took time.Duration
}

// TestTrunk implements leg.TrunkTester: it looks the servers up anew, asks each how it
// does and what sound it has, and tells whether we are registered. It disturbs no
// call and no registration.
func (e *Endpoint) TestTrunk(name string) {
	t, ok := e.trunks.named(name)
	if !ok {
		e.cfg.Tested(TrunkTest{Name: name, Steps: []TrunkStep{{Step: "name", Code: faultRemoved}}})
		return
	}
	t.mu.Lock()
	busy := t.testing
	t.testing = true
	t.mu.Unlock()
	if busy {
		return // the one under way tells
	}
	e.mu.Lock()
	select {
	case <-e.stopping:
		e.mu.Unlock()
		return
	default:
	}
	e.work.Add(1)
	e.mu.Unlock()
	go func() {
		defer e.work.Done()
		ctx, cancel := context.WithTimeout(context.Background(), testPatience)
		defer cancel()
		found := t.test(ctx, e)
		t.mu.Lock()
		t.testing = false
		t.mu.Unlock()
		e.cfg.Tested(TrunkTest{Name: name, Steps: found})
	}()
}

// testPatience is how long a person waits for the whole test.
const testPatience = 20 * time.Second

func (t *trunk) test(ctx context.Context, e *Endpoint) []TrunkStep {
	began := time.Now()
	t.mu.Lock()
	t.resolved = time.Time{}
	t.mu.Unlock()
	err := t.resolve(ctx, e)
	t.mu.Lock()
	targets := append([]*target(nil), t.targets...)
	s := t.state(time.Now())
	t.mu.Unlock()
	var addrs []string
	for _, x := range targets {
		addrs = append(addrs, x.String())
	}
	name := TrunkStep{Step: "name", Good: err == nil, Text: strings.Join(addrs, ", "), Took: time.Since(began)}
	if err != nil {
		name.Code, name.Text = faultOf(err).code, strings.Join(t.reached(), ", ")
	}
	steps := []TrunkStep{name}
	var laws string
	for _, x := range targets {
		asked := time.Now()
		answer := t.options(ctx, e, x)
		step := TrunkStep{Step: "server", Good: answer.why.code == "", Code: answer.why.code, Text: x.String() + " " + answer.said, Took: time.Since(asked)}
		steps = append(steps, step)
		if laws == "" {
			laws = answer.laws
		}
	}
	if t.Register {
		steps = append(steps, TrunkStep{Step: "register", Good: s.Ready, Code: s.Code, Text: strings.TrimSpace(t.account() + "@" + t.domain())})
	}
	if laws != "" {
		ours := strings.ToUpper(strings.Join(t.lawNames(e), " "))
		good := laws != "-"
		code := ""
		if !good {
			code = "no-codec"
		}
		steps = append(steps, TrunkStep{Step: "codecs", Good: good, Code: code, Text: strings.Trim(laws, "-") + " · " + ours})
	}
	return steps
}

// lawNames are the codecs we offer over the trunk.
func (t *trunk) lawNames(e *Endpoint) (names []string) {
	for _, c := range (&Leg{e: e, trunk: t}).codecs() {
		names = append(names, nameOf(c))
	}
	return names
}

func nameOf(c rtp.Codec) string {
	for name, o := range codecNames {
		if c == o {
			return name
		}
	}
	return ""
}

// lawsTold is what sound a description in an answer to OPTIONS shares with us: "" where
// it holds none, "-" where nothing is shared.
func (t *trunk) lawsTold(body []byte) string {
	d, err := parseSDP(body)
	if err != nil || len(d.media) == 0 {
		return ""
	}
	a, ok := (&Leg{trunk: t}).agree(d)
	if !ok {
		return "-"
	}
	return strings.ToUpper(nameOf(a.format.codec))
}
