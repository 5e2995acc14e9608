# Builds what ./windlass runs into target/dist. Sourced by ./windlass, never run by itself.
# shellcheck shell=bash
# Needs root, JDK and stop().

# A number that changes with every build input: its name, its size, or the time of its last change.
fingerprint() {
  (
    cd -- "$root"
    find pom.xml ./*/pom.xml ./*/src/main -type f -printf '%p %s %T@\n' |
      LC_ALL=C sort | cksum | tr ' ' '-'
  )
}

# Sets DIST to a folder with everything built from the present sources, building it when there is none.
provide_dist() {
  local state
  state=$(fingerprint) || stop "cannot read the sources in $root"
  DIST=$root/target/dist/$state
  local why="first use"
  compgen -G "$root/target/dist/*/complete" >/dev/null && why="sources changed"
  build_once complete build_dist "$why: building with Maven, about a minute (more when it has to download)"
}

# The load harness brings a whole PostgreSQL, so it is built only for who wants it.
provide_bench() {
  build_once bench.complete build_bench "first bench: building it with Maven (and downloading a PostgreSQL for it)"
}

# Builds, unless the marker in DIST says that it was done, while no other process builds.
build_once() {
  local marker=$1 build=$2 words=$3 begin=$SECONDS
  [[ -e $DIST/$marker ]] && return 0
  command -v flock >/dev/null || stop "found no flock; install util-linux"
  exec 9<"$root"
  if ! flock -n 9; then
    printf 'windlass: waiting for another build to end\n' >&2
    flock 9
  fi
  if [[ ! -e $DIST/$marker ]]; then
    printf 'windlass: %s ... ' "$words" >&2
    "$build"
    touch -- "$DIST/$marker"
    printf 'done in %d s\n' $((SECONDS - begin)) >&2
    drop_old_dists
  fi
  exec 9<&-
}

build_dist() {
  rm -rf -- "$DIST"
  mkdir -p -- "$DIST" || stop "cannot write to $root/target; ./windlass builds there on first use"
  package server cli
  make_aot_cache cli train_cli || printf '(no AOT cache for the CLI, see %s) ' "$DIST/cli.aot.log" >&2
  make_aot_cache server train_server || printf '(no AOT cache for the server, see %s) ' "$DIST/server.aot.log" >&2
}

build_bench() {
  package bench
}

# Lets Maven make these parts, and copies each with all that it needs into DIST.
package() {
  local log=$root/target/dist/build.log part
  command -v mvn >/dev/null || stop "found no Maven; install it, for instance: sudo apt-get install maven"
  for part in "$@"; do
    rm -rf -- "$root/$part"/target/{dist,windlass-*.jar} "${DIST:?}/$part"
  done
  if ! maven -q -Pdist -Dmaven.test.skip=true -am -pl "$(IFS=, && printf '%s' "$*")" package >"$log" 2>&1 9<&-; then
    printf 'failed\n' >&2
    grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
    stop "the build failed; all of its output is in $log"
  fi
  for part in "$@"; do
    cp -R -- "$root/$part/target/dist" "$DIST/$part"
    cp -- "$root/$part/target/windlass-$part-"[0-9]*.jar "$DIST/$part/"
  done
}

