package leg

// Q850 is the cause value of ITU-T Q.850 (table 1), 1..127.
func (c Cause) Q850() int { return causes[c].q850 }

// SIP is the response that refuses a call for this cause (RFC 3261 section 21);
// 0 where a call of this cause had been answered and ends by BYE.
func (c Cause) SIP() int { return causes[c].sip }

// Known reports whether c is of the closed list.
func (c Cause) Known() bool { _, ok := causes[c]; return ok }

// FarHangup reports whether the far end ended an answered call, however known.
func (c Cause) FarHangup() bool {
	switch c {
	case Normal, LoopBreak, PolarityBack, BusyTone, DialTone, Silence:
		return true
	}
	return false
}

var causes = map[Cause]struct{ q850, sip int }{
	Normal:        {16, 603},
	Busy:          {17, 486},
	NoAnswer:      {19, 480},
	Rejected:      {21, 603},
	Cancelled:     {16, 487},
	UnknownNumber: {1, 404},
	OutOfOrder:    {27, 503},
	NoLine:        {34, 503},
	NotRegistered: {20, 480},
	Congestion:    {42, 503},
	Forbidden:     {57, 403},
	Timeout:       {102, 408},
	NoCodec:       {65, 488},
	BadSound:      {100, 488},
	Unsealed:      {65, 488},
	NoMedia:       {41, 0},
	LoopBreak:     {16, 0},
	PolarityBack:  {16, 0},
	BusyTone:      {16, 0},
	DialTone:      {16, 0},
	Silence:       {16, 0},
	Preempted:     {8, 503},
	InUse:         {44, 503},
	Redirected:    {23, 480},
	Elsewhere:     {26, 487},
	Glare:         {44, 503},
	NoDialTone:    {38, 503},
	BoxStopped:    {41, 503},
	PowerCut:      {41, 503},
	Failure:       {41, 500},
}

// CauseOfQ850 is the cause that a value of ITU-T Q.850 means to a caller; false for
// those that say no more than that the call is over, or that it failed.
func CauseOfQ850(value int) (Cause, bool) {
	switch value {
	case 1, 2, 3, 22, 28:
		return UnknownNumber, true
	case 17:
		return Busy, true
	case 18, 19:
		return NoAnswer, true
	case 20:
		return NotRegistered, true
	case 21:
		return Rejected, true
	case 27, 38:
		return OutOfOrder, true
	case 34, 42, 47:
		return Congestion, true
	case 50, 52, 54, 55, 57, 87:
		return Forbidden, true
	case 58, 65, 79, 88:
		return NoCodec, true
	case 102:
		return Timeout, true
	}
	return "", false
}

// CauseOfSIP is the cause that a SIP failure response means to a caller.
func CauseOfSIP(status int) Cause {
	switch status {
	case 486, 600:
		return Busy
	case 408:
		return Timeout
	case 480:
		return NoAnswer
	case 487:
		return Cancelled
	case 403, 401, 407:
		return Forbidden
	case 404, 410, 484, 604:
		return UnknownNumber
	case 488, 606, 415:
		return NoCodec
	case 603:
		return Rejected
	case 500, 502, 503, 504:
		return Congestion
	}
	return Failure
}
