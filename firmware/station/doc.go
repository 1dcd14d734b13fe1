// Package station is everything inside the office that has a telephone: handsets
// and SIP phones that dial and ring, and the services one can dial.
//
// It holds calls at four kinds of destinations:
//
//	dial/      a lifted handset whose digits are collected, or a phone that the box
//	           rang for somebody who clicked a number
//	station/X  rings the phone of extension X
//	intercom/X the same, and the telephone is asked to take it by itself
//	service/X  answers by itself; "echo" lets the caller hear the caller
//
//	lifted ─► dial tone ─► digits ─┬─ complete, and nothing longer could match
//	          15 s for the first   ├─ "#"
//	          4 s for the next     └─ 4 s passed ─► plan.go: emergency, stations,
//	                                                inside rules, outside
//
// Numbers for the outside are handed over as outside/NUMBER with the ports that
// the dial plan allows; who seizes a line is not known here.
package station
