package event

import "centralita/firmware/id"

//msgp:vartuple CallQueued CallPresented CallReturned CallLeft PositionTold AgentChanged
//msgp:limit arrays:4096 maps:256

// CallQueued puts a call at the end of a queue.
type CallQueued struct {
	Call  id.Call  `json:"call"`
	Queue id.Queue `json:"queue"`
	Play  id.Play  `json:"play"`  // the welcome
	Until int64    `json:"until"` // the place is told first; 0 never
}

// CallPresented says that an agent's phone rings for a waiting call.
type CallPresented struct {
	Call    id.Call    `json:"call"`
	Queue   id.Queue   `json:"queue"`
	Agent   id.Agent   `json:"agent"`
	Station id.Station `json:"station"`
	Leg     id.Leg     `json:"leg"`
	Until   int64      `json:"until"`
}

// CallReturned says that the agent did not take it; the call keeps its place.
type CallReturned struct {
	Call  id.Call  `json:"call"`
	Agent id.Agent `json:"agent"`
	Why   string   `json:"why"`
}

// CallLeft takes a call out of a queue. Why is "connected", "abandoned",
// "overflow", "moved" or "ended" (by the box).
type CallLeft struct {
	Call   id.Call  `json:"call"`
	Queue  id.Queue `json:"queue"`
	Why    string   `json:"why"`
	WaitMS int64    `json:"wait_ms"`
}

// PositionTold says that the caller heard the place in the queue, or a reason to
// stay; the next time is due at Until.
type PositionTold struct {
	Call     id.Call `json:"call"`
	Position uint16  `json:"position"`
	Until    int64   `json:"until"`
	Play     id.Play `json:"play"`
}

// AgentChanged is the one state an agent is in: "signed-out", "ready",
// "reserved", "presented", "talking", "wrap-up", "away", "missed".
type AgentChanged struct {
	Agent   id.Agent   `json:"agent"`
	State   string     `json:"state"`
	Reason  string     `json:"reason"` // of away
	Station id.Station `json:"station"`
	Call    id.Call    `json:"call"`
	Queue   id.Queue   `json:"queue"`
	Until   int64      `json:"until"` // due time of presented and wrap-up; 0 none
}

func (*CallQueued) Kind() string    { return "CallQueued" }
func (*CallPresented) Kind() string { return "CallPresented" }
func (*CallReturned) Kind() string  { return "CallReturned" }
func (*CallLeft) Kind() string      { return "CallLeft" }
func (*PositionTold) Kind() string  { return "PositionTold" }
func (*AgentChanged) Kind() string  { return "AgentChanged" }
