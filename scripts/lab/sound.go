package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"centralita/firmware/media/conceal/concealtest"
)

// soundRows are coding, concealment, play-out, voices and the cost of it all.
var soundRows = []row{
	{"G.711", "equal to the ITU's on 65 536 inputs and 256 codes, both laws", (*lab).g711},
	{"concealment", "every loss trace at least as G.711 Appendix I, by samples and by spectra", (*lab).conceal},
	{"jitter buffer", "late ≤ 1.0 % at a mean delay ≤ 55 ms", (*lab).jitter},
	{"voice or not", "missed ≤ 0.5 %, false ≤ 1/4/8 % at 40/20/12 dB", (*lab).vad},
	{"cost of 10 ms", "echo 30, digits 8, tones 6, caller ID 6, concealment 0.5 and 10 µs; 0 allocations", (*lab).cost},
}

func (l *lab) g711() (string, bool, error) {
	all := make([]byte, 0, 2*65536)
	codes := make([]byte, 256)
	for i := range 65536 {
		all = binary.LittleEndian.AppendUint16(all, uint16(i-32768))
		codes[i&255] = byte(i)
	}
	in, octets, out := l.at("g711.raw"), l.at("g711.codes"), l.at("g711.out")
	if err := os.WriteFile(in, all, 0o666); err != nil {
		return "", false, err
	}
	if err := os.WriteFile(octets, codes, 0o666); err != nil {
		return "", false, err
	}
	differ := 0
	for _, law := range []string{"a", "u"} {
		for vector, args := range map[string][]string{
			"enc_all65536.bin": {"g711", "enc", law, in, out},
			"dec_all256.raw":   {"g711", "dec", law, octets, out},
		} {
			if _, err := l.hear("", args...); err != nil {
				return "", false, err
			}
			got, err := os.ReadFile(out)
			if err != nil {
				return "", false, err
			}
			want, err := os.ReadFile(filepath.Join(l.dir, "vectors", "g711_"+law+"_"+vector))
			if err != nil {
				return "", false, err
			}
			if !bytes.Equal(got, want) {
				differ++
			}
		}
	}
	return fmt.Sprintf("%d of 4 tables differ", differ), differ == 0, nil
}

// conceal runs every speech reference through every trace of loss, once with the
// sound up to the loss alone and once with the packet behind it.
func (l *lab) conceal() (string, bool, error) {
	refs, err := l.files("plc", func(e entry) bool { return e.Kind == "ref" && e.Name != "music" })
	if err != nil {
		return "", false, err
	}
	traces, err := l.files("plc", func(e entry) bool { return e.Kind != "ref" })
	if err != nil {
		return "", false, err
	}
	var sum [3]apart
	var below [3]int
	for _, t := range traces {
		var here [3]apart
		for _, r := range refs {
			if err := l.concealOne(r, t, &here); err != nil {
				return "", false, err
			}
		}
		for i := range here {
			sum[i].snr += here[i].snr / float64(len(refs)*len(traces))
			sum[i].spectra += here[i].spectra / float64(len(refs)*len(traces))
			if here[i].snr < here[0].snr {
				below[i]++
			}
		}
	}
	return fmt.Sprintf("SNR %.1f dB, spectra %.2f dB apart; a packet ahead %.1f, %.2f; Appendix I %.1f, %.2f; below it on %d and %d of %d traces",
			sum[1].snr, sum[1].spectra, sum[2].snr, sum[2].spectra, sum[0].snr, sum[0].spectra, below[1], below[2], len(traces)),
		below[2] == 0 && sum[1].snr >= sum[0].snr && sum[1].spectra <= sum[0].spectra && sum[2].spectra <= sum[0].spectra, nil
}

// apart is how far a sound is from what was sent.
type apart struct{ snr, spectra float64 }

func (l *lab) concealOne(ref, trace string, sum *[3]apart) error {
	sound, err := raw(filepath.Join(l.corpus, ref))
	if err != nil {
		return err
	}
	pattern, err := os.ReadFile(filepath.Join(l.corpus, trace))
	if err != nil {
		return err
	}
	lost := make([]bool, min(len(sound)/80, 2*len(bytes.TrimSpace(pattern))))
	for f := range lost {
		lost[f] = pattern[f/2] == '1'
	}
	for i := range sum {
		out := concealtest.AppendixI(sound, lost)
		if i > 0 {
			if _, err := l.hear("", "conceal", "-ahead", strconv.Itoa(i-1), ref, trace, l.at("plc.raw")); err != nil {
				return err
			}
			if out, err = raw(l.at("plc.raw")); err != nil {
				return err
			}
		}
		sum[i].snr += concealtest.Segmental(sound, out, lost)
		sum[i].spectra += concealtest.Spectral(sound, out, lost)
	}
	return nil
}

