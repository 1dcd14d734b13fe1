package acd

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// Picture is the view "floor".
type Picture struct {
	Queues []QueueRow `json:"queues"`
	Agents []AgentRow `json:"agents"`
}

// QueueRow is one queue with its day since midnight.
type QueueRow struct {
	Queue          id.Queue     `json:"queue"`
	Waiting        []WaitingRow `json:"waiting"`
	LongestSinceAt int64        `json:"longest_since_at"`
	Offered        int          `json:"offered"`
	Answered       int          `json:"answered"`
	Abandoned      int          `json:"abandoned"`
	WithinTarget   int          `json:"within_target"`
	TargetMS       int64        `json:"target_ms"`
	TargetShare    int          `json:"target_share"`
	AgentsReady    int          `json:"agents_ready"`
	AgentsSignedIn int          `json:"agents_signed_in"`
}

// WaitingRow is one caller.
type WaitingRow struct {
	Call     id.Call `json:"call"`
	From     string  `json:"from"`
	Name     string  `json:"name"`
	SinceAt  int64   `json:"since_at"`
	Position int     `json:"position"`
}

// AgentRow is one agent.
type AgentRow struct {
	Agent   id.Agent   `json:"agent"`
	Label   string     `json:"label"`
	Station id.Station `json:"station"`
	State   string     `json:"state"`
	Reason  string     `json:"reason"`
	SinceAt int64      `json:"since_at"`
	Call    id.Call    `json:"call"`
	Queue   id.Queue   `json:"queue"`
	UntilAt int64      `json:"until_at"`
}

func (f *Floor) look(now core.Time) Picture {
	p := Picture{Queues: []QueueRow{}, Agents: []AgentRow{}}
	for _, q := range f.book.Office().Queues {
		p.Queues = append(p.Queues, f.lookQueue(now, q))
	}
	for _, person := range f.members() {
		p.Agents = append(p.Agents, f.lookAgent(person))
	}
	return p
}

func (f *Floor) lookQueue(now core.Time, q settings.Queue) QueueRow {
	row := QueueRow{Queue: id.Queue(q.Name), Waiting: []WaitingRow{}, TargetMS: target(q), TargetShare: q.Target.Share}
	if row.TargetShare == 0 {
		row.TargetShare = shareDefault
	}
	if k := f.counts[row.Queue]; k != nil && k.day == f.book.Day(now.Wall) {
		row.Offered, row.Answered, row.Abandoned, row.WithinTarget = k.offered, k.answered, k.abandoned, k.within
	}
	for _, w := range f.waiting {
		c := f.book.Call(w.call)
		if w.queue != row.Queue || c == nil {
			continue
		}
		if len(row.Waiting) == 0 {
			row.LongestSinceAt = w.since
		}
		row.Waiting = append(row.Waiting, WaitingRow{w.call, c.From, c.Name, w.since, len(row.Waiting) + 1})
	}
	for _, a := range f.agents {
		if !slices.Contains(q.Agents, string(a.id)) || a.state == signedOut {
			continue
		}
		row.AgentsSignedIn++
		if a.state == ready {
			row.AgentsReady++
		}
	}
	return row
}

func (f *Floor) lookAgent(p settings.Person) AgentRow {
	row := AgentRow{Agent: id.Agent(p.Name), Label: p.Label, Station: p.Station, State: signedOut}
	if a := f.agents[row.Agent]; a != nil {
		row.State, row.Reason, row.SinceAt, row.Call, row.Queue, row.UntilAt = a.state, a.reason, a.since, a.call, a.queue, a.until
		if a.station != "" {
			row.Station = a.station
		}
	}
	if row.Label == "" {
		row.Label = p.Name
	}
	return row
}
