#!/usr/bin/env bash
# Makes images under the names that the docker provider and docker-compose.yml use, for an engine that can pull nothing: Redis and
# Prometheus as Debian packages them, our own embedded MongoDB, Toxiproxy and k6 in the place of the originals, and a Debian with
# Node and npm as the base of the Dockerfile. What runs on them says nothing about the originals: see docs/providers.md.
#
#   build-stand-ins.sh FOLDER     FOLDER takes the Debian (about 700 MB); DOCKER_HOST names the engine. Needs root and debootstrap.
set -euo pipefail
work=${1:?usage: build-stand-ins.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../../.." && pwd)
root=$work/root
mkdir -p "$work"

image_of() { sed -n "s/^  $1: '\(.*\)',$/\1/p" "$here/../images.ts" | head -n 1; }

if [ ! -e "$root/usr/bin/redis-server" ] || [ ! -e "$root/usr/bin/prometheus" ]; then
  debootstrap --variant=minbase --include=redis-server,prometheus,ca-certificates bookworm "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
fi
rm -rf "$root"/usr/share/{doc,man,locale,info} "$root"/var/{cache,lib}/apt/*

# Copies programs of the Debian with all that they are linked to: small images start fast on engines that copy whole layers.
take() {
  local to=$1 program file
  shift
  for program in "$@"; do
    for file in "$program" $(chroot "$root" ldd "$program" | grep -o '/[^ )]*' || true); do
      mkdir -p "$to$(dirname "$file")"
      cp -L "$root$file" "$to$file"
    done
  done
}

plain() {
  local to=$1
  rm -rf "$to"
  mkdir -p "$to"/{tmp,etc,data,proc,sys,dev}
  chmod 1777 "$to/tmp"
  cp "$root"/etc/{passwd,group,nsswitch.conf} "$to/etc/"
  take "$to" /bin/sh /bin/bash /bin/cat /bin/ls /bin/rm /bin/sleep /usr/bin/id /usr/bin/env
}

# What the embedded parts import, and what that imports in turn.
packages='bson commander mingo mongodb mongodb-connection-string-url whatwg-url tr46 webidl-conversions punycode sparse-bitfield
  memory-pager zod @mongodb-js/saslprep prom-client tdigest bintrees @opentelemetry/api'

# The project's own sources, with Node.
with_node() {
  local to=$1 package
  plain "$to"
  cp "$repository/node_modules/node/bin/node" "$work/node"
  install -D "$work/node" "$root/usr/local/bin/node"
  take "$to" /usr/local/bin/node
  mkdir -p "$to/opt/redcliff"
  cp -r "$repository"/{package.json,chaos,scenarios,reports} "$to/opt/redcliff/"
  for package in $packages; do
    mkdir -p "$(dirname "$to/opt/redcliff/node_modules/$package")"
    cp -r "$repository/node_modules/$package" "$to/opt/redcliff/node_modules/$package"
  done
  cp "$here/mongosh-stand-in.mjs" "$to/opt/redcliff/mongosh-stand-in.mjs"
}

import() {
  local from=$1 name=$2
  shift 2
  tar --numeric-owner -C "$from" -c . | docker import "$@" - "$name" >/dev/null
  echo "$name"
}

script() { # script FILE: its text comes from stdin
  mkdir -p "$(dirname "$1")"
  cat >"$1"
  chmod 755 "$1"
}

plain "$work/redis"
take "$work/redis" /usr/bin/redis-server /usr/bin/redis-cli
chown 999:999 "$work/redis/data"
import "$work/redis" "$(image_of redis)" --change 'WORKDIR /data' --change 'VOLUME /data' --change 'USER 999' --change 'CMD ["redis-server"]'

with_node "$work/node-parts"
script "$work/node-parts/usr/local/bin/mongod" <<'END'
#!/bin/bash
exec node /opt/redcliff/chaos/stack/docker/testing/mongod-stand-in.ts "$@"
END
script "$work/node-parts/usr/local/bin/mongosh" <<'END'
#!/bin/bash
exec node /opt/redcliff/mongosh-stand-in.mjs "$@"
END
# The original takes its options with one dash.
script "$work/node-parts/toxiproxy" <<'END'
#!/bin/bash
set -eu
host=127.0.0.1
for option in "$@"; do
  case "$option" in
    -host=*) host=${option#-host=} ;;
    -config=*) config=${option#-config=} ;;
    *) echo "this stand-in for toxiproxy does not know $option" >&2; exit 2 ;;
  esac
done
exec node /opt/redcliff/chaos/emulators/toxiproxy/main.ts --host "$host" --port 8474 ${config:+--config "$config"}
END
script "$work/node-parts/toxiproxy-cli" <<'END'
#!/bin/bash
exec node -e 'fetch("http://127.0.0.1:8474/proxies").then(async (answer) => console.log(await answer.text()))'
END
script "$work/node-parts/usr/local/bin/k6" <<'END'
#!/bin/bash
if [ "${1-}" = version ]; then echo 'k6 v1.2.3 (a stand-in)'; exit; fi
exec node /opt/redcliff/chaos/emulators/k6/main.ts "$@"
END
mkdir -p "$work/node-parts/data/db"
chown -R 999:999 "$work/node-parts/data"
import "$work/node-parts" "$(image_of mongo)" --change 'VOLUME /data/db' --change 'USER 999' --change 'CMD ["mongod"]'
import "$work/node-parts" "$(image_of toxiproxy)" --change 'USER 999' --change 'ENTRYPOINT ["/toxiproxy"]' --change 'CMD ["-host=0.0.0.0"]'
import "$work/node-parts" "$(image_of k6)" --change 'USER 12345' --change 'ENTRYPOINT ["k6"]'

plain "$work/prometheus"
take "$work/prometheus" /usr/bin/prometheus
script "$work/prometheus/bin/prometheus" <<'END'
#!/bin/sh
exec /usr/bin/prometheus "$@"
END
mkdir -p "$work/prometheus/prometheus"
chown 65534:65534 "$work/prometheus/prometheus"
import "$work/prometheus" "$(image_of prometheus)" --change 'USER 65534' --change 'WORKDIR /prometheus' --change 'ENTRYPOINT ["/bin/prometheus"]'

# The base of the Dockerfile: a whole Debian, Node, npm, and the user that the original has.
install -D "$repository/node_modules/node/bin/node" "$root/usr/local/bin/node"
npm_folder=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/local/lib/node_modules"
rm -rf "$root/usr/local/lib/node_modules/npm"
cp -r "$npm_folder" "$root/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
grep -q '^node:' "$root/etc/passwd" || chroot "$root" useradd --uid 1000 --create-home --shell /bin/bash node
# npm trusts whom it trusts on this machine, such as a proxy before the registry.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$root/usr/local/etc"
echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$root/usr/local/etc/npmrc"
import "$root" "$(image_of node)" --change 'CMD ["node"]'