func (l *lab) jitter() (string, bool, error) {
	traces, err := l.files("jitter", nil)
	if err != nil {
		return "", false, err
	}
	var args []string
	for _, t := range traces {
		log := "jitter-" + filepath.Base(t)
		if _, err := l.hear(log, "jitter", t); err != nil {
			return "", false, err
		}
		args = append(args, t, l.at(log))
	}
	out, err := l.rate("score_jit.py", args...)
	if err != nil {
		return "", false, err
	}
	v, err := figures(out, `MEAN late/drop ([\d.]+)%  mean delay ([\d.]+)`)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("late %.2f %% at %.1f ms, %d traces", v[0], v[1], len(traces)), v[0] <= 1 && v[1] <= 55, nil
}

func (l *lab) vad() (string, bool, error) {
	files, err := l.files("vad", nil)
	if err != nil {
		return "", false, err
	}
	if _, err := l.hear("", append([]string{"vad", "-o", l.out}, files...)...); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_vad.py", "vad/manifest.jsonl", l.out)
	if err != nil {
		return "", false, err
	}
	most := map[string]float64{"40": 1, "20": 4, "12": 8}
	var told []string
	ok := true
	for _, m := range regexp.MustCompile(`snr (\d+) (\S+) +miss ([\d.]+)% .*false ([\d.]+)%`).FindAllStringSubmatch(out, -1) {
		miss, _ := strconv.ParseFloat(m[3], 64)
		wrong, _ := strconv.ParseFloat(m[4], 64)
		told = append(told, fmt.Sprintf("%s dB %s %s/%s %%", m[1], m[2], m[3], m[4]))
		if limit, barred := most[m[1]]; barred && m[2] != "music" {
			ok = ok && miss <= 0.5 && wrong <= limit
		}
	}
	return "missed/false: " + strings.Join(told, ", "), ok && told != nil, nil
}

// costs are the benchmarks and their bars in µs.
var costs = []struct {
	pkg, name string
	most      float64
}{
	{"echo", "BenchmarkProcess/256", 30},
	{"dtmf", "BenchmarkDetector", 8},
	{"tone", "BenchmarkListener", 6},
	{"callerid", "BenchmarkReceiver", 6},
	{"conceal", "BenchmarkGood", 0.5},
	{"conceal", "BenchmarkLost", 10},
	{"conceal", "BenchmarkLostBetween", 10},
}

// cost takes the quickest of five runs: others may be at work on the machine.
func (l *lab) cost() (string, bool, error) {
	var told []string
	ok := true
	for _, c := range costs {
		out, err := exec.Command("go", "test", "-run", "^$", "-bench", "^"+strings.ReplaceAll(c.name, "/", "$/^")+"$", "-benchtime", "200ms", "-count", "5", "./firmware/media/"+c.pkg).CombinedOutput()
		if err != nil {
			return "", false, fmt.Errorf("%s: %s", c.name, last(out, 200))
		}
		best, allocations := -1.0, 0.0
		for _, m := range regexp.MustCompile(c.name+`\S*\s+\d+\s+([\d.]+) ns/op.*?(\d+) allocs/op`).FindAllStringSubmatch(string(out), -1) {
			ns, _ := strconv.ParseFloat(m[1], 64)
			n, _ := strconv.ParseFloat(m[2], 64)
			if best < 0 || ns < best {
				best = ns
			}
			allocations = max(allocations, n)
		}
		if best < 0 {
			return "", false, fmt.Errorf("no figure for %s: %s", c.name, last(out, 200))
		}
		told = append(told, fmt.Sprintf("%s %.2f", strings.TrimPrefix(c.name, "Benchmark"), best/1000))
		ok = ok && best <= 1000*c.most && allocations == 0
	}
	return strings.Join(told, ", ") + " µs", ok, nil
}