# Removes what older sources were built into, unless a process still runs from it.
drop_old_dists() {
  local old
  for old in "$root"/target/dist/*/; do
    old=${old%/}
    [[ $old == "$DIST" ]] && continue
    (exec 7<"$old" && flock -n 7 && rm -rf -- "$old") || true
  done
}

class_path() {
  local jars=("$DIST/$1"/windlass-"$1"-*.jar) jar
  for jar in "$DIST/$1"/*.jar; do
    [[ $jar == "${jars[0]}" ]] || jars+=("$jar")
  done
  local IFS=:
  printf '%s' "${jars[*]}"
}

# Sets JVM_OPTIONS for a part: small footprint first, WINDLASS_JAVA_OPTS last so that it wins.
jvm_options() {
  local own=() collector=(-XX:+UseParallelGC)
  read -ra own <<<"${WINDLASS_JAVA_OPTS:-}"
  [[ " ${own[*]} " == *" -XX:+Use"*"GC "* ]] && collector=()
  JVM_OPTIONS=(
    "${collector[@]}" -XX:+UseCompactObjectHeaders
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
    -Djava.awt.headless=true -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8
  )
  if [[ $1 == server ]]; then
    JVM_OPTIONS+=(-Xms420m -Xmn300m -Xmx2g -XX:+ExitOnOutOfMemoryError -XX:TrimNativeHeapInterval=4000)
  else
    JVM_OPTIONS+=(-XX:TieredStopAtLevel=1 -Xmx512m)
  fi
  if [[ -s $DIST/$1.aot && ${WINDLASS_AOT:-on} != off ]]; then
    JVM_OPTIONS+=("-XX:AOTCache=$DIST/$1.aot" -Xlog:aot=off -Xlog:cds=off)
  fi
  JVM_OPTIONS+=("${own[@]}" -cp "$(class_path "$1")")
}

# Lets a part run once so that the JDK remembers its classes; without this cache it only starts slower.
make_aot_cache() {
  local cache=$DIST/$1.aot
  [[ ${WINDLASS_AOT:-on} == off ]] && return 0
  (
    unset WINDLASS_JAVA_OPTS
    # shellcheck disable=SC2030 # changed for this run alone
    jvm_options "$1"
    JVM_OPTIONS+=("-XX:AOTCacheOutput=$cache.new")
    home=$(mktemp -d)
    trap 'rm -rf -- "$home"' EXIT
    cd -- "$home"
    "$2" "$home" && mv -- "$cache.new" "$cache"
  ) </dev/null >"$DIST/$1.aot.log" 2>&1 9<&-
}

train_cli() {
  timeout 60 "$JDK/bin/java" "${JVM_OPTIONS[@]}" io.windlass.cli.Training
}

# Serves a throw-away home with no settings of the user's, does a little work, and is told to end.
train_server() {
  local port chains server tries
  port=$(free_port) && chains=$(free_port)
  env -i PATH="$PATH" HOME="$1" LC_CTYPE=C.UTF-8 WINDLASS_LAUNCHER="$launcher" WINDLASS_HOME="$1/home" \
    WINDLASS_PORT="$port" WINDLASS_CHAINS_PORT="$chains" WINDLASS_COMPUTE_PORT=off \
    WINDLASS_MAX_CONCURRENT_EXECUTIONS=1000 "$JDK/bin/java" "${JVM_OPTIONS[@]}" io.windlass.app.Main serve &
  server=$!
  for ((tries = 0; tries < 150; tries++)); do
    ask "$port" GET /health && break
    kill -0 "$server" || return 1
    sleep 0.2
  done
  ask "$chains" GET /chains || true
  ask "$chains" POST /execute/repo-health '{"input":{"path":"."}}' && sleep 2
  # Often enough for the JVM to learn which code is hot: with that it is fast sooner after a start.
  ask "$chains" POST /chains/training "$(training_chain)" || true
  for ((tries = 0; tries < 300; tries++)); do
    ask "$chains" POST /execute/training '{"input":{"topic":"a start"}}' || break
  done
  sleep 2
  ask "$chains" GET /executions || true
  ask "$port" GET /v1/executions || true
  ask "$port" GET /metrics || true
  kill -TERM "$server"
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
  done
  kill -KILL "$server" 2>/dev/null || true
  [[ -s $DIST/server.aot.new ]]
}

# A chain of ten steps, one after the other, each with the answer of the one before it.
training_chain() {
  local i id='' before=input.topic
  printf '{"name":"training","output":"out10","steps":['
  for i in {1..10}; do
    printf '%s{"id":"s%d","prompt":"Step %d after {%s}","output_var":"out%d"%s}' \
      "${id:+,}" "$i" "$i" "$before" "$i" "${id:+,\"depends_on\":[\"$id\"]}"
    id=s$i before=out$i
  done
  printf ']}'
}

free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    (exec 6<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s' "$port" && return 0; }
  done
  return 1
}

# Succeeds when the local port answers a request, with its JSON body if any, with 2xx.
ask() {
  local port=$1 method=$2 path=$3 body=${4:-} status
  (
    exec 6<>"/dev/tcp/127.0.0.1/$port"
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
      "$method" "$path" "${#body}" "$body" >&6
    read -rt 10 -u 6 _ status _
    [[ $status == 2* ]]
  ) 2>/dev/null
}
