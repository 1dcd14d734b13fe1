package simboard_test

import (
	"testing"

	"centralita/board/simboard"
)

// BenchmarkIdleStep is 10 ms of a board at rest without drivers: all that the
// models cost while nothing happens.
func BenchmarkIdleStep(b *testing.B) {
	s, err := simboard.New(simboard.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Step()
	}
}
