package main

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	st "centralita/firmware/media/soundtest"
)

// kept writes a sound over the noise of a line and returns the file.
func kept(t *testing.T, name string, x []float64) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	noise := st.Room(rand.New(rand.NewPCG(1, 1)), -60, float64(len(x))/st.Rate)
	if err := save(name, st.Line(st.Over(x, noise))); err != nil {
		t.Fatal(err)
	}
	return name
}

// The lines have the form that the scorers read: T ms fax NAME.
func TestFax(t *testing.T) {
	out := lab(t, "fax", kept(t, "cng.wav", st.Join(st.Silence(0.5), st.Tone(1100, -20, 0.5), st.Silence(1))))
	if m := words(out, "T"); len(m) != 1 || m[0][2] != "fax" || m[0][3] != "CNG" {
		t.Errorf("%s", out)
	}
}

// A digit for every 10 ms, on the output or in a file of its own.
func TestVAD(t *testing.T) {
	name := kept(t, "talk.raw", st.Join(st.Silence(1), st.NewVoice(2).Phrase(6, -20), st.Silence(1)))
	pcm, err := load(name)
	if err != nil {
		t.Fatal(err)
	}
	out := lab(t, "vad", name)
	_, digits, _ := strings.Cut(out, "\n")
	digits = strings.TrimSpace(digits)
	if len(digits) != len(pcm)/80 || digits[:90] != strings.Repeat("0", 90) || !strings.Contains(digits, "1111111111") {
		t.Errorf("%s", out)
	}
	dir := t.TempDir()
	lab(t, "vad", "-o", dir, name)
	if b, _ := os.ReadFile(filepath.Join(dir, "talk.txt")); strings.TrimSpace(string(b)) != digits {
		t.Errorf("kept %q", b)
	}
}

// A person and a machine, by the name of their files.
func TestAMD(t *testing.T) {
	v := st.NewVoice(5)
	person := kept(t, "person.wav", st.Join(st.Silence(0.5), v.Phrase(2, -18), st.Silence(3)))
	machine := kept(t, "machine.wav", st.Join(st.Silence(0.5), v.Phrase(20, -18), st.Silence(0.5), st.Tone(1000, -15, 0.5), st.Silence(1)))
	out := lab(t, "amd", person, machine)
	a, b := words(out, "A"), words(out, "B")
	if len(a) != 2 || a[0][1] != person || a[0][2] != "HUMAN" || a[1][1] != machine || a[1][2] != "MACHINE" {
		t.Errorf("%s", out)
	}
	if len(b) != 1 || b[0][1] != machine {
		t.Errorf("%s", out)
	}
}

// What was encoded comes back alike, worse with fewer bits.
func TestG722(t *testing.T) {
	dir := t.TempDir()
	raw, code, back := filepath.Join(dir, "a.raw"), filepath.Join(dir, "b.g722"), filepath.Join(dir, "c.raw")
	var b []byte
	for i := range 16000 {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(8000*math.Sin(float64(i)*0.1))))
	}
	if err := os.WriteFile(raw, b, 0o666); err != nil {
		t.Fatal(err)
	}
	lab(t, "g722", "enc", raw, code)
	last := 0.0
	for _, mode := range []string{"1", "2", "3"} {
		lab(t, "g722", "-mode", mode, "dec", code, back)
		was, _ := load(raw)
		is, _ := load(back)
		const delay = 22
		noise := 0.0
		for i := 1000; i < len(is); i++ {
			d := float64(is[i]) - float64(was[i-delay])
			noise += d * d
		}
		if noise = math.Sqrt(noise / float64(len(is))); noise > 400 || noise < last {
			t.Errorf("mode %s: noise of %.0f", mode, noise)
		}
		last = noise
	}
	for _, line := range []string{"g722 enc a.wav b", "g722 -mode 4 dec a b", "g722 turn a b"} {
		var out, complaint strings.Builder
		if code := run(strings.Fields(line), &out, &complaint); code != exitUsage {
			t.Errorf("linelab %s: exit code %d", line, code)
		}
	}
}
