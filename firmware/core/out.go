package core

import (
	"centralita/firmware/event"
	"centralita/firmware/order"
)

// Out is a reactor's mouth during one step; it is not kept beyond it.
type Out struct{ c *Core }

// Say makes a fact: it is remembered by every part when Say returns, and reacted
// to when its turn comes. The event is never changed afterwards.
func (o *Out) Say(e event.Event) {
	o.c.said = append(o.c.said, e)
	o.c.apply(o.c.now, e)
}

// Do has something done when the step is over.
func (o *Out) Do(x order.Order) { o.c.orders = append(o.c.orders, x) }

// Number is for a new call, leg or play: one more than the highest so far.
func (o *Out) Number() uint64 { return o.c.Number() }
