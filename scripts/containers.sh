# Sets up buildah and podman to work as root on a machine without systemd or a container daemon, as build
# machines often are. To be sourced. Anybody else keeps the set-up that the machine has.
#
#   BUILD_MOUNTS    arguments for buildah, so that a build uses this machine's certificates and npm set-up

containers_home=${CONTAINERS_HOME:-${TMPDIR:-/tmp}/source-browsee-storage}

# can_overlay FOLDER: whether overlay file systems work there; without them each container is a copy of its image
can_overlay() {
  local there=$1/try code=0
  mkdir -p "$there"/{lower,upper,work,merged}
  mount -t overlay overlay -o "lowerdir=$there/lower,upperdir=$there/upper,workdir=$there/work" "$there/merged" \
    2>/dev/null && umount "$there/merged" || code=1
  rm -rf "$there"
  return $code
}

if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$containers_home"
  if can_overlay "$containers_home"; then driver=overlay; else driver=vfs; fi
  cat >"$containers_home/storage.conf" <<CONF
[storage]
driver = "$driver"
runroot = "$containers_home/$driver-run"
graphroot = "$containers_home/$driver"
CONF
  # The default limits are higher than what a container may ask for inside another one.
  cat >"$containers_home/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
CONF
  export CONTAINERS_STORAGE_CONF="$containers_home/storage.conf" CONTAINERS_CONF="$containers_home/containers.conf"
fi

BUILD_MOUNTS=()
certificates=$(npm config get cafile 2>/dev/null)
if [ -f "$certificates" ]; then
  BUILD_MOUNTS+=(-v "$(dirname "$(readlink -f "$certificates")"):$(dirname "$certificates"):ro")
fi
npm_settings=$(npm config get globalconfig 2>/dev/null)
if [ -f "$npm_settings" ]; then BUILD_MOUNTS+=(-v "$npm_settings:/usr/local/etc/npmrc:ro"); fi

# install_tools NAME…: installs what is missing, where that is possible
install_tools() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Please install: ${missing[*]}" >&2
    return 1
  fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}
