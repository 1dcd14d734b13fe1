package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"centralita/firmware/media/conceal/concealtest"
)

// soundRows are coding, concealment, play-out, voices and the cost of it all.
var soundRows = []row{
	{"G.711", "equal to the ITU's on 65 536 inputs and 256 codes, both laws", (*lab).g711},
	{"G.722", "bit-exact, encoding and decoding in modes 1, 2, 3", (*lab).g722},
	{"concealment", "every loss trace at least as G.711 Appendix I, by samples and by spectra", (*lab).conceal},
	{"jitter buffer", "late ≤ 1.0 % at a mean delay ≤ 55 ms", (*lab).jitter},
	{"voice or not", "missed ≤ 0.5 %, false ≤ 1/4/8 % at 40/20/12 dB", (*lab).vad},
	{"answering machine", "≥ 95 % right, human ≥ 94 %, ≤ 2.0 s; end of the beep within 0.3 s", (*lab).amd},
	{"cost of 10 ms", "medians: echo 30, digits 8, tones 6, caller ID 6, concealment 0.5 and 10 µs; 0 allocations", (*lab).cost},
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

// g722 leaves out what the encoder's last whole frame does not reach.
func (l *lab) g722() (string, bool, error) {
	const whole = 48720
	vector := func(name string) string { return filepath.Join(l.dir, "vectors", "g722_"+name) }
	differ := 0
	compare := func(want string, most int, args ...string) error {
		if _, err := l.hear("", append(args, l.at("g722.out"))...); err != nil {
			return err
		}
		a, err := os.ReadFile(l.at("g722.out"))
		if err != nil {
			return err
		}
		b, err := os.ReadFile(want)
		if len(a) < most || len(b) < most || !bytes.Equal(a[:most], b[:most]) {
			differ++
		}
		return err
	}
	err := compare(vector("inpsp_64k.g722"), whole, "g722", "enc", vector("inpsp_16k.raw"))
	for mode := 1; mode <= 3 && err == nil; mode++ {
		m := strconv.Itoa(mode)
		err = compare(vector("outsp_mode"+m+"_16k.raw"), 4*whole, "g722", "-mode", m, "dec", vector("inpsp_64k.g722"))
	}
	return fmt.Sprintf("%d of 4 vectors differ", differ), differ == 0, err
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

func (l *lab) amd() (string, bool, error) {
	files, err := l.files("amd", nil)
	if err != nil {
		return "", false, err
	}
	if _, err := l.hear("amd", append([]string{"amd"}, files...)...); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_amd.py", "amd/manifest.jsonl", l.at("amd"))
	if err != nil {
		return "", false, err
	}
	kind := map[string][]float64{} // how many, right in %, mean s
	for _, k := range []string{"human", "machine"} {
		if kind[k], err = figures(out, `(?m)^`+k+` +n=(\d+) right ([\d.]+)% +mean decision ([\d.]+) s`); err != nil {
			return "", false, err
		}
	}
	v, err := figures(out, `accuracy ([\d.]+)%\nbeep end found (\d+)/(\d+), mean error [-\d.]+ s, worst ([-\d.]+)`)
	if err != nil {
		return "", false, err
	}
	h, m := kind["human"], kind["machine"]
	mean := (h[0]*h[2] + m[0]*m[2]) / (h[0] + m[0])
	return fmt.Sprintf("%.1f %% right, human %.1f %%, %.2f s (human %.2f, machine %.2f); beeps %.0f of %.0f, worst %.2f s", v[0], h[1], mean, h[2], m[2], v[1], v[2], v[3]),
		v[0] >= 95 && h[1] >= 94 && mean <= 2 && v[3] <= .3 && v[3] >= -.1, nil
}
