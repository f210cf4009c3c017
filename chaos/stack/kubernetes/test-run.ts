/**
 * What the k6 operator for Kubernetes needs to run a scenario on many machines: a ConfigMap with the script and all that it
 * imports, and a TestRun (k6.io/v1alpha1) that mounts them in their folders and divides the load among its runners. JSON, which
 * `kubectl apply -f` takes as it takes YAML. Pure.
 */
import { UsageError } from '../../errors.ts';

export interface TestRunRequest {
  /** Of the ConfigMap, the TestRun and its pods. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** Number of runners; each takes an equal part of the rate. */
  readonly parallelism: number;
  /** Path of the script among the files. */
  readonly script: string;
  readonly files: ReadonlyMap<string, string>;
  /** What the script reads from its environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Where the files are mounted. Not /test, which the operator keeps to itself. */
export const scriptFolder = '/scripts';
const volume = 'scripts';
/** Kubernetes refuses a ConfigMap beyond a mebibyte. */
const configMapBytesMax = 1_000_000;

/** Throws `UsageError`. */
export function renderTestRun(request: TestRunRequest): string {
  const { name, namespace, files } = request;
  if (!/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `--name "${name}" is not a valid name of a Kubernetes resource`,
      'use small letters, digits and dashes, 50 at most, beginning with a letter',
    );
  }
  const bytes = [...files].reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
  if (bytes > configMapBytesMax) {
    throw new UsageError(
      `the script and its imports have ${bytes} bytes, more than a ConfigMap takes`,
      'build an image that contains them, and name it in the manifest',
    );
  }
  const metadata = { name, namespace, labels: { 'app.kubernetes.io/part-of': 'redcliff' } };
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: Object.fromEntries([...files].map(([file, text]) => [keyOf(file), text])),
  };
  const testRun = { apiVersion: 'k6.io/v1alpha1', kind: 'TestRun', metadata, spec: specOf(request) };
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [configMap, testRun] }, null, 2)}\n`;
}

function specOf({ name, image, parallelism, script, files, variables }: TestRunRequest): unknown {
  return {
    parallelism,
    // One machine each, or they would only take the processors from each other.
    separate: true,
    script: { localFile: `${scriptFolder}/${script}` },
    // The history is what the pods print.
    arguments: '--log-format raw --no-usage-report',
    // The initializer, which inspects the script first, is configured like a runner.
    runner: {
      image,
      env: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 12_345,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      resources: { requests: { cpu: '1', memory: '512Mi' }, limits: { memory: '2Gi' } },
      volumes: [
        {
          name: volume,
          configMap: {
            name,
            items: [...files.keys()].map((file) => ({ key: keyOf(file), path: file })),
          },
        },
      ],
      volumeMounts: [{ name: volume, mountPath: scriptFolder, readOnly: true }],
    },
  };
}

/** Keys of a ConfigMap must not contain a slash. */
function keyOf(file: string): string {
  return file.replaceAll('/', '__');
}
