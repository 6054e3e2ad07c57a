# Input that no patient has: exit code 3, and a line that names file, line, key, value, unit and allowed range.
. "$(dirname "$0")/helper_cli.sh"

bad() {  # TEXT… -- LINE…: patient.toml made of these lines is refused
  local texts=()
  while [[ $1 != -- ]]; do texts+=("$1"); shift; done
  shift
  patient "$@"
  refused 3 'patient.toml' "${texts[@]}" -- run patient.toml
}

# Names
refused 3 "no patient 'helthy'" "did you mean 'healthy'" 'lad_stenosis' -- run helthy
refused 3 "no patient ''" -- run ''
refused 3 "no patient 'heal\\x0a\\x1b[31mthy\\xff'" -- run $'heal\n\e[31mthy\xff'
refused 3 'no patient' -- run "$(printf 'x%.0s' {1..100000})"
refused 3 "unknown protocol 'adenosin_iv'" "did you mean 'adenosine_iv'" 'pullback' -- run healthy --protocol adenosin_iv
refused 3 "unknown protocol ''" -- run healthy --protocol ''
refused 3 '--artery' "'LAT'" 'LAD, LCx, RCA' -- run healthy --artery LAT
refused 3 '--stepper' "'euler'" 'rosenbrock, rk4, dopri5' -- run healthy --stepper euler
refused 3 "no trial 'escape_cmd'" "did you mean 'escape-cmd'" -- trial escape_cmd
refused 3 "no trial '../trials/x'" -- trial ../trials/x

# Keys
bad ':2:' "unknown key 'heart.heart_rte_bpm'" "did you mean 'heart.heart_rate_bpm'" -- '[heart]' 'heart_rte_bpm = 70'
bad ':1:' "unknown key 'heart_rate_bpm'" "did you mean 'heart.heart_rate_bpm'" -- 'heart_rate_bpm = 70'
bad ':2:' "unknown key 'lesion.heart_rate_bpm'" "did you mean 'heart.heart_rate_bpm'" -- '[lesion]' 'heart_rate_bpm = 70'
bad ':1:' "unknown key 'heart'" -- 'heart = 70'
bad ':1:' 'heart.heart_rate_bpm' -- 'heart.heart_rate_bpm = { low = 60 }'
bad ':2:' "unknown section [lesoin]" -- '# nothing in it' '[lesoin]'
bad ':1:' "unknown key ''" -- '"" = 1'
bad ':2:' "unknown key 'a\\x0ab.c'" -- '["a\\nb"]' 'c = 1'
bad ':1:' "unknown key 'été'" -- '"été" = 1'
bad ':1:' 'not ASCII' -- 'été = 1'
bad ':1:' 'not ASCII' -- 'title = é'
bad ':1:' 'double quotes' -- "title = 'été'"
bad ':1:' 'more than 16 parts' -- "$(printf 'a.%.0s' {1..20000})a = 1"
bad ':1:' 'unknown key' -- "$(printf 'x%.0s' {1..20000}) = 1"

# Values
bad ':2:' "'heart.heart_rate_bpm' = 200 1/min" 'allowed 40 to 140 1/min' -- '[heart]' 'heart_rate_bpm = 200'
for value in nan inf -inf; do bad "= $value 1/min" 'allowed 40 to 140 1/min' -- '[heart]' "heart_rate_bpm = $value"; done
bad '9.223372036854776e+18' 'allowed 40 to 140' -- '[heart]' 'heart_rate_bpm = 9223372036854775807'  # not a double; once undefined
bad ':2:' '1e999' -- '[heart]' 'heart_rate_bpm = 1e999'
bad ':2:' '99999999999999999999' -- '[heart]' 'heart_rate_bpm = 99999999999999999999'
for value in '"fast"' true; do bad ':2:' "'heart.heart_rate_bpm'" 'number' '1/min' '40 to 140' -- '[heart]' "heart_rate_bpm = $value"; done
for value in '[70]' '[[1, [2]], 3]' 1979-05-27; do bad ':2:' "'heart.heart_rate_bpm'" -- '[heart]' "heart_rate_bpm = $value"; done
bad ':1:' "'heart'" -- '[[heart]]' 'heart_rate_bpm = 70'
bad ':2:' "'lesion.artery' = \"LÄD\"" 'LAD, LCx, RCA, LM' -- '[lesion]' 'artery = "LÄD"'
bad ':2:' "'lesion.artery'" 'LAD, LCx, RCA, LM' -- '[lesion]' 'artery = 3'
for value in '"yes"' 1; do bad ':2:' "'lesion.stented'" 'true or false' -- '[lesion]' "stented = $value"; done
for value in 3 '"a\\nb"' '"a\\u0000b"' '"\\u001b[31m"' "\"$(printf 'x%.0s' {1..201})\""; do
  bad ':1:' "'title'" 'one line' -- "title = $value"
done

refused 3 "'heart.heart_rate_bpm' = 140.0000001 1/min" 'allowed 40 to 140' -- run healthy --set heart.heart_rate_bpm=140.0000001
for value in 0x50 ' 80' 80x ''; do
  refused 3 "'heart.heart_rate_bpm' = \"$value\"" 'number' -- run healthy --set heart.heart_rate_bpm="$value"
done
refused 3 "'trial.completed' = 2.5" 'whole number from 2 to 10000' -- trial escape-cmd --set trial.completed=2.5
refused 3 "'trial.potency' = 21" 'from 0.5 to 20' -- trial escape-cmd --set trial.potency=21

