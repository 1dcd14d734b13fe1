package boottest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"centralita/board/simboard/town"
	"centralita/board/wired"
	"centralita/hal"
	"centralita/scripts/machine"
)

// TestTownBoard is the program on a machine where every interface is the kernel's own:
// spidev nodes, GPIO lines, a sound card, LEDs, a watchdog; behind them, in a program
// of its own, chips and a town.
func TestTownBoard(t *testing.T) {
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Board: "qemu", Alone: true})
	at := expect(t, m.Serial, `init at ([0-9.]+) s`, bootWait)
	expect(t, m.Serial, `centralita ready http=\S+ sip=\S+`, 3*bootWait)
	shell(t, m)
	run(t, m, wide)
	up := run(t, m, "cut -d' ' -f1 /proc/uptime")
	t.Logf("kernel until init %s s, from there until the ready line %.1f s of guest time", at[1], seconds(t, up)-seconds(t, at[1]))
	b := &townBoard{t: t, m: m, client: http.Client{Timeout: bootWait}}
	t.Run("ports", b.ports)
	t.Run("interfaces", b.interfaces)
	t.Run("call", b.call)
	t.Run("rest", b.rest)
	t.Run("lifeline", b.lifeline)
}

// wide keeps the shell from breaking long commands into lines.
const wide = "stty cols 999"

// townBoard is a box under test, and the town on its wires.
type townBoard struct {
	t      *testing.T
	m      *machine.Machine
	client http.Client
}

// with is the same for another part of the test.
func (b *townBoard) with(t *testing.T) *townBoard {
	return &townBoard{t: t, m: b.m, client: b.client}
}

