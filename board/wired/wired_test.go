package wired_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"

	"centralita/board/rev1"
	"centralita/board/stm32mp1"
	"centralita/board/wired"
	"centralita/hal"
	"centralita/hal/highway"
	"centralita/hal/sim/bus"
	simhighway "centralita/hal/sim/highway"
	simleds "centralita/hal/sim/leds"
	sim3050 "centralita/hal/sim/si3050"
	sim3210 "centralita/hal/sim/si3210"
	"centralita/hal/sim/wire"
	"centralita/hal/sysled"
)

// machine is one on which everything that a description names is a model, but what it
// lacks.
type machine struct {
	t     *testing.T
	lacks []string

	pins  map[string]*bus.Pin
	chips map[string]*bus.Port
	bus   *simhighway.Highway
	place highway.Place
	lamps *lamps
	fed   int
}

func newMachine(t *testing.T, lacks ...string) *machine {
	return &machine{t: t, lacks: lacks, pins: map[string]*bus.Pin{}, chips: map[string]*bus.Port{}, bus: simhighway.New()}
}

// lacking is an error for what it lacks.
func (m *machine) lacking(name string) error {
	if slices.Contains(m.lacks, name) {
		return fmt.Errorf("no %s here", name)
	}
	return nil
}

func (m *machine) Pins(names []string) (map[string]gpio.PinIO, error) {
	var missing []error
	found := map[string]gpio.PinIO{}
	for _, name := range names {
		if err := m.lacking(name); err != nil {
			missing = append(missing, err)
			continue
		}
		m.pins[name] = bus.NewPin(name)
		found[name] = m.pins[name]
	}
	m.solder()
	return found, errors.Join(missing...)
}

// solder puts four chips of each kind behind the two selects of both boards.
func (m *machine) solder() {
	reset := func(name string, f func(high bool)) {
		if p := m.pins[name]; p != nil {
			p.Watch(f)
		}
	}
	pull := func(name string, n int) func(bool) {
		return func(low bool) {
			if p := m.pins[name]; p != nil {
				p.PullLow(n, low)
			}
		}
	}
	var fxo sim3050.Chain
	var fxs sim3210.Chain
	for n := range 4 {
		line := sim3050.New(sim3050.Options{Pair: &wire.Pair{}, Seed: uint64(n), Int: pull("FXO_INTn", n)})
		set := sim3210.New(sim3210.Options{Pair: &wire.Pair{}, Seed: uint64(n), Int: pull("FXS_INTn", n)})
		fxo, fxs = append(fxo, line), append(fxs, set)
		m.bus.Attach(line)
		m.bus.Attach(set)
	}
	reset("FXO_RESETn", func(high bool) {
		for _, c := range fxo {
			c.Reset(!high)
		}
	})
	reset("FXS_RESETn", func(high bool) {
		for _, c := range fxs {
			c.Reset(!high)
		}
	})
	m.chips["0.0"], m.chips["0.1"] = bus.NewPort("SPI0.0", fxo), bus.NewPort("SPI0.1", fxs)
}

func (m *machine) SPI(b, sel int) (spi.Port, error) {
	name := fmt.Sprintf("%d.%d", b, sel)
	if err := m.lacking("/dev/spidev" + name); err != nil {
		return nil, err
	}
	return m.chips[name], nil
}

func (m *machine) I2C(int) (i2c.Bus, error) { return simleds.NewBus(0x60, 0x61), m.lacking("i2c") }

func (m *machine) Highway(o highway.Options) (hal.Highway, error) {
	m.place = o.Place
	if err := m.lacking(o.Card); err != nil {
		return nil, err
	}
	return m.bus, nil
}

func (m *machine) LEDs(named []sysled.Lamp) (wired.Lamps, error) {
	if err := m.lacking("leds"); err != nil {
		return nil, err
	}
	m.lamps = &lamps{set: map[string]hal.Lamp{}}
	for _, l := range named {
		m.lamps.names = append(m.lamps.names, l.Name)
	}
	return m.lamps, nil
}

func (m *machine) Watchdog(w wired.Watchdog) (hal.Watchdog, error) {
	if err := m.lacking(w.Device); err != nil {
		return nil, err
	}
	return dog{m, w.Timeout}, nil
}

func (m *machine) Clock(device string) (hal.Clock, error) {
	if err := m.lacking(device); err != nil {
		return nil, err
	}
	return quartz{}, nil
}

func (m *machine) File(name string, n int) ([]byte, error) {
	if err := m.lacking(name); err != nil {
		return nil, err
	}
	text := "BB0123\x00 and what lies beyond"
	if strings.HasSuffix(name, "rng_current") {
		if text = "omap\n"; m.lacking("/dev/hwrng") != nil {
			text = "none\n"
		}
	}
	return []byte(text)[:min(n, len(text))], nil
}

type lamps struct {
	names []string
	set   map[string]hal.Lamp
}

func (l *lamps) Names() []string                    { return l.names }
func (l *lamps) Set(name string, to hal.Lamp) error { l.set[name] = to; return nil }
func (l *lamps) Get(name string) hal.Lamp           { return l.set[name] }
func (l *lamps) String() string                     { return "lamps" }
func (l *lamps) Serve(ctx context.Context) error    { <-ctx.Done(); return ctx.Err() }

