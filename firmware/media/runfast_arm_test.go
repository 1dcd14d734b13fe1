package media

import (
	"math"
	"runtime"
	"testing"
)

// smallest has a full mantissa. It is a variable so that no compiler halves it.
var smallest = math.Float32frombits(1 << 23)

// TestRunFast: what is too small becomes nothing while it is on, and only then.
func TestRunFast(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	half := func() float32 { return smallest * 0.5 }
	if half() == 0 {
		t.Fatal("the thread begins in that mode")
	}
	back := runFast()
	fast := half()
	back()
	if fast != 0 || half() == 0 {
		t.Errorf("half of the smallest is %v, and %v after", fast, half())
	}
}
