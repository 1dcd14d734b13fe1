package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lab runs one command line and returns what it printed; it must succeed.
func lab(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaint strings.Builder
	if code := run(args, &out, &complaint); code != 0 {
		t.Fatalf("linelab %s: exit code %d: %s", strings.Join(args, " "), code, complaint.String())
	}
	return out.String()
}

// words are the fields of the lines that begin with a word.
func words(out, first string) (lines [][]string) {
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); f[0] == first {
			lines = append(lines, f)
		}
	}
	return lines
}

// What is made must be heard, in WAV and raw files, several at a time.
func TestMadeIsHeard(t *testing.T) {
	dir := t.TempDir()
	wav, raw := filepath.Join(dir, "a.wav"), filepath.Join(dir, "b.raw")
	lab(t, "make", "dtmf", "-on", "60ms", "-off", "60ms", "19#", wav)
	lab(t, "make", "dtmf", "D", raw)
	out := lab(t, "dtmf", "-profile", "call", wav, raw)
	var got []string
	for line := range strings.Lines(out) {
		got = append(got, strings.Fields(line)[:2]...)
	}
	if want := []string{"#", wav, "D", "1", "D", "9", "D", "#", "#", raw, "D", "D"}; !slices.Equal(got, want) {
		t.Errorf("digits: %s", out)
	}

	for _, standard := range []string{"v23", "bell202"} {
		lab(t, "make", "callerid", "-standard", standard, "-name", "ANA", "-time", "2026-05-04T12:07", "912345678", wav)
		out := lab(t, "callerid", wav)
		m := words(out, "M")
		const want = "801a0108303530343132303702093931323334353637380703414e41"
		if len(m) != 1 || m[0][2] != want {
			t.Errorf("%s: %s", standard, out)
		}
		if !strings.Contains(out, "number=912345678 name=ANA") {
			t.Errorf("%s: %s", standard, out)
		}
	}
	lab(t, "make", "dtmf", "A912345678C", wav)
	if m := words(lab(t, "callerid", wav), "M"); len(m) != 1 || m[0][2] != fmt.Sprintf("%x", "A912345678C") {
		t.Errorf("as digits: %v", m)
	}

	for name, least := range map[string]int{"busy": 1, "ring": 1, "dial": 1} {
		lab(t, "make", "tone", "-country", "IT", "-level", "-20", name, wav)
		if m := words(lab(t, "tones", "-country", "it", wav), "T"); len(m) < least || m[0][2] != name {
			t.Errorf("%s: %v", name, m)
		}
	}
}

// The composite source signal has the level asked for and no offset.
func TestCSS(t *testing.T) {
	for _, kind := range []string{"-double", "-double=false"} {
		name := filepath.Join(t.TempDir(), "css.raw")
		lab(t, "make", "css", "-for", "2s", "-level", "-15", kind, name)
		pcm, err := load(name)
		if err != nil || len(pcm) != 16000 {
			t.Fatalf("%d samples, %v", len(pcm), err)
		}
		if l := level(pcm); l < -15.3 || l > -14.7 {
			t.Errorf("%.2f dBm0", l)
		}
	}
}

// Octets and back: G.711 is its own inverse on what it can say.
func TestG711(t *testing.T) {
	dir := t.TempDir()
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b.wav"), filepath.Join(dir, "c")
	octets := make([]byte, 256)
	for i := range octets {
		octets[i] = byte(i)
	}
	if err := os.WriteFile(a, octets, 0o666); err != nil {
		t.Fatal(err)
	}
	lab(t, "g711", "dec", "a", a, b)
	lab(t, "g711", "enc", "a", b, c)
	if got, _ := os.ReadFile(c); string(got) != string(octets) {
		t.Errorf("% x", got)
	}
}

// On an even network every packet is played in order at one delay; a lost one is
// made up and a very late one thrown away.
func TestJitter(t *testing.T) {
	var s strings.Builder
	for i := range 500 {
		came := float64(i*20 + 30)
		switch i {
		case 100:
			came = -1
		case 200:
			came += 900
		}
		fmt.Fprintf(&s, "%d %d %.2f\n", i, i*20, came)
	}
	name := filepath.Join(t.TempDir(), "trace.txt")
	if err := os.WriteFile(name, []byte(s.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	out := lab(t, "jitter", name)
	if p := words(out, "P"); len(p) != 498 || p[0][2] != "0" || p[497][2] != "499" {
		t.Errorf("%d packets played", len(p))
	}
	if c := words(out, "C"); len(c) != 4 {
		t.Errorf("%d frames made up: %v", len(c), c)
	}
	if x := words(out, "X"); len(x) != 1 || x[0][1] != "200" {
		t.Errorf("thrown away: %v", x)
	}
}

// Lost packets are made up and the others left as they are.
func TestConceal(t *testing.T) {
	dir := t.TempDir()
	in, loss, out := filepath.Join(dir, "in.raw"), filepath.Join(dir, "loss.txt"), filepath.Join(dir, "out.wav")
	lab(t, "make", "tone", "-country", "FR", "-for", "2s", "dial", in)
	if err := os.WriteFile(loss, []byte(strings.Repeat("0", 50)+"1"+strings.Repeat("0", 20)+"11\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	lab(t, "conceal", in, loss, out)
	was, err := load(in)
	if err != nil {
		t.Fatal(err)
	}
	is, err := load(out)
	if err != nil || len(is) != len(was) {
		t.Fatalf("%d samples of %d, %v", len(is), len(was), err)
	}
	for p := range len(was) / packet {
		a, b := was[p*packet:(p+1)*packet], is[p*packet:(p+1)*packet]
		switch lost := p == 50 || p == 71 || p == 72; {
		case !lost && !slices.Equal(a, b):
			t.Errorf("packet %d came and was changed", p)
		case lost && slices.Equal(a, b):
			t.Errorf("packet %d was not lost", p)
		case lost && level(a)-level(b) > 5:
			t.Errorf("packet %d lost %.1f dB", p, level(a)-level(b))
		}
	}
}

// What makes no sense is told in a sentence and with the right exit code.
func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.wav")
	if err := os.WriteFile(bad, []byte("RIFF\x00\x00\x00\x00WAVEdata"), 0o666); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]int{
		"":                            exitUsage,
		"fly":                         exitUsage,
		"dtmf":                        exitUsage,
		"dtmf -profile loud x":        exitUsage,
		"dtmf -no x":                  exitUsage,
		"dtmf " + dir + "/absent":     exitFailed,
		"dtmf " + bad:                 exitFailed,
		"callerid -standard x x":      exitUsage,
		"tones -country XX x":         exitUsage,
		"g711 enc x a b":              exitUsage,
		"g711 turn a a b":             exitUsage,
		"jitter " + bad:               exitFailed,
		"conceal x y":                 exitUsage,
		"conceal " + bad + " x y":     exitFailed,
		"make":                        exitUsage,
		"make noise x":                exitUsage,
		"make dtmf 12x y":             exitFailed,
		"make tone -for 30h busy y":   exitUsage,
		"make tone loud y":            exitUsage,
		"make callerid -time now 1 y": exitUsage,
	} {
		var out, complaint strings.Builder
		if code := run(strings.Fields(line), &out, &complaint); code != want || complaint.Len() == 0 {
			t.Errorf("linelab %s: exit code %d, %q", line, code, complaint.String())
		}
	}
	for _, line := range []string{"help", "dtmf -h", "make -h", "make tone -h"} {
		if out := lab(t, strings.Fields(line)...); !strings.Contains(out, "linelab") {
			t.Errorf("linelab %s: %q", line, out)
		}
	}
}
