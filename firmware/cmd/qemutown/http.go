package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"centralita/board/simboard/kernelside"
	"centralita/board/simboard/town"
)

// heldMost bounds how long a finger stays on a button.
const heldMost = time.Minute

func handler(people *town.Town, side *kernelside.Side) http.Handler {
	m := http.NewServeMux()
	m.Handle("/town/", http.StripPrefix("/town", town.Handler(people)))
	m.HandleFunc("POST /press/{button}", func(w http.ResponseWriter, r *http.Request) {
		ms, err := strconv.Atoi(r.URL.Query().Get("for_ms"))
		if held := time.Duration(ms) * time.Millisecond; err != nil || held <= 0 || held > heldMost {
			http.Error(w, "for_ms is missing, or more than a minute", http.StatusBadRequest)
		} else if err := side.Press(r.PathValue("button"), held); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
		}
	})
	m.HandleFunc("GET /lamp/{name}", func(w http.ResponseWriter, r *http.Request) {
		lamp, err := side.Lamp(r.Context(), r.PathValue("name"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		reply(w, map[string]any{"lamp": lamp})
	})
	m.HandleFunc("GET /sound", func(w http.ResponseWriter, _ *http.Request) {
		frames, lost := side.Sound()
		reply(w, map[string]any{"frames": frames, "counted": lost})
	})
	return m
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
