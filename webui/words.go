package webui

import (
	"embed"
	"encoding/json"
	"sync"
)

//go:embed src/i18n/es.json src/i18n/it.json src/i18n/en.json
var catalogues embed.FS

// spoken are the page's words by language, read when the first is asked for.
var spoken = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range []string{"es", "it", "en"} {
		var words map[string]string
		doc, err := catalogues.ReadFile("src/i18n/" + lang + ".json")
		if err == nil && json.Unmarshal(doc, &words) == nil { // the page's own tests read them too
			all[lang] = words
		}
	}
	return all
})

// Word is what the page calls something, for the doors of text; "" where it has no
// word for it.
func Word(lang, key string) string { return spoken()[lang][key] }