// tell asks the town, or has it do something.
func (b *townBoard) tell(method, path string, body, into any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, "http://"+b.m.Town+path, bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || res.StatusCode != http.StatusOK {
		b.t.Fatalf("town: %s %s: %d %v %s", method, path, res.StatusCode, err, said)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(said, into); err != nil {
		b.t.Fatalf("town: %s %s: %v: %s", method, path, err, said)
	}
}

func (b *townBoard) state() (s town.State) {
	b.t.Helper()
	b.tell("GET", "/town/state", nil, &s)
	return s
}

// town waits for a state of the town.
func (b *townBoard) town(what string, is func(town.State) bool) {
	b.t.Helper()
	var s town.State
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(100 * time.Millisecond) { // another machine's time
		if s = b.state(); is(s) {
			return
		}
	}
	b.t.Fatalf("waited in vain for %s: %+v", what, s)
}

// ports: all eight come up through the kernel's bus, wires and clock, which an eye sees
// on the kernel's LEDs: green is a port that works.
func (b *townBoard) ports(t *testing.T) {
	b = b.with(t)
	for _, name := range wired.FrontLamps() {
		var saw struct{ Lamp hal.Lamp }
		for limit := time.Now().Add(bootWait); saw.Lamp != hal.LampGreen; time.Sleep(200 * time.Millisecond) { // another machine's time
			if time.Now().After(limit) {
				t.Fatalf("lamp %s shows %d, want green", name, saw.Lamp)
			}
			b.tell("GET", "/lamp/"+name, nil, &saw)
		}
	}
	b.pulled()
	t.Logf("all lamps are green %s s after the kernel's start", run(t, b.m, "cut -d' ' -f1 /proc/uptime"))
}

// pulled waits until the lifeline's relay gives its telephone to the box: until then a
// call rings there over the wires, and no chip has a part in it.
func (b *townBoard) pulled() {
	b.t.Helper()
	for limit := time.Now().Add(bootWait); b.level("LIFELINE_RESTn") != "1"; time.Sleep(200 * time.Millisecond) { // another machine's time
		if time.Now().After(limit) {
			b.t.Fatal("the lifeline's relay is not pulled")
		}
	}
}

// level is how a wire of the kernel's GPIO simulator stands, "0" or "1".
func (b *townBoard) level(wire string) string {
	b.t.Helper()
	return run(b.t, b.m, "at=$(grep -lx "+wire+" /sys/kernel/config/gpio-sim/centralita/bank0/line*/name); at=${at%/name}; "+
		"cat /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio${at##*line}/value")
}

// interfaces: the program has the kernel's devices open, and the kernel's own lists show them.
func (b *townBoard) interfaces(t *testing.T) {
	open := run(t, b.m, `ls -l /proc/$(cat /var/run/centralita.pid)/fd`)
	for _, want := range []string{"/dev/spidev9.0", "/dev/spidev9.1", "gpio-line", "/dev/snd/pcmC0D0p", "/dev/snd/pcmC0D0c", "/dev/watchdog0"} {
		if !strings.Contains(open, want) {
			t.Errorf("the program has no %s open", want)
		}
	}
	for _, c := range [][2]string{
		{"cat /proc/asound/card0/pcm0p/sub0/hw_params", "channels: 16\nrate: 8000"},
		{"cat /proc/asound/card0/pcm1c/sub0/hw_params", "channels: 16\nrate: 8000"},
		{"cat /sys/class/leds/fxo1:green/max_brightness", "255"},
		{"cat /sys/kernel/config/gpio-sim/centralita/live", "1"},
		{"cat /sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio[01]/value", "1\n1"},
	} {
		if said := run(t, b.m, c[0]); !strings.Contains(said, c[1]) {
			t.Errorf("%s: %q, want %q", c[0], said, c[1])
		}
	}
}

// Voices of the call.
const (
	outside, inside = 5, 6
	heardFor        = 3 * time.Second
)

// call: a party in town calls, a telephone of the office rings and is lifted, and each
// hears the other's voice.
func (b *townBoard) call(t *testing.T) {
	b = b.with(t)
	b.tell("POST", "/town/line/fxo1/call", map[string]any{"number": "600111222", "voice": fmt.Sprintf("babble:%d", outside)}, nil)
	b.town("a telephone that rings", func(s town.State) bool { return s.Handsets[0].Ringing })
	b.tell("POST", "/town/handset/fxs1/lift", nil, nil)
	b.tell("POST", "/town/handset/fxs1/speak", map[string]any{"voice": fmt.Sprintf("babble:%d", inside), "loop": true}, nil)
	b.town("a talk", func(s town.State) bool {
		return s.Lines[0].State == "talking" && s.Lines[0].OffHook && s.Handsets[0].OffHook
	})
	before := b.sound()
	for _, c := range []struct {
		end   string
		voice uint64
	}{{"handset/fxs1", outside}, {"line/fxo1", inside}} {
		heard := b.heard("/town/"+c.end, heardFor)
		like := likeness(c.voice, heard)
		t.Logf("%s hears the other by %.4f of %v", c.end, like, heardFor)
		if like < 0.9 {
			t.Errorf("%s hears the other by %.3f, want 0.9", c.end, like)
		}
	}
	if now := b.sound(); now != before {
		t.Errorf("while they talked the sound card counted %+v after %+v", now, before)
	}
	b.tell("POST", "/town/line/fxo1/hangup", nil, nil)
	b.tell("POST", "/town/handset/fxs1/hangup", nil, nil)
	b.town("rest", func(s town.State) bool { return s.Lines[0].State == "idle" && !s.Handsets[0].OffHook })
}

// broken counts what was lost on the far half of the sound card.
type broken struct{ Underruns, Overruns, Realigned uint64 }

func (b *townBoard) sound() broken {
	b.t.Helper()
	var s struct{ Counted broken }
	b.tell("GET", "/sound", nil, &s)
	return s.Counted
}

// heard is what an end hears for a time of the guest's.
func (b *townBoard) heard(end string, during time.Duration) (pcm []int16) {
	b.t.Helper()
	var got struct {
		Next uint64
		PCM  string
	}
	b.tell("GET", end+"/sound", nil, &got)
	want := int(during.Seconds() * 8000)
	for limit := time.Now().Add(bootWait); len(pcm) < want; time.Sleep(100 * time.Millisecond) { // another machine's time
		if time.Now().After(limit) {
			b.t.Fatalf("%s: %d samples of %d came", end, len(pcm), want)
		}
		b.tell("GET", fmt.Sprintf("%s/sound?after=%d", end, got.Next), nil, &got)
		raw, err := base64.StdEncoding.DecodeString(got.PCM)
		if err != nil {
			b.t.Fatal(err)
		}
		for ; len(raw) > 1; raw = raw[2:] {
			pcm = append(pcm, int16(binary.LittleEndian.Uint16(raw)))
		}
	}
	return pcm[:want]
}

// likeness is the normalised correlation of what was heard with a voice of the town,
// which goes round: where it is best.
func likeness(voice uint64, heard []int16) float64 {
	one := town.Babble(voice)
	said := make([]float64, 0, len(one)+len(heard))
	for i := range cap(said) {
		said = append(said, float64(one[i%len(one)]))
	}
	x := make([]float64, len(heard))
	power, all := 0.0, make([]float64, len(said)+1) // of the voice until there
	for i, v := range heard {
		x[i] = float64(v)
		power += x[i] * x[i]
	}
	for i, v := range said {
		all[i+1] = all[i] + v*v
	}
	best := 0.0
	const some = 8 // one sample of so many finds the place
	like := func(lag, every int) float64 {
		dot := 0.0
		for i := 0; i < len(x); i += every {
			dot += x[i] * said[lag+i]
		}
		return math.Abs(dot) * float64(every) / math.Sqrt(power*(all[lag+len(x)]-all[lag])+1)
	}
	for lag := range len(one) {
		if like(lag, some) > best*0.8 {
			best = max(best, like(lag, 1))
		}
	}
	return best
}

// rest: what the board takes of the machine when nothing happens, by the guest's clock.
func (b *townBoard) rest(t *testing.T) {
	cpu := func(process string) string {
		return `$(awk '{print $14+$15}' /proc/$(cat /var/run/` + process + `.pid)/stat)`
	}
	show := `echo $(awk '{print int($1*100)}' /proc/uptime) $(awk '/^cpu /{print $2+$3+$4+$7+$8}' /proc/stat) ` + cpu("qemutown") + " " + cpu("centralita")
	var before, after [4]int
	said := run(t, b.m, show+"; sleep 5; "+show)
	if _, err := fmt.Sscan(said, &before[0], &before[1], &before[2], &before[3], &after[0], &after[1], &after[2], &after[3]); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	share := func(i int) float64 { return 100 * float64(after[i]-before[i]) / float64(after[0]-before[0]) }
	t.Logf("at rest of a processor of 500 million instructions a second: machine %.1f %%, chips and town %.1f %%, program %.1f %%", share(1), share(2), share(3))
	t.Logf("sound card: %+v", b.with(t).sound())
}

// lifeline: with the program gone the relay falls, and the telephone is on the line.
func (b *townBoard) lifeline(t *testing.T) {
	b = b.with(t)
	run(t, b.m, "/etc/init.d/S90centralita stop")
	b.tell("POST", "/town/line/fxo1/call", map[string]any{"number": "600111222", "voice": fmt.Sprintf("babble:%d", outside)}, nil)
	b.town("the telephone ringing from the line", func(s town.State) bool { return s.Handsets[0].Ringing })
	if b.level("LIFELINE_RESTn") != "0" {
		t.Error("without the program the relay is still pulled")
	}
	b.tell("POST", "/town/handset/fxs1/lift", nil, nil)
	if like := likeness(outside, b.heard("/town/handset/fxs1", heardFor)); like < 0.9 {
		t.Errorf("without the program the telephone hears the line by %.3f, want 0.9", like)
	}
}
