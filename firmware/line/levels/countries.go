package levels

// plans of the countries the box has tones for. ITU-T Q.552 gives exchanges Li
// 0..+2 dBr and Lo -5..-8 dBr at subscribers' lines, from which each country has
// chosen; sets of about SLR +3 and RLR -8 dB (TBR 38) then come to the long-term
// aims of G.121, SLR 7..9 and RLR 1..3, on lines of customary length.
var plans = [...]Plan{
	plan("ES", Relative{0, -7}, false),
	plan("IT", Relative{0, -7}, false),
	plan("FR", Relative{0, -7}, false),
	plan("DE", Relative{0, -7}, true),
	plan("PT", Relative{0, -7}, false),
	// The digital exchanges of BT take 1 dB from sets and 6 dB towards them.
	plan("GB", Relative{1, -6}, true),
	// North American end offices: 0 TLP and -6 TLP where the far office adds
	// nothing (fixed loss plan).
	plan("US", Relative{0, -6}, true),
	plan("CA", Relative{0, -6}, true),
	plan("MX", Relative{0, -6}, false),
	plan("AR", Relative{0, -7}, false),
	plan("BR", Relative{0, -7}, false),
	plan("CL", Relative{0, -7}, false),
	plan("CO", Relative{0, -6}, false),
}

// Countries lists the plans, for pages and tests.
func Countries() []Plan { return plans[:] }
