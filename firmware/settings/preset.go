package settings

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed presets.yaml
var presetsDoc []byte

// presets are what is usual with providers and exchanges of some kind, each as a
// trunk whose name is the preset's.
var presets = loadPresets()

func loadPresets() []Trunk {
	var list []Trunk
	if err := yaml.Unmarshal(presetsDoc, &list); err != nil {
		panic(fmt.Sprintf("settings: presets.yaml: %v", err))
	}
	return list
}

// Presets lists the names of the presets.
func Presets() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.Name)
	}
	return names
}

// Filled is the trunk with the fields of its preset where it has none of its own.
func (k Trunk) Filled() Trunk {
	at := slices.IndexFunc(presets, func(p Trunk) bool { return p.Name == k.Preset })
	if at < 0 {
		return k
	}
	own, usual := reflect.ValueOf(&k).Elem(), reflect.ValueOf(presets[at])
	for i := range own.NumField() {
		if own.Field(i).IsZero() {
			own.Field(i).Set(usual.Field(i))
		}
	}
	return k
}
