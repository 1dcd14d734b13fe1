package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"centralita/firmware/support"
)

// supportFile is the box for who helps, without the people in it.
func (a *App) supportFile(ctx context.Context) (name string, file []byte, err error) {
	_, tree, _ := a.settings.Current()
	tree = tree.Clone()
	mask := support.NewMask(tree)
	now := time.Now().UTC()
	about := a.about()
	about.Licences = nil
	parts := []support.Part{{Name: "settings.yaml", Body: tree.Marshal()}, {Name: "log.txt", Body: mask.Masked(a.logged.Lines())}}
	alarms, err := a.View(ctx, "alarm", "list")
	if err != nil {
		return "", nil, err
	}
	for _, p := range []struct {
		name  string
		what  any
		masks bool
	}{{"about.json", about, false}, {"health.json", a.health(), false}, {"alarms.json", alarms.Data, true}, {"update.json", a.updates.State(), true}, {"made.json", now.Format(time.RFC3339), false}} {
		body, err := supportPart(p.what, p.masks, mask)
		if err != nil {
			return "", nil, fmt.Errorf("support: %s: %w", p.name, err)
		}
		parts = append(parts, support.Part{Name: p.name, Body: body})
	}
	notes, err := filepath.Glob(filepath.Join(a.path("crashes"), "crash-*.txt"))
	if err != nil {
		return "", nil, err
	}
	for i, n := range notes {
		if text, err := os.ReadFile(n); err == nil {
			parts = append(parts, support.Part{Name: fmt.Sprintf("crash-%d.txt", i+1), Body: []byte(mask.Text(string(text)))})
		}
	}
	file, err = support.Zip(now, parts)
	return "centralita-support-" + now.Format("20060102-150405") + ".zip", file, err
}

func supportPart(what any, masks bool, mask *support.Mask) ([]byte, error) {
	body, err := json.MarshalIndent(what, "", " ")
	if err != nil || !masks {
		return body, err
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	return json.MarshalIndent(mask.Any(v), "", " ")
}
