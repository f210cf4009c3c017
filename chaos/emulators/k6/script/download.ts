/** Fetches the text of a remote module. */
const timeoutMs = 60_000;

export async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
