package town_test

import (
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
)

// bench is a person with a browser in front of a board that nobody runs.
type bench struct {
	t   *testing.T
	sim *simboard.Sim
	do  func(method, path, body string) (int, town.Faults)
}

func newBench(t *testing.T) *bench {
	sim, err := simboard.New(simboard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	people, err := town.New(sim, town.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := town.Handler(people)
	return &bench{t: t, sim: sim, do: func(method, path, body string) (code int, f town.Faults) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(method, path, strings.NewReader(body)))
		if rec.Code == 200 {
			if err := json.Unmarshal(rec.Body.Bytes(), &f); err != nil {
				t.Fatal(err)
			}
		}
		return rec.Code, f
	}}
}

// A newcomer breaks a line, looks, and mends it.
func TestFaultsOverHTTP(t *testing.T) {
	b := newBench(t)
	if code, f := b.do("GET", "/fault", ""); code != 200 || len(f.Choices) < 30 || len(f.Wrong) != 0 {
		t.Fatalf("%d %+v", code, f)
	}
	_, f := b.do("POST", "/fault", `{"where":"fxo2","fault":"cut"}`)
	if want := map[string][]simboard.Fault{"fxo2": {"cut"}}; !reflect.DeepEqual(f.Wrong, want) {
		t.Errorf("broken: %+v", f)
	}
	if b.sim.Step(); !b.sim.Line("fxo2").Cut {
		t.Error("the line is not cut")
	}
	b.do("POST", "/fault", `{"where":"board","fault":"no clock"}`)
	if _, f = b.do("POST", "/fault/mend", `{"where":"fxo2","fault":"cut"}`); len(f.Wrong) != 1 {
		t.Errorf("mended one: %+v", f)
	}
	if _, f = b.do("POST", "/fault/mend", ""); len(f.Wrong) != 0 {
		t.Errorf("mended all: %+v", f)
	}
	if b.sim.Step(); b.sim.Line("fxo2").Cut {
		t.Error("the line is still cut")
	}
	for _, body := range []string{`{"where":"fxo9","fault":"cut"}`, `{"where":"fxo1","fault":"ground fault"}`, `{"where":"fxo1"}`, `{"at":1}`} {
		if code, _ := b.do("POST", "/fault", body); code != 400 {
			t.Errorf("%s: %d", body, code)
		}
	}
}

// A seed is a script, which begins, shows itself and ends.
func TestRandomFaultsOverHTTP(t *testing.T) {
	b := newBench(t)
	_, one := b.do("POST", "/fault/random", `{"seed":7,"faults":5,"over_s":1,"for_s":1}`)
	_, two := b.do("POST", "/fault/random", `{"seed":7,"faults":5,"over_s":1,"for_s":1}`)
	if len(one.Script) != 5 || !reflect.DeepEqual(one.Script, two.Script) || !two.Playing {
		t.Errorf("%+v, then %+v", one, two)
	}
	for range 250 {
		b.sim.Step()
	}
	if _, f := b.do("GET", "/fault", ""); f.Playing || len(f.Wrong) != 0 {
		t.Errorf("after its time: %+v", f)
	}
	if code, _ := b.do("POST", "/fault/script", `[{"at_ms":0,"where":"fxs1","fault":"dead","for_ms":500}]`); code != 200 {
		t.Errorf("a script of one's own: %d", code)
	}
	for _, body := range []string{`{"faults":1000}`, `{"where":["moon"]}`, `{"over_s":1e9}`} {
		if code, _ := b.do("POST", "/fault/random", body); code != 400 {
			t.Errorf("%s: %d", body, code)
		}
	}
}
