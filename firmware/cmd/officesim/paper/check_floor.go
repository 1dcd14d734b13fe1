package paper

import (
	"fmt"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

// queueFact takes what is said of queues.
func (k *Checker) queueFact(b *Box, e event.Event) error {
	switch e := e.(type) {
	case *event.CallQueued:
		c := k.calls[e.Call]
		if c == nil || c.queue != "" || c.where != id.To("queue", string(e.Queue)) {
			return fmt.Errorf("does not stand there, or waits already")
		}
		c.queue = e.Queue
		k.order[e.Queue] = append(k.order[e.Queue], e.Call)
		k.Offered++
	case *event.CallPresented:
		return k.presented(b, e)
	case *event.CallReturned:
		if c := k.calls[e.Call]; c == nil || c.presented != e.Agent {
			return fmt.Errorf("was not presented to the agent")
		}
		k.calls[e.Call].presented = ""
	case *event.CallLeft:
		return k.left(e)
	}
	return nil
}

// presented: I8, nobody in a queue is overtaken: whoever came before is being
// presented to somebody too.
func (k *Checker) presented(b *Box, e *event.CallPresented) error {
	c := k.calls[e.Call]
	if c == nil || c.queue != e.Queue || c.presented != "" {
		return fmt.Errorf("does not wait, or is presented already")
	}
	for _, before := range k.order[e.Queue] {
		if before == e.Call {
			break
		}
		if k.calls[before].presented == "" && k.calls[before].began != nil {
			return fmt.Errorf("call %d waits longer", before)
		}
	}
	if a := k.agents[e.Agent]; a == nil || a.State != "presented" || a.Call != e.Call {
		return fmt.Errorf("the agent is not presented this call")
	}
	c.presented = e.Agent
	return nil
}

func (k *Checker) left(e *event.CallLeft) error {
	c := k.calls[e.Call]
	if c == nil || c.queue != e.Queue {
		return fmt.Errorf("did not wait there")
	}
	list := k.order[e.Queue]
	for i, x := range list {
		if x == e.Call {
			k.order[e.Queue] = append(list[:i:i], list[i+1:]...)
			break
		}
	}
	c.queue, c.presented = "", ""
	switch e.Why {
	case "connected":
		k.Answered++
	case "abandoned":
		k.Abandoned++
	}
	if c.began == nil {
		delete(k.calls, e.Call)
	}
	return nil
}

// agentsHeld: I2, an agent who is busy has an open call, and it has one agent.
func (k *Checker) agentsHeld() error {
	busy := map[id.Call]id.Agent{}
	for n, a := range k.agents {
		if a.State != "presented" && a.State != "talking" {
			continue
		}
		c := k.calls[a.Call]
		if c == nil {
			return fmt.Errorf("I2: %s is %s with call %d, which is not open", n, a.State, a.Call)
		}
		if other := busy[a.Call]; other != "" {
			return fmt.Errorf("I2: %s and %s both have call %d", n, other, a.Call)
		}
		busy[a.Call] = n
		if a.State == "presented" && c.presented != n {
			return fmt.Errorf("I2: %s is presented call %d, which knows nothing of it", n, a.Call)
		}
	}
	return nil
}
