# Shared by demo, test and check: everything from a bare machine to a ready .venv. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python

# Each need is PROOF=PACKAGE: a shared library, a command or a Python module, and the Debian package that brings it.
run_needs=(python:ensurepip=python3-venv libGL.so.1=libgl1 libglib-2.0.so.0=libglib2.0-0 libEGL.so.1=libegl1
    libGLESv2.so.2=libgles2 libxkbcommon.so.0=libxkbcommon0 libdbus-1.so.3=libdbus-1-3
    libfontconfig.so.1=libfontconfig1)
window_needs=(libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
    libxcb-shape.so.0=libxcb-shape0 libxcb-xkb.so.1=libxcb-xkb1 libxkbcommon-x11.so.0=libxkbcommon-x11-0)
test_needs=(Xvfb=xvfb xauth=xauth strace=strace)

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# step TITLE COMMAND...: one line with the seconds it took; the command's own words only where it fails.
step() {
    local title=$1 log started=$SECONDS
    shift
    log=$(mktemp)
    printf '%s… ' "$title"
    if "$@" >"$log" 2>&1; then
        printf '%ds\n' $((SECONDS - started))
        rm -f "$log"
    else
        printf 'failed\n'
        tail -n 20 "$log" >&2
        rm -f "$log"
        exit 1
    fi
}

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

# The Python that the virtual environment is made with: $PYTHON, or the first fitting one.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if supported "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Mien needs Python 3.11, 3.12 or 3.13 as python3: install it, or name it, as in PYTHON=/path/to/python3.12 $0"
}

is_there() {
    case $1 in
    *.so.*) [[ $libraries == *"$1 "* ]] ;;
    python:*) "$base_python" -c "import ${1#python:}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q && apt-get install -qy --no-install-recommends "$@"
}

# system_packages NEED...: asks apt only for what is missing, and only where it may.
system_packages() {
    local need missing=() libraries
    if ! command -v apt-get >/dev/null; then
        [[ $(uname) == Linux ]] && echo "No apt-get here: if a library is missing, see the system packages in scripts/lib.sh."
        return 0
    fi
    libraries=$(/sbin/ldconfig -p)
    for need in "$@"; do
        is_there "${need%=*}" || missing+=("${need#*=}")
    done
    if ((${#missing[@]} == 0)); then
        return 0
    elif ((EUID == 0)); then
        step "Installing system packages (${missing[*]})" install_packages "${missing[@]}"
    else
        fail "System packages are missing. Install them, then run this again:
sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
}

fingerprint() {
    "$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest(), sys.version)' \
        "$root/pyproject.toml" | tr '\n' ' '
}

# environment [EXTRAS]: a .venv that has what pyproject.toml asks for; at once where nothing has changed since.
environment() {
    local extras=${1:-} stamp=$venv/installed${1:+-$1}
    if ! { supported "$python" && "$python" -c 'import pip' 2>/dev/null; }; then
        step "Creating the virtual environment" "$base_python" -m venv --clear "$venv"
    fi
    [[ $(cat "$stamp" 2>/dev/null) == "$(fingerprint)" ]] && return
    step "Installing Python packages (some minutes, once)" \
        "$python" -m pip install --disable-pip-version-check --quiet --editable "$root${extras:+[$extras]}"
    step "Fetching model files" "$python" "$root/main.py" doctor --fetch
    fingerprint >"$stamp"
    fingerprint >"$venv/installed"
}

# set_up EXTRAS NEED...: everything, from nothing.
set_up() {
    local extras=$1 base_python
    shift
    base_python=$(find_python)
    system_packages "$@"
    environment "$extras"
}
