package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// script runs command lines one after the other in a folder of their own. After
// each stand the lines that the output must match, one expression each, as many as
// there are: "> " before the expression; "! " before a command that must fail with
// that in its complaint.
func script(t *testing.T, text string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("empty", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	judge := func(command string, want []string) {
		if command == "" {
			return
		}
		bad := strings.HasPrefix(command, "! ")
		var out, complaint bytes.Buffer
		stdout = &out
		code := run(strings.Fields(strings.TrimPrefix(command, "! "))[1:], &out, &complaint)
		stdin, stdout = &out, os.Stdout // what was piped out can be piped in
		if bad != (code != 0) {
			t.Fatalf("%s: exit code %d: %s", command, code, complaint.String())
		}
		got := strings.Split(strings.TrimSuffix(out.String()+complaint.String(), "\n"), "\n")
		if want == nil {
			return
		}
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || !regexp.MustCompile("^"+want[i]+"$").MatchString(got[i]) {
				t.Fatalf("%s\n%s\nline %d is not as wanted: %q", command, strings.Join(got, "\n"), i+1, want)
			}
		}
	}
	command := ""
	var want []string
	for l := range strings.SplitSeq(text, "\n") {
		l = strings.TrimSpace(l)
		switch {
		case l == "":
		case strings.HasPrefix(l, "> "):
			want = append(want, l[2:])
		default:
			judge(command, want)
			command, want = l, nil
		}
	}
	judge(command, want)
}

// TestForms: every form of command in the words of the usage text, on WAV and raw
// files, and the lines that programs read.
func TestForms(t *testing.T) {
	for name, text := range map[string]string{
		"dtmf": `
			linelab make dtmf 12 a.wav
			linelab make dtmf # b.raw
			linelab dtmf a.wav b.raw
			> # a\.wav 0\.\d{3}
			> D 1 2\d\d 3\d\d -[678]\.\d
			> D 2 4\d\d 5\d\d -[678]\.\d
			> # b\.raw 0\.\d{3}
			> D # 2\d\d 3\d\d -[678]\.\d
			linelab dtmf -profile line a.wav
			linelab dtmf -profile call a.wav
			> # a\.wav 0\.\d{3}
			> D 1 2\d\d 3\d\d -[678]\.\d
			> D 2 4\d\d 5\d\d -[678]\.\d`,
		"callerid": `
			linelab make callerid -name ANA 912345678 a.wav
			linelab make callerid -standard bell202 -sdmf 5551234 b.raw
			linelab callerid a.wav b.raw
			> # a\.wav .*
			> M \d+ 80[0-9a-f]+ .*number=912345678 name=ANA.*
			> # b\.raw .*
			> M \d+ 04[0-9a-f]+ .*number=5551234.*
			linelab callerid -standard v23 a.wav`,
		"tones": `
			linelab make tone -country ES busy a.wav
			linelab make tone -country GB -for 12s ring b.raw
			linelab tones -country ES a.wav
			> # a\.wav 10\.500
			> T \d+ busy
			> T \d+ -
			linelab tones -country gb b.raw
			> # b\.raw 12\.500
			> T \d+ ring`,
		"echo": `
			linelab make css -for 3s far.raw
			linelab echo -taps 256 far.raw far.raw out.wav
			> # far\.raw 3\.000
			> E 1000 [1-9]\d\.\d
			> E 2000 [2-9]\d\.\d
			> E 3000 [2-9]\d\.\d
			linelab echo -taps 256 -nlp far.raw far.raw out.raw
			> # far\.raw 3\.000
			> E 1000 .*
			> E 2000 .*
			> E 3000 .*
			! linelab echo far.raw far.raw -
			! linelab echo -taps 8 far.raw far.raw out.raw`,
		"jitter and conceal": `
			linelab make tone dial a.wav
			! linelab jitter a.wav
			! linelab conceal a.wav a.wav b.wav
			! linelab conceal a.wav empty b.wav
			! linelab jitter empty
			! linelab g711 dec a empty b.wav
			! linelab g722 dec empty b.wav`,
		"g711, g722": `
			linelab make css -for 1s a.raw
			linelab g711 enc a a.raw a.al
			linelab g711 dec a a.al b.wav
			linelab g711 enc u b.wav
			linelab g711 dec u - c.raw
			linelab g722 enc a.raw
			linelab g722 -mode 2 dec - c.raw
			! linelab g711 enc a`, // its input has been read to the end
		"others": `
			linelab make css -for 4s -double a.wav
			linelab fax a.wav
			> # a\.wav 4\.000
			linelab vad a.wav
			> # a\.wav 4\.000
			> [01]{400}
			linelab amd a.wav
			> # a\.wav 4\.000
			> A a\.wav HUMAN \d+
			> A a\.wav MACHINE \d+`,
	} {
		t.Run(name, func(t *testing.T) { script(t, text) })
	}
}

