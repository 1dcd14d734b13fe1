package highway

import (
	"testing"
	"unsafe"
)

// TestLayouts holds the structs against the sizes that the kernel's header gives, by
// which the requests are numbered.
func TestLayouts(t *testing.T) {
	hw, sw, xfer := uintptr(608), uintptr(136), uintptr(24)
	if unsafe.Sizeof(uintptr(0)) == 4 {
		hw, sw, xfer = 604, 104, 12
	}
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"hw_params", unsafe.Sizeof(hwParams{}), hw}, {"sw_params", unsafe.Sizeof(swParams{}), sw},
		{"xferi", unsafe.Sizeof(xferi{}), xfer}, {"HW_PARAMS", ioctlHWParams, 0xC0004111 | hw<<16},
		{"DELAY", ioctlDelay, 0x80004121 | unsafe.Sizeof(int(0))<<16}, {"LINK", ioctlLink, 0x40044160},
	} {
		if c.got != c.want {
			t.Errorf("%s is %#x, the header has %#x", c.name, c.got, c.want)
		}
	}
}

const list = ` 0 [Loopback       ]: Loopback - Loopback
                      Loopback 1
 1 [tdmlines       ]: simple-card - tdm lines
                      tdmlines
12 [odd            ]: x
`

func TestCards(t *testing.T) {
	got := parseCards(list)
	want := []sound{{0, "Loopback", "Loopback"}, {1, "tdmlines", "tdm lines"}, {12, "odd", ""}}
	if len(got) != len(want) {
		t.Fatalf("read %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("card %d: %v, want %v", i, got[i], want[i])
		}
	}
}

func FuzzCards(f *testing.F) {
	f.Add(list)
	f.Add(" 0 [")
	f.Add("--- no soundcards ---\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range parseCards(text) {
			if c.number < 0 {
				t.Errorf("card %d", c.number)
			}
		}
	})
}
