package si3050

// Registers, as printed.
const (
	regControl1  = 1
	regControl2  = 2
	regIntMask   = 3
	regIntSource = 4
	regDAA1      = 5 // hook and ring detect
	regDAA2      = 6 // power
	regRevisions = 11
	regLink      = 12
	regLineRev   = 13
	regIntl1     = 16
	regIntl2     = 17
	regIntl3     = 18
	regRingVal1  = 22
	regRingVal2  = 23
	regRingVal3  = 24
	regResistCal = 25
	regDCTerm    = 26
	regLCS2      = 28
	regLVS       = 29
	regACTerm    = 30
	regDAA5      = 31
	regPCMMode   = 33
	regTXS       = 34 // and 35
	regRXS       = 36 // and 37
	regGain      = 38 // ..41
	regHybrid    = 45 // ..52
	regSpark     = 59
)

// Bits.
const (
	softReset = 0x80 // register 1
	// register 2: interrupt pin on, active low; ring interrupt at begin and end;
	// hybrid and receiver on.
	controlWork = 0x80 | 0x04 | 0x02 | 0x01
	watchdog    = 0x10

	intRing     = 1 << 7 // registers 3 and 4
	intLink     = 1 << 5
	intDrop     = 1 << 3
	intPolarity = 1 << 0

	daaRingN   = 1 << 6 // register 5
	daaRingP   = 1 << 5
	daaMonitor = 1 << 3 // ONHM
	daaRing    = 1 << 2 // RDT
	daaOffHook = 1 << 0 // OH

	lineOff      = 0x10 // register 6, PDL
	linkUp       = 0x40 // register 12, FDT
	fastNoCal    = 0x20 // register 17, CALD
	fastFOH      = 0x60 // register 31, FOH = 11: 8 ms
	fastResist   = 0x20 // register 25, RCALD
	fullWave     = 0x02 // register 18, RFWE
	validateRing = 0x80 // register 24, RNGV
	trueLVS      = 0x01 // register 31, LVFD
	pcmLinear    = 0x20 | 0x18
	si3019       = 3
)

// ampStep is mA per count of LCS2.
const ampStep = 1.1
