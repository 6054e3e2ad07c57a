"""Every language of the lesson page has every text, with the same {placeholders}; and the check notices when not."""

import json
import os
import re
import sys
from pathlib import Path

folder = Path(os.environ["CORONET_SOURCE"]) / "web/src/strings"


def flat(value, key=""):
    if isinstance(value, str):
        return {key: value}
    return {k: v for name, inner in value.items() for k, v in flat(inner, f"{key}.{name}" if key else name).items()}


def complaints(languages):
    english = languages["en"]
    holes = {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in english.items()}
    found = []
    for name, texts in languages.items():
        found += [f"{name}: '{key}' is missing" for key in english.keys() - texts.keys()]
        found += [f"{name}: '{key}' is not in en" for key in texts.keys() - english.keys()]
        found += [f"{name}: '{key}' needs {holes[key]}" for key in english.keys() & texts.keys()
                  if sorted(re.findall(r"\{(\w+)\}", texts[key])) != holes[key]]
    return found


languages = {path.stem: flat(json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")}
assert {"en", "de"} <= languages.keys(), "English and German are promised"
assert len(languages["en"]) > 200
found = complaints(languages)
print("\n".join(found) or f"{len(languages['en'])} texts in {len(languages)} languages")

# A text taken away, or one that forgets its number, is noticed
broken = {name: dict(texts) for name, texts in languages.items()}
del broken["de"]["title"]
broken["de"]["steps.2.takeaway"] = "Ohne Zahl."
assert len(complaints(broken)) == len(found) + 2
sys.exit(bool(found))
