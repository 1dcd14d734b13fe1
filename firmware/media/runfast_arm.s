#include "textflag.h"

// func status() uint32
TEXT ·status(SB), NOSPLIT, $0-4
	WORD $0xeef10a10 // vmrs r0, fpscr
	MOVW R0, ret+0(FP)
	RET

// func setStatus(v uint32)
TEXT ·setStatus(SB), NOSPLIT, $0-4
	MOVW v+0(FP), R0
	WORD $0xeee10a10 // vmsr fpscr, r0
	RET
