/**
 * Programs by the names and with the command lines of the originals, behind which our embedded parts run: to see that a local stack
 * finds, starts and describes real ones where there are any. What they do not know of the original's options they refuse.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const embedded = path.join(import.meta.dirname, '..', '..', 'emulators');

/** Makes `mongod` and `toxiproxy-server` in the folder. */
export async function writeRealPrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeProgram(
    path.join(folder, 'mongod'),
    `
port= dbpath= set=
while [ $# -gt 0 ]; do
  case "$1" in
    --port) port=$2; shift 2 ;;
    --dbpath) dbpath=$2; shift 2 ;;
    --replSet) set=$2; shift 2 ;;
    --bind_ip) shift 2 ;;
    --nounixsocket) shift ;;
    --version) echo 'db version v0.0.1'; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done
echo '{"msg":"Waiting for connections"}' >"$dbpath/said"
( until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done; cat "$dbpath/said" ) &
exec '${process.execPath}' '${embedded}/mongodb/main.ts' --port "$port" --dbpath "$dbpath" --replSet "$set"`,
  );
  await writeProgram(
    path.join(folder, 'toxiproxy-server'),
    `
[ "$1" = -host ] && [ "$3" = -port ] || { echo "unknown options $*" >&2; exit 2; }
exec '${process.execPath}' '${embedded}/toxiproxy/main.ts' --host "$2" --port "$4"`,
  );
}

async function writeProgram(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/bash\nset -eu${text}\n`);
  await chmod(file, 0o755);
}