type dog struct {
	m *machine
	d time.Duration
}

func (d dog) Feed() error            { d.m.fed++; return nil }
func (d dog) Timeout() time.Duration { return d.d }
func (d dog) Close() error           { return nil }
func (d dog) Bit() bool              { return false }

type quartz struct{}

func (quartz) Read() (time.Time, error) { return time.Time{}, nil }
func (quartz) Set(time.Time) error      { return nil }

// TestWiring: both boards come up on models of what they name: every chip is brought
// up through its own select, reset and interrupt, on its own timeslot; the button is
// heard, the supply too, and each lamp has its name.
func TestWiring(t *testing.T) {
	for _, d := range []wired.Description{rev1.Board(), stm32mp1.Board()} {
		for _, apart := range []bool{false, true} {
			d.Lines.Apart, d.Handsets.Apart = apart, apart
			t.Run(fmt.Sprintf("%s apart %t", d.Name, apart), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { wiring(t, d) })
			})
		}
	}
}

func wiring(t *testing.T, d wired.Description) {
	m := newMachine(t)
	var mu sync.Mutex
	var presses []hal.Press
	var power []hal.Power
	b, err := wired.Open(d, wired.Options{
		Country: "IT", Machine: m, Tell: func(hal.Event) {},
		Press: func(p hal.Press) { mu.Lock(); defer mu.Unlock(); presses = append(presses, p) },
		Power: func(p hal.Power) { mu.Lock(); defer mu.Unlock(); power = append(power, p) },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for _, w := range append(b.Workers, hal.Worker(m.bus)) {
		workers.Go(func() { _ = w.Serve(ctx) })
	}
	defer workers.Wait()
	defer cancel()
	for begun := time.Now(); !b.Ready(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			for _, p := range b.Ports() {
				t.Logf("%s: %+v", p.Name(), p.Status())
			}
			t.Fatal("the chips do not come up")
		}
	}
	var names []string
	for i, p := range b.Ports() {
		names = append(names, p.Name())
		if p.Slot() != i {
			t.Errorf("%s has slot %d", p.Name(), p.Slot())
		}
	}
	if got := strings.Join(names, " "); got != "fxo1 fxo2 fxo3 fxo4 fxs1 fxs2 fxs3 fxs4" {
		t.Errorf("ports are %s", got)
	}
	if got, want := strings.Join(b.Lamps.Names(), " "), strings.Join(append(names, "power", "status"), " "); got != want {
		t.Errorf("lamps are %s", got)
	}
	if b.Name != d.Name || b.Serial != "BB0123" || b.Clock == nil || b.Watchdog.Timeout() != 30*time.Second || len(b.Lacking) != 0 || m.place != (highway.Place{Card: "tdmlines", Capture: 1}) {
		t.Errorf("board %+v, sound at %+v", b, m.place)
	}
	m.pins["FACTORY_BTNn"].PullLow(0, true)
	m.pins["PWRFAILn"].PullLow(0, true)
	time.Sleep(300 * time.Millisecond)
	m.pins["FACTORY_BTNn"].PullLow(0, false)
	time.Sleep(time.Second)
	mu.Lock()
	defer mu.Unlock()
	if len(presses) != 1 || presses[0].Button != "factory" || len(power) != 1 || !power[0].Failing {
		t.Errorf("heard %v and %v", presses, power)
	}
}

// TestEverythingMissing: each missing thing is a line that names it, and what the box
// can do without is no error.
func TestEverythingMissing(t *testing.T) {
	m := newMachine(t, "FXO_RESETn", "FXS_INTn", "PWRFAILn", "/dev/spidev0.1", "tdmlines", "leds", "/dev/watchdog0", "/dev/rtc0", "/dev/hwrng")
	_, err := wired.Open(stm32mp1.Board(), wired.Options{Machine: m})
	if err == nil {
		t.Fatal("opened")
	}
	said := strings.Split(err.Error(), "\n")[1:]
	want := []string{"FXO_RESETn", "FXS_INTn", "PWRFAILn", "tdmlines", "/dev/spidev0.1", "leds", "/dev/watchdog0", "/dev/rtc0"}
	if len(said) != len(want) {
		t.Fatalf("said %q", said)
	}
	for i := range want {
		if !strings.Contains(said[i], want[i]) {
			t.Errorf("said %q, want %s", said[i], want[i])
		}
	}
	b, err := wired.Open(stm32mp1.Board(), wired.Options{Machine: newMachine(t, "/dev/hwrng")})
	if err != nil || !slices.Equal(b.Lacking, []string{"/dev/hwrng"}) {
		t.Errorf("lacking %v, %v", b, err)
	}
}

// TestThisMachine: on one that is no such board the error says what was looked for.
func TestThisMachine(t *testing.T) {
	_, err := wired.Open(rev1.Board(), wired.Options{})
	if err == nil {
		t.Skip("this machine is the board")
	}
	for _, want := range []string{"board rev1", `sound card "tdmlines"`, "/dev/spidev0.0"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}
