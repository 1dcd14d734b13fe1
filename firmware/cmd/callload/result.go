package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// result is what one run of one mode measured, in order.
type result struct {
	names  []string
	values map[string]float64
	out    io.Writer // remarks on the way
}

func newResult(out io.Writer) *result { return &result{values: map[string]float64{}, out: out} }

// add notes a figure; one that is not known is left out.
func (r *result) add(name string, value float64) {
	if math.IsNaN(value) {
		return
	}
	if _, ok := r.values[name]; !ok {
		r.names = append(r.names, name)
	}
	r.values[name] = value
}

func (r *result) say(format string, args ...any) { fmt.Fprintf(r.out, "  "+format+"\n", args...) }

// figure is one line of the table.
type figure struct {
	Mode   string    `json:"mode"`
	Name   string    `json:"name"`
	Box    []float64 `json:"box"`            // each run
	Peer   []float64 `json:"peer,omitempty"` // measured beside
	Median float64   `json:"median"`
	Bar    *bar      `json:"bar,omitempty"`
	Met    *bool     `json:"met,omitempty"`
	Ratio  float64   `json:"ratio,omitempty"` // better than the peer by
}

// table gathers figures of all modes.
type table struct {
	Machine string    `json:"machine"`
	Figures []*figure `json:"figures"`
	Missed  int       `json:"missed"`
	Failed  []string  `json:"failed,omitempty"`

	calls int // -n
}

// factCalls is the number of calls that the peer's figures of a steady load are of.
const factCalls = 100

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// take joins the runs of a mode.
func (t *table) take(mode string, box, peer []*result) {
	if len(box) == 0 {
		return
	}
	for _, name := range box[0].names {
		f := &figure{Mode: mode, Name: name, Bar: bars[mode+"/"+name]}
		f.Box, f.Peer = column(box, name), column(peer, name)
		f.Median = median(f.Box)
		f.judge(t)
		t.Figures = append(t.Figures, f)
	}
}

func column(runs []*result, name string) (v []float64) {
	for _, r := range runs {
		if x, ok := r.values[name]; ok {
			v = append(v, x)
		}
	}
	return v
}

// judge lays the median beside the bar and the peer: the one measured in the same
// run before the one of the facts.
func (f *figure) judge(t *table) {
	if f.Bar == nil {
		return
	}
	if (f.Mode == "calls" || f.Mode == "record") && t.calls != factCalls {
		without := *f.Bar
		without.Peer = 0
		f.Bar = &without
	}
	peer := f.Bar.Peer
	if len(f.Peer) > 0 {
		peer = median(f.Peer)
	}
	if peer > 0 && f.Median > 0 {
		f.Ratio = f.Median / peer
		if f.Bar.Most {
			f.Ratio = peer / f.Median
		}
	}
	if f.Bar.Value == nil {
		return
	}
	met := f.Median >= *f.Bar.Value
	if f.Bar.Most {
		met = f.Median <= *f.Bar.Value
	}
	f.Met = &met
	if !met {
		t.Missed++
	}
}

func (t *table) print(asJSON bool) {
	if asJSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", " ")
		_ = e.Encode(t) // to the terminal
		return
	}
	fmt.Printf("\n%s\nbox: median [lowest..highest]; peer: measured here, or (in brackets) of the facts; better: how many times\n\n", t.Machine)
	fmt.Printf("%-10s %-48s %-26s %-12s %-14s %-8s\n", "mode", "figure", "box", "bar", "peer", "better")
	for _, f := range t.Figures {
		fmt.Println(strings.TrimRight(f.line(), " "))
	}
	for _, e := range t.Failed {
		fmt.Println("not measured:", e)
	}
}

func (f *figure) line() string {
	box := number(f.Median)
	if len(f.Box) > 1 {
		box += fmt.Sprintf(" [%s..%s]", number(slices.Min(f.Box)), number(slices.Max(f.Box)))
	}
	goal, peer, better, mark := "", "", "", ""
	if f.Bar != nil {
		if f.Bar.Value != nil {
			goal = map[bool]string{true: "≤ ", false: "≥ "}[f.Bar.Most] + number(*f.Bar.Value)
		}
		if f.Bar.Peer > 0 {
			peer = "(" + number(f.Bar.Peer) + ")"
		}
	}
	if len(f.Peer) > 0 {
		peer = number(median(f.Peer))
	}
	if f.Ratio > 0 {
		better = fmt.Sprintf("%.2f×", f.Ratio)
	}
	if f.Met != nil {
		mark = map[bool]string{true: "ok", false: "MISSED"}[*f.Met]
	}
	return fmt.Sprintf("%-10s %-48s %-26s %-12s %-14s %-8s %s", f.Mode, f.Name, box, goal, peer, better, mark)
}

func number(v float64) string {
	switch {
	case v == float64(int64(v)):
		return fmt.Sprintf("%d", int64(v))
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
