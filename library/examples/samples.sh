#!/usr/bin/env bash
# Makes the files that the examples speak of: the folder "samples" in the workspace of the server.
set -euo pipefail

workspace=${1:-${WINDLASS_WORKSPACE_DIR:-${WORKSPACE_DIR:-${WINDLASS_HOME:-.windlass}/workspace}}}
samples=$workspace/samples

for program in git sqlite3; do
  command -v "$program" >/dev/null || {
    echo "samples.sh needs $program; install it and run this again" >&2
    exit 1
  }
done
if [[ -e $samples ]]; then
  echo "$samples is there already; remove it to have it made anew" >&2
  exit 1
fi
mkdir -p "$samples/notes" "$samples/sums"

commit() {
  git -C "$1" add -A
  GIT_AUTHOR_DATE="$3" GIT_COMMITTER_DATE="$3" git -C "$1" \
    -c user.name=Sample -c user.email=sample@example.org -c commit.gpgsign=false commit -q -m "$2"
}

# A repository with a release, and three commits since.
repo=$samples/shop
git init -q -b main "$repo"
printf 'def price(net):\n    return net * 1.19\n' >"$repo/price.py"
commit "$repo" "Add prices" 2026-01-05T09:00:00Z
git -C "$repo" tag v1.0.0
printf 'def price(net, rate=0.19):\n    return round(net * (1 + rate), 2)\n' >"$repo/price.py"
commit "$repo" "Allow another tax rate" 2026-01-12T09:00:00Z
printf 'import os\n\n\ndef export(name):\n    os.system("cat orders/" + name)\n' >"$repo/export.py"
commit "$repo" "Add the export of orders" 2026-01-14T09:00:00Z
printf '# Shop\n\nPrices are rounded to cents.\n' >"$repo/README.md"
commit "$repo" "Fix rounding of prices in the documentation" 2026-01-15T09:00:00Z

# A database of orders.
sqlite3 "$samples/shop.db" <<'SQL'
CREATE TABLE orders (day TEXT, customer TEXT, product TEXT, quantity INTEGER, price INTEGER);
INSERT INTO orders VALUES
  ('2026-01-07', 'Harbour Cafe', 'lamp', 4, 30), ('2026-01-12', 'Old Mill', 'chair', 10, 45),
  ('2026-01-20', 'Harbour Cafe', 'chair', 2, 45), ('2026-02-03', 'Old Mill', 'lamp', 20, 30),
  ('2026-02-11', 'School 12', 'table', 6, 120), ('2026-02-25', 'Harbour Cafe', 'chair', 1, 45);
SQL

# Documents.
cat >"$samples/handbook.md" <<'TEXT'
# Handbook

## Holidays

Everybody has 28 days of holiday a year. Holidays of more than two weeks are agreed on three months ahead.
Up to five days can be taken along into the next year; they lapse at the end of March.

## Travel

Trips of less than six hours are made by train. Receipts are handed in within 30 days.
TEXT
printf '# Kitchen\n\nThe dishwasher is replaced in May. Open: who orders it.\n' >"$samples/notes/kitchen.md"
printf '# Server room\n\nDecided: the cooling is checked each Monday. Unusual: two alarms in one night.\n' >"$samples/notes/server-room.md"

# A project whose test fails.
cat >"$samples/sums/sum.sh" <<'TEXT'
#!/usr/bin/env bash
# Adds its arguments.
total=0
for number in "$@"; do
  total=$((total - number))
done
echo "$total"
TEXT
cat >"$samples/sums/test.sh" <<'TEXT'
#!/usr/bin/env bash
found=$(bash sum.sh 2 3)
[[ $found == 5 ]] || { echo "sum of 2 and 3: expected 5, found $found" && exit 1; }
TEXT

echo "$samples is made"
