# `trial`: JSON with the promised keys, the same bytes on any number of threads, progress on stderr, a report that
# needs nothing from elsewhere.
. "$(dirname "$0")/helper_cli.sh"

# Everybody is enrolled, so that few patients make a trial
trial=(trial escape-cmd --patients 10 --replicates 40 --set trial.enrolment_cfr=10 --json)
run_for 0 "${trial[@]}" --seed 1 --threads 1 --report report.html
holds_only report.html
cp "$out" one.json
[[ -s $err ]] || failed "no progress on stderr"
! grep -qv '^virtual patients: ' "$err" || failed "something besides progress on stderr"
lines=$(wc -l <"$err")
((lines >= 5 && lines <= 11)) || failed "$lines lines of progress, where one per 10 % was promised"
$python - one.json <<'END' || failed "the JSON of trial"
import json, math, sys
def refuse(name):
    raise ValueError(name)
j = json.load(open(sys.argv[1], encoding="utf-8"), parse_constant=refuse)
assert {"trial", "seed", "patients", "free_parameters", "arms", "reported", "change", "nulls"} <= j.keys(), j.keys()
assert j["trial"] == "escape-cmd" and j["seed"] == 1 and j["patients"] == 10 and j["free_parameters"]
for arm in j["arms"]:
    assert {"name", "measure", "timepoint", "mean", "sd", "n"} <= arm.keys() and math.isfinite(arm["mean"]), arm
    assert arm["n"] == 10 - j["failed"], arm
assert len(j["arms"]) >= 2 and len(j["reported"]) >= 3
for key in ("mean", "ci_low", "ci_high"):
    assert math.isfinite(j["change"][key]), j["change"]
for null in ("no_effect", "regression_to_mean"):
    assert math.isfinite(j["nulls"][null]["change"]["mean"]), null
END
$python - report.html <<'END' || failed "the report is not self-contained"
import html.parser, re, sys
text = open(sys.argv[1], encoding="utf-8").read()
assert text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>")
class Page(html.parser.HTMLParser):
    figures = tables = 0
    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "iframe", "object", "embed", "link", "base"), tag
        Page.figures += tag == "svg"
        Page.tables += tag == "table"
        for name, value in attributes:
            if name in ("src", "srcset", "href", "xlink:href", "data", "action", "poster"):
                assert value.startswith(("#", "data:")), (tag, name, value)
            assert "url(" not in (value or "") or "url(#" in value, (tag, name, value)
Page().feed(text)
assert Page.figures and Page.tables
assert not re.search(r"@import|url\(\s*['\"]?\s*(https?:)?//", text)
END

run_for 0 "${trial[@]}" --seed 1 --threads 2
cmp -s "$out" one.json || failed "two threads give another result than one"
if [[ $CORONET != *asan* ]]; then  # a trial takes minutes there
  run_for 0 "${trial[@]}" --seed 2 --threads 2
  sed 's/"seed": 2/"seed": 1/' "$out" | cmp -s - one.json && failed "another seed gives the same result"
fi

# Too few enrolled is said, with what to do about it
"$CORONET" trial escape-cmd --patients 10 --replicates 0 --set trial.enrolment_cfr=1.2 >"$out" 2>"$err"
code=$?
((code == 3)) && grep -q '^coronet: only .* enrolled; raise --patients' "$err" || failed "exit code $code for an empty trial"
[[ ! -s $out ]] || failed "an error, but stdout is not empty"

# IMPROvE-CED: the route is printed, the null beside it, the same bytes on one thread and two
improve=(trial improve-ced --patients 12 --replicates 40 --seed 3 --json)
if [[ $CORONET != *asan* ]]; then
  run_for 0 "${improve[@]}" --threads 1 --report improve.html
  holds_only report.html one.json improve.html
  cp "$out" two.json
  run_for 0 "${improve[@]}" --threads 2
  cmp -s "$out" two.json || failed "two threads give another IMPROvE-CED than one"
  $python - two.json <<'END' || failed "the JSON of improve-ced"
import json, math, sys
j = json.load(open(sys.argv[1], encoding="utf-8"))
assert j["trial"] == "improve-ced" and j["route"] == "endothelium" and j["free_parameters"]["repair"] == 0.5
assert [a["timepoint"] for a in j["arms"]] == ["baseline", "6 months"]
assert {r["mean"] for r in j["reported"]} == {7.2, 57.6} and all(r["use"] == "holdout" for r in j["reported"])
for null in ("no_effect", "regression_to_mean"):
    assert math.isfinite(j["nulls"][null]["change"]["mean"]), null
assert abs(sum(j["population"]["virtual"].values()) - 100) < 1e-9
END
fi
refused 3 "--route 'stent'" 'endothelium, capillaries, both' -- trial improve-ced --route stent
refused 3 "'trial.repair' = 2" 'from 0 to 1' -- trial improve-ced --set trial.repair=2
refused 3 "no trial 'improve_ced'" "did you mean 'improve-ced'" -- trial improve_ced
