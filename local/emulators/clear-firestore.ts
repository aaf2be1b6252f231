/** Removes every document of a project's default database in the Firestore emulator. Its triggers stay. */
export async function clearFirestore(host: string, project: string): Promise<void> {
  const documents = `emulator/v1/projects/${encodeURIComponent(project)}/databases/(default)/documents`;
  const response = await fetch(`http://${host}/${documents}`, { method: 'DELETE' });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The Firestore emulator did not clear its data: status ${response.status}.`);
}
