# The lesson page's command line; building the page itself is tests/web/page.sh's.
. "$(dirname "$0")/helper_cli.sh"

lesson=$CORONET_SOURCE/coronet
bash "$lesson" lesson --help >help.txt 2>&1 || failed "lesson --help ends with $?"
grep -q -- '--serve' help.txt || failed "lesson --help does not name --serve"
for wrong in --nonsense -o '--port x'; do
  status=0
  bash "$lesson" lesson $wrong >out.txt 2>err.txt || status=$?
  ((status == 2)) || failed "lesson $wrong ends with $status"
  [[ ! -s out.txt && -s err.txt ]] || failed "lesson $wrong speaks on stdout, or not at all"
done
