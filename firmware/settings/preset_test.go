package settings

import (
	"os"
	"strings"
	"testing"
	"time"
)

// A trunk takes from its preset what it leaves empty, and nothing else.
func TestPreset(t *testing.T) {
	tree, err := Parse([]byte(office))
	if err != nil {
		t.Fatal(err)
	}
	tree.Trunks[0] = Trunk{Name: "box", Preset: "fritzbox", User: "centralita", Secret: "s", Expires: Duration(2 * time.Minute)}
	tree.DialPlan.Outside = nil
	if found := tree.Validate(); len(found) != 0 {
		t.Errorf("%v", found)
	}
	k, ok := tree.TrunkByName("box")
	if !ok || k.Server != "fritz.box" || !k.Register || k.Expires != Duration(2*time.Minute) || k.Name != "box" || tree.Trunks[0].Server != "" {
		t.Errorf("%+v", k)
	}
}

// Each preset is right in itself, and can be chosen on the page.
func TestPresetsAreRight(t *testing.T) {
	page, err := os.ReadFile("../../webui/src/pages/plan/shape.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Presets() {
		tree, err := Parse([]byte(office))
		if err != nil {
			t.Fatal(err)
		}
		tree.Trunks[0] = Trunk{Name: "proveedor", Preset: name, User: "u", Secret: "s"}
		if k := tree.Trunks[0].Filled(); k.Server == "" {
			tree.Trunks[0].Server = "192.0.2.1"
		}
		if found := tree.Validate(); len(found) != 0 {
			t.Errorf("%s: %v", name, found)
		}
		if !strings.Contains(string(page), `"`+name+`"`) {
			t.Errorf("%s cannot be chosen on the page", name)
		}
	}
}
