package boot

import (
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "boot")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagBeatsEnvironmentBeatsFile(t *testing.T) {
	path := file(t, "# the box in the cellar\nboard = rev1\nhttp = :80 # plain\nsip=:5070\ndata=/file\n\n")
	b, err := Parse([]string{"--data", "/flag", "--boot", path, "--settings="},
		env("CENTRALITA_DATA", "/env", "CENTRALITA_SIP", ":5080", "CENTRALITA_SETTINGS", "/env.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := Boot{Board: "rev1", Data: "/flag", HTTP: ":80", SIP: ":5080", Sounds: "sounds", RTP: Ports{10000, 10999}, USB: "/media/usb", Hand: "/run/centralita/hand"}
	if b != want {
		t.Errorf("%+v\nwant\n%+v", b, want)
	}
}

func TestEveryValue(t *testing.T) {
	b, err := Parse(strings.Fields("-board rev1 -data d -http [::1]:80 -https :8443 -sip 127.0.0.1:0 -webrtc :11001 -settings s.yaml -sounds p "+
		"-rtp 20000-20003 -log WARN -console /dev/ttyS0 -usb /u -hand /h -network /n"), env())
	want := Boot{"rev1", "d", "[::1]:80", ":8443", "127.0.0.1:0", ":11001", "s.yaml", "p", Ports{20000, 20003}, slog.LevelWarn, "/dev/ttyS0", "/u", "/h", "/n"}
	if err != nil || b != want {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestHelpNamesEveryValue(t *testing.T) {
	if _, err := Parse([]string{"--help"}, env()); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help gives %v", err)
	}
	for name := range new(Boot).values() {
		if !strings.Contains(Help, "--"+name+" ") || !strings.Contains(Help, variable(name)+" ") {
			t.Errorf("the help does not tell of %s", name)
		}
	}
	def, err := Parse(nil, env())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{def.Board, def.Data, def.HTTP, def.SIP, def.Sounds, def.RTP.String(), def.USB, def.Hand, DefaultFile} {
		if !strings.Contains(Help, " "+v+" ") {
			t.Errorf("the help does not tell the default %s", v)
		}
	}
}

func TestWrongValuesSayWhereAndWhat(t *testing.T) {
	for _, c := range []struct {
		args []string
		env  func(string) string
		want []string
	}{
		{[]string{"--http", "8080"}, env(), []string{"--http", `"8080"`, ":8080"}},
		{[]string{"--sip", "a b:1"}, env(), []string{"--sip", "host:port"}},
		{nil, env("CENTRALITA_SIP", ":99999"), []string{"CENTRALITA_SIP", ":99999"}},
		{nil, env("CENTRALITA_RTP", "10001-10100"), []string{"CENTRALITA_RTP", "even"}},
		{nil, env("CENTRALITA_RTP", "10000-10002"), []string{"4 ports"}},
		{nil, env("CENTRALITA_RTP", "10000"), []string{"10000-10999"}},
		{nil, env("CENTRALITA_RTP", "70000-80000"), []string{"10000-10999"}},
		{[]string{"--log", "loud"}, env(), []string{"--log", "debug, info, warn or error"}},
		{[]string{"--colour", "red"}, env(), []string{"colour", "--help"}},
		{[]string{"run"}, env(), []string{`"run"`, "--help"}},
		{[]string{"--boot", "/nowhere/boot"}, env(), []string{"/nowhere/boot"}},
		{[]string{"--boot", file(t, "htpp = :80")}, env(), []string{"htpp", "--help"}},
		{[]string{"--boot", file(t, "board\n")}, env(), []string{"line 1", "name = value"}},
		{[]string{"--boot", file(t, "\nlog = info\nlog = warn\n")}, env(), []string{"line 3"}},
		{[]string{"--boot", file(t, "log = loud")}, env(), []string{"boot: log", "loud"}},
		{[]string{"--boot", file(t, strings.Repeat("#", fileMost+1))}, env(), []string{"larger"}},
	} {
		_, err := Parse(c.args, c.env)
		if err == nil {
			t.Errorf("%v is taken", c.args)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%v: %q does not say %q", c.args, err, w)
			}
		}
	}
}
