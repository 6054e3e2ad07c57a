# `run -o` and `--plot`: whole files, the same results each time, and a whole run in about a second.
. "$(dirname "$0")/helper_cli.sh"

start=$(date +%s%N)
accepted run healthy
took=$((($(date +%s%N) - start) / 1000000))
echo "coronet run healthy: $took ms"
limit=3000
[[ $CORONET == *asan* ]] && limit=30000  # not the program that anybody waits for
((took < limit)) || failed "a healthy patient takes $took ms"

accepted run lad_stenosis -o first.nc --plot first.svg
accepted run lad_stenosis -o second.nc --plot second.svg
accepted run lad_stenosis -o other.nc --set lesion.diameter_reduction_percent=61
holds_only first.nc first.svg second.nc second.svg other.nc
cmp -s first.svg second.svg || failed "two figures of one patient differ"
$python - <<'END' || failed "the hashes of the results"
import h5py
def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)
first, second, other = (text(h5py.File(name, "r").attrs["results_sha256"]) for name in ("first.nc", "second.nc", "other.nc"))
assert len(first) == 64 and int(first, 16) >= 0, first
assert first == second, (first, second)
assert first != other
END

echo old >first.nc
ln -s first.nc link.nc
accepted run lad_stenosis -o link.nc
[[ -L link.nc ]] || failed "a symbolic link was replaced by a file"
cmp -s first.nc second.nc || failed "writing through a link, over an old file, gives another file"
"$CORONET" run lad_stenosis --plot /dev/stdout | grep -q '<svg' || failed "--plot /dev/stdout"
