// Package boardtest is what every board must do: the same suite runs on the
// simulated board in seconds of no real time, and on a real one at the bench.
//
// A board's own test makes a Rig and calls Run. The suite acts on the far ends
// of the wires through World and judges what the board's ports tell, within the
// limits a caller or an exchange would notice. It never looks at a register.
package boardtest
