/** Nothing that was seeded vanishes, no name is taken twice, and what no operation changes stays as it was. */
import type { Evidence } from '../record/evidence.ts';
import { sameJson } from '../record/same-json.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { type Document, documentName, finalDocuments, seededDocuments } from './select.ts';

export interface PreservedCollection {
  /** Fields that together name a document, beside `_id`: no two documents share all their values. */
  readonly identity: readonly string[];
  /** Fields that keep the value they were seeded with. */
  readonly unchanged?: readonly string[];
  /** True where operations delete documents. */
  readonly removable?: boolean;
}

export interface PreservedOptions extends Partial<Identity> {
  readonly collections: Readonly<Record<string, PreservedCollection>>;
}

export function preserved(options: PreservedOptions): Rule {
  const { invariant = 'preserved', title = 'What was seeded is there, once and as it was' } = options;
  const collections = Object.entries(options.collections);
  const covers = {
    documents: Object.fromEntries(
      collections.map(([name, { identity, unchanged = [] }]) => [name, ['_id', ...identity, ...unchanged]]),
    ),
  };
  return ruleOf({ invariant, title }, 'at-rest', covers, (_history, evidence) => ({
    findings: collections.flatMap(([name, collection]) => collectionFindings(evidence, name, collection)),
    checked: `the seeded documents of ${collections.map(([name]) => name).join(', ')} are there, once each`,
    missing: evidence.initial === undefined ? 'what the target was seeded with was not read' : null,
  }));
}

function collectionFindings(
  evidence: Evidence,
  name: string,
  { identity, unchanged = [], removable = false }: PreservedCollection,
): Finding[] {
  const final = finalDocuments(evidence, name);
  const byId = new Map(final.map((document) => [documentName(document), document]));
  const byIdentity = new Map<string, Document>();
  const findings: Finding[] = [];
  for (const document of final) {
    const key = JSON.stringify(identity.map((field) => document[field]));
    const other = byIdentity.get(key);
    if (other === undefined) byIdentity.set(key, document);
    else findings.push(doubled(name, identity, other, document));
  }
  for (const seeded of seededDocuments(evidence, name) ?? []) {
    const stored = byId.get(documentName(seeded));
    if (stored === undefined) {
      if (removable) continue;
      findings.push(
        finding(true, `${documentName(seeded)} was seeded, and is not in ${name} any more`, { seeded }),
      );
      continue;
    }
    const changed = unchanged.filter((field) => field in seeded && !sameJson(seeded[field], stored[field]));
    for (const field of changed) {
      const values = `${JSON.stringify(seeded[field])} and is ${JSON.stringify(stored[field] ?? null)}`;
      findings.push(
        finding(true, `"${field}" of ${documentName(seeded)} was ${values}, and nothing changes it`, {
          document: documentName(seeded),
          field,
          expected: seeded[field],
          found: stored[field] ?? null,
        }),
      );
    }
  }
  return findings;
}

function doubled(name: string, identity: readonly string[], one: Document, other: Document): Finding {
  const shared = identity.map((field) => `${field} ${JSON.stringify(one[field])}`).join(', ');
  return finding(
    true,
    `${name} has ${documentName(one)} and ${documentName(other)} with the same ${shared}`,
    { one, other },
  );
}

function finding(definite: boolean, summary: string, facts: Record<string, unknown>): Finding {
  return { definite, witness: () => ({ summary, operations: [], facts }) };
}
