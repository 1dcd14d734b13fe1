package si3210

// Direct registers, section 4 of the data sheet.
const (
	regSPIMode    = 0
	regPCMMode    = 1
	regTXS        = 2 // and 3
	regRXS        = 4 // and 5
	regLoopback   = 8
	regGain       = 9
	regImpedance  = 10
	regHybrid     = 11
	regPowerDown1 = 14
	regIntStatus1 = 18
	regIntStatus2 = 19
	regIntStatus3 = 20
	regIntEnable1 = 21
	regIntEnable2 = 22
	regIntEnable3 = 23
	regIDALow     = 28
	regIDAHigh    = 29
	regIAA        = 30
	regIAS        = 31
	regRinging    = 34
	regRingActive = 48 // and 49
	regRingPause  = 50 // and 51
	regPauseDeb   = 63
	regLinefeed   = 64
	regBias       = 65
	regBattery    = 66
	regAuto       = 67
	regDetect     = 68
	regLoopDeb    = 69
	regTripDeb    = 70
	regLoopLimit  = 71
	regOnHookV    = 72
	regCommonMode = 73
	regVBATH      = 74
	regVBATL      = 75
	regLoopVolts  = 78
	regLoopAmps   = 79
	regTipVolts   = 80
	regRingVolts  = 81
	regVBATSense  = 82
	regQ5         = 88
	regQ6         = 89
	regDCPeriod   = 92
	regDCDelay    = 93
	regCalibrate1 = 96
	regCalibrate2 = 97
	regRingGain   = 98
	regTipGain    = 99
	regPeakCal    = 107
	regEnhance    = 108
)

// Linefeed states of register 64: LF asks (bits 2..0), LFS answers (6..4).
const (
	lfOpen     = 0
	lfActive   = 1
	lfTransmit = 2 // forward on-hook transmission
	lfTipOpen  = 3
	lfRinging  = 4
	lfRingOpen = 7
	lfReverse  = 4 // added to active and on-hook transmission
)

// Bits.
const (
	spiDaisy     = 0x80 // register 0, SPIDC
	dcOff        = 0x10 // register 14, DCOF
	ringOver     = 1 << 4
	pauseOver    = 1 << 5
	balanceError = 1 << 2 // register 20, CMCP
	detLCR       = 1 << 0 // register 68
	detRTP       = 1 << 1
	ringTimers   = 0x18 // register 34, RTAE and RTIE
	calStart     = 0x40 // register 96, CAL
	calShort     = 0x20 // register 96, CALSP
	// PCM mode: enabled, linear, 16 bit (PCME, PCMF = 11, PCMT).
	pcmLinear16 = 0x20 | 0x18 | 0x04
)

// voltsPerCount of the direct voltage registers and of the sense registers.
const (
	voltStep  = 1.5
	ampStep   = 1.25
	senseStep = 0.376
)

// indirectDefaults are the indirect registers in the order they are loaded, with
// working values: digit decoder 0..12, oscillators 13..18, ringing 19..22,
// metering 23..25, gains 26 and 27 at 0 dB (see gain.go), loop closure 10.2 mA, ring trip
// 34 mA, common mode limits, power alarms and filters for the Si3201 (AN47).
var indirectDefaults = [...]struct {
	reg   byte
	value uint16
}{
	{0, 0x55C2}, {1, 0x51E6}, {2, 0x4B85}, {3, 0x4937}, {4, 0x3333}, {5, 0x0202}, {6, 0x0202},
	{7, 0x0198}, {8, 0x0198}, {9, 0x0611}, {10, 0x0202}, {11, 0x00E5}, {12, 0x0A1C},
	{13, 0x7B30}, {14, 0x0063}, {15, 0}, {16, 0x7870}, {17, 0x007D}, {18, 0},
	{19, 0}, {irRCO, 0x7E6D}, {irRNGX, 0x01AB}, {22, 0}, {23, 0x2000}, {24, 0x2000}, {25, 0},
	{26, 0x4000}, {27, 0x4000}, {28, 0x1000}, {29, 0x3600}, {30, 0x1000}, {31, 0x0200},
	{32, 0x0FF0}, {33, 0x7F80}, {34, 0x0FF0}, {40, 0}, {41, 0x0C00}, {43, 0x0E00},
}

// filters are loaded after calibration; during it they are held at 0x8000.
var filters = [...]struct {
	reg   byte
	value uint16
}{{35, 0x8000}, {irNRTP, 0x0350}, {37, 0x0010}, {38, 0x0010}, {39, 0x0010}}

const (
	irRCO  = 20
	irRNGX = 21
	irDACG = 26 // received from the highway, towards the set
	irADCG = 27
	irNRTP = 36

	irLCRT  = 28
	irLCRTL = 43
)
