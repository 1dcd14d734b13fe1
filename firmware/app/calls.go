package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"time"

	"centralita/firmware/api"
	"centralita/firmware/db"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media/clip"
	"centralita/firmware/store"
)

// calls shows the call list to the door of HTTP.
type calls struct{ db *db.DB }

// List implements api.Calls.
func (c calls) List(ctx context.Context, q api.CallQuery) (api.CallPage, error) {
	list, more, err := c.db.List(ctx, q.Before, q.Limit, q.Text)
	page := api.CallPage{Calls: make([]api.CallRow, 0, len(list)), More: more}
	for _, x := range list {
		page.Calls = append(page.Calls, row(x))
	}
	return page, err
}

// Story implements api.Calls.
func (c calls) Story(ctx context.Context, call id.Call) (api.CallStory, error) {
	x, told, found, err := c.db.Story(ctx, call)
	if err != nil {
		return api.CallStory{}, err
	}
	if !found {
		return api.CallStory{}, api.ErrNotFound
	}
	story := api.CallStory{CallRow: row(x)}
	for _, t := range told {
		body, err := json.Marshal(t.Body)
		if err != nil {
			return story, err
		}
		story.Events = append(story.Events, api.Told{Seq: t.Seq, At: t.At, Wall: t.Wall, Kind: t.Kind, Body: body})
	}
	return story, nil
}

func row(x db.Call) api.CallRow {
	r := api.CallRow{
		Call: x.Call, Direction: x.Direction, BeganWall: x.BeganWall, From: x.From, Name: x.Name, To: x.To,
		Port: string(x.Port), Queue: string(x.Queue), Agent: string(x.Agent), Station: string(x.Station),
		WaitMS: x.WaitMS, TalkMS: x.TalkMS, HeldMS: x.HeldMS, Cause: x.Cause, SIP: x.SIP, Q850: x.Q850, Answered: x.Answered,
	}
	if x.Recording != nil {
		r.Recording = &api.Recording{File: x.Recording.File, MS: x.Recording.MS, State: soundStates[x.Recording.State]}
	}
	if q := x.Quality; q != nil {
		r.Quality = &api.CallQuality{
			MOS: q.MOS, Word: event.QualityWord(float32(q.MOS)), Loss: q.Loss, JitterMS: q.JitterMS, TripMS: q.TripMS, DelayMS: q.DelayMS,
			SoundMS: q.SoundMS, RelayedMS: q.RelayedMS,
		}
	}
	return r
}

// soundStates are the words of the door for those of the call list.
var soundStates = map[string]string{
	db.SoundRunning: "running", db.SoundWhole: "ready", db.SoundGaps: "damaged", db.SoundFailed: "gone",
}

// sound finds the recording of a call.
type sound struct {
	db    *db.DB
	store *store.Store
}

// Open implements api.Sound.
func (s sound) Open(call id.Call) (io.ReadSeekCloser, time.Time, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	x, _, found, err := s.db.Story(ctx, call)
	if err != nil {
		return nil, time.Time{}, err
	}
	if !found || x.Recording == nil {
		return nil, time.Time{}, api.ErrNotFound
	}
	f, err := s.store.Open(store.Recordings, x.Recording.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, api.ErrNotFound
	}
	return f, time.UnixMilli(x.BeganWall), err
}

// Peaks implements api.Sound.
func (s sound) Peaks(ctx context.Context, call id.Call, columns int) (api.Peaks, error) {
	f, _, err := s.Open(call)
	if err != nil {
		return api.Peaks{}, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return api.Peaks{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return api.Peaks{}, err
	}
	w, err := clip.Peaks(f, size, columns)
	if err != nil {
		return api.Peaks{}, err
	}
	return api.Peaks{MS: int64(w.Seconds * 1000), Left: pairs(w.Left), Right: pairs(w.Right)}, nil
}

// pairs are the columns of one side: lowest and highest.
func pairs(side []byte) [][2]int8 {
	out := make([][2]int8, 0, len(side)/2)
	for i := 0; i+1 < len(side); i += 2 {
		out = append(out, [2]int8{int8(side[i]), int8(side[i+1])})
	}
	return out
}
