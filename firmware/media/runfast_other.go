//go:build !arm

package media

// runFast is for ARM v7; here floating point is as quick as it gets.
func runFast() (back func()) { return func() {} }