# Values that no vessel tree can have together, and values that once never ended or failed
refused 3 'LAD alone would take' 'epicardial.size_ratio' -- run healthy --set epicardial.size_ratio=0.65 \
  --set bed.hyperaemic_flow_mL_per_min_per_g=7
accepted run cmd_functional --protocol adenosine_ic --set lesion.diameter_reduction_percent=90
for setting in bed.small_artery_weight=0.01 bed.small_artery_weight=1 bed.arteriole_weight=1 epicardial.size_ratio=0.65; do
  accepted run lad_stenosis_with_cmd --set $setting
done

# Values that contradict each other
bad "'heart.aortic_systolic_mmHg' = 80 mmHg" "'heart.aortic_diastolic_mmHg' = 90 mmHg" -- \
  '[heart]' 'aortic_systolic_mmHg = 80' 'aortic_diastolic_mmHg = 90'
bad "'lesion.length_mm' = 30 mm" '10 mm' -- \
  '[lesion]' 'diameter_reduction_percent = 50' 'length_mm = 30' '[epicardial]' 'lad_proximal_length_mm = 10'
bad "'lesion.stent_length_mm'" '10 mm' -- \
  '[lesion]' 'stented = true' 'stent_length_mm = 30' '[epicardial]' 'lad_proximal_length_mm = 10'
bad "'heart.heart_rate_bpm' = 140 1/min" 'diastole' -- '[heart]' 'heart_rate_bpm = 140' 'contractility = 0.3'
bad 'share_of_lv' 'not 1' -- '[myocardium]' 'lad_share_of_lv = 0.8'

# Syntax, and what is no TOML at all
bad ':2:18' -- '[heart]' 'heart_rate_bpm = '
bad ':1:7' -- '[heart' 'heart_rate_bpm = 70'
bad ':3:' "'heart_rate_bpm'" -- '[heart]' 'heart_rate_bpm = 70' 'heart_rate_bpm = 71'
bad ':3:' "'heart'" -- '[heart]' 'heart_rate_bpm = 70' '[heart]'
bad ':1:' -- 'title = "no end'
bad ':1:' 'UTF-8' -- 'title = "\377"'
bad ':1:' 'UTF-8' -- '# \303('
bad ':1:' -- "a = $(printf '[%.0s' {1..20000})"
bad ':1:' -- '\377\376[\000h\000'
head -c 100000 "$CORONET" >patient.toml
refused 3 'patient.toml:1:' -- run patient.toml
for device in /dev/zero /dev/full; do
  [[ -r $device ]] && refused 3 "$device" 'larger than' -- run "$device"  # no end: once all memory
done

# The same on the command line
set_is_refused() { local text=$1; shift; refused 3 "$@" -- run healthy --set "$text"; }
for text in '' = =5 heart.heart_rate_bpm; do set_is_refused "$text" "'$text' is not KEY=VALUE"; done
set_is_refused a=b=c "unknown key 'a'"
set_is_refused $'a\nb=3' "unknown key 'a\\x0ab'"
set_is_refused heart.heart_rte_bpm=70 "did you mean 'heart.heart_rate_bpm'"
for value in -1 nan inf 1e999; do set_is_refused "heart.heart_rate_bpm=$value" 'heart.heart_rate_bpm' '40 to 140 1/min'; done
for value in '' fast 70bpm 70,5 7e ７０; do
  set_is_refused "heart.heart_rate_bpm=$value" 'heart.heart_rate_bpm' 'number' '40 to 140 1/min'
done
set_is_refused lesion.artery=XX '"XX"' 'LAD, LCx, RCA, LM'
set_is_refused lesion.stented=yes 'true or false'
set_is_refused heart.aortic_systolic_mmHg=80 'healthy' 'heart.aortic_diastolic_mmHg'
set_is_refused "$(printf 'x%.0s' {1..20000})=1" 'unknown key'
refused 3 'trial.potency' '20' -- trial escape-cmd --set trial.potency=21
refused 3 "unknown trial setting 'trial.potncy'" "'trial.potency'" -- trial escape-cmd --set trial.potncy=2
refused 3 "unknown key 'foo'" -- trial escape-cmd --set foo=1
refused 3 'heart.aortic_systolic_mmHg' -- trial escape-cmd --set heart.aortic_systolic_mmHg=70

# Unusual, and right
patient; accepted run patient.toml; mv "$out" empty.txt
accepted run healthy --json
patient '# only a comment'; accepted run patient.toml; cmp -s "$out" empty.txt || failed "a comment changes the result"
patient '\357\273\277title = "byte-order mark"\r' '[heart]\r' 'heart_rate_bpm = 70\r'; accepted run patient.toml
grep -q '^byte-order mark ' "$out" || failed "a byte-order mark swallows the title"
patient 'title = "Frau Müllers \\"♥\\""  # naïve'; accepted run patient.toml
grep -qF 'Frau Müllers "♥" ' "$out" || failed "the title is not what the file says"
patient "title = '''the \"heart's\" # no comment'''  # naïve"; accepted run patient.toml
patient 'title = """one \\' '  été"""'; accepted run patient.toml
grep -qF 'one été ' "$out" || failed "the folded title is not what the file says"
patient '"heart"."heart_rate_bpm" = 70'; accepted run patient.toml
cp patient.toml $'na\xffme\n.toml'; accepted run $'na\xffme\n.toml' --json
$python -c 'import json, sys; json.load(sys.stdin)' <"$out" || failed "a strange file name spoils the JSON"
[[ $(LC_ALL=tr_TR.UTF-8 "$CORONET" run healthy | md5sum) == $(LC_ALL=C "$CORONET" run healthy | md5sum) ]] ||
  failed "the result depends on the locale"
