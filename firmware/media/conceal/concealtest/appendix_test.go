package concealtest

import (
	"os"
	"path/filepath"
	"testing"
)

// The measure of all this must itself be right: on the vectors of the standard it
// gives what the standard's program gives. LAB names the folder that has them.
func TestAppendixIsTheStandards(t *testing.T) {
	dir := filepath.Join(os.Getenv("LAB"), "vectors")
	in, want := samples(filepath.Join(dir, "g711app1_f2.le")), samples(filepath.Join(dir, "g711app1_f2_10.raw"))
	if os.Getenv("LAB") == "" || in == nil || want == nil {
		t.Skip("the vectors of the standard are not here; LAB=DIR says where they are")
	}
	for _, name := range []string{"10", "10_2"} {
		want := samples(filepath.Join(dir, "g711app1_f2_"+name+".raw"))
		pattern := samples(filepath.Join(dir, "g711app1_fe"+name+".g192"))
		lost := make([]bool, len(in)/80)
		for f := range lost {
			lost[f] = pattern[f%len(pattern)] == 0x6b20
		}
		off := 0
		for i, v := range AppendixI(in, lost) {
			if d := int(v) - int(want[i]); d > 2 || d < -2 {
				off++
			}
		}
		if part := float64(off) / float64(len(want)); part > 0.005 {
			t.Errorf("pattern %s: %.2f %% of samples differ from the standard's", name, 100*part)
		}
	}
}

// samples reads a raw file, nil when it is not there.
func samples(name string) []int16 {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(uint16(b[2*i]) | uint16(b[2*i+1])<<8)
	}
	return pcm
}
