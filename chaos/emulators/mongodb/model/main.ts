/** `node chaos/emulators/mongodb/model/main.ts [programs] [seed]`: a campaign of any size. */
import { runModelCampaign } from './campaign.ts';

const [count = '10000', seed = '1'] = process.argv.slice(2);
const counts = await runModelCampaign(Number(count), Number(seed));
process.stdout.write(
  `${count} programs agreed with the model; writes: ${JSON.stringify(Object.fromEntries(counts))}\n`,
);
