# Finds a JDK 25 on this machine and runs Maven on it. Sourced by ./windlass and ./verify, never run by itself.
# shellcheck shell=bash disable=SC2034,SC2154

readonly JDK_HINT="Install one (for instance Temurin 25: https://adoptium.net/temurin/releases/?version=25)
under /usr/lib/jvm, or set JAVA_HOME to where it is. It need not be on the PATH."

# Says whether a folder is the home of a JDK 25; reads its release file, so no JVM has to start.
is_jdk_25() {
  [[ -x "$1/bin/java" && -x "$1/bin/javac" && -r "$1/release" ]] || return 1
  local line
  while IFS= read -r line; do
    case "$line" in
      'JAVA_VERSION="25"'* | 'JAVA_VERSION="25.'* | 'JAVA_VERSION="25-'* | 'JAVA_VERSION="25+'*) return 0 ;;
    esac
  done <"$1/release"
  return 1
}

# The home of the java that the PATH finds, through its links; fails when there is none.
jdk_of_path() {
  local java
  java=$(command -v java) || return 1
  java=$(readlink -f "$java") || return 1
  printf '%s\n' "${java%/bin/java}"
}

# Sets JDK to the home of a JDK 25, or fails.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "${JDK_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/* /usr/local/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [[ -n "$home" ]] && is_jdk_25 "$home"; then
      JDK=$home
      return 0
    fi
  done
  if home=$(jdk_of_path) && is_jdk_25 "$home"; then
    JDK=$home
    return 0
  fi
  return 1
}

# Maven for this project, on the JDK found.
maven() {
  JAVA_HOME=$JDK MAVEN_OPTS="${MAVEN_OPTS:-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
    mvn -B -Dstyle.color=never -f "$root/pom.xml" "$@"
}
