/** The modules that a script may import by name, in alphabetical order. */
import { cryptoModule } from './crypto.ts';
import { dataModule } from './data.ts';
import { encodingModule } from './encoding.ts';
import { executionModule } from './execution.ts';
import { httpModule } from './http.ts';
import { k6Module } from './k6.ts';
import { metricsModule } from './metrics.ts';
import { timersModule } from './timers.ts';

export const apiModules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  k6: k6Module,
  'k6/crypto': cryptoModule,
  'k6/data': dataModule,
  'k6/encoding': encodingModule,
  'k6/execution': executionModule,
  'k6/http': httpModule,
  'k6/metrics': metricsModule,
  'k6/timers': timersModule,
};
