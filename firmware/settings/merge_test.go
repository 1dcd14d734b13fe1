package settings

import (
	"slices"
	"testing"
)

func TestMerge(t *testing.T) {
	base := Default("ES")
	got, err := Merge(base, []byte("queues:\n  - name: reception\n    ring: 20s\n    agents: [101]\n  - {name: ventas, agents: 102}\noffice: {place: Cádiz, ringing: {queue: long}}\nlines: {name: fxo1, number: '954 123 001'}\npeople: null\n"))
	if err != nil {
		t.Fatal(err)
	}
	q := got.Queues[0]
	if len(got.Queues) != 2 || q.Ring.String() != "20s" || q.WrapUp.String() != "10s" || !slices.Equal(q.Agents, []string{"101"}) || got.Queues[1].Name != "ventas" {
		t.Errorf("%+v", got.Queues)
	}
	if got.Office.Place != "Cádiz" || got.Office.Name != "Oficina" || got.Office.Ringing["queue"] != "long" || len(got.People) != 0 || len(got.Stations) != 4 {
		t.Errorf("%+v", got.Office)
	}
	if l := got.Lines[0]; l.Number != "954 123 001" || l.Rings != "queue/reception" || len(got.Lines) != 4 {
		t.Errorf("%+v", got.Lines)
	}
	for _, bad := range []string{"office: [", "office: {colour: red}", "queues: 3", "a: &x 1\nb: *x"} {
		if _, err := Merge(base, []byte(bad)); err == nil {
			t.Error(bad, "was taken")
		}
	}
	if same, err := Merge(base, nil); err != nil || len(Compare(base, same)) != 0 {
		t.Error(same, err)
	}
}
