package sysled

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centralita/hal"
)

// class makes a folder like the kernel's.
func class(t *testing.T, leds ...string) string {
	dir := t.TempDir()
	for _, name := range leds {
		for file, text := range map[string]string{"max_brightness": "255\n", "brightness": "17", "trigger": "none [heartbeat]"} {
			path := filepath.Join(dir, name, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func brightness(t *testing.T, dir, led string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, led, "brightness"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryState(t *testing.T) {
	dir := class(t, "fxs1:green", "fxs1:red", "power")
	l, err := New(dir, []Lamp{{"fxs1", "fxs1:green", "fxs1:red"}, {Name: "power", Green: "power"}})
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "power", "trigger")); string(b) != "none" {
		t.Errorf("the kernel goes on with %q", b)
	}
	for _, c := range []struct {
		state       hal.Lamp
		bright      [2]string
		dark        [2]string
		description string
	}{
		{hal.LampGreen, [2]string{"255", "0"}, [2]string{"255", "0"}, "green"},
		{hal.LampGreenBlink, [2]string{"255", "0"}, [2]string{"0", "0"}, "green blinking"},
		{hal.LampRed, [2]string{"0", "255"}, [2]string{"0", "255"}, "red"},
		{hal.LampRedBlink, [2]string{"0", "255"}, [2]string{"0", "0"}, "red blinking"},
		{hal.LampAmber, [2]string{"255", "255"}, [2]string{"255", "255"}, "amber"},
		{hal.LampOff, [2]string{"0", "0"}, [2]string{"0", "0"}, "off"},
	} {
		if err := l.Set("fxs1", c.state); err != nil || l.Get("fxs1") != c.state {
			t.Fatalf("%s: %v", c.description, err)
		}
		for _, want := range [2][2]string{c.bright, c.dark} {
			if got := [2]string{brightness(t, dir, "fxs1:green"), brightness(t, dir, "fxs1:red")}; got != want {
				t.Errorf("%s shows %v, want %v", c.description, got, want)
			}
			if err := l.turn(); err != nil {
				t.Fatal(err)
			}
		}
		if got := brightness(t, dir, "power"); got != "0" {
			t.Errorf("%s: the other lamp shows %s", c.description, got)
		}
	}
	if l.Set("nonsense", hal.LampRed) == nil || l.Set("power", 77) == nil {
		t.Error("nonsense was shown")
	}
}

func TestMissingLEDs(t *testing.T) {
	_, err := New(class(t, "a"), []Lamp{{"one", "a", "b"}, {Name: "two", Red: "c"}})
	if err == nil || !strings.Contains(err.Error(), `one: the kernel has no LED "b"`) || !strings.Contains(err.Error(), `two: the kernel has no LED "c"`) {
		t.Errorf("said %v", err)
	}
}
