package line

import (
	"slices"
	"testing"
)

// Every item has one name, a range that is one, and a step inside it; a word has
// neither.
func TestTable(t *testing.T) {
	all := slices.Concat(Items, counts)
	if len(byName) != len(all) {
		t.Fatalf("%d names for %d items", len(byName), len(all))
	}
	for _, i := range all {
		switch {
		case i.Word() && (i.Low != 0 || i.High != 0 || i.Step != 0):
			t.Errorf("%s is a word with a range", i.Name)
		case !i.Word() && (i.Low >= i.High || i.Step <= 0 || i.Step > i.High-i.Low):
			t.Errorf("%s: %v..%v step %v", i.Name, i.Low, i.High, i.Step)
		}
		if f, ok := Find(i.Name); !ok || f != i {
			t.Errorf("%s is not found", i.Name)
		}
	}
	if _, ok := Find("line.colour"); ok {
		t.Error("an item that is not in the table was found")
	}
}