// TestBadFiles: each is complained of by its name and what is wrong with it, and
// the good one between them is heard.
func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.wav")
	lab(t, "make", "dtmf", "5", good)
	wav, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	with := func(at int, b ...byte) []byte {
		return append(append(bytes.Clone(wav[:at]), b...), wav[at+len(b):]...)
	}
	const format = 20
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"empty.raw":   {nil, "no sound"},
		"empty.wav":   {nil, "no WAV"},
		"header.wav":  {wav[:30], "WAV: "},
		"nosound.wav": {wav[:44], "no sound"},
		"text.wav":    {[]byte("number,time\n1,2\n"), "no WAV"},
		"rate.wav":    {with(format+4, 0x44, 0xac, 0, 0), "44100"},
		"three.wav":   {with(format+2, 3), "3 channels"},
		"mp3.wav":     {with(format, 0x55), "encoding 85"},
		"music.ogg":   {[]byte("OggS0123456789ab"), "an Ogg file"},
		"odd.raw":     {[]byte("abcdefghijklm"), "16 bits"},
	} {
		bad := filepath.Join(dir, name)
		if err := os.WriteFile(bad, c.content, 0o666); err != nil {
			t.Fatal(err)
		}
		var out, complaint strings.Builder
		if code := run([]string{"dtmf", bad, good, dir, filepath.Join(dir, "absent")}, &out, &complaint); code != exitFailed {
			t.Errorf("%s: exit code %d", name, code)
		}
		if s := complaint.String(); !strings.Contains(s, bad) || !strings.Contains(s, c.want) || !strings.Contains(s, "absent") || strings.Count(s, "\n") != 3 {
			t.Errorf("%s: %s", name, s)
		}
		if d := words(out.String(), "D"); len(d) != 1 || d[0][1] != "5" {
			t.Errorf("%s kept the good file from being heard: %s", name, out.String())
		}
	}

	// The front of a recording that was cut is heard, and said to be cut; of a stereo
	// one both sides.
	cut := filepath.Join(dir, "cut.wav")
	if err := os.WriteFile(cut, wav[:len(wav)*3/4], 0o666); err != nil {
		t.Fatal(err)
	}
	if out := lab(t, "dtmf", cut); !strings.Contains(out, " cut\n") || len(words(out, "D")) != 1 {
		t.Errorf("cut: %s", out)
	}
	both := with(format+2, 2)[:44]
	for i := 44; i < len(wav); i += 2 {
		both = append(both, wav[i], wav[i+1], 0, 0)
	}
	if err := os.WriteFile(cut, both, 0o666); err != nil {
		t.Fatal(err)
	}
	if d := words(lab(t, "dtmf", cut), "D"); len(d) != 1 || d[0][1] != "5" {
		t.Errorf("stereo: %v", d)
	}
}

// TestHelp: the usage text has every form, and each its own.
func TestHelp(t *testing.T) {
	all := lab(t, "-h")
	for _, c := range tools() {
		if !strings.Contains(all, "linelab "+c.name+" "+c.args) {
			t.Errorf("the usage text has no %s", c.name)
		}
		if c.name == "make" {
			continue
		}
		if out := lab(t, c.name, "-h"); !strings.Contains(out, c.args) || !strings.Contains(out, c.what) {
			t.Errorf("%s -h: %s", c.name, out)
		}
	}
}
