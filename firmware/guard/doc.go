// Package guard keeps calls to the outside from costing what nobody meant them to:
// a stolen password or an unattended telephone must not become a bill.
//
// It stands before firmware/trunk in the list of features, so it hears first that a
// call was routed to outside/NUMBER, whoever sent it there: a handset, a phone, a
// transfer, a forward, the page. A call that may not go out it routes to barred/RULE
// instead, where the caller hears why; one that may use only some of the ways out it
// routes again with those:
//
//	outside/N ─► kind of number, hour, limits ─┬─ all ways barred ─► barred/RULE ─► ended: forbidden
//	                                           ├─ some ─► outside/N through the rest
//	                                           └─ none: left alone
//
// Answered calls are charged to the extension that dialled and to the way out, by
// minutes and by the office's prices, for the day and the month; at 80 and at 100
// percent of a limit it alarms, and at 100 calls under way end. It never touches an
// emergency call. What was spent follows from the journal alone.
package guard
