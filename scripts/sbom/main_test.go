package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

const lockFile = `{"packages": {
  "": {"name": "page"},
  "node_modules/preact": {"version": "11.2.0", "license": "MIT", "integrity": "sha512-AAEC"},
  "node_modules/@preact/signals": {"version": "2.11.4", "license": "MIT"},
  "node_modules/vite/node_modules/a": {"version": "1.0.0", "dev": true}
}}`

// TestBill reads the test's own program: it is linked with modules too.
func TestBill(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	lock, licences := filepath.Join(t.TempDir(), "lock"), filepath.Join(t.TempDir(), "licences")
	for f, text := range map[string]string{lock: lockFile, licences: "example.org/m\tv1.0.0\tMIT\n"} {
		if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, err := bill(self, lock, licences)
	if err != nil {
		t.Fatal(err)
	}
	second, err := bill(self, lock, licences)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the second bill differs (%v)", err)
	}
	var d document
	if err := json.Unmarshal(first, &d); err != nil {
		t.Fatal(err)
	}
	if d.Format != "CycloneDX" || d.Spec != "1.5" || len(d.Serial) != len("urn:uuid:")+36 {
		t.Errorf("%s %s %s", d.Format, d.Spec, d.Serial)
	}
	found := map[string]component{}
	for _, c := range d.Parts {
		found[c.Ref] = c
	}
	if c := found["pkg:npm/preact@11.2.0"]; len(c.Hashes) != 1 || c.Hashes[0].Content != "000102" || c.Scope != "" || c.Licences[0].Licence.Name != "MIT" {
		t.Errorf("preact is %+v", c)
	}
	if c := found["pkg:npm/a@1.0.0"]; c.Scope != "excluded" || c.Name != "a" {
		t.Errorf("what is for building alone is %+v", c)
	}
	if _, ok := found["pkg:npm/%40preact/signals@2.11.4"]; !ok || len(d.Parts) < 4 {
		t.Errorf("%d parts, no scoped package", len(d.Parts))
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	if _, err := bill("/nowhere", "/nowhere", "/nowhere"); err == nil {
		t.Error("nothing gives a bill")
	}
}
