package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestOwnerBrowser is what an owner does with the box itself, in real Chromium. What
// writes slots and what sets the machine's network are played by this test.
func TestOwnerBrowser(t *testing.T) {
	dir := t.TempDir()
	hand := filepath.Join(dir, "hand")
	openHand(t, hand)
	says := map[string]string{
		"stranger": "!signature verification failed: Verify error: self-signed certificate",
		"board":    `{"compatible":"centralita-rev1","version":"9.1.0","description":"oldest 9.0"}`,
		"good":     `{"compatible":"centralita-qemu","version":"9.1.0","description":"oldest 9.0"}`,
	}
	say := func(want string) error {
		text, ok := says[want]
		if !ok {
			return fmt.Errorf("no such wish: %q", want)
		}
		return os.WriteFile(filepath.Join(dir, "says"), []byte(text), 0o600)
	}
	if err := say("good"); err != nil {
		t.Fatal(err)
	}
	scripted := []string{"env", "RAUC_TEST=" + dir, "PATH=" + filepath.Join(root(t), "firmware/update/testdata") + ":" + os.Getenv("PATH")}
	b := startBoxIn(t, scripted, "scripts/demo/office.yaml", "--rtp", "27180-27199", "--hand", hand, "--network", filepath.Join(dir, "network"))
	browse(t, b, "owner.test.js", say)
}
