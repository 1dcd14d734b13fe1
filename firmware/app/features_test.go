package app

import (
	"slices"
	"testing"

	"centralita/firmware/feature"
)

// The guard hears of a call to the outside before trunk dials it, and alarm clears at a
// start before the others raise again.
func TestOrderOfFeatures(t *testing.T) {
	at := func(name string) int {
		return slices.IndexFunc(features(), func(f feature.Feature) bool { return f.Name == name })
	}
	for _, pair := range [][2]string{{"guard", "trunk"}, {"guard", "station"}, {"alarm", "guard"}} {
		if first, second := at(pair[0]), at(pair[1]); first < 0 || second < 0 || first > second {
			t.Errorf("%s stands at %d, %s at %d", pair[0], first, pair[1], second)
		}
	}
}
