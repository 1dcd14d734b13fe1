package media

import "runtime"

func status() uint32
func setStatus(v uint32)

// Bits of FPSCR (ARM architecture reference manual, A2.6): numbers too small for a
// full mantissa become 0, and all not-a-numbers are the same one.
const (
	flushToZero = 1 << 24
	defaultNaN  = 1 << 25
)

// runFast puts the thread's floating point in the mode of that name. A Cortex-A8
// then does single precision in its NEON pipeline, a value each cycle or two, and
// otherwise in a unit that takes ten for each. The caller keeps the thread until it
// calls back.
func runFast() (back func()) {
	runtime.LockOSThread()
	was := status()
	setStatus(was | flushToZero | defaultNaN)
	return func() {
		setStatus(was)
		runtime.UnlockOSThread()
	}
}
