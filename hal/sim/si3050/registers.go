package si3050

// Registers that do something here.
const (
	rControl1 = 1
	rControl2 = 2
	rMask     = 3
	rSource   = 4
	rHook     = 5
	rPower    = 6
	rVersions = 11
	rLink     = 12
	rLineRev  = 13
	rMute     = 15
	rIntl1    = 16
	rIntl2    = 17
	rIntl3    = 18
	rIntl4    = 19
	rRing1    = 22
	rRing2    = 23
	rRing3    = 24
	rDC       = 26
	rCurrent  = 28
	rVoltage  = 29
	rAC       = 30
	rDAA5     = 31
	rPCM      = 33
	rTXSLow   = 34
	rTXSHigh  = 35
	rRXSLow   = 36
	rRXSHigh  = 37
	rTXGain2  = 38
	rRXGain2  = 39
	rTXGain3  = 40
	rRXGain3  = 41
	lastReg   = 59
)

// afterReset holds what differs from zero.
var afterReset = map[int]byte{
	rControl2: 0x03, rPower: 0x10, rRing1: 0x96, rRing2: 0x2D, rRing3: 0x19,
	rDAA5: 0x20, 32: 0x03,
}

// Interrupt sources, register 4; the mask in register 3 has the same order.
const (
	srcRing     = 1 << 7
	srcLink     = 1 << 5
	srcDrop     = 1 << 3
	srcOverload = 1 << 2
	srcPolarity = 1 << 0
)

// Register 5.
const (
	bitRDTN = 1 << 6
	bitRDTP = 1 << 5
	bitONHM = 1 << 3
	bitRDT  = 1 << 2
	bitOH   = 1 << 0
)

// Register 15. In gains and mutes transmit is towards the line and receive from it
// (the data sheet's full-scale receive level is measured at DTX), while the slots of
// registers 34..37 are named by the PCM pins, the other way round.
const (
	muteTX = 0x80
	muteRX = 0x08
)

// readOnly registers ignore writes.
var readOnly = map[int]bool{0: true, rVersions: true, rLink: true, rLineRev: true, rIntl4: true, rCurrent: true, rVoltage: true}

// lineSide tells which registers live beyond the isolation link and are lost
// with it.
func lineSide(n int) bool { return n >= 16 && n <= 31 || n >= 45 && n <= lastReg }
