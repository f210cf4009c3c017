#!/usr/bin/env node
// Stands in for PM2 in tests: `jlist` prints the file FAKE_PM2_LIST, `restart NAME` appends the name to FAKE_PM2_RESTARTS.
import { appendFileSync, readFileSync } from 'node:fs';

const [command, name] = process.argv.slice(2);
if (command === 'jlist') process.stdout.write(readFileSync(process.env.FAKE_PM2_LIST, 'utf8'));
else appendFileSync(process.env.FAKE_PM2_RESTARTS, `${name}\n`);
