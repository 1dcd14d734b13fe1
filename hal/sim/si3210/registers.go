package si3210

// Direct registers that do something here; Si3215 data sheet, section 4.
const (
	rSPI      = 0
	rPCM      = 1
	rTXSLow   = 2
	rTXSHigh  = 3
	rRXSLow   = 4
	rRXSHigh  = 5
	rLoop     = 8
	rGain     = 9
	rPower1   = 14
	rInt1     = 18
	rInt2     = 19
	rInt3     = 20
	rEnable1  = 21
	rEnable2  = 22
	rEnable3  = 23
	rDataLow  = 28
	rDataHigh = 29
	rIndirect = 30
	rPending  = 31
	rRinging  = 34
	rRingOn   = 48
	rRingOff  = 50
	rPauseDeb = 63
	rLinefeed = 64
	rAuto     = 67
	rDetect   = 68
	rLoopDeb  = 69
	rTripDeb  = 70
	rLimit    = 71
	rOnHook   = 72
	rCommon   = 73
	rVBATH    = 74
	rLoopV    = 78
	rLoopI    = 79
	rTipV     = 80
	rRingV    = 81
	rVBAT1    = 82
	rVBAT2    = 83
	rQ5       = 88
	rQ6       = 89
	rConvert  = 93
	rCal1     = 96
	rCal2     = 97
	rRingCode = 98
	rTipCode  = 99
	rPeakCal  = 107
	rEnhance  = 108
)

// Indirect registers that do something here.
const (
	iRingOffset = 19
	iRingCoeff  = 20
	iRingX      = 21
	iDAC        = 26
	iADC        = 27
	iLoopThr    = 28
	iTripThr    = 29
	iLoopThrLow = 43
)

// afterReset holds what differs from zero; register 1 bit 7 is the mark of the
// Si3215, absent here.
var afterReset = map[int]byte{
	rPCM: 0x08, rLoop: 0x02, 10: 0x08, 11: 0x33, rPower1: 0x10, rPauseDeb: 0x54,
	65: 0x61, 66: 0x03, rAuto: 0x1F, rLoopDeb: 0x0A, rTripDeb: 0x0A, rOnHook: 0x20,
	rCommon: 0x02, rVBATH: 0x32, 75: 0x10, 92: 0xFF, rConvert: 0x14, rCal1: 0x1F,
	rCal2: 0x1F, rRingCode: 0x10, rTipCode: 0x10, 100: 0x11, 101: 0x11, 102: 0x08,
	103: 0x88, 106: 0x20, rPeakCal: 0x08,
}

// writable says which bits of a register a write changes; all where it says
// nothing. Status registers 18..20 are cleared by ones and are not here.
var writable = map[int]byte{
	rSPI: 0xC0, rPCM: 0x3F, rTXSHigh: 0x03, rRXSHigh: 0x03, 24: 0, rPending: 0, rRinging: 0x1F,
	rLinefeed: 0x07, rDetect: 0, rLoopDeb: 0x7F, rTripDeb: 0x7F, rLimit: 0x07,
	rOnHook: 0x7F, rRingCode: 0x1F, rTipCode: 0x1F,
	rLoopV: 0, rLoopI: 0, rTipV: 0, rRingV: 0, rVBAT1: 0, rVBAT2: 0,
	84: 0, 85: 0, 86: 0, 87: 0, rQ5: 0, rQ6: 0, 94: 0,
}

// Linefeed states, register 64.
const (
	lfOpen     = 0
	lfForward  = 1
	lfForwardT = 2 // on-hook transmission
	lfTipOpen  = 3
	lfRinging  = 4
	lfReverse  = 5
	lfReverseT = 6
	lfRingOpen = 7
)

// Interrupt bits.
const (
	ringActiveOver = 1 << 4 // register 18
	ringPauseOver  = 1 << 5
	tripped        = 1 << 0 // register 19
	loopChanged    = 1 << 1
	balanceError   = 1 << 2 // register 20
	indirectDone   = 1 << 1
)
