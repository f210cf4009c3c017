/**
 * PM2's list of the processes: `pm2 start system/ecosystem.config.cjs`. Settings come from the environment, see
 * docs/configuration.md. The memory limits are PM2's own; auto-restart looks after whatever grows in between two of its looks.
 */
const fs = require('node:fs');
const path = require('node:path');

// The project's own Node, as PM2 may be run by an older one that does not know TypeScript.
const ownNode = path.join(__dirname, '../node_modules/node/bin/node');
const interpreter = fs.existsSync(ownNode) ? ownNode : process.execPath;

function process_(name, script, memory) {
  return {
    name,
    script: path.join(__dirname, script),
    interpreter,
    exec_mode: 'fork',
    autorestart: true,
    // A process that can not start is not started again at once, over and over.
    exp_backoff_restart_delay: 100,
    max_memory_restart: memory,
    // Longer than a request and a chunk of a turn take to be finished or handed back.
    kill_timeout: 5_000,
    env: { INSTANCE_ID: process.env.INSTANCE_ID || name },
  };
}

module.exports = {
  apps: [
    process_('api', 'api/main.ts', '500M'),
    process_('auction-processor', 'daemons/auction-processor/main.ts', '500M'),
    process_('battle-processor', 'daemons/battle-processor/main.ts', '500M'),
    process_('db-sync', 'daemons/db-sync/main.ts', '500M'),
    process_('tournament-processor', 'daemons/tournament-processor/main.ts', '500M'),
    process_('turn-processor', 'daemons/turn-processor/main.ts', '1G'),
  ],
};
